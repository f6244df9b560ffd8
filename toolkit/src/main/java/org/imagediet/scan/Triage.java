package org.imagediet.scan;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.imagediet.report.Clean;

/**
 * Checks a triage, written as OpenVEX, against a scan: every finding is answered exactly once, by a
 * statement that says what it means and why.
 *
 * <p>It asks for more than the standard does. A statement holds for one vulnerability in named
 * versions of named components. "Not affected" needs one of the standard's reasons, not only a
 * text; "under investigation" is no answer yet. A statement expires: the standard has no field for
 * that, but every statement has a time, its own or its document's, and an old judgement was made on
 * an old image.
 */
public final class Triage {

  /** How long a judgement keeps, when nothing else is asked for. */
  public static final Duration USUAL_AGE = Duration.ofDays(90);

  private static final String CONTEXT = "https://openvex.dev/ns";
  private static final Duration CLOCK_TOLERANCE = Duration.ofDays(1);
  private static final int MOST_PROBLEMS = 200;
  private static final int LEAST_ACTION = 10;
  private static final int MOST_SHOWN = 300;

  private static final String NOT_AFFECTED = "not_affected";
  private static final String AFFECTED = "affected";
  private static final String FIXED = "fixed";
  private static final String UNDER_INVESTIGATION = "under_investigation";
  private static final List<String> STATUSES =
      List.of(NOT_AFFECTED, AFFECTED, FIXED, UNDER_INVESTIGATION);

  private static final String NOT_PRESENT = "component_not_present";
  private static final List<String> JUSTIFICATIONS =
      List.of(
          NOT_PRESENT,
          "vulnerable_code_not_present",
          "vulnerable_code_not_in_execute_path",
          "vulnerable_code_cannot_be_controlled_by_adversary",
          "inline_mitigations_already_exist");

  /** An id of a vulnerability database: CVE-2025-47907, GO-2025-3849, GHSA-jfh8-c2jp-5v3q. */
  private static final Pattern VULNERABILITY =
      Pattern.compile("[A-Za-z]{2,20}(?:-[A-Za-z0-9]{1,12}){1,5}(?::[0-9]{1,9})?");

  private final ScanResult result;
  private final Instant now;
  private final Duration mostAge;
  private final List<Problem> problems = new ArrayList<>();

  private Triage(ScanResult result, Instant now, Duration mostAge) {
    this.result = result;
    this.now = now;
    this.mostAge = mostAge;
  }

  /** A vulnerability of a component, in however many files it is. */
  private record Question(String id, String packageName, String version) {
    @Override
    public String toString() {
      return "%s in %s %s".formatted(id, packageName, version);
    }
  }

  /** Returns what is wrong, and what is worth knowing, by today's date. */
  public static List<Problem> check(OpenVex vex, ScanResult result) {
    return check(vex, result, Clock.systemUTC(), USUAL_AGE);
  }

  /** Returns what is wrong, and what is worth knowing. */
  public static List<Problem> check(OpenVex vex, ScanResult result, Clock clock, Duration mostAge) {
    Triage triage = new Triage(result, clock.instant(), mostAge);
    triage.checkDocument(vex);
    vex.statements().forEach(triage::checkStatement);
    triage.checkAnswers(vex.statements());
    return List.copyOf(triage.problems.subList(0, Math.min(triage.problems.size(), MOST_PROBLEMS)));
  }

  private void checkDocument(OpenVex vex) {
    List<String> missing = new ArrayList<>();
    if (!vex.context().equals(CONTEXT) && !vex.context().startsWith(CONTEXT + "/v")) {
      missing.add("@context");
    }
    if (vex.id().isEmpty()) {
      missing.add("@id");
    }
    if (vex.author().isEmpty()) {
      missing.add("author");
    }
    if (vex.timestamp().isEmpty()) {
      missing.add("timestamp");
    }
    if (vex.version() < 1) {
      missing.add("version");
    }
    if (!missing.isEmpty()) {
      problem(
          Problem.Kind.DOCUMENT,
          "the document has no valid " + String.join(", ", missing),
          "@context (%s/v0.2.0), @id, author, timestamp and version, counted from 1"
              .formatted(CONTEXT),
          "who reads it must know what format it has, who says so, when, and which edition it is",
          "the document's outermost fields");
    }
  }

