package org.imagediet.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.imagediet.EngineUnderTest;
import org.imagediet.engine.Engine;
import org.imagediet.workflow.Checkout.Tree;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps of strangers, in the locked container; in the order of the tests, which share it. */
class RunnerIT {

  private static final PullRequest CHANGE = new PullRequest("b".repeat(40), "c".repeat(40));
  private static final List<String> BASH = List.of("bash", "-e");
  private static final Checkout CHECKOUT = new Checkout("", Tree.CHANGE, false);

  private static Engine engine;
  private static Runner runner;
  private static Runner hurried;

  @BeforeAll
  static void open() {
    engine = EngineUnderTest.withBases(Runner.BASE);
    runner = new Runner(engine);
    hurried = new Runner(engine, Duration.ofSeconds(10));
  }

  @AfterAll
  static void close() {
    runner.close();
    hurried.close();
    engine.close();
  }

  private static Trial run(String text) {
    return run(List.of(CHECKOUT), BASH, text);
  }

  private static Trial run(List<Checkout> checkouts, List<String> shell, String... texts) {
    return run(runner, checkouts, shell, texts);
  }

  private static Trial run(
      Runner on, List<Checkout> checkouts, List<String> shell, String... texts) {
    List<Script> scripts = new ArrayList<>();
    for (String text : texts) {
      scripts.add(
          new Script(
              scripts.size() == texts.length - 1 ? "gate" : "baseline",
              shell,
              text,
              "",
              Map.of("FOLDER", "it's \"here\"")));
    }
    return on.run(
        new GateJob(checkouts, scripts),
        CHANGE,
        Map.of(
            Tree.BASE, Map.of("app/baseline.json", bytes("of the base")),
            Tree.CHANGE, Map.of("app/baseline.json", bytes("of the change"))),
        Map.of("image.tar", bytes("an image")));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("a step finds its files and variables, and what it writes is kept")
  void step() {
    Trial trial =
        run(
            """
            echo "$FOLDER $GITHUB_BASE_REF $PWD"
            cat image.tar app/baseline.json
            echo "## seen" >> "$GITHUB_STEP_SUMMARY"
            """);
    assertThat(trial.passed()).isTrue();
    assertThat(trial.lastStep()).isEqualTo("gate");
    assertThat(trial.output())
        .startsWith("it's \"here\" main /home/runner/work/service/service")
        .contains("an imageof the change");
    assertThat(trial.summary()).contains("## seen");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      value = {
        "exit 3 > 3",
        "false; true > 1",
        "false | true > 0",
        "false || true > 0",
        "false & > 0",
        "no-such-program > 127",
      })
  @DisplayName("a step ends as its shell says")
  void ends(String text, int code) {
    assertThat(run(text).exitCode()).hasValue(code);
  }

  @Test
  @DisplayName("with pipefail the whole pipe must end well")
  void pipefail() {
    assertThat(run(List.of(CHECKOUT), List.of("bash", "-eo", "pipefail"), "false | true").passed())
        .isFalse();
  }

  @Test
  @DisplayName("a step that fails is the last one, and what one sets the next one has")
  void two() {
    Trial failed = run(List.of(CHECKOUT), BASH, "echo first; exit 4", "echo second");
    assertThat(failed.exitCode()).hasValue(4);
    assertThat(failed.lastStep()).isEqualTo("baseline");
    assertThat(failed.output()).contains("first").doesNotContain("second");

    Trial passed =
        run(List.of(CHECKOUT), BASH, "echo 'WHERE=a b' >> \"$GITHUB_ENV\"", "echo \"at $WHERE\"");
    assertThat(passed.output()).contains("at a b").doesNotContain("baseline");
  }

  @Test
  @DisplayName("it is the toolkit that answers to ./lab, as its launcher does")
  void lab() {
    assertThat(run("./lab budget check nothing.tar --baseline nothing.json"))
        .satisfies(
            trial -> {
              assertThat(trial.exitCode()).hasValue(3);
              assertThat(trial.output()).contains("There is no baseline nothing.json");
            });
    assertThat(run("cd app && ../lab budget check --max-growth 5 x.tar --baseline y").exitCode())
        .hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "git fetch origin main; git show FETCH_HEAD:app/baseline.json",
        "git fetch --no-tags --depth 1 origin main; git show origin/main:app/baseline.json",
        "git fetch -q origin +refs/heads/main:refs/remotes/origin/main; git cat-file -p origin/main:app/baseline.json",
        "git fetch origin main:base; git show base:app/baseline.json",
        "git fetch origin $BASE; git show $BASE:app/baseline.json",
        "git fetch --unshallow; cd app; git show origin/main:./baseline.json",
        "git fetch origin main; git checkout FETCH_HEAD -- app/baseline.json; cat app/baseline.json",
        "git fetch origin main; git restore --source=FETCH_HEAD app; cat app/baseline.json",
        "git fetch origin main; git worktree add ../base FETCH_HEAD; cat ../base/app/baseline.json",
        "git fetch origin main; git show $(git merge-base HEAD FETCH_HEAD):app/baseline.json",
      })
  @DisplayName("the stand-in for git fetches the state of the base branch")
  void git(String text) {
    Trial trial = run("BASE=" + CHANGE.baseCommit() + "\n" + text);
    assertThat(trial.output()).endsWith("of the base");
    assertThat(trial.passed()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "git show origin/main:app/baseline.json | invalid object name 'origin/main'",
        "git show HEAD^:app/baseline.json | invalid object name 'HEAD^'",
        "git fetch origin next | couldn't find remote ref next",
        "git fetch upstream | does not appear to be a git repository",
        "git fetch; git show FETCH_HEAD:none | path 'none' does not exist in 'FETCH_HEAD'",
        "git push | knows no `git push`",
        "cd /; git show HEAD:x | not a git repository",
      })
  @DisplayName("the stand-in for git fails as git does, and says what it does not know")
  void gitFails(String text, String says) {
    Trial trial = run(text);
    assertThat(trial.exitCode()).hasValue(128);
    assertThat(trial.output()).contains(says);
  }

