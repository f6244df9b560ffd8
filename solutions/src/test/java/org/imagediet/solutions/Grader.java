package org.imagediet.solutions;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.imagediet.workbook.Track;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Grades submissions exactly as {@code mvn test} in a lab does, inside this process: the labs' own
 * tests, by JUnit's own launcher, and at several places at a time. What was found out of an image
 * at one of them is not found out twice.
 */
final class Grader implements AutoCloseable {

  private static final int PLACES = 4;

  /** The day on which the solutions were triaged. */
  private static final String DATE = "2026-11-25";

  private final LauncherSession session = LauncherFactory.openSession();
  private final BlockingQueue<Integer> places = new ArrayBlockingQueue<>(PLACES);

  private Grader() {
    for (int i = 0; i < PLACES; i++) {
      places.add(i);
    }
  }

  /** Returns the grader that all tests of a run share. */
  static Grader of(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(Grader.class))
        .computeIfAbsent(Grader.class, key -> new Grader(), Grader.class);
  }

  /** Grades a folder's files. */
  Graded grade(Content.Lab lab, Track track, Path folder) {
    int place = take();
    try {
      return grade(place, lab, track, folder);
    } finally {
      places.add(place);
    }
  }

  /** Grades the solution with some of its files changed. */
  Graded gradeChanged(Content.Lab lab, Track track, Path changes) {
    return grade(
        lab, track, folder -> Content.overlay(Content.solution(lab, track), changes, folder));
  }

  /** Grades an edited solution. */
  Graded grade(EditedSolution edited) {
    return grade(edited.lab(), edited.track(), edited::into);
  }

  private Graded grade(Content.Lab lab, Track track, Consumer<Path> filling) {
    int place = take();
    try {
      // Without the last one's answers, so that the other labs' are the solutions.
      Path home = Path.of("target", "submissions", Integer.toString(place)).toAbsolutePath();
      Content.delete(home);
      Path folder = home.resolve(lab.folder()).resolve(track.id());
      filling.accept(folder);
      return grade(place, lab, track, folder);
    } finally {
      places.add(place);
    }
  }

  private int take() {
    try {
      return places.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private Graded grade(int place, Content.Lab lab, Track track, Path folder) {
    Path output = Path.of("target", "grades", Integer.toString(place));
    List<String> printed = new ArrayList<>();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .enableImplicitConfigurationParameters(false)
            .configurationParameter("track", track.id())
            .configurationParameter("submission", folder.toString())
            .configurationParameter("grade.place", Integer.toString(place))
            .configurationParameter("grade.folder", output.toString())
            .configurationParameter("grade.table", "false")
            // Answers to a scan grow old, and those of the solutions are not to.
            .configurationParameter("grade.date", DATE)
            .selectors(selectClass(lab.test()))
            .build();
    session
        .getLauncher()
        .execute(
            request,
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                  printed.add(result.getThrowable().map(Throwable::getMessage).orElse(""));
                }
              }
            });
    try {
      return new Graded(
          new ObjectMapper().readTree(output.resolve("grade.json").toFile()),
          printed.stream().collect(Collectors.joining("\n\n")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    session.close();
  }

  /** Gives tests the grader. */
  static final class Extension implements org.junit.jupiter.api.extension.ParameterResolver {
    @Override
    public boolean supportsParameter(
        org.junit.jupiter.api.extension.ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Grader.class;
    }

    @Override
    public Object resolveParameter(
        org.junit.jupiter.api.extension.ParameterContext parameter, ExtensionContext context) {
      return of(context);
    }
  }
}
