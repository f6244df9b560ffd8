package org.imagediet.assertions.error;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.FileEntry;
import org.imagediet.image.Finding;
import org.imagediet.image.Layer;
import org.imagediet.image.Users;
import org.imagediet.image.Waste;
import org.imagediet.report.Bytes;

/** How facts about an image are put into words. */
final class Texts {

  /** A heredoc can be a whole script. */
  private static final int MOST_INSTRUCTION = 160;

  private Texts() {}

  /** A size for people, and to the byte. */
  static String size(long bytes) {
    return String.format(Locale.ROOT, "%s (%d bytes)", Bytes.megabytes(bytes), bytes);
  }

  /** Layers are counted from 1, as people and {@code ./lab inspect} do. */
  static String layer(ContainerImage image, int index) {
    String instruction = image.layers().get(index).instruction();
    return layer(index, instruction);
  }

  private static String layer(int index, String instruction) {
    String cut =
        instruction.length() > MOST_INSTRUCTION
            ? instruction.substring(0, MOST_INSTRUCTION) + "..."
            : instruction;
    return "layer " + (index + 1) + (cut.isEmpty() ? "" : ": " + cut);
  }

  static List<String> findings(List<Finding> findings) {
    List<String> lines = new ArrayList<>();
    for (Finding finding : findings) {
      lines.add(
          "%s%s is %s, by %s, %s %s"
              .formatted(
                  finding.path(),
                  aliases(finding.aliases()),
                  finding.program().name(),
                  finding.evidence(),
                  finding.visible() ? "from" : "hidden by a later layer but shipped in",
                  layer(finding.layer(), finding.instruction())));
    }
    return lines;
  }

  private static String aliases(List<String> aliases) {
    return switch (aliases.size()) {
      case 0 -> "";
      case 1 -> " (also %s)".formatted(aliases.get(0));
      default -> " (also %s and %d more)".formatted(aliases.get(0), aliases.size() - 1);
    };
  }

  static boolean visible(List<Finding> findings) {
    return findings.stream().anyMatch(Finding::visible);
  }

  static List<String> modes(ContainerImage image, List<FileEntry> files) {
    return files.stream()
        .map(
            file ->
                "%s %s, uid %d, gid %d, from %s"
                    .formatted(
                        file.modeText(),
                        file.path(),
                        file.uid(),
                        file.gid(),
                        layer(image, file.layer())))
        .toList();
  }

  static List<String> paths(ContainerImage image, List<FileEntry> files) {
    return files.stream()
        .map(file -> "%s, from %s".formatted(file.path(), layer(image, file.layer())))
        .toList();
  }

  /** Who the process will be, and how the image says so. */
  static String user(ContainerImage image) {
    String written = image.config().user();
    Users.ResolvedUser user = image.users().resolve(written);
    String start = written.isEmpty() ? "no USER is set, which" : "USER " + written;
    if (!user.problem().isEmpty()) {
      return "USER %s cannot run: %s".formatted(written, user.problem());
    }
    return "%s means uid %d%s, gid %d"
        .formatted(
            start,
            user.uid().orElseThrow(),
            user.name().map(name -> " (" + name + ")").orElse(""),
            user.gid().orElseThrow());
  }

  /** Who the process will be, with the group root where it comes by the way. */
  static List<String> groups(ContainerImage image) {
    String user = user(image);
    return image.users().supplementaryGroups(image.config().user()).contains(0L)
        ? List.of(user, "/etc/group makes that user a member of the group with the id 0")
        : List.of(user);
  }

  /** What the image starts, as far as it is there. */
  static String entrypoint(ContainerImage image) {
    List<String> argv = image.config().argv();
    if (argv.isEmpty()) {
      return "neither an entrypoint nor a command is set";
    }
    Optional<FileEntry> program = image.entrypointProgram();
    if (program.isEmpty()) {
      return "%s, which the image starts, is not in the image".formatted(argv.get(0));
    }
    Optional<Content> content = program.get().content();
    String kind =
        content
            .flatMap(Content::elf)
            .map(Texts::elf)
            .or(() -> content.flatMap(Content::script).map(line -> "a script of " + line))
            .orElse("not a program");
    return "%s is %s, from %s"
        .formatted(program.get().path(), kind, layer(image, program.get().layer()));
  }

