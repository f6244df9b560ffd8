package org.imagediet.grading;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.imagediet.workbook.Track;
import org.jspecify.annotations.Nullable;

/**
 * What a lab asks for and what each part of it is worth. Scores come from here, never from what
 * happened to run.
 *
 * @param lab such as {@code 02}
 * @param checks in the order in which they are run and shown
 */
public record Rubric(String lab, String title, List<Check> checks) {

  private static final int HINTS = 3;

  /**
   * One check.
   *
   * @param title what is checked, for tables
   * @param failed the headline of a failure
   * @param expected what a right answer does
   * @param why the reason it matters
   * @param needs checks whose failure makes this one unreachable
   * @param tracks where it applies
   * @param unless the kind of recipe it does not apply to, {@code jib}
   * @param bands limits in MB by what an image starts
   * @param hints from where to look to what to read
   */
  public record Check(
      String id,
      int points,
      String title,
      String failed,
      String expected,
      String why,
      List<String> needs,
      List<Track> tracks,
      Optional<String> unless,
      Map<String, Integer> bands,
      List<String> hints) {

    /** Returns whether it is asked of a track's submission. */
    boolean applies(Track track, boolean jib) {
      return tracks.contains(track) && !(jib && unless.filter("jib"::equals).isPresent());
    }
  }

  /**
   * Reads {@code rubric.yaml} beside a lab's test.
   *
   * @throws IllegalArgumentException when it is absent, incomplete or contradicts itself
   */
  public static Rubric beside(Class<?> test) {
    try (InputStream yaml = test.getResourceAsStream("rubric.yaml")) {
      if (yaml == null) {
        throw new IllegalArgumentException("there is no rubric.yaml beside " + test.getName());
      }
      return read(yaml);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "rubric.yaml beside " + test.getName() + " is unreadable", e);
    }
  }

  /**
   * Reads a rubric.
   *
   * @throws IllegalArgumentException when it is incomplete or contradicts itself
   */
  public static Rubric read(InputStream yaml) throws IOException {
    try {
      return new ObjectMapper(new YAMLFactory())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .readValue(yaml, Document.class)
          .rubric();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("rubric.yaml: " + e.getOriginalMessage(), e);
    }
  }

  /** Returns a check by its id. */
  public Optional<Check> check(String id) {
    return checks.stream().filter(check -> check.id().equals(id)).findFirst();
  }

  private record Document(String lab, String title, List<Node> checks) {

    Rubric rubric() {
      Set<String> known = new HashSet<>();
      for (Node check : checks) {
        if (!known.add(check.id())) {
          throw new IllegalArgumentException("rubric.yaml: " + check.id() + " is there twice");
        }
      }
      List<Check> read = checks.stream().map(node -> node.check(known)).toList();
      int points = read.stream().mapToInt(Check::points).sum();
      if (points != 100) {
        throw new IllegalArgumentException("rubric.yaml: the points add up to " + points);
      }
      return new Rubric(lab, title, read);
    }
  }

  private record Node(
      String id,
      int points,
      String title,
      String failed,
      String expected,
      String why,
      @Nullable List<String> needs,
      @Nullable List<String> tracks,
      @Nullable String unless,
      @Nullable Map<String, Integer> bands,
      @Nullable List<String> hints) {

    Check check(Set<String> known) {
      for (String text : new String[] {title, failed, expected, why}) {
        if (text == null || text.isBlank()) {
          throw new IllegalArgumentException("rubric.yaml: " + id + " lacks a text");
        }
      }
      if (hints == null || hints.size() != HINTS) {
        throw new IllegalArgumentException("rubric.yaml: " + id + " must have three hints");
      }
      List<String> needed = needs == null ? List.of() : needs;
      needed.forEach(
          need -> {
            if (!known.contains(need) || need.equals(id)) {
              throw new IllegalArgumentException("rubric.yaml: " + id + " needs " + need);
            }
          });
      return new Check(
          id,
          points,
          title,
          failed,
          expected,
          why,
          needed,
          tracks == null
              ? List.of(Track.values())
              : tracks.stream().map(name -> Track.parse(name).orElseThrow()).toList(),
          Optional.ofNullable(unless),
          bands == null ? Map.of() : bands,
          hints);
    }
  }
}