  private void checkStatement(VexStatement statement) {
    if (!VULNERABILITY.matcher(statement.vulnerability()).matches()) {
      problem(
          Problem.Kind.VULNERABILITY,
          statement.vulnerability().isEmpty()
              ? statement.title() + " names no vulnerability"
              : statement.title() + " names no single vulnerability",
          "the id of one vulnerability in vulnerability.name",
          "a statement about everything also hides what nobody has looked at yet",
          "the ids that the scan prints");
    }
    checkProducts(statement);
    checkStatus(statement);
    checkAge(statement);
  }

  private void checkProducts(VexStatement statement) {
    if (statement.products().isEmpty()) {
      problem(
          Problem.Kind.PRODUCT,
          statement.title() + " names no product",
          "the component's package URL, or the image",
          "what is harmless in one product is not in the next",
          "the products list, and the package URLs in the scan's JSON");
    }
    for (VexStatement.Product product : statement.products()) {
      if (product.names().isEmpty()) {
        problem(
            Problem.Kind.PRODUCT,
            statement.title() + " has a product without a name",
            "an @id, or a purl below identifiers",
            "a product that nobody can recognise silences nothing, or everything",
            "the products list");
      }
      List<String> names = new ArrayList<>(product.names());
      names.addAll(product.subcomponents());
      names.stream()
          .filter(Triage::blanket)
          .findFirst()
          .ifPresent(name -> blanket(statement, name));
    }
  }

  private void blanket(VexStatement statement, String name) {
    problem(
        Problem.Kind.PRODUCT,
        "%s is about %s, whatever its version".formatted(statement.title(), name),
        "a package URL with a version, and no wildcard",
        "the next version is another program: it may be affected, and nobody would hear of it",
        "the version that the scan prints");
  }

  private static boolean blanket(String name) {
    if (name.contains("*")) {
      return true;
    }
    return PackageUrl.parse(name)
        .filter(purl -> !image(purl) && purl.version().isEmpty())
        .isPresent();
  }

  private void checkStatus(VexStatement statement) {
    switch (statement.status()) {
      case NOT_AFFECTED -> checkJustification(statement);
      case AFFECTED -> checkAction(statement);
      case FIXED, UNDER_INVESTIGATION -> {
        // They need no reason; whether they hold is a matter of the findings.
      }
      default ->
          problem(
              Problem.Kind.STATUS,
              statement.status().isEmpty()
                  ? statement.title() + " has no status"
                  : "%s has the status %s".formatted(statement.title(), statement.status()),
              "one of " + String.join(", ", STATUSES),
              "tools act on these four words and on nothing else",
              "which of the four is meant?");
    }
  }

  private void checkJustification(VexStatement statement) {
    if (JUSTIFICATIONS.contains(statement.justification())) {
      return;
    }
    String measured =
        statement.justification().isEmpty()
            ? statement.title() + " says not_affected and gives no justification"
            : "%s gives the justification %s"
                .formatted(statement.title(), statement.justification());
    if (statement.justification().isEmpty() && !statement.impactStatement().isEmpty()) {
      measured += ", only an impact_statement, which no tool can read";
    }
    problem(
        Problem.Kind.JUSTIFICATION,
        measured,
        "one of " + String.join(", ", JUSTIFICATIONS),
        "\"not affected\" is a claim; without its reason nobody can check it, or take it back when"
            + " the program changes",
        "is the vulnerable code in the program, can it run, and who decides what it is fed?");
  }

