package org.imagediet.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.imagediet.archive.Sha256;

/**
 * The docker command line's current context, when it is not the default one.
 *
 * @param host the address it stands for, as it is written there
 * @param certificates whether it comes with certificates of its own
 */
record DockerContext(String name, String host, boolean certificates) {

  private static final String DEFAULT = "default";

  /**
   * Reads what {@code docker context use} or {@code DOCKER_CONTEXT} chose.
   *
   * @throws EnvironmentException when a context is chosen that does not exist
   */
  static Optional<DockerContext> current(Map<String, String> environment, Path home) {
    String folder = environment.getOrDefault("DOCKER_CONFIG", "");
    Path config = folder.isEmpty() ? home.resolve(".docker") : Path.of(folder);
    String name = environment.getOrDefault("DOCKER_CONTEXT", "");
    if (name.isEmpty()) {
      name = read(config.resolve("config.json")).path("currentContext").asText("");
    }
    if (name.isEmpty() || name.equals(DEFAULT)) {
      return Optional.empty();
    }
    String id = Sha256.hex(name);
    String host =
        read(config.resolve("contexts/meta/" + id + "/meta.json"))
            .path("Endpoints")
            .path("docker")
            .path("Host")
            .asText("");
    if (host.isEmpty()) {
      throw new EnvironmentException(
          "The docker context %s is chosen, and %s knows no address for it;".formatted(name, config)
              + " run `docker context use default`, or set DOCKER_HOST.");
    }
    boolean certificates = Files.isDirectory(config.resolve("contexts/tls/" + id + "/docker"));
    return Optional.of(new DockerContext(name, host, certificates));
  }

  private static JsonNode read(Path file) {
    ObjectMapper json = new ObjectMapper();
    if (!Files.isRegularFile(file)) {
      return json.missingNode();
    }
    try {
      return json.readTree(file.toFile());
    } catch (IOException e) {
      // Not ours to mend; the docker command line says more about it.
      return json.missingNode();
    }
  }
}
