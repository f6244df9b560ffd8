package org.imagediet.variants;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.FileEntry;
import org.imagediet.image.FileType;
import org.imagediet.image.Layer;
import org.imagediet.image.PlainConfig;

/** The files of one layer in the making, each of 1000 bytes. */
final class Files {

  private final List<FileEntry> entries = new ArrayList<>();
  private final int layer;

  private Files(int layer) {
    this.layer = layer;
  }

  static Files inLayer(int index) {
    return new Files(index);
  }

  /** A program; without a loader it is static. */
  Files program(String path, String loader, String... needed) {
    ElfFile.Kind kind = loader.isEmpty() ? ElfFile.Kind.STATIC : ElfFile.Kind.DYNAMIC;
    return elf(path, kind, Optional.of(loader).filter(text -> !text.isEmpty()), needed);
  }

  Files library(String path, String... needed) {
    return elf(path, ElfFile.Kind.LIBRARY, Optional.empty(), needed);
  }

  private Files elf(String path, ElfFile.Kind kind, Optional<String> loader, String... needed) {
    ElfFile elf =
        new ElfFile(
            "x86-64",
            kind,
            kind != ElfFile.Kind.LIBRARY,
            loader,
            List.of(needed),
            false,
            List.of(),
            Optional.empty(),
            false);
    return add(path, Optional.of(Content.ofProgram(Optional.of(elf), Set.of())));
  }

  Files script(String path, String interpreter) {
    byte[] text = ("#!" + interpreter + "\n").getBytes();
    return add(path, Optional.of(Content.ofScript(text, text.length)));
  }

  Files plain(String path) {
    return add(path, Optional.empty());
  }

  private Files add(String path, Optional<Content> content) {
    entries.add(new FileEntry(path, FileType.FILE, 0755, 0, 0, 1000, "", false, layer, content));
    return this;
  }

  Layer layer() {
    return new Layer(
        layer,
        "sha256:" + layer,
        "tar",
        "",
        OptionalLong.empty(),
        1000L * entries.size(),
        entries,
        List.of(),
        List.of());
  }

  /** An image of some layers that starts a program. */
  static ContainerImage image(String program, Files... layers) {
    return new ContainerImage(
        "",
        "sha256:9",
        PlainConfig.starting(List.of(program)),
        Arrays.stream(layers).map(Files::layer).toList());
  }
}
