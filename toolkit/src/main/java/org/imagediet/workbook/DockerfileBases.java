package org.imagediet.workbook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The base images that a Dockerfile or a {@code jib.yaml} of ours names, so that they can be there
 * before it is built. It reads only as much of the syntax as the reference recipes use.
 */
public final class DockerfileBases {

  private static final Pattern FROM =
      Pattern.compile("(?i)^\\s*FROM\\s+(?:--\\S+\\s+)*(\\S+)(?:\\s+AS\\s+(\\S+))?\\s*$");
  private static final Pattern COPY_FROM =
      Pattern.compile("(?i)^\\s*(?:COPY|RUN)\\s.*?(?:--from=|,from=)([^\\s,]+).*$");
  private static final Pattern JIB_IMAGE = Pattern.compile("^\\s+image:\\s*[\"']?([^\\s\"']+).*$");

  private DockerfileBases() {}

  /** Returns the names in the order of their first appearance, stages left out. */
  public static List<String> of(Path recipe) throws IOException {
    Set<String> stages = new HashSet<>(Set.of("scratch"));
    List<String> names = new ArrayList<>();
    boolean jib = recipe.getFileName().toString().endsWith(".yaml");
    for (String line : Files.readAllLines(recipe)) {
      if (jib) {
        Matcher image = JIB_IMAGE.matcher(line);
        if (image.matches()) {
          add(names, stages, image.group(1));
        }
        continue;
      }
      Matcher from = FROM.matcher(line);
      if (from.matches()) {
        add(names, stages, from.group(1));
        if (from.group(2) != null) {
          stages.add(from.group(2).toLowerCase(Locale.ROOT));
        }
        continue;
      }
      Matcher copy = COPY_FROM.matcher(line);
      if (copy.matches()) {
        add(names, stages, copy.group(1));
      }
    }
    return names;
  }

  private static void add(List<String> names, Set<String> stages, String name) {
    boolean stage = stages.contains(name.toLowerCase(Locale.ROOT)) || name.matches("\\d+");
    if (!stage && !names.contains(name)) {
      names.add(name);
    }
  }
}
