package org.imagediet.workbook;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Dockerfile's stages and instructions, as a builder understands them.
 *
 * @param stages in the file's order; the last one is the release
 */
public record Dockerfile(List<Stage> stages) {

  /** Where an image comes from when nothing is below it. */
  public static final String SCRATCH = "scratch";

  /** Looser than an engine's own rule, without anything that means more than itself. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@-]*");

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

    /** The mounts that bring files of a stage. */
    private static final Set<String> FILES = Set.of("bind", "cache");

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

    /** Returns the names of the stages or images that it takes files from. */
    public List<String> sources() {
      return Stream.concat(
              // Here a number is a stage's; in a mount it would be a name.
              flag("from").stream().filter(from -> !isNumber(from)),
              mounts().stream().flatMap(mount -> Optional.ofNullable(mount.get("from")).stream()))
          .filter(name -> !name.isEmpty())
          .toList();
    }

    /** Returns those of them that a builder really goes to: a mount may name one in vain. */
    List<String> takenFrom() {
      return Stream.concat(
              flag("from").stream(),
              mounts().stream()
                  .filter(mount -> FILES.contains(mount.getOrDefault("type", "bind")))
                  .flatMap(mount -> Optional.ofNullable(mount.get("from")).stream()))
          .toList();
    }

    private static boolean isNumber(String from) {
      return from.matches("\\d{1,3}");
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

  /**
   * Returns the images from elsewhere that it names, in the order of their first appearance.
   *
   * @throws DockerfileException when a name can be neither an earlier stage's nor an image's
   */
  public List<String> images() {
    Set<String> images = new LinkedHashSet<>();
    for (Stage stage : stages) {
      if (!earlier(stage.base(), stage)) {
        images.add(named(stage.base(), stage.line()));
      }
      for (Instruction written : stage.instructions()) {
        Instruction instruction = written.deferred().orElse(written);
        for (String source : instruction.sources()) {
          if (!earlier(source, stage)) {
            // One builder would look for an image of that name.
            if (stage(source).isPresent()) {
              throw new DockerfileException(
                  instruction.line(),
                  "the stage "
                      + DockerfileParser.shown(source)
                      + " is not above this one; files come from stages further up only");
            }
            images.add(named(source, instruction.line()));
          }
        }
      }
    }
    images.remove(SCRATCH);
    return List.copyOf(images);
  }

  private static String named(String name, int line) {
    if (!NAME.matcher(name).matches()) {
      throw new DockerfileException(
          line, "'" + DockerfileParser.shown(name) + "' names neither a stage nor an image");
    }
    return name;
  }

  private boolean earlier(String name, Stage than) {
    return stage(name).filter(stage -> stage.index() < than.index()).isPresent();
  }

  /**
   * Returns a stage and the earlier ones that are built for it, in the file's order: those it
   * begins with, and those it takes files from. Empty when that is not plain to see: two stages
   * have one name, or files come from a number, or an instruction is left to stages further down.
   */
  public List<Stage> builtFor(Stage stage) {
    long names = stages.stream().flatMap(any -> any.name().stream()).distinct().count();
    boolean plain =
        names == stages.stream().flatMap(any -> any.name().stream()).count()
            && stages.stream()
                .flatMap(any -> any.instructions().stream())
                .allMatch(
                    instruction ->
                        instruction.deferred().isEmpty()
                            && instruction.flag("from").stream().noneMatch(Instruction::isNumber));
    Set<Stage> needed = new TreeSet<>(Comparator.comparingInt(Stage::index));
    if (plain) {
      need(stage, needed);
    }
    return List.copyOf(needed);
  }

  private void need(Stage stage, Set<Stage> needed) {
    if (!needed.add(stage)) {
      return;
    }
    Stream<String> names =
        Stream.concat(
            Stream.of(stage.base()),
            stage.instructions().stream().flatMap(instruction -> instruction.takenFrom().stream()));
    names
        .filter(name -> earlier(name, stage))
        .forEach(name -> need(stage(name).orElseThrow(), needed));
  }
}