  @Test
  @DisplayName("the history is there where it was checked out, and so is a second checkout")
  void checkouts() {
    List<Checkout> both =
        List.of(new Checkout("", Tree.CHANGE, true), new Checkout("base", Tree.BASE, false));
    Trial trial = run(both, BASH, "git show HEAD^:app/baseline.json; cat base/app/baseline.json");
    assertThat(trial.output()).isEqualTo("of the baseof the base");
  }

  @Test
  @DisplayName("a step has no rights, no network, and no place but its own to write to")
  void locked() {
    Trial trial =
        run(
            """
            id -u; id -g
            grep -E 'Cap(Prm|Eff|Bnd)|NoNewPrivs' /proc/self/status | tr '\\n' ' '
            tail -n +3 /proc/net/dev | grep -v ' lo:' || echo "no network"
            find / -xdev -writable ! -type l -not -path '/proc/*' 2>/dev/null \\
              | grep -v -e ^/home/runner -e ^/tmp -e ^/var/tmp -e ^/dev -e ^/run/lock || echo "no place"
            touch /opt/lab/job || echo "not ours"
            """);
    assertThat(trial.output())
        .startsWith("65532\n65532\n")
        .containsPattern("CapPrm:\\s+0{16} CapEff:\\s+0{16} CapBnd:\\s+0{16} NoNewPrivs:\\s+1")
        .contains("no network", "no place", "not ours");
  }

  @Test
  @DisplayName("nothing of a job is left for the next one")
  void clean() {
    run(
        """
        (while sleep 0.1; do date > /tmp/still-here; done) &
        echo x > "$HOME/.profile"; mkdir -p /tmp/.locked/in; chmod 0 /tmp/.locked; touch /dev/shm/x
        """);
    Trial trial =
        run(
            "sleep 0.3; ls -A /tmp /var/tmp /dev/shm; ls -A $HOME; ps 2>/dev/null | grep date || true");
    assertThat(trial.output()).doesNotContain("still-here", ".profile", ".locked", "x\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yes",
        "f() { f | f & }; f; sleep 1000",
      })
  @DisplayName("a job without an end is ended, and the next one runs all the same")
  void endless(String text) {
    Trial trial = run(hurried, List.of(CHECKOUT), BASH, text);
    assertThat(trial.passed()).isFalse();
    assertThat(trial.output()).hasSizeLessThan(70_000);
    assertThat(run(hurried, List.of(CHECKOUT), BASH, "echo well").output()).isEqualTo("well\n");
  }

  @Test
  @DisplayName("a job that ends its runner fails, and variables of any name do no harm")
  void strange() {
    assertThat(run("kill -9 $PPID").passed()).isFalse();
    Trial trial =
        run(
            List.of(CHECKOUT),
            BASH,
            "for name in step temp code word PATH; do echo $name=/ >> $GITHUB_ENV; done",
            "/bin/false");
    assertThat(trial.passed()).isFalse();
    assertThat(run("echo well").output()).isEqualTo("well\n");
  }

  @Test
  @DisplayName("what a step wrote before it was ended is told")
  void written() {
    assertThat(run(hurried, List.of(CHECKOUT), BASH, "echo hello; sleep 1000"))
        .satisfies(
            trial -> {
              assertThat(trial.exitCode()).isEmpty();
              assertThat(trial.output()).isEqualTo("hello\n");
            });
  }

  @Test
  @DisplayName("a job that eats memory fails, and a long output is kept to its end")
  void bounded() {
    assertThat(run("x=$(head -c 900000000 /dev/zero | tr '\\0' x); echo ${#x}").passed()).isFalse();
    Trial trial = run("yes | head -c 5000000; echo the end");
    assertThat(trial.passed()).isTrue();
    assertThat(trial.output()).endsWith("the end\n").hasSizeLessThan(20_000);
  }
}
