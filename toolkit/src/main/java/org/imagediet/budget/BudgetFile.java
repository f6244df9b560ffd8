package org.imagediet.budget;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.imagediet.report.Clean;
import org.imagediet.yaml.StrictYaml;
import org.imagediet.yaml.YamlException;

/**
 * The settings of a project's budgets, as a {@code budget.yaml} has them. A key it does not know is
 * an error, since a mistyped limit would otherwise be none.
 *
 * @param all what holds for every image
 * @param images what else holds for some of them
 */
public record BudgetFile(BudgetSettings all, SortedMap<String, BudgetSettings> images) {

  private static final int MOST_BYTES = 1 << 20;
  private static final List<String> SETTINGS = List.of("ceiling", "floor", "max-growth", "sizes");

  /** Copies the map. */
  public BudgetFile {
    images = Collections.unmodifiableSortedMap(new TreeMap<>(images));
  }

  /** Returns one without settings. */
  public static BudgetFile empty() {
    return new BudgetFile(BudgetSettings.NONE, new TreeMap<>());
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException in one sentence, when it is missing or wrong
   */
  public static BudgetFile read(Path file) {
    if (!Files.exists(file) || Files.isDirectory(file)) {
      throw new IllegalArgumentException("There is no file %s.".formatted(file));
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES);
      return parse(new String(bytes, StandardCharsets.UTF_8), file.toString());
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read.", e);
    }
  }

  /**
   * Reads a text.
   *
   * @param name what messages call it
   * @throws IllegalArgumentException in one sentence
   */
  public static BudgetFile parse(String yaml, String name) {
    try {
      Node root = new Node(name, StrictYaml.read(yaml, name));
      SortedMap<String, BudgetSettings> images = new TreeMap<>();
      root.requireKeys(List.of("ceiling", "floor", "images", "max-growth", "sizes"));
      Node named = root.at("images");
      named.keys().forEach(image -> images.put(image, settings(named.image(image))));
      return new BudgetFile(settings(root), images);
    } catch (YamlException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static BudgetSettings settings(Node node) {
    return new BudgetSettings(
        node.at("max-growth").read(Units::percentage),
        node.at("floor").read(Units::bytes),
        node.at("ceiling").read(BudgetSettings::ceiling),
        node.at("sizes").read(BudgetSettings::sizes));
  }

  /** Returns the settings of an image: its own and, where they are silent, those of all. */
  public BudgetSettings of(String image) {
    return images.getOrDefault(image, BudgetSettings.NONE).or(all);
  }

  /** Returns the names of its images. */
  public SortedSet<String> names() {
    return new TreeSet<>(images.keySet());
  }

  /** A node and the way to it. */
  private record Node(String path, JsonNode json) {

    private boolean absent() {
      return json.isMissingNode() || json.isNull();
    }

    Node at(String key) {
      return new Node(path + ": " + Clean.quoted(key), json.path(key));
    }

    Node image(String name) {
      Node node = at(name);
      Baseline.problem(name)
          .ifPresent(
              problem -> {
                throw node.wrong(
                    "is no name of an image, which " + problem.replaceFirst("\\.$", ""));
              });
      node.requireKeys(SETTINGS);
      return node;
    }

    SortedSet<String> keys() {
      SortedSet<String> keys = new TreeSet<>();
      if (!absent()) {
        if (!json.isObject()) {
          throw wrong("must be a mapping (key: value)");
        }
        json.fieldNames().forEachRemaining(keys::add);
      }
      return keys;
    }

    void requireKeys(List<String> known) {
      for (String key : keys()) {
        if (!known.contains(key)) {
          throw at(key).wrong("is no setting; there are " + String.join(", ", known));
        }
      }
    }

    <T> Optional<T> read(Function<String, T> reader) {
      if (json.isMissingNode()) {
        return Optional.empty();
      }
      if (!json.isTextual()) {
        throw wrong("has no value");
      }
      try {
        return Optional.of(reader.apply(json.textValue()));
      } catch (IllegalArgumentException e) {
        throw wrong(Clean.line(String.valueOf(e.getMessage())));
      }
    }

    IllegalArgumentException wrong(String how) {
      return new IllegalArgumentException(path + " " + how + ".");
    }
  }
}
