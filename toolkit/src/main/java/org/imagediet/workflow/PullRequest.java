package org.imagediet.workflow;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The change that a workflow is run for: what expressions and variables say of it.
 *
 * @param baseCommit the newest commit of the branch that it goes to
 * @param mergeCommit what is checked out, the change merged into that
 */
public record PullRequest(String baseCommit, String mergeCommit) {

  /** The branch that the change goes to. */
  public static final String BASE_BRANCH = "main";

  static final String WORKSPACE = "/home/runner/work/service/service";
  static final String TEMP = "/home/runner/work/_temp";

  private static final String CHANGE_BRANCH = "change";
  private static final String REPOSITORY = "team/service";
  private static final String REF = "refs/pull/7/merge";

  /** Returns what expressions may ask for. */
  Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("github.base_ref", BASE_BRANCH);
    values.put("github.event.pull_request.base.ref", BASE_BRANCH);
    values.put("github.event.pull_request.base.sha", baseCommit);
    values.put("github.event.repository.default_branch", BASE_BRANCH);
    values.put("github.head_ref", CHANGE_BRANCH);
    values.put("github.event.pull_request.head.ref", CHANGE_BRANCH);
    values.put("github.event.pull_request.head.sha", mergeCommit);
    values.put("github.event.pull_request.number", "7");
    values.put("github.event_name", "pull_request");
    values.put("github.sha", mergeCommit);
    values.put("github.ref", REF);
    values.put("github.repository", REPOSITORY);
    values.put("github.event.pull_request.head.repo.full_name", REPOSITORY);
    values.put("github.workspace", WORKSPACE);
    values.put("github.token", "");
    values.put("secrets.GITHUB_TOKEN", "");
    values.put("runner.temp", TEMP);
    values.put("runner.os", "Linux");
    return values;
  }

  /** Returns the variables that every step finds. */
  Map<String, String> environment() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("CI", "true");
    variables.put("HOME", "/home/runner");
    variables.put("GITHUB_ACTIONS", "true");
    variables.put("GITHUB_BASE_REF", BASE_BRANCH);
    variables.put("GITHUB_EVENT_NAME", "pull_request");
    variables.put("GITHUB_HEAD_REF", CHANGE_BRANCH);
    variables.put("GITHUB_REF", REF);
    variables.put("GITHUB_REPOSITORY", REPOSITORY);
    variables.put("GITHUB_SHA", mergeCommit);
    variables.put("GITHUB_WORKSPACE", WORKSPACE);
    variables.put("GITHUB_ENV", TEMP + "/env");
    variables.put("GITHUB_OUTPUT", TEMP + "/output");
    variables.put("GITHUB_STEP_SUMMARY", TEMP + "/summary");
    variables.put("RUNNER_OS", "Linux");
    variables.put("RUNNER_TEMP", TEMP);
    return variables;
  }
}