  private void checkAction(VexStatement statement) {
    if (statement.actionStatement().length() < LEAST_ACTION) {
      problem(
          Problem.Kind.ACTION,
          statement.title() + " says affected and not what to do about it",
          "an action_statement: what you will do, or what users can do until then",
          "\"affected\" without an action only moves the worry to someone else",
          "the versions that the scan says it is fixed in");
    }
  }

  private void checkAge(VexStatement statement) {
    Optional<Instant> time = statement.time();
    if (statement.status().equals(AFFECTED) && statement.actionTime().isPresent()) {
      // A promise ages by itself, however often the document is issued anew.
      time = statement.actionTime();
    }
    if (time.isEmpty()) {
      // The document has no timestamp, which has been said.
      return;
    }
    Duration age = Duration.between(time.get(), now);
    if (age.compareTo(mostAge) > 0) {
      problem(
          Problem.Kind.EXPIRED,
          "%s is %d days old".formatted(statement.title(), age.toDays()),
          "at most %d days".formatted(mostAge.toDays()),
          "it was true of the image and of what was known then; both have changed",
          "does it still hold? Then say so with today's date in last_updated");
    } else if (age.plus(CLOCK_TOLERANCE).isNegative()) {
      problem(
          Problem.Kind.EXPIRED,
          "%s is dated %d days ahead".formatted(statement.title(), -age.toDays()),
          "the time when it was known to be true",
          "nobody knows today what will hold then, and it would never expire",
          "its timestamp and last_updated, and the document's");
    }
  }

  private void checkAnswers(List<VexStatement> statements) {
    Map<Question, List<Finding>> questions = new LinkedHashMap<>();
    for (Finding finding : result.findings()) {
      questions
          .computeIfAbsent(
              new Question(finding.id(), finding.packageName(), finding.version()),
              question -> new ArrayList<>())
          .add(finding);
    }
    Set<VexStatement> used = new HashSet<>();
    questions.forEach((question, findings) -> checkAnswer(question, findings, statements, used));
    for (VexStatement statement : statements) {
      if (!used.contains(statement)) {
        checkUnused(statement);
      }
    }
  }

  private void checkAnswer(
      Question question,
      List<Finding> findings,
      List<VexStatement> statements,
      Set<VexStatement> used) {
    Finding finding = findings.get(0);
    List<VexStatement> answers =
        statements.stream()
            .filter(statement -> names(statement, finding.id()))
            .filter(statement -> statement.products().stream().anyMatch(p -> covers(p, finding)))
            .toList();
    used.addAll(answers);
    if (answers.isEmpty()) {
      unanswered(question, finding, statements);
    } else if (answers.size() > 1) {
      problem(
          Problem.Kind.ANSWERED_TWICE,
          "%s is answered %d times, in the statements %s"
              .formatted(
                  question,
                  answers.size(),
                  String.join(
                      ", ", answers.stream().map(s -> Integer.toString(s.position())).toList())),
          "one statement",
          "two answers may say two things, and which one counts depends on the tool",
          "which of them is meant?");
    } else {
      checkTruth(answers.get(0), question, findings);
    }
  }

  private void unanswered(Question question, Finding finding, List<VexStatement> statements) {
    Optional<VexStatement> elsewhere =
        statements.stream().filter(statement -> names(statement, finding.id())).findFirst();
    problem(
        Problem.Kind.UNANSWERED,
        elsewhere
            .map(
                statement ->
                    "%s is answered by nothing; %s is about another product"
                        .formatted(question, statement.title()))
            .orElse(question + " is answered by nothing"),
        finding.purl().isEmpty()
            ? "one statement about it whose products name the component or the image"
            : "one statement about it whose products name " + finding.purl() + " or the image",
        "a finding without an answer is one that nobody has looked at",
        "what does the vulnerable code do, and does this program use it?");
  }

