package org.imagediet.solutions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.imagediet.budget.Baseline;
import org.imagediet.budget.Snapshot;
import org.imagediet.cli.Main;
import org.imagediet.workbook.Workbook;
import org.imagediet.workflow.PlantedImage;
import org.imagediet.yaml.StrictYaml;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jobs that a team takes into its own CI: their gates are run as they stand in the files, in a
 * folder that is as the steps before leave it.
 */
class CiFilesTest {

  private static final Path CI =
      Workbook.find().root().resolve("solutions/lab-05-ci-budget/ci").toAbsolutePath();
  private static final String CEILING = "ceiling: 1MB\n";

  @TempDir Path folder;

  /** What the gate printed. */
  private String said = "";

  private Path workspace;

  @BeforeEach
  void setUp() throws Exception {
    workspace = Files.createDirectories(folder.resolve("workspace"));
  }

  @Test
  @DisplayName("the GitHub workflow judges by the branch that a change goes to")
  void github() throws Exception {
    JsonNode workflow = read("github-actions.yml");
    assertThat(workflow.path("on").has("pull_request")).isTrue();
    assertThat(workflow.path("permissions").toString()).isEqualTo("{\"contents\":\"read\"}");
    JsonNode steps = workflow.path("jobs").path("image-budget").path("steps");
    assertThat(steps.findValuesAsText("persist-credentials")).hasSize(3).containsOnly("false");
    String gate = run(steps, "gate");
    launcher(Files.createDirectories(workspace.resolve("workbook")));
    Path base = Files.createDirectories(workspace.resolve("base"));
    Files.writeString(base.resolve("budget.yaml"), CEILING);
    Files.writeString(base.resolve("baseline.json"), baseline(100_000));
    // What the change says of itself must not count.
    Path change = Files.createDirectories(workspace.resolve("change"));
    Files.writeString(change.resolve("baseline.json"), baseline(900_000));

    plant(105_000);
    assertThat(bash(gate, Map.of())).as(said).isZero();
    assertThat(workspace.resolve("budget.md")).content().contains("budget: kept");
    plant(105_001);
    assertThat(bash(gate, Map.of())).as(said).isEqualTo(1);
    assertThat(workspace.resolve("budget.md")).content().contains("BROKEN", "`/app`");
    Path summary = folder.resolve("summary");
    String show = run(steps, "Show the summary");
    assertThat(bash(show, Map.of("GITHUB_STEP_SUMMARY", summary.toString()))).isZero();
    assertThat(summary).hasSameTextualContentAs(workspace.resolve("budget.md"));
    Files.delete(base.resolve("baseline.json"));
    assertThat(bash(gate, Map.of())).as(said).isEqualTo(3);
    assertThat(said).contains("There is no baseline base/baseline.json");
  }

  @Test
  @DisplayName("the GitLab job judges by the branch that a change goes to, also from a fork")
  void gitlab() throws Exception {
    JsonNode job = read("gitlab-ci.yml").path("image-budget");
    String script =
        StreamSupport.stream(job.path("script").spliterator(), false)
            .map(JsonNode::textValue)
            .collect(Collectors.joining("\n"));
    Path project = repository("project.git");
    Files.writeString(project.resolve("budget.yaml"), CEILING);
    Files.writeString(project.resolve("baseline.json"), baseline(100_000));
    commit(project);
    Path workbook = repository("workbook");
    launcher(workbook);
    commit(workbook);
    Map<String, String> variables =
        Map.of(
            "CI_MERGE_REQUEST_PROJECT_URL",
            folder.resolve("project").toString(),
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
            "main",
            "WORKBOOK",
            workbook.toString(),
            "WORKBOOK_REF",
            "main");

    clone(900_000);
    plant(105_000);
    assertThat(bash(script, variables)).as(said).isZero();
    clone(900_000);
    plant(105_001);
    assertThat(bash(script, variables)).as(said).isEqualTo(1);
    assertThat(workspace.resolve("budget.md")).content().contains("BROKEN", "`/app`");
    Files.delete(project.resolve("baseline.json"));
    commit(project);
    clone(100_000);
    assertThat(bash(script, variables)).as(said).isNotZero();
    assertThat(workspace.resolve("budget.md")).doesNotExist();
  }

  private static JsonNode read(String name) throws IOException {
    String text = Files.readString(CI.resolve(name));
    assertThat(text).doesNotContain("secrets.");
    return StrictYaml.read(text, name);
  }

  /** The script of the step with an id or a name. */
  private static String run(JsonNode steps, String which) {
    return StreamSupport.stream(steps.spliterator(), false)
        .filter(
            step -> List.of(step.path("id").asText(), step.path("name").asText()).contains(which))
        .map(step -> step.path("run").textValue())
        .findFirst()
        .orElseThrow();
  }

  /** A workspace of a change that has a baseline to its own liking. */
  private void clone(int bytes) throws Exception {
    workspace = Files.createTempDirectory(folder, "workspace");
    git(workspace, "init", "--quiet");
    Files.writeString(workspace.resolve("baseline.json"), baseline(bytes));
  }

  private Path repository(String name) throws Exception {
    Path repository = Files.createDirectories(folder.resolve(name));
    git(repository, "init", "--quiet", "--initial-branch", "main");
    return repository;
  }

  private void commit(Path repository) throws Exception {
    git(repository, "add", "--all");
    git(
        repository,
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@example.org",
        "commit",
        "--quiet",
        "-m",
        "a");
  }

  private void git(Path where, String... words) throws Exception {
    Path before = workspace;
    workspace = where;
    String command = "git " + String.join(" ", words);
    assertThat(bash(command, Map.of())).as(said).isZero();
    workspace = before;
  }

  private int bash(String script, Map<String, String> variables) throws Exception {
    Path output = folder.resolve("output");
    ProcessBuilder bash =
        new ProcessBuilder("bash", "-e", "-c", script)
            .directory(workspace.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    bash.environment().putAll(variables);
    int code = bash.start().waitFor();
    said = Files.readString(output);
    return code;
  }

  /** The toolkit as it was built for these tests, which the real launcher might build anew. */
  private static void launcher(Path workbook) throws IOException {
    Path lab = workbook.resolve("lab");
    Files.writeString(
        lab,
        "#!/bin/sh\nexec '%s' -cp '%s' %s \"$@\"\n"
            .formatted(
                ProcessHandle.current().info().command().orElseThrow(),
                System.getProperty("java.class.path"),
                Main.class.getName()));
    assertThat(lab.toFile().setExecutable(true)).isTrue();
  }

  private void plant(int bytes) throws IOException {
    Files.write(workspace.resolve("image.tar"), image(bytes).archive());
  }

  private static String baseline(int bytes) {
    Snapshot snapshot = Snapshot.of(image(bytes).read(), Optional.empty());
    return Baseline.empty().with("shop/app", snapshot).json();
  }

  private static PlantedImage image(long bytes) {
    return PlantedImage.named("shop/app:7", "amd64").layer("COPY app /app", Map.of("/app", bytes));
  }
}
