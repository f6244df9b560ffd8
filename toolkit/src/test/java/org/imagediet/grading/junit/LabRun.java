package org.imagediet.grading.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs a lab of these tests by JUnit's own launcher, and nothing of what surrounds this run. */
final class LabRun implements TestExecutionListener {

  /**
   * How one test or container ended.
   *
   * @param name after the names of those it is in, such as {@code go first}
   * @param message empty when it passed
   */
  record Result(String name, String status, String message, int frames) {}

  private final List<Result> results = new ArrayList<>();
  private final Map<String, String> names = new TreeMap<>();

  private LabRun() {}

  /**
   * Runs a lab.
   *
   * @param lab the class, and perhaps a # and one of its methods
   */
  static List<Result> of(String lab, Map<String, String> parameters) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .enableImplicitConfigurationParameters(false)
            .configurationParameters(parameters)
            .selectors(lab.contains("#") ? selectMethod(lab) : selectClass(lab))
            .build();
    LabRun run = new LabRun();
    LauncherConfig config =
        LauncherConfig.builder()
            .enableTestExecutionListenerAutoRegistration(false)
            .enableLauncherSessionListenerAutoRegistration(false)
            .enableLauncherDiscoveryListenerAutoRegistration(false)
            .build();
    try (LauncherSession session = LauncherFactory.openSession(config)) {
      session.getLauncher().execute(request, run);
    }
    return run.results;
  }

  /** Runs a lab in this process: its class, and parameters such as {@code track=go}. */
  public static void main(String... args) {
    Map<String, String> parameters = new TreeMap<>();
    for (String parameter : List.of(args).subList(1, args.length)) {
      parameters.put(parameter.split("=", 2)[0], parameter.split("=", 2)[1]);
    }
    System.exit(
        of(args[0], parameters).stream().allMatch(result -> result.status().equals("SUCCESSFUL"))
            ? 0
            : 1);
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    String parent = names.getOrDefault(test.getParentId().orElse(""), "");
    boolean named = test.getUniqueId().matches(".*\\[(class-template-invocation|method):[^\\[]*");
    names.put(
        test.getUniqueId(),
        (parent + " " + (named ? test.getDisplayName().replace("()", "") : "")).strip());
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (test.isTest() || result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
      results.add(
          new Result(
              names.get(test.getUniqueId()),
              result.getStatus().name(),
              result.getThrowable().map(Throwable::getMessage).orElse(""),
              result.getThrowable().map(e -> e.getStackTrace().length).orElse(0)));
    }
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    results.add(new Result(test.getDisplayName(), "SKIPPED", reason, 0));
  }
}
