package org.imagediet.grading.junit;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;
import org.imagediet.grading.Bench;
import org.imagediet.grading.Grade;
import org.imagediet.grading.GradeReport;
import org.imagediet.grading.HandedSecrets;
import org.imagediet.grading.Hints;
import org.imagediet.grading.Judge;
import org.imagediet.grading.Laboratory;
import org.imagediet.grading.NotGraded;
import org.imagediet.grading.Outcome;
import org.imagediet.grading.Rubric;
import org.imagediet.grading.Submission;
import org.imagediet.grading.WrongAnswer;
import org.imagediet.observation.Once;
import org.imagediet.report.Clean;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.extension.AfterClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.BeforeClassTemplateInvocationCallback;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContext;
import org.junit.jupiter.api.extension.ClassTemplateInvocationContextProvider;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/** Runs a lab's tests once for each track, and turns outcomes into JUnit's. */
final class LabExtension implements ClassTemplateInvocationContextProvider {

  private static final Namespace NAMESPACE = Namespace.create(LabExtension.class);

  @Override
  public boolean supportsClassTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<ClassTemplateInvocationContext> provideClassTemplateInvocationContexts(
      ExtensionContext context) {
    // A wrong parameter is told by each check and not thrown here, where it would have no name.
    List<Graded> runs = new ArrayList<>();
    Parameters parameters = Parameters.of(context);
    for (Track track : parameters.tracks()) {
      runs.add(new Graded(parameters, track));
    }
    return runs.stream().map(ClassTemplateInvocationContext.class::cast);
  }