  private static String elf(ElfFile elf) {
    List<String> facts = new ArrayList<>();
    facts.add(elf.kind() + " " + elf.machine());
    elf.interpreter().ifPresent(loader -> facts.add("loader " + loader));
    facts.add(
        elf.needed().isEmpty()
            ? "no libraries needed"
            : "libraries " + String.join(" ", elf.needed()));
    facts.add(elf.stripped() ? "stripped" : "not stripped");
    return String.join(", ", facts);
  }

  /** An argv as a Dockerfile's exec form has it. */
  static String argv(List<String> argv) {
    return argv.stream()
        .map(word -> '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
        .collect(Collectors.joining(", ", "[", "]"));
  }

  static String largestLayer(ContainerImage image) {
    return image.layers().stream()
        .max(Comparator.comparingLong(Layer::unpackedBytes))
        .map(
            layer ->
                "the largest is %s, with %s"
                    .formatted(layer(image, layer.index()), Bytes.megabytes(layer.unpackedBytes())))
        .orElse("no layers");
  }

  static String largestFile(ContainerImage image) {
    return image.files().entries().stream()
        .filter(FileEntry::regular)
        .max(Comparator.comparingLong(FileEntry::size))
        .map(
            file ->
                "the largest is %s, with %s, from %s"
                    .formatted(
                        file.path(), Bytes.megabytes(file.size()), layer(image, file.layer())))
        .orElse("no files");
  }

  static List<String> symbols(ContainerImage image) {
    List<String> lines = new ArrayList<>(List.of(entrypoint(image)));
    image
        .entrypointProgram()
        .flatMap(FileEntry::content)
        .flatMap(Content::elf)
        .ifPresent(
            elf -> {
              List<String> sections = new ArrayList<>();
              if (elf.symbolTable()) {
                sections.add(".symtab");
              }
              sections.addAll(elf.debugSections());
              lines.add("sections " + String.join(" ", sections));
            });
    return lines;
  }

  static List<String> trustStores(ContainerImage image) {
    if (image.trustStores().isEmpty()) {
      return List.of("no trust store");
    }
    return image.trustStores().stream()
        .map(
            store ->
                "%s (%s): %d roots, %d of them different, %d not valid now"
                    .formatted(
                        store.path(),
                        store.format(),
                        store.roots(),
                        store.fingerprints().size(),
                        store.expired()))
        .toList();
  }

  static String value(String what, String name, Map<String, String> all) {
    return all.containsKey(name)
        ? "%s=%s".formatted(name, all.get(name))
        : "no %s %s%s"
            .formatted(
                what, name, all.isEmpty() ? "" : ", only " + String.join(", ", all.keySet()));
  }

  static List<String> commonLayers(ContainerImage image, List<String> base) {
    int same = 0;
    int layers = image.layers().size();
    while (same < Math.min(base.size(), layers)
        && image.layers().get(same).diffId().equals(base.get(same))) {
      same++;
    }
    String count =
        "the lowest %d of the base's %d layers are the image's".formatted(same, base.size());
    String next =
        same < Math.min(base.size(), layers)
            ? "then comes %s instead of %s"
                .formatted(image.layers().get(same).diffId(), base.get(same))
            : "then the image ends";
    return List.of(count, next);
  }

  static List<String> waste(ContainerImage image) {
    Waste waste = image.waste();
    List<String> lines = new ArrayList<>();
    lines.add(size(waste.bytes()));
    waste
        .files()
        .forEach(
            file ->
                lines.add(
                    "%s, %s, in %s"
                        .formatted(
                            file.path(),
                            Bytes.megabytes(file.bytes()),
                            layer(image, file.layer()))));
    return lines;
  }
}
