package org.imagediet.budget;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.FileEntry;
import org.imagediet.image.FileType;
import org.imagediet.image.KnownProgram;
import org.imagediet.image.Layer;
import org.imagediet.image.PlainConfig;
import org.imagediet.image.ProgramKind;

/** An image in the making whose files have only sizes, as a value. */
final class SizedImage {

  private final List<Layer> layers = new ArrayList<>();
  private List<FileEntry> entries = new ArrayList<>();
  private List<String> whiteouts = new ArrayList<>();
  private Optional<String> instruction = Optional.empty();
  private boolean transfer;

  /** Begins a layer; what follows is in it. The same content has the same digest. */
  SizedImage layer(String text) {
    end();
    instruction = Optional.of(text);
    return this;
  }

  /** Gives every layer a transfer size: half of what it unpacks to, and a frame. */
  SizedImage transfer() {
    transfer = true;
    return this;
  }

  private void end() {
    if (instruction.isEmpty()) {
      return;
    }
    long bytes =
        entries.stream().filter(e -> e.type() == FileType.FILE).mapToLong(FileEntry::size).sum();
    layers.add(
        new Layer(
            layers.size(),
            digest(entries.stream().map(e -> e.path() + e.size()).toList() + "" + whiteouts),
            "tar",
            instruction.get(),
            OptionalLong.empty(),
            bytes,
            entries,
            whiteouts,
            List.of()));
    entries = new ArrayList<>();
    whiteouts = new ArrayList<>();
  }

  private static String digest(String content) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return "sha256:"
          + HexFormat.of().formatHex(sha256.digest(content.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  SizedImage file(String path, long bytes) {
    return add(path, FileType.FILE, bytes, "", Optional.empty());
  }

  /** Adds so many files of a size, ten to a folder. */
  SizedImage files(String folder, int count, long bytes) {
    for (int i = 0; i < count; i++) {
      file("%s/%d/%d".formatted(folder, i / 10, i), bytes);
    }
    return this;
  }

  SizedImage text(String path, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return add(path, FileType.FILE, bytes.length, "", Optional.of(Content.ofBytes(bytes)));
  }

  SizedImage hardLink(String path, String target) {
    return add(path, FileType.HARD_LINK, 0, target, Optional.empty());
  }

  SizedImage compiler(String path, long bytes, String name) {
    return program(path, bytes, List.of(), Set.of(new KnownProgram(name, ProgramKind.COMPILER)));
  }

  SizedImage debuggable(String path, long bytes) {
    return program(path, bytes, List.of(".debug_info"), Set.of());
  }

  private SizedImage program(
      String path, long bytes, List<String> sections, Set<KnownProgram> known) {
    ElfFile elf =
        new ElfFile(
            "x86-64",
            ElfFile.Kind.STATIC,
            true,
            Optional.empty(),
            List.of(),
            !sections.isEmpty(),
            sections,
            Optional.empty(),
            false);
    return add(
        path,
        FileType.FILE,
        bytes,
        "",
        Optional.of(Content.ofProgram(Optional.of(elf), new LinkedHashSet<>(known))));
  }

  SizedImage hide(String path) {
    whiteouts.add(path);
    return this;
  }

  private SizedImage add(
      String path, FileType type, long bytes, String target, Optional<Content> content) {
    entries.add(
        new FileEntry(path, type, 0644, 0, 0, bytes, target, false, layers.size(), content));
    return this;
  }

  ContainerImage image() {
    end();
    return new ContainerImage(
        "shop/app:1",
        "sha256:1234",
        PlainConfig.silent(),
        layers.stream().map(this::withTransfer).toList());
  }

  private Layer withTransfer(Layer layer) {
    return new Layer(
        layer.index(),
        layer.diffId(),
        layer.mediaType(),
        layer.instruction(),
        transfer ? OptionalLong.of(layer.unpackedBytes() / 2 + 18) : OptionalLong.empty(),
        layer.unpackedBytes(),
        layer.entries(),
        layer.whiteouts(),
        layer.opaque());
  }

  /** What a baseline keeps of it. */
  Snapshot snapshot(Base... known) {
    ContainerImage image = image();
    return Snapshot.of(image, Base.find(image, List.of(known)));
  }

  /** The image as a base of others. */
  Base base(String name) {
    return new Base(name, image().layers().stream().map(Layer::diffId).toList());
  }
}
