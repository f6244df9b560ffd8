package org.imagediet.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.imagediet.report.Clean;
import org.imagediet.yaml.StrictYaml;
import org.imagediet.yaml.YamlException;

/**
 * A workflow of GitHub Actions with a step {@code gate} and perhaps, before it, a step {@code
 * baseline}.
 */
public final class Workflow {

  /** How the file is called. */
  public static final String FILE = "workflow.yml";

  private static final String GATE = "gate";
  private static final String BASELINE = "baseline";

  private final JsonNode root;
  private final String jobName;
  private final JsonNode job;

  /** All up to the gate, which is the last. */
  private final List<JsonNode> steps;

  private Workflow(JsonNode root, String jobName, List<JsonNode> steps) {
    this.root = root;
    this.jobName = jobName;
    this.job = root.path("jobs").path(jobName);
    this.steps = steps;
  }

  /**
   * Reads a workflow.
   *
   * @throws WorkflowException in one sentence, when it is no YAML or has no gate
   */
  public static Workflow parse(String yaml) {
    JsonNode root;
    try {
      root = StrictYaml.read(yaml, FILE);
    } catch (YamlException e) {
      throw new WorkflowException(e.getMessage(), e);
    }
    List<Workflow> found = new ArrayList<>();
    root.path("jobs")
        .fieldNames()
        .forEachRemaining(
            name -> {
              List<JsonNode> before = new ArrayList<>();
              for (JsonNode step : root.path("jobs").path(name).path("steps")) {
                before.add(step);
                if (GATE.equals(text(step.path("id")))) {
                  found.add(new Workflow(root, name, List.copyOf(before)));
                }
              }
            });
    if (found.size() != 1) {
      throw new WorkflowException(
          found.isEmpty()
              ? FILE
                  + ": no step of a job has `id: gate`, so there is nothing that judges an image."
              : "%s: %d steps have `id: gate`, and it must be one.".formatted(FILE, found.size()));
    }
    Workflow workflow = found.get(0);
    workflow.judging().forEach(workflow::requireScript);
    return workflow;
  }

  /** Returns the steps that are run here, in their order. */
  private List<JsonNode> judging() {
    return steps.stream()
        .filter(step -> List.of(BASELINE, GATE).contains(text(step.path("id"))))
        .toList();
  }

  private void requireScript(JsonNode step) {
    if (text(step.path("run")).isBlank()) {
      throw new WorkflowException(
          "%s: the step %s has no `run`, and only such steps are run here."
              .formatted(FILE, text(step.path("id"))));
    }
  }

  /**
   * Returns what is to be run for a change.
   *
   * @throws WorkflowException in one sentence, when something in it is not known here
   */
  public GateJob job(PullRequest change) {
    Map<String, String> values = change.values();
    return new GateJob(
        steps.stream()
            .filter(Workflow::checksOut)
            .map(step -> checkout(step.path("with"), values))
            .toList(),
        judging().stream().map(step -> script(step, values)).toList());
  }

  private static boolean checksOut(JsonNode step) {
    return text(step.path("uses")).matches("actions/checkout(@.*)?");
  }

  private static Checkout checkout(JsonNode with, Map<String, String> values) {
    String where = FILE + ", actions/checkout";
    String repository = Expressions.fill(text(with.path("repository")), values, where);
    if (!repository.isEmpty() && !repository.equals(values.get("github.repository"))) {
      throw new WorkflowException(
          "%s: there is no other repository here than ${{ github.repository }}.".formatted(where));
    }
    String ref = Expressions.fill(text(with.path("ref")), values, where);
    String base = values.get("github.base_ref");
    boolean isBase =
        List.of(
                base,
                "refs/heads/" + base,
                String.valueOf(values.get("github.event.pull_request.base.sha")))
            .contains(ref);
    boolean isChange =
        ref.isEmpty()
            || Stream.of("github.sha", "github.ref", "github.head_ref")
                .map(values::get)
                .anyMatch(ref::equals);
    if (!isBase && !isChange) {
      throw new WorkflowException(
          "%s: there is no ref %s here; the change goes to %s."
              .formatted(where, Clean.quoted(ref), base));
    }
    String path = Expressions.fill(text(with.path("path")), values, where);
    if (path.startsWith("/") || List.of(path.split("/")).contains("..")) {
      throw new WorkflowException(where + ": its path leads out of the workspace.");
    }
    if (!path.matches("[A-Za-z0-9._/-]{0,100}")
        || path.matches("(\\./)*(lab|image\\.tar|\\.git)(/.*)?")) {
      throw new WorkflowException(
          "%s: its path %s is no free name of a folder.".formatted(where, Clean.quoted(path)));
    }
    String depth = text(with.path("fetch-depth"));
    return new Checkout(
        path.replaceFirst("^\\./?", "").replaceFirst("/$", ""),
        isBase ? Checkout.Tree.BASE : Checkout.Tree.CHANGE,
        !depth.isEmpty() && !depth.equals("1"));
  }

