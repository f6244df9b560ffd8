package org.imagediet.scan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.imagediet.engine.EnvironmentException;

/** The components of an image as Trivy lists them in CycloneDX JSON; more can be added. */
final class BillOfMaterials {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROPERTY = "aquasecurity:trivy:";
  private static final String STANDARD_LIBRARY = "stdlib";

  private final ObjectNode root;

  private BillOfMaterials(ObjectNode root) {
    this.root = root;
  }

  /** A distribution, such as {@code debian} and {@code 13.8}. */
  record Distribution(String family, String version) {

    /** Returns the version up to its first dot. */
    String major() {
      return version.replaceFirst("\\..*$", "");
    }

    @Override
    public String toString() {
      return family + " " + version;
    }
  }

  /** A Debian package, its version with its epoch. */
  record DebianPackage(String name, String version) {}

  /**
   * Reads a scanner's answer.
   *
   * @throws EnvironmentException when it is no bill of materials
   */
  static BillOfMaterials parse(byte[] json) {
    try {
      JsonNode tree = JSON.readTree(json);
      if (tree instanceof ObjectNode root && root.path("bomFormat").asText().equals("CycloneDX")) {
        return new BillOfMaterials(root);
      }
    } catch (IOException e) {
      throw new EnvironmentException(
          "The scanner's bill of materials breaks off or is no JSON; run again.", e);
    }
    throw new EnvironmentException(
        "The scanner's bill of materials is no CycloneDX document; its version may be too old or"
            + " too new.");
  }

  /** Returns how many components it lists, the distribution and the files they are in left out. */
  int components() {
    return (int)
        nodes().stream().filter(node -> node.path("type").asText().equals("library")).count();
  }

  /** Returns the distribution, where one is in the image. */
  Optional<Distribution> distribution() {
    return nodes().stream()
        .filter(node -> node.path("type").asText().equals("operating-system"))
        .map(node -> new Distribution(node.path("name").asText(), node.path("version").asText()))
        .findFirst();
  }

  /** Returns the packages of a Debian. */
  List<DebianPackage> debianPackages() {
    List<DebianPackage> packages = new ArrayList<>();
    for (JsonNode node : nodes()) {
      PackageUrl.parse(node.path("purl").asText())
          .filter(purl -> purl.type().equals("deb"))
          .ifPresent(
              purl -> {
                String epoch = purl.qualifiers().getOrDefault("epoch", "");
                String version = epoch.isEmpty() ? purl.version() : epoch + ":" + purl.version();
                packages.add(new DebianPackage(purl.name(), version));
              });
    }
    return packages;
  }

  /**
   * Returns whether it lists the Go standard library in a version. Whoever lists another one, as a
   * module of that name would, hides nothing.
   */
  boolean listsStandardLibrary(String version) {
    return nodes().stream()
        .flatMap(node -> PackageUrl.parse(node.path("purl").asText()).stream())
        .filter(purl -> purl.type().equals("golang") && purl.namespace().isEmpty())
        .filter(purl -> purl.name().equals(STANDARD_LIBRARY))
        .anyMatch(purl -> purl.version().replaceFirst("^v", "").equals(version));
  }

  /**
   * Adds the Go standard library that programs are linked with.
   *
   * @param versions such as {@code 1.24.4}, by the program's path
   */
  void addStandardLibraries(Map<String, String> versions) {
    Set<String> known = new HashSet<>();
    versions.forEach(
        (path, version) -> {
          String library = "pkg:golang/" + STANDARD_LIBRARY + "@" + version;
          String program = "program:" + path;
          if (known.add(library)) {
            ObjectNode node = component(library, "library", STANDARD_LIBRARY);
            node.put("version", version).put("purl", library);
            property(node, "PkgType", "gobinary");
          }
          ObjectNode node = component(program, "application", path.replaceFirst("^/", ""));
          property(node, "Class", "lang-pkgs");
          property(node, "Type", "gobinary");
          dependencies().addObject().put("ref", program).putArray("dependsOn").add(library);
        });
    if (!versions.isEmpty()) {
      String image = root.path("metadata").path("component").path("bom-ref").asText();
      ArrayNode parts = dependsOn(image);
      versions.keySet().forEach(path -> parts.add("program:" + path));
    }
  }

  private ObjectNode component(String reference, String type, String name) {
    return root.withArray("components")
        .addObject()
        .put("bom-ref", reference)
        .put("type", type)
        .put("name", name);
  }

  private static void property(ObjectNode component, String name, String value) {
    component.withArray("properties").addObject().put("name", PROPERTY + name).put("value", value);
  }

  private ArrayNode dependencies() {
    return root.withArray("dependencies");
  }

  private ArrayNode dependsOn(String reference) {
    for (JsonNode node : dependencies()) {
      if (node.path("ref").asText().equals(reference) && node instanceof ObjectNode dependency) {
        return dependency.withArray("dependsOn");
      }
    }
    return dependencies().addObject().put("ref", reference).putArray("dependsOn");
  }

  /** Names the image, in place of the temporary file that the scanner saw. */
  void name(String subject) {
    if (root.path("metadata").path("component") instanceof ObjectNode image) {
      image.put("name", subject);
    }
  }

  private List<JsonNode> nodes() {
    List<JsonNode> nodes = new ArrayList<>();
    root.path("components").forEach(nodes::add);
    return nodes;
  }

  /** Returns it as JSON. */
  byte[] json() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }
}
