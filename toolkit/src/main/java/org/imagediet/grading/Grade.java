package org.imagediet.grading;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.imagediet.workbook.Track;

/** The outcomes of one submission's checks so far, and the score that the rubric gives for them. */
public final class Grade {

  /**
   * One check's line.
   *
   * @param measured what was seen, or why nothing was
   */
  public record Line(Rubric.Check check, Outcome outcome, String measured, String next) {

    /** Returns the points it earned. */
    public int points() {
      return outcome == Outcome.PASS ? check.points() : 0;
    }

    /** Returns the points it could have earned. */
    public int most() {
      return outcome == Outcome.NA ? 0 : check.points();
    }
  }

  private final Rubric rubric;
  private final Track track;
  private final String submission;
  private final Map<String, Line> lines = new LinkedHashMap<>();
  private boolean standIns;
  private boolean complete;

  /**
   * Starts with nothing decided.
   *
   * @param submission where it came from, for people
   */
  public Grade(Rubric rubric, Track track, String submission) {
    this.rubric = rubric;
    this.track = track;
    this.submission = submission;
    for (Rubric.Check check : rubric.checks()) {
      lines.put(check.id(), new Line(check, Outcome.NOT_RUN, "", ""));
    }
  }

  /** Returns what is asked for. */
  public Rubric rubric() {
    return rubric;
  }

  /** Returns the language of the service. */
  public Track track() {
    return track;
  }

  /** Returns where the submission came from. */
  public String submission() {
    return submission;
  }

  /** Returns the checks in the rubric's order. */
  public synchronized List<Line> lines() {
    return new ArrayList<>(lines.values());
  }

  /** Returns one check's line. */
  public synchronized Line line(String id) {
    Line line = lines.get(id);
    if (line == null) {
      throw new IllegalArgumentException("the rubric of lab " + rubric.lab() + " has no " + id);
    }
    return line;
  }

  /** Writes down how a check ended. */
  public synchronized void record(String id, Outcome outcome, String measured, String next) {
    lines.put(id, new Line(line(id).check(), outcome, measured, next));
  }

  /** Says that a stand-in was among the base images. */
  public synchronized void restOnStandIns() {
    standIns = true;
  }

  /** Returns whether a stand-in was among the base images. */
  public synchronized boolean standIns() {
    return standIns;
  }

  /** Says that no more will come. */
  public synchronized void finish() {
    complete = true;
  }

  /** Returns whether the run came to its end. */
  public synchronized boolean complete() {
    return complete;
  }

  /** Returns the points earned. */
  public int score() {
    return lines().stream().mapToInt(Line::points).sum();
  }

  /** Returns the points that could have been earned. */
  public int most() {
    return lines().stream().mapToInt(Line::most).sum();
  }
}
