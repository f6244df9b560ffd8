package org.imagediet.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkflowTest {

  private static final PullRequest CHANGE = new PullRequest("b".repeat(40), "c".repeat(40));

  private static final List<String> SOURCES =
      List.of("services/go/cmd/app/main.go", "lab-05-ci-budget/go/Dockerfile");

  private static final String GOOD =
      """
      on:
        pull_request:
      permissions:
        contents: read
      jobs:
        size:
          runs-on: ubuntu-latest
          env:
            FOLDER: app
          steps:
            - uses: actions/checkout@v4
            - run: docker save app --output image.tar
            - id: baseline
              run: git fetch origin main
            - id: gate
              run: check image.tar
      """;

  private static Workflow changed(String from, String to) {
    assertThat(GOOD).contains(from);
    return Workflow.parse(GOOD.replace(from, to));
  }

  private static Script gate(Workflow workflow) {
    List<Script> scripts = workflow.job(CHANGE).scripts();
    return scripts.get(scripts.size() - 1);
  }

  @Test
  @DisplayName("a workflow that is started by every change and fails with its gate has no fault")
  void good() {
    assertThat(Workflow.parse(GOOD).faults(SOURCES)).isEmpty();
    GateJob job = Workflow.parse(GOOD).job(CHANGE);
    assertThat(job.checkouts()).containsExactly(new Checkout("", Checkout.Tree.CHANGE, false));
    assertThat(job.scripts()).extracting(Script::id).containsExactly("baseline", "gate");
    assertThat(job.scripts().get(1).environment()).containsEntry("FOLDER", "app");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "on: pull_request",
        "on: [push, pull_request]",
        "on: {pull_request: {types: [opened, synchronize, reopened]}}",
        "on: {pull_request: {branches: [main, 'release/**']}}",
        "on: {pull_request: {branches: ['**', '!docs/**'], branches-ignore: [old]}}",
        "on: {pull_request: {paths: ['services/go/**', 'lab-05-*/**', '!**/*.md']}}",
        "on: {pull_request: {paths-ignore: ['**.md', docs/*]}}"
      })
  @DisplayName("a trigger can be written in several ways")
  void triggers(String trigger) {
    assertThat(changed("on:\n  pull_request:", trigger).faults(SOURCES)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "on: push | no pull_request starts it: it is started by push",
        "on: pull_request_target | with the rights and the secrets of the repository",
        "on: {pull_request: {types: [opened]}} | at every push to it: types is opened",
        "on: {pull_request: {types: closed}} | types is closed",
        "on: | it is started by nothing",
        "on: {pull_request: {branches: [master]}} | a change to main: branches is master",
        "on: {pull_request: {branches: ['*', '!main']}} | a change to main",
        "on: {pull_request: {branches-ignore: [ma*]}} | a change to main: branches-ignore is ma*",
        "on: {pull_request: {paths: ['services/**']}} | of lab-05-ci-budget/go/Dockerfile: paths is",
        "on: {pull_request: {paths: [lab-05-ci-budget/*]}} | of services/go/cmd/app/main.go: paths",
        "on: {pull_request: {paths-ignore: ['**.go', '[']}} | of services/go/cmd/app/main.go",
      })
  @DisplayName("a trigger that misses changes, or has the rights of others, is a fault")
  void wrongTriggers(String trigger, String says) {
    assertThat(changed("on:\n  pull_request:", trigger).faults(SOURCES))
        .anySatisfy(fault -> assertThat(fault).contains(says));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "continue-on-error: true",
        "continue-on-error: ${{ env.MILD }}",
        "if: false",
        "if: ${{ false }}",
        "if: github.event_name == 'push'",
        "if: failure()",
        "if: always() && github.actor == 'me'",
      })
  @DisplayName("a gate that may fail, or may be skipped, is a fault, at the step and at the job")
  void forgiven(String key) {
    assertThat(changed("- id: gate", "- id: gate\n        " + key).faults(SOURCES)).hasSize(1);
    assertThat(changed("- id: baseline", "- id: baseline\n        " + key).faults(SOURCES))
        .hasSize(1);
    assertThat(changed("    runs-on:", "    " + key + "\n    runs-on:").faults(SOURCES)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "continue-on-error: false",
        "if: always()",
        "if: ${{ !cancelled() }}",
        "if: github.event_name == \"pull_request\"",
        "if: success()",
      })
  @DisplayName("a condition that holds for every change is none")
  void harmless(String key) {
    assertThat(changed("- id: gate", "- id: gate\n        " + key).faults(SOURCES)).isEmpty();
    assertThat(changed("    runs-on:", "    " + key + "\n    runs-on:").faults(SOURCES)).isEmpty();
  }

  @Test
  @DisplayName("a job that the gate waits for must be there, and be run, and so on")
  void needs() {
    assertThat(changed("    runs-on:", "    needs: tests\n    runs-on:").faults(SOURCES))
        .containsExactly("the gate's job needs a job tests, and there is none");
    String other =
        "jobs:\n  tests:\n    runs-on: x\n    needs: [size, first]\n  first:\n    runs-on: x\n    if: false\n";
    assertThat(
            Workflow.parse(
                    GOOD.replace("jobs:\n", other)
                        .replace("    runs-on: ubuntu", "    needs: [tests]\n    runs-on: ubuntu"))
                .faults(SOURCES))
        .singleElement()
        .asString()
        .contains("the job first has a condition, `if: false`");
  }

  @Test
  @DisplayName("rights to write, secrets, and an image that nobody made are faults")
  void more() {
    assertThat(changed("permissions:\n  contents: read", "permissions: write-all").faults(SOURCES))
        .hasSize(1);
    assertThat(changed("contents: read", "pull-requests: write").faults(SOURCES)).hasSize(1);
    assertThat(changed("FOLDER: app", "TOKEN: ${{ secrets.TOKEN }}").faults(SOURCES)).hasSize(1);
    assertThat(changed("FOLDER: app", "TOKEN: ${{ secrets.GITHUB_TOKEN }}").faults(SOURCES))
        .isEmpty();
    assertThat(changed("--output image.tar", "--output app.tar").faults(SOURCES))
        .containsExactly("no step of the job makes image.tar before the gate judges it");
    assertThat(changed("      - uses: actions/checkout@v4\n", "").faults(SOURCES))
        .containsExactly("nothing is checked out before the gate, so that its job has no files");
    assertThat(changed("    runs-on: ubuntu-latest\n", "").faults(SOURCES))
        .containsExactly("the job size does not say what it runs on");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id: gate | id: other | no step of a job has `id: gate`",
        "id: baseline | id: gate | 2 steps have `id: gate`",
        "run: check image.tar | uses: some/action | the step gate has no `run`",
        "jobs: | work: | no step of a job has `id: gate`",
        "run: check image.tar | run: [ | this is no YAML",
        "on: | on: &on | an anchor",
      })
  @DisplayName("a file without a gate to run is told in one sentence")
  void unreadable(String from, String to, String says) {
    assertThatThrownBy(() -> changed(from, to))
        .isInstanceOf(WorkflowException.class)
        .hasMessageStartingWith("workflow.yml")
        .hasMessageContaining(says);
  }

  @Test
  @DisplayName("expressions are filled in, those of variables from the outside inwards")
  void expressions() {
    Workflow workflow =
        changed(
            "run: check image.tar",
            "env: {FILE: '${{ env.FOLDER }}/x'}\n        run: check ${{ env.FILE }} ${{github.base_ref}}");
    assertThat(gate(workflow).text()).isEqualTo("check app/x main");
    assertThat(gate(workflow).environment()).containsEntry("FILE", "app/x");
    assertThatThrownBy(() -> changed("check image.tar", "check ${{ inputs.name }}").job(CHANGE))
        .isInstanceOf(WorkflowException.class)
        .hasMessageStartingWith("workflow.yml, step gate: ${{ inputs.name }} is not known here")
        .hasMessageContaining("github.base_ref");
  }

  @Test
  @DisplayName(
      "the shell is that of the step, the job or the workflow, and without one has no pipefail")
  void shells() {
    assertThat(gate(Workflow.parse(GOOD)).shell()).containsExactly("bash", "-e");
    assertThat(gate(changed("- id: gate", "- id: gate\n        shell: sh")).shell())
        .containsExactly("sh", "-e");
    assertThat(
            gate(
                changed("jobs:", "defaults: {run: {shell: bash, working-directory: deep}}\njobs:")))
        .satisfies(
            script -> {
              assertThat(script.shell()).contains("pipefail");
              assertThat(script.folder()).isEqualTo("deep");
            });
    assertThatThrownBy(() -> changed("- id: gate", "- id: gate\n        shell: python").job(CHANGE))
        .hasMessageContaining("the shell python is not known here; there are bash and sh");
  }

  @ParameterizedTest
  @CsvSource({
    "${{ github.base_ref }}, BASE",
    "main, BASE",
    "${{ github.event.pull_request.base.sha }}, BASE",
    "${{ github.event.pull_request.head.sha }}, CHANGE",
    "${{ github.head_ref }}, CHANGE",
  })
  @DisplayName("a second checkout is of the state that its ref names")
  void checkouts(String ref, Checkout.Tree tree) {
    Workflow workflow =
        changed(
            "- uses: actions/checkout@v4",
            "- uses: actions/checkout@v4\n      - uses: actions/checkout@v4\n        with:\n"
                + "          path: ./base/\n          fetch-depth: 0\n          ref: "
                + ref);
    assertThat(workflow.job(CHANGE).checkouts())
        .containsExactly(
            new Checkout("", Checkout.Tree.CHANGE, false), new Checkout("base", tree, true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ref: release | there is no ref release here",
        "path: ../up | leads out of the workspace",
        "path: /etc | leads out of the workspace",
        "path: lab/x | is no free name of a folder",
        "path: 'a;b' | is no free name of a folder",
        "repository: other/place | there is no other repository here",
      })
  @DisplayName("a checkout of something else is told in one sentence")
  void wrongCheckouts(String with, String says) {
    assertThatThrownBy(
            () ->
                changed("checkout@v4", "checkout@v4\n        with:\n          " + with).job(CHANGE))
        .isInstanceOf(WorkflowException.class)
        .hasMessageContaining(says);
  }
}
