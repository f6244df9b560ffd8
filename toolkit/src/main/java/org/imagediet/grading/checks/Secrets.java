package org.imagediet.grading.checks;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.imagediet.archive.Secret;
import org.imagediet.archive.SecretSearch;
import org.imagediet.archive.Sha256;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.grading.Bench;
import org.imagediet.grading.HandedSecrets;
import org.imagediet.grading.Verdict;
import org.imagediet.observation.Observer;
import org.imagediet.observation.Service;

/**
 * Whether a build uses the secret that it is handed and leaves none of it behind. What the service
 * proves is the secret's SHA-256: only who had the secret can know it, and it tells nothing of it.
 */
public final class Secrets {

  private static final int MOST_NAMED = 5;

  private Secrets() {}

  /**
   * The service proves the build secret, and neither that secret nor the one in the context's
   * {@code .env} is anywhere in the image.
   */
  public static Verdict noSecrets(Bench bench) {
    if (bench.recipe().jib()) {
      return Verdict.notApplicable("Jib builds take no secret");
    }
    if (!bench.laboratory().builder().takesSecrets()) {
      throw new EnvironmentException(
          "This check needs BuildKit, which can hand a secret to a build; install a docker command"
              + " line with its buildx plug-in and run again.");
    }
    HandedSecrets secrets =
        bench.secrets().orElseThrow(() -> new IllegalStateException("this bench hands no secrets"));
    String image = bench.release();
    Optional<String> problem = problem(bench, secrets, image);
    List<String> wrong = new ArrayList<>(problem.stream().toList());
    wrong.addAll(leaks(bench, secrets));
    return wrong.isEmpty()
        ? Verdict.pass(
            "the service proves the build secret; no layer, history entry, variable or label holds"
                + " it or the secret in "
                + HandedSecrets.FILE)
        : Verdict.fail(
            String.join("\n", wrong),
            problem.isPresent()
                ? "Where does the build find the secret, and what does it do with it?"
                : "Which line puts it there, and would deleting it in a later line help?");
  }

  /** What is wrong with the proof; nothing when it is right. */
  private static Optional<String> problem(Bench bench, HandedSecrets secrets, String image) {
    String shown = bench.answering(() -> buildProof(bench, image));
    if (shown.isEmpty()) {
      return Optional.of("the service shows no buildProof");
    }
    if (shown.equals(Sha256.hex(secrets.token() + "\n"))) {
      return Optional.of("buildProof is the SHA-256 of the secret and a line end");
    }
    return shown.equals(Sha256.hex(secrets.token()))
        ? Optional.empty()
        : Optional.of("buildProof is '" + shown + "', which is not the SHA-256 of the secret");
  }

  private static String buildProof(Bench bench, String image) {
    try (Container container = bench.laboratory().probe().create(ContainerSpec.image(image))) {
      return Service.start(bench.laboratory().probe(), container, Observer.port(bench.image()))
          .ask("GET", "/")
          .json()
          .path("buildProof")
          .asText("");
    }
  }

  private static List<String> leaks(Bench bench, HandedSecrets handed) {
    List<Secret> secrets =
        List.of(
            new Secret("the build secret", handed.token()),
            new Secret("the secret in " + HandedSecrets.FILE, handed.inContext()));
    try (InputStream archive = bench.archive()) {
      return SecretSearch.search(archive, secrets).stream()
          .limit(MOST_NAMED)
          .map(
              found ->
                  "%s is in %s, %s%s"
                      .formatted(
                          found.secret().name(),
                          found.place(),
                          found.how(),
                          found.instruction().isEmpty() ? "" : ": " + found.instruction()))
          .toList();
    } catch (IOException e) {
      throw new EnvironmentException("The engine broke off while saving an image; run again.", e);
    }
  }
}
