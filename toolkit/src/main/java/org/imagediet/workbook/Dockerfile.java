package org.imagediet.workbook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A Dockerfile's stages and instructions, as a builder understands them.
 *
 * @param parserDirectives what the comments at its top ask of the parser, such as {@code escape}
 * @param globalArguments the arguments declared above the first stage, with their defaults
 * @param stages in the file's order; the last one is the release
 */
public record Dockerfile(
    Map<String, String> parserDirectives, Map<String, String> globalArguments, List<Stage> stages) {

  /** Where an image comes from when nothing is below it. */
  public static final String SCRATCH = "scratch";

  /**
   * Reads a Dockerfile.
   *
   * @throws DockerfileException in one sentence with the line, when no builder could read it
   */
  public static Dockerfile parse(String text) {
    return DockerfileParser.parse(text);
  }

  /**
   * One stage.
   *
   * @param base what its FROM names, arguments replaced: an image, an earlier stage or {@link
   *     #SCRATCH}
   * @param name in lower case, as builders compare it
   */
  public record Stage(
      int index, int line, String base, Optional<String> name, List<Instruction> instructions) {}

  /**
   * One instruction.
   *
   * @param line its first line, counted from 1
   * @param keyword in upper case
   * @param flags the words right after the keyword that start with two dashes
   * @param arguments the rest, on one line, without the bodies of here-documents
   */
  public record Instruction(int line, String keyword, List<String> flags, String arguments) {

    /** Returns the values of a flag, such as those of {@code --from=build}. */
    public List<String> flag(String name) {
      String prefix = "--" + name + "=";
      return flags.stream()
          .filter(flag -> flag.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(flag -> flag.substring(prefix.length()))
          .toList();
    }

    /** Returns the fields of each {@code --mount}, keys in lower case. */
    public List<Map<String, String>> mounts() {
      List<Map<String, String>> mounts = new ArrayList<>();
      for (String mount : flag("mount")) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : mount.split(",")) {
          int equals = field.indexOf('=');
          String key = equals < 0 ? field : field.substring(0, equals);
          fields.put(
              key.strip().toLowerCase(Locale.ROOT),
              equals < 0 ? "" : field.substring(equals + 1).strip());
        }
        mounts.add(fields);
      }
      return mounts;
    }

    /** Returns the stages or images that it takes files from. */
    public List<String> sources() {
      return Stream.concat(
              flag("from").stream(),
              mounts().stream().flatMap(mount -> Optional.ofNullable(mount.get("from")).stream()))
          .toList();
    }

    /** Returns the instruction that ONBUILD would run later. */
    public Optional<Instruction> deferred() {
      return keyword.equals("ONBUILD")
          ? Optional.of(DockerfileParser.instruction(line, arguments))
          : Optional.empty();
    }
  }

  /** Returns the stage that is built when nobody asks for another. */
  public Stage release() {
    return stages.get(stages.size() - 1);
  }

  /** Returns a stage by its name. */
  public Optional<Stage> stage(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return stages.stream()
        .filter(stage -> stage.name().filter(wanted::equals).isPresent())
        .findFirst();
  }

  /** Returns the images from elsewhere that it names, in the order of their first appearance. */
  public List<String> images() {
    Set<String> images = new LinkedHashSet<>();
    for (Stage stage : stages) {
      if (!stage.base().equals(SCRATCH) && !earlierStage(stage.base(), stage.index())) {
        images.add(stage.base());
      }
      stage.instructions().stream()
          .flatMap(
              instruction -> Stream.concat(Stream.of(instruction), instruction.deferred().stream()))
          .flatMap(instruction -> instruction.sources().stream())
          .filter(source -> !source.isEmpty() && !source.matches("\\d{1,3}"))
          .filter(source -> !earlierStage(source, stage.index()))
          .forEach(images::add);
    }
    return List.copyOf(images);
  }

  private boolean earlierStage(String base, int index) {
    return stage(base).filter(stage -> stage.index() < index).isPresent();
  }
}