  private Script script(JsonNode step, Map<String, String> given) {
    String id = text(step.path("id"));
    String where = "%s, step %s".formatted(FILE, id);
    Map<String, String> values = new LinkedHashMap<>(given);
    Map<String, String> environment = new LinkedHashMap<>();
    for (JsonNode holder : List.of(root, job, step)) {
      Map<String, String> outer = Map.copyOf(values);
      holder
          .path("env")
          .fields()
          .forEachRemaining(
              variable -> {
                String name = variable.getKey();
                if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                  throw new WorkflowException(
                      "%s: %s is no name of a variable.".formatted(where, Clean.quoted(name)));
                }
                String value = Expressions.fill(text(variable.getValue()), outer, where);
                environment.put(name, value);
                values.put("env." + name, value);
              });
    }
    return new Script(
        id,
        shell(setting("shell", step), where),
        Expressions.fill(text(step.path("run")), values, where),
        Expressions.fill(setting("working-directory", step), values, where),
        environment);
  }

  /** Returns a setting of a step, else the default of its job, else that of the workflow. */
  private String setting(String key, JsonNode step) {
    return Stream.of(step, job.path("defaults").path("run"), root.path("defaults").path("run"))
        .map(holder -> text(holder.path(key)))
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** As the runner does it: without a word about the shell there is no pipefail. */
  private static List<String> shell(String name, String where) {
    return switch (name) {
      case "" -> List.of("bash", "-e");
      case "bash" -> List.of("bash", "--noprofile", "--norc", "-eo", "pipefail");
      case "sh" -> List.of("sh", "-e");
      default ->
          throw new WorkflowException(
              "%s: the shell %s is not known here; there are bash and sh."
                  .formatted(where, Clean.quoted(name)));
    };
  }

  /**
   * Returns what is wrong with the way in which the gate is wired, each as a sentence without a
   * full stop.
   *
   * @param sources files that make the image what it is, and whose changes must start it
   */
  public List<String> faults(List<String> sources) {
    List<String> faults = new ArrayList<>();
    trigger(sources, faults);
    reached(jobName, new HashSet<>(), faults);
    for (JsonNode step : judging()) {
      String name = "the step " + text(step.path("id"));
      condition(name, step.path("if"), faults);
      mayFail(name, step, faults);
    }
    mayFail("the job " + Clean.quoted(jobName), job, faults);
    for (JsonNode holder : List.of(root, job)) {
      permissions(holder.path("permissions"), faults);
    }
    if (usesSecrets(root)) {
      faults.add("it uses a secret, and a change from a fork has none");
    }
    archive(faults);
    return List.copyOf(faults);
  }

  private void trigger(List<String> sources, List<String> faults) {
    JsonNode on = root.path("on");
    Set<String> events = new HashSet<>();
    if (on.isTextual()) {
      events.add(on.textValue());
    } else if (on.isArray()) {
      on.forEach(event -> events.add(text(event)));
    } else {
      on.fieldNames().forEachRemaining(events::add);
    }
    events.remove("");
    if (events.contains("pull_request_target")) {
      faults.add(
          "pull_request_target runs what a stranger proposes with the rights and the secrets of the"
              + " repository");
    }
    if (!events.contains("pull_request")) {
      faults.add(
          "no pull_request starts it: it is started by "
              + (events.isEmpty()
                  ? "nothing"
                  : Clean.quoted(String.join(", ", events.stream().sorted().toList()))));
      return;
    }
    JsonNode request = on.path("pull_request");
    List<String> named = items(request.path("types"));
    if (!named.isEmpty() && !named.containsAll(List.of("opened", "synchronize"))) {
      faults.add(
          "it is not started when a change is opened and at every push to it: types is "
              + Clean.quoted(String.join(", ", named)));
    }
    filter(
        request, "branches", "it is not started by a change to ", PullRequest.BASE_BRANCH, faults);
    for (String source : sources) {
      filter(request, "paths", "it is not started by a change of ", source, faults);
    }
  }

  /** A workflow may be for some branches or files only, or for all but some. */
  private static void filter(
      JsonNode request, String key, String said, String name, List<String> faults) {
    List<String> only = items(request.path(key));
    List<String> ignored = items(request.path(key + "-ignore"));
    if (!only.isEmpty() && !lets(only, name)) {
      faults.add(
          "%s%s: %s is %s".formatted(said, name, key, Clean.quoted(String.join(", ", only))));
    }
    if (lets(ignored, name)) {
      faults.add(
          "%s%s: %s-ignore is %s"
              .formatted(said, name, key, Clean.quoted(String.join(", ", ignored))));
    }
  }

  /** Whether the last of the patterns that fit a name is no exclusion. */
  private static boolean lets(List<String> patterns, String name) {
    boolean lets = false;
    for (String pattern : patterns) {
      boolean excludes = pattern.startsWith("!");
      if (fits(excludes ? pattern.substring(1) : pattern, name)) {
        lets = !excludes;
      }
    }
    return lets;
  }

  private static boolean fits(String pattern, String name) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + pattern).matches(Path.of(name));
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  /** A job that is skipped counts as a success, and so do those that need it. */
  private void reached(String name, Set<String> seen, List<String> faults) {
    if (!seen.add(name)) {
      return;
    }
    JsonNode at = root.path("jobs").path(name);
    if (at.isMissingNode()) {
      faults.add("the gate's job needs a job " + Clean.quoted(name) + ", and there is none");
      return;
    }
    if (text(at.path("runs-on")).isEmpty() && !at.path("runs-on").isContainerNode()) {
      faults.add("the job " + Clean.quoted(name) + " does not say what it runs on");
    }
    condition("the job " + Clean.quoted(name), at.path("if"), faults);
    items(at.path("needs")).forEach(needed -> reached(needed, seen, faults));
  }

  private static void condition(String name, JsonNode condition, List<String> faults) {
    String text =
        text(condition)
            .replaceFirst("^\\s*\\$\\{\\{(.*)\\}\\}\\s*$", "$1")
            .replaceAll("\\s", "")
            .replace("\"", "'");
    boolean always =
        List.of(
                "",
                "true",
                "always()",
                "success()",
                "!cancelled()",
                "github.event_name=='pull_request'")
            .contains(text);
    if (!always) {
      faults.add(
          ("%s has a condition, `if: %s`, and when that does not hold nothing is judged and nothing"
                  + " fails")
              .formatted(name, Clean.quoted(text(condition))));
    }
  }

  private static void mayFail(String name, JsonNode holder, List<String> faults) {
    String text = text(holder.path("continue-on-error"));
    if (!text.isEmpty() && !text.equals("false")) {
      faults.add(
          "%s has `continue-on-error: %s`: it may fail, and the job is green all the same"
              .formatted(name, Clean.quoted(text)));
    }
  }

  private static void permissions(JsonNode permissions, List<String> faults) {
    boolean writes = text(permissions).equals("write-all");
    for (JsonNode right : permissions) {
      writes |= text(right).equals("write");
    }
    if (writes) {
      faults.add("it asks for the permission to write, and measuring an image only reads");
    }
  }

  private static boolean usesSecrets(JsonNode node) {
    if (node.isTextual()) {
      return node.textValue()
          .replace("secrets.GITHUB_TOKEN", "")
          .matches("(?s).*\\$\\{\\{[^}]*\\bsecrets\\b.*");
    }
    for (JsonNode child : node) {
      if (usesSecrets(child)) {
        return true;
      }
    }
    return false;
  }

  /** What the gate judges must have come from somewhere in this job. */
  private void archive(List<String> faults) {
    List<JsonNode> before = steps.subList(0, steps.size() - 1);
    if (before.stream().noneMatch(Workflow::checksOut)) {
      faults.add("nothing is checked out before the gate, so that its job has no files");
    }
    boolean made =
        before.stream()
            .filter(step -> !BASELINE.equals(text(step.path("id"))))
            .anyMatch(
                step ->
                    step.toString().contains("image.tar")
                        || text(step.path("uses")).startsWith("actions/download-artifact"));
    if (!made) {
      faults.add("no step of the job makes image.tar before the gate judges it");
    }
  }

  private static List<String> items(JsonNode node) {
    List<String> items = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(item -> items.add(text(item)));
    } else {
      Optional.of(text(node)).filter(text -> !text.isEmpty()).ifPresent(items::add);
    }
    return items;
  }

  private static String text(JsonNode node) {
    return node.isTextual() ? node.textValue() : "";
  }
}
