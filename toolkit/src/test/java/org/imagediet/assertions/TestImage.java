package org.imagediet.assertions;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.FileEntry;
import org.imagediet.image.FileType;
import org.imagediet.image.ImageConfig;
import org.imagediet.image.KnownProgram;
import org.imagediet.image.Layer;
import org.imagediet.image.ProgramKind;
import org.jspecify.annotations.Nullable;

/** An image in the making, {@code my/app:1.2}, as a value. */
final class TestImage {

  private final List<Layer> layers = new ArrayList<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Map<String, String> labels = new LinkedHashMap<>();
  private final List<String> ports = new ArrayList<>();
  private List<FileEntry> entries = new ArrayList<>();
  private List<String> whiteouts = new ArrayList<>();
  private List<String> entrypoint = List.of();
  private List<String> command = List.of();
  private String name = "my/app:1.2";
  private String instruction = "";
  private String diffId = "sha256:0";
  private String user = "";

  /** An image whose one program, {@code /app} in the first layer, is as it should be. */
  static TestImage good() {
    return new TestImage()
        .layer("COPY app /app")
        .program("/app", staticElf())
        .entrypoint("/app")
        .user("65532:65532");
  }

  static TestImage empty() {
    return new TestImage().layer("COPY nothing /");
  }

  TestImage name(String text) {
    name = text;
    return this;
  }

  /** Begins a layer; what follows is in it. */
  TestImage layer(String text) {
    if (!instruction.isEmpty()) {
      end();
    }
    return digest(text, "sha256:" + layers.size());
  }

  TestImage layer(String text, String digest) {
    if (!instruction.isEmpty()) {
      end();
    }
    return digest(text, digest);
  }

  private TestImage digest(String text, String digest) {
    instruction = text;
    diffId = digest;
    return this;
  }

  private void end() {
    layers.add(
        new Layer(
            layers.size(),
            diffId,
            "tar",
            instruction,
            OptionalLong.empty(),
            entries.stream()
                .filter(e -> e.type() == FileType.FILE)
                .mapToLong(FileEntry::size)
                .sum(),
            entries,
            whiteouts,
            List.of()));
    entries = new ArrayList<>();
    whiteouts = new ArrayList<>();
  }

  TestImage hide(String path) {
    whiteouts.add(path);
    return this;
  }

  TestImage file(String path, String content) {
    return file(path, content.getBytes(StandardCharsets.UTF_8));
  }

  TestImage file(String path, byte[] content) {
    return add(path, FileType.FILE, 0644, content.length, "", false, Content.ofBytes(content));
  }

  TestImage sized(String path, long size) {
    return add(path, FileType.FILE, 0644, size, "", false, null);
  }

  TestImage mode(String path, int mode) {
    return add(path, FileType.FILE, mode, 9, "", false, null);
  }

  TestImage capable(String path) {
    return add(path, FileType.FILE, 0755, 9, "", true, null);
  }

  TestImage folder(String path) {
    return add(path, FileType.DIRECTORY, 0755, 0, "", false, null);
  }

  TestImage symlink(String path, String target) {
    return add(path, FileType.SYMLINK, 0777, 0, target, false, null);
  }

  TestImage script(String path, String interpreter) {
    byte[] content = ("#!" + interpreter + "\n").getBytes(StandardCharsets.UTF_8);
    Content script = Content.ofScript(content, content.length);
    return add(path, FileType.FILE, 0755, content.length, "", false, script);
  }

  TestImage program(String path, ElfFile elf, KnownProgram... known) {
    Content content = Content.ofProgram(Optional.of(elf), new LinkedHashSet<>(List.of(known)));
    return add(path, FileType.FILE, 0755, 1000, "", false, content);
  }

  TestImage shell(String path) {
    return program(path, staticElf(), new KnownProgram("busybox", ProgramKind.SHELL));
  }

  private TestImage add(
      String path,
      FileType type,
      int mode,
      long size,
      String target,
      boolean capabilities,
      @Nullable Content content) {
    entries.add(
        new FileEntry(
            path,
            type,
            mode,
            0,
            0,
            size,
            target,
            capabilities,
            layers.size(),
            Optional.ofNullable(content)));
    return this;
  }

  TestImage user(String text) {
    user = text;
    return this;
  }

  TestImage entrypoint(String... words) {
    entrypoint = List.of(words);
    return this;
  }

  TestImage command(String... words) {
    command = List.of(words);
    return this;
  }

  TestImage environment(String key, String value) {
    environment.put(key, value);
    return this;
  }

  TestImage label(String key, String value) {
    labels.put(key, value);
    return this;
  }

  TestImage port(String port) {
    ports.add(port);
    return this;
  }

  ContainerImage image() {
    if (!instruction.isEmpty()) {
      end();
    }
    return new ContainerImage(
        name,
        "sha256:1234",
        new ImageConfig(
            user,
            environment,
            entrypoint,
            command,
            "",
            labels,
            ports,
            Optional.empty(),
            "",
            "",
            "amd64",
            "linux",
            ""),
        layers);
  }

  static ElfFile staticElf() {
    return elf(ElfFile.Kind.STATIC, "", false);
  }

  static ElfFile packedElf() {
    return elf(ElfFile.Kind.STATIC, "", true);
  }

  static ElfFile dynamicElf(String loader, String... needed) {
    return elf(ElfFile.Kind.DYNAMIC, loader, false, needed);
  }

  static ElfFile library(String... needed) {
    return elf(ElfFile.Kind.LIBRARY, "", false, needed);
  }

  static ElfFile unstripped() {
    return new ElfFile(
        "x86-64",
        ElfFile.Kind.STATIC,
        true,
        Optional.empty(),
        List.of(),
        true,
        List.of(".debug_info", ".debug_line"),
        Optional.empty(),
        false);
  }

  private static ElfFile elf(ElfFile.Kind kind, String loader, boolean packed, String... needed) {
    return new ElfFile(
        "x86-64",
        kind,
        kind != ElfFile.Kind.LIBRARY,
        Optional.of(loader).filter(text -> !text.isEmpty()),
        List.of(needed),
        false,
        List.of(),
        Optional.empty(),
        packed);
  }
}