  /** One lab in one track. */
  private record Graded(Parameters parameters, Track track)
      implements ClassTemplateInvocationContext {

    @Override
    public String getDisplayName(int invocationIndex) {
      return track.id();
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new Grading(parameters, track));
    }
  }

  /** Grades one lab in one track. */
  private static final class Grading
      implements BeforeClassTemplateInvocationCallback,
          AfterClassTemplateInvocationCallback,
          ParameterResolver,
          InvocationInterceptor {

    private final Parameters parameters;
    private final Track track;
    private Optional<Session> session = Optional.empty();
    private String mistake = "";

    Grading(Parameters parameters, Track track) {
      this.parameters = parameters;
      this.track = track;
    }

    @Override
    public void beforeClassTemplateInvocation(ExtensionContext context) {
      try {
        session = Optional.of(Session.open(context, parameters, track));
      } catch (RuntimeException e) {
        // Thrown here it would have no name; so each test says it.
        mistake = String.valueOf(e.getMessage());
      }
    }

    @Override
    public void afterClassTemplateInvocation(ExtensionContext context) {
      session.ifPresent(Session::close);
    }

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(
        ExtensionContext rootContext) {
      return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Judge.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return session.orElseThrow(() -> new ParameterResolutionException(mistake)).judge();
    }

    @Override
    public void interceptTestMethod(
        Invocation<Void> invocation,
        ReflectiveInvocationContext<Method> method,
        ExtensionContext context)
        throws Throwable {
      Session running = session.orElseThrow();
      Check check = method.getExecutable().getAnnotation(Check.class);
      if (check == null) {
        invocation.proceed();
        return;
      }
      Optional<String> unreached = running.judge().turnTo(check.value());
      if (unreached.isPresent()) {
        invocation.skip();
        running.save();
        throw new TestAbortedException(unreached.get());
      }
      try {
        invocation.proceed();
        running.requireDecision();
      } catch (Judge.Unreached e) {
        throw new TestAbortedException(e.getMessage());
      } catch (WrongAnswer | NotGraded e) {
        throw e;
      } catch (Throwable e) {
        // Of the test itself, before it came to a decision.
        throw running.judge().notGraded(e);
      } finally {
        running.save();
      }
    }
  }

  /**
   * What was asked for on the command line, or by a test of these tests.
   *
   * @param mistake what is wrong with it; empty when nothing is
   */
  private record Parameters(
      String lab,
      Class<?> test,
      List<Track> tracks,
      String mistake,
      String submission,
      Path typedIn,
      Path output,
      boolean table,
      Clock clock) {

    static Parameters of(ExtensionContext context) {
      Class<?> test = context.getRequiredTestClass();
      String names = context.getConfigurationParameter("track").orElse(Track.GO.id());
      List<Track> offered = offered(test);
      List<Track> tracks = tracks(names, offered);
      String date = context.getConfigurationParameter("grade.date").orElse("");
      Optional<Clock> clock = clock(date);
      String mistake = clock.isEmpty() ? noDate(date) : "";
      return new Parameters(
          test.getAnnotation(Lab.class).value(),
          test,
          tracks.isEmpty() ? offered.subList(0, 1) : tracks,
          tracks.isEmpty() ? mistake(names, offered) : mistake,
          context.getConfigurationParameter(Submission.PROPERTY).orElse(""),
          Path.of(context.getConfigurationParameter("submission.base").orElse("")),
          Path.of(context.getConfigurationParameter("grade.folder").orElse("target/grade")),
          context.getConfigurationParameter("grade.table").map(Boolean::valueOf).orElse(true),
          clock.orElse(Clock.systemUTC()));
    }

    /** The noon of a day; empty when there is no such day. */
    private static Optional<Clock> clock(String date) {
      try {
        return Optional.of(
            date.isBlank()
                ? Clock.systemUTC()
                : Clock.fixed(
                    LocalDate.parse(date).atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC),
                    ZoneOffset.UTC));
      } catch (DateTimeParseException e) {
        return Optional.empty();
      }
    }

    private static String noDate(String date) {
      return "-Dgrade.date=%s is no day; write one like 2026-11-25.".formatted(Clean.line(date));
    }

    private static List<Track> offered(Class<?> test) {
      try {
        return Rubric.beside(test).tracks();
      } catch (IllegalArgumentException e) {
        // Each check of the session says so.
        return List.of(Track.values());
      }
    }

    /** Empty when one of the names is none of the lab's. */
    private static List<Track> tracks(String names, List<Track> offered) {
      if (names.equals("all")) {
        return offered;
      }
      List<Optional<Track>> tracks =
          Arrays.stream(names.split(","))
              .map(name -> Track.parse(name.strip()).filter(offered::contains))
              .distinct()
              .toList();
      return tracks.stream().anyMatch(Optional::isEmpty)
          ? List.of()
          : tracks.stream().map(Optional::orElseThrow).toList();
    }

    private static String mistake(String names, List<Track> offered) {
      String known = String.join(", ", offered.stream().map(Track::id).toList());
      return "-Dtrack=%s is no track of this lab; there are %s and all."
          .formatted(Clean.line(names), known);
    }

    Path file(Track track) {
      return tracks.size() == 1
          ? output.resolve("grade.json")
          : output.resolve(track.id()).resolve("grade.json");
    }

    Bench bench(Laboratory laboratory, Track track, Grade grade, Rubric rubric) {
      if (!mistake.isEmpty()) {
        throw new EnvironmentException(mistake);
      }
      Workbook workbook = Workbook.find();
      return new Bench(
          laboratory,
          workbook,
          Submission.find(workbook, lab, track, submission, typedIn),
          grade::restOnStandIns,
          rubric.check("no-secrets").map(asked -> HandedSecrets.of(workbook)),
          clock);
    }
  }

  /** The grade of one track while it is being made; the file is there from the start. */
  private record Session(Judge judge, Once<Bench> bench, Path file, Path output, boolean table) {

    static Session open(ExtensionContext context, Parameters parameters, Track track) {
      Laboratory laboratory = laboratory(context);
      Rubric rubric = Rubric.beside(parameters.test());
      requireSameChecks(rubric, parameters.test());
      Grade grade =
          new Grade(
              rubric,
              track,
              Submission.label(
                  parameters.lab(), track, parameters.submission(), parameters.typedIn()));
      Once<Bench> bench = Once.of(() -> parameters.bench(laboratory, track, grade, rubric));
      Session session =
          new Session(
              new Judge(grade, bench),
              bench,
              parameters.file(track),
              parameters.output(),
              parameters.table());
      session.save();
      return session;
    }

    /** Gradings that name another place are done at the same time as others. */
    private static Laboratory laboratory(ExtensionContext context) {
      Store store = context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE);
      Laboratory first =
          store.computeIfAbsent(
              Laboratory.class, key -> new Laboratory(Progress.SILENT), Laboratory.class);
      return context
          .getConfigurationParameter("grade.place")
          .map(place -> store.computeIfAbsent(place, key -> first.beside(), Laboratory.class))
          .orElse(first);
    }

    /** A check that nobody decides would cost points without ever being red. */
    private static void requireSameChecks(Rubric rubric, Class<?> test) {
      Set<String> asked =
          rubric.checks().stream()
              .map(Rubric.Check::id)
              .collect(Collectors.toCollection(TreeSet::new));
      Set<String> decided =
          Stream.of(test.getDeclaredMethods())
              .flatMap(method -> Stream.ofNullable(method.getAnnotation(Check.class)))
              .map(Check::value)
              .collect(Collectors.toCollection(TreeSet::new));
      if (!asked.equals(decided)) {
        throw new IllegalArgumentException(
            "The rubric.yaml beside %s has the checks %s, and its tests decide %s."
                .formatted(test.getName(), asked, decided));
      }
    }

    /** A test that decides nothing must not look like one that found nothing wrong. */
    void requireDecision() {
      if (judge.grade().line(judge.check().id()).outcome() == Outcome.NOT_RUN) {
        throw new IllegalStateException("its test decided nothing");
      }
    }

    void save() {
      GradeReport.write(judge.grade(), file);
    }

    void close() {
      bench.known().ifPresent(Bench::close);
      judge.grade().finish();
      save();
      Hints.beginAnew(judge.grade(), output);
      if (table) {
        System.out.print(GradeReport.console(judge.grade()));
      }
    }
  }
}
