package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.imagediet.scan.Problem.Kind;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TriageTest {

  private static final Instant TODAY = Instant.parse("2026-05-01T12:00:00Z");
  private static final String STDLIB = "pkg:golang/stdlib@1.24.4";
  private static final String BASH = "pkg:deb/debian/bash@5.2-1?arch=amd64&distro=debian-13.8";

  private static final Finding GO = finding("CVE-2025-47907", "stdlib", "1.24.4", "app", STDLIB);
  private static final Finding SHELL =
      finding("CVE-2026-1111", "bash", "5.2-1", "debian 13.8", BASH);

  private static Finding finding(
      String id, String name, String version, String target, String purl) {
    return new Finding(id, name, version, "9", Severity.UNKNOWN, target, purl, "");
  }

  private static ScanResult result(Finding... findings) {
    return new ScanResult(
        "registry.example/team/app:1",
        "a fake",
        "1",
        new Database(Database.Origin.NONE, Optional.empty(), ""),
        List.of(findings),
        1,
        List.of());
  }

  /** A statement in the making; good as it comes. */
  private static final class Answer {
    private final String vulnerability;
    private List<String> aliases = List.of();
    private List<VexStatement.Product> products;
    private String status = "not_affected";
    private String justification = "vulnerable_code_not_in_execute_path";
    private String impact = "";
    private String action = "";
    private Instant time = TODAY;
    private Optional<Instant> actionTime = Optional.empty();

    private Answer(String vulnerability, String product) {
      this.vulnerability = vulnerability;
      products = List.of(new VexStatement.Product(List.of(product), List.of()));
    }

    static Answer about(String vulnerability, String product) {
      return new Answer(vulnerability, product);
    }

    Answer status(String text) {
      status = text;
      justification = "";
      return this;
    }

    Answer justification(String text) {
      justification = text;
      return this;
    }

    Answer impact(String text) {
      impact = text;
      return this;
    }

    Answer action(String text) {
      action = text;
      return status("affected");
    }

    Answer promised(Instant when) {
      actionTime = Optional.of(when);
      return this;
    }

    Answer time(Instant when) {
      time = when;
      return this;
    }

    Answer alias(String text) {
      aliases = List.of(text);
      return this;
    }

    Answer products(VexStatement.Product... list) {
      products = List.of(list);
      return this;
    }

    VexStatement statement(int position) {
      return new VexStatement(
          position,
          vulnerability,
          aliases,
          products,
          status,
          justification,
          impact,
          action,
          Optional.of(time),
          actionTime);
    }
  }

  private static OpenVex document(Answer... answers) {
    List<VexStatement> statements = new ArrayList<>();
    for (Answer answer : answers) {
      statements.add(answer.statement(statements.size() + 1));
    }
    return new OpenVex(
        "https://openvex.dev/ns/v0.2.0",
        "https://example.org/vex-1",
        "me",
        Optional.of(TODAY),
        1,
        statements);
  }

  private static List<Problem> check(OpenVex vex, Finding... findings) {
    return Triage.check(
        vex, result(findings), Clock.fixed(TODAY, ZoneOffset.UTC), Triage.USUAL_AGE);
  }

  private static List<Kind> kinds(Answer answer, Finding... findings) {
    return check(document(answer), findings).stream().map(Problem::kind).toList();
  }

  private static Answer good() {
    return Answer.about(GO.id(), STDLIB);
  }

  @Test
  @DisplayName("is content when every finding has one answer, in however many files it is")
  void complete() {
    Finding elsewhere = finding(GO.id(), "stdlib", "1.24.4", "other", STDLIB);
    Answer shell = Answer.about(SHELL.id(), "pkg:deb/debian/bash@5.2-1").action("update to 5.2-2");
    assertThat(check(document(good(), shell), GO, elsewhere, SHELL)).isEmpty();
    assertThat(check(document())).isEmpty();
  }

  @Test
  @DisplayName("says in four facts what is unanswered, without giving the answer")
  void unanswered() {
    List<Problem> problems = check(document(good()), GO, SHELL);
    assertThat(problems)
        .containsExactly(
            new Problem(
                Kind.UNANSWERED,
                false,
                "CVE-2026-1111 in bash 5.2-1 is answered by nothing",
                "one statement about it whose products name " + BASH + " or the image",
                "a finding without an answer is one that nobody has looked at",
                "what does the vulnerable code do, and does this program use it?"));
    Problem other = check(document(Answer.about(GO.id(), "pkg:golang/stdlib@1.24.5")), GO).get(0);
    assertThat(other.kind()).isEqualTo(Kind.UNANSWERED);
    assertThat(other.measured()).endsWith("statement 1 (CVE-2025-47907) is about another product");
  }

  @ParameterizedTest
  @DisplayName("takes the component or the image for the product")
  @ValueSource(
      strings = {
        STDLIB,
        "pkg:golang/stdlib@v1.24.4",
        "pkg:golang/stdlib@1.24.4?type=module",
        "registry.example/team/app:1",
        "pkg:oci/app@sha256:12",
        "pkg:oci/app",
        "pkg:docker/team/app@1"
      })
  void product(String name) {
    assertThat(kinds(Answer.about(GO.id(), name), GO)).isEmpty();
  }

  @ParameterizedTest
  @DisplayName("takes nothing else for it")
  @ValueSource(
      strings = {
        "pkg:golang/stdlib@1.24.5",
        "pkg:golang/net/stdlib@1.24.4",
        "pkg:deb/debian/stdlib@1.24.4",
        "registry.example/team/app:2",
        "pkg:oci/app2",
        "stdlib"
      })
  void otherProduct(String name) {
    assertThat(kinds(Answer.about(GO.id(), name), GO)).containsExactly(Kind.UNANSWERED);
  }

  @Test
  @DisplayName("takes an image for the product only as far as its named components go")
  void subcomponents() {
    VexStatement.Product with = new VexStatement.Product(List.of("pkg:oci/app"), List.of(STDLIB));
    VexStatement.Product without =
        new VexStatement.Product(List.of("pkg:oci/app"), List.of("pkg:deb/debian/bash@5.2-1"));
    assertThat(kinds(good().products(with), GO)).isEmpty();
    assertThat(kinds(good().products(without), GO)).containsExactly(Kind.UNANSWERED);
  }

  @Test
  @DisplayName("knows a component without a package URL by name and version")
  void noPackageUrl() {
    Finding bare = finding(GO.id(), "stdlib", "1.24.4", "app", "");
    assertThat(kinds(good(), bare)).isEmpty();
    assertThat(kinds(Answer.about(GO.id(), "pkg:golang/stdlib@1.24.5"), bare))
        .containsExactly(Kind.UNANSWERED);
  }

  @Test
  @DisplayName("knows a vulnerability by its other names")
  void alias() {
    assertThat(kinds(Answer.about("GO-2025-3849", STDLIB).alias(GO.id()), GO)).isEmpty();
  }

  @Test
  @DisplayName("refuses two answers to one finding")
  void twice() {
    List<Problem> problems =
        check(document(good(), Answer.about(GO.id(), "pkg:oci/app").status("fixed")), GO);
    assertThat(problems).extracting(Problem::kind).containsExactly(Kind.ANSWERED_TWICE);
    assertThat(problems.get(0).measured()).endsWith("answered 2 times, in the statements 1, 2");
  }

  @ParameterizedTest
  @DisplayName("refuses a statement about every vulnerability")
  @ValueSource(strings = {"", "*", "CVE-*", "all", "CVE-2025-1 CVE-2025-2"})
  void blanketVulnerability(String name) {
    assertThat(kinds(Answer.about(name, STDLIB))).containsExactly(Kind.VULNERABILITY);
  }

  @ParameterizedTest
  @DisplayName("refuses a statement about every version or every product")
  @ValueSource(strings = {"pkg:golang/stdlib", "*", "pkg:golang/*@1", "pkg:oci/*"})
  void blanketProduct(String name) {
    assertThat(kinds(Answer.about(GO.id(), name), GO)).contains(Kind.PRODUCT);
    VexStatement.Product within = new VexStatement.Product(List.of("pkg:oci/app"), List.of(name));
    if (!name.startsWith("pkg:oci")) {
      assertThat(kinds(good().products(within), GO)).contains(Kind.PRODUCT);
    }
  }

  @Test
  @DisplayName("refuses a statement without a product")
  void noProduct() {
    assertThat(kinds(good().products(), GO)).containsExactly(Kind.PRODUCT, Kind.UNANSWERED);
    assertThat(kinds(good().products(new VexStatement.Product(List.of(), List.of())), GO))
        .containsExactly(Kind.PRODUCT, Kind.UNANSWERED);
  }

  @ParameterizedTest
  @DisplayName("knows the four statuses of the standard")
  @ValueSource(strings = {"", "ignored", "Not_Affected", "wont_fix"})
  void status(String text) {
    List<Problem> problems = check(document(good().status(text)), GO);
    assertThat(problems).extracting(Problem::kind).containsExactly(Kind.STATUS);
    assertThat(problems.get(0).expected())
        .isEqualTo("one of not_affected, affected, fixed, under_investigation");
  }

  @ParameterizedTest
  @DisplayName("asks for one of the standard's reasons")
  @ValueSource(strings = {"", "we are careful", "Vulnerable_code_not_present"})
  void justification(String text) {
    assertThat(kinds(good().justification(text), GO)).containsExactly(Kind.JUSTIFICATION);
  }

  @Test
  @DisplayName("does not take a text for a reason")
  void impactStatement() {
    List<Problem> problems =
        check(document(good().justification("").impact("We are careful.")), GO);
    assertThat(problems).extracting(Problem::kind).containsExactly(Kind.JUSTIFICATION);
    assertThat(problems.get(0).measured()).endsWith("which no tool can read");
  }

  @ParameterizedTest
  @DisplayName("asks what is to be done where something is affected")
  @ValueSource(strings = {"", "tbd"})
  void action(String text) {
    assertThat(kinds(good().action(text), GO)).containsExactly(Kind.ACTION);
  }

  @Test
  @DisplayName("takes an investigation for no answer")
  void investigation() {
    List<Problem> problems = check(document(good().status("under_investigation")), GO);
    assertThat(problems).extracting(Problem::kind).containsExactly(Kind.UNANSWERED);
    assertThat(problems.get(0).measured()).endsWith("is under investigation");
  }

  @Test
  @DisplayName("believes neither fixed nor absent what the scan finds")
  void contradicted() {
    assertThat(kinds(good().status("fixed"), GO)).containsExactly(Kind.CONTRADICTED);
    assertThat(kinds(good().justification("component_not_present"), GO))
        .containsExactly(Kind.CONTRADICTED);
  }

  @Test
  @DisplayName("only notes a statement about something that is not found")
  void notFound() {
    List<Problem> problems = check(document(good(), Answer.about("CVE-2020-1", STDLIB)), GO);
    assertThat(problems).extracting(Problem::kind).containsExactly(Kind.NOT_FOUND);
    assertThat(problems.get(0).note()).isTrue();
    assertThat(check(document(good().status("fixed"))))
        .extracting(Problem::kind)
        .containsExactly(Kind.NOT_FOUND);
  }

  @Test
  @DisplayName("lets a statement expire, by its own time or by that of its promise")
  void expired() {
    Instant old = TODAY.minus(Duration.ofDays(91));
    List<Problem> problems = check(document(good().time(old)), GO);
    assertThat(problems).extracting(Problem::kind).containsExactly(Kind.EXPIRED);
    assertThat(problems.get(0).measured()).isEqualTo("statement 1 (CVE-2025-47907) is 91 days old");
    assertThat(kinds(good().time(TODAY.minus(Duration.ofDays(90))), GO)).isEmpty();
    Answer affected = good().action("update the Go toolchain");
    assertThat(kinds(affected.promised(old), GO)).containsExactly(Kind.EXPIRED);
    assertThat(kinds(affected.promised(TODAY), GO)).isEmpty();
    assertThat(kinds(good().time(TODAY.plus(Duration.ofHours(20))), GO)).isEmpty();
    assertThat(kinds(good().time(TODAY.plus(Duration.ofDays(1000))), GO))
        .containsExactly(Kind.EXPIRED);
  }

  @Test
  @DisplayName("names every field that the document lacks")
  void fields() {
    OpenVex bare = new OpenVex("https://other.example", "", "", Optional.empty(), 0, List.of());
    List<Problem> problems = check(bare);
    assertThat(problems).extracting(Problem::kind).containsExactly(Kind.DOCUMENT);
    assertThat(problems.get(0).measured())
        .isEqualTo("the document has no valid @context, @id, author, timestamp, version");
    OpenVex lookalike =
        new OpenVex("https://openvex.dev/nsx", "i", "a", Optional.of(TODAY), 1, List.of());
    assertThat(check(lookalike)).hasSize(1);
  }

  @Test
  @DisplayName("says no more than anyone reads")
  void bounded() {
    Answer[] many = new Answer[1000];
    Arrays.fill(many, good().status("odd"));
    assertThat(check(document(many))).hasSize(200);
  }

  @Test
  @DisplayName("repeats little of a document, and nothing that a terminal would act on")
  void clean() {
    List<Problem> problems =
        check(document(good().status("\u001b[2J" + "x".repeat(9000)), Answer.about("\u001b", "*")));
    assertThat(problems).isNotEmpty();
    assertThat(problems)
        .allSatisfy(
            problem ->
                assertThat(problem.measured()).doesNotContain("\u001b").hasSizeLessThan(400));
  }
}