  private void checkTruth(VexStatement statement, Question question, List<Finding> findings) {
    String target = findings.get(0).target();
    if (statement.status().equals(UNDER_INVESTIGATION)) {
      problem(
          Problem.Kind.UNANSWERED,
          "%s is under investigation".formatted(question),
          "the outcome: not_affected, affected or fixed",
          "the standard allows it for the first hours; it promises an answer and is none",
          "what would you have to know to decide?");
    } else if (statement.status().equals(FIXED)) {
      problem(
          Problem.Kind.CONTRADICTED,
          "%s says fixed, and the scan still finds it in %s".formatted(statement.title(), target),
          "a version that is fixed, or another status",
          "who believes it stops looking",
          "was the image built again after the fix?");
    } else if (statement.justification().equals(NOT_PRESENT)
        && statement.status().equals(NOT_AFFECTED)) {
      problem(
          Problem.Kind.CONTRADICTED,
          "%s says that the component is not there, and the scan finds it in %s"
              .formatted(statement.title(), target),
          "another reason, if there is one",
          "a wrong reason is not checked a second time",
          "is it the component that is missing, or the vulnerable part of it?");
    }
  }

  private void checkUnused(VexStatement statement) {
    boolean found = result.findings().stream().anyMatch(finding -> names(statement, finding.id()));
    if (!found && VULNERABILITY.matcher(statement.vulnerability()).matches()) {
      problems.add(
          new Problem(
              Problem.Kind.NOT_FOUND,
              true,
              shown(statement.title()) + " is about something that this scan does not find",
              "nothing: it may come from another image, or from another database",
              "a statement that outlives its finding is harmless and may be useful",
              "is it still needed?"));
    }
  }

  private static boolean names(VexStatement statement, String id) {
    return statement.vulnerability().equalsIgnoreCase(id)
        || statement.aliases().stream().anyMatch(alias -> alias.equalsIgnoreCase(id));
  }

  /** Whether a product is the component of a finding, or the image, in which it may be named. */
  private boolean covers(VexStatement.Product product, Finding finding) {
    boolean component = product.names().stream().anyMatch(name -> component(name, finding));
    boolean image = product.names().stream().anyMatch(this::image);
    boolean within =
        product.subcomponents().isEmpty()
            || product.subcomponents().stream().anyMatch(name -> component(name, finding));
    return component || image && within;
  }

  private static boolean component(String name, Finding finding) {
    Optional<PackageUrl> said = PackageUrl.parse(name);
    Optional<PackageUrl> found = PackageUrl.parse(finding.purl());
    if (said.isEmpty()) {
      return false;
    }
    if (found.isEmpty()) {
      return said.get().name().equals(finding.packageName())
          && version(said.get()).equals(finding.version());
    }
    return said.get().samePackage(found.get()) && version(said.get()).equals(version(found.get()));
  }

  /** The version without the letter that Go's module versions begin with. */
  private static String version(PackageUrl purl) {
    boolean go = purl.type().equals("golang") && purl.version().startsWith("v");
    return go ? purl.version().substring(1) : purl.version();
  }

  private boolean image(String name) {
    String subject = result.subject();
    if (name.equals(subject)) {
      return true;
    }
    return PackageUrl.parse(name)
        .filter(Triage::image)
        .filter(purl -> purl.name().equals(lastName(subject).toLowerCase(Locale.ROOT)))
        .isPresent();
  }

  private static boolean image(PackageUrl purl) {
    return purl.type().equals("oci") || purl.type().equals("docker");
  }

  /** Returns the last part of an image's name, without its tag. */
  private static String lastName(String image) {
    return image.substring(image.lastIndexOf('/') + 1).replaceFirst("[:@].*$", "");
  }

  private void problem(
      Problem.Kind kind, String measured, String expected, String why, String next) {
    problems.add(new Problem(kind, false, shown(measured), shown(expected), why, next));
  }

  /** What a document says, fit to be repeated. */
  private static String shown(String text) {
    return Clean.line(text, MOST_SHOWN);
  }
}
