package org.imagediet.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.FileEntry;
import org.imagediet.image.FileType;
import org.imagediet.image.ImageConfig;
import org.imagediet.image.KnownProgram;
import org.imagediet.image.Layer;
import org.imagediet.image.PlainConfig;
import org.imagediet.image.ProgramKind;
import org.imagediet.observation.AsItIs;
import org.imagediet.observation.Observation;
import org.imagediet.probe.ProcessState;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SurfaceTest {

  private static final Observation ANY = Observation.works("");

  private final List<FileEntry> entries = new ArrayList<>();

  private void put(
      String path, FileType type, int mode, long uid, long gid, Optional<Content> content) {
    String target = type == FileType.HARD_LINK ? "/bin/sh" : "";
    entries.add(new FileEntry(path, type, mode, uid, gid, 1, target, false, 0, content));
  }

  private void folder(String path, int mode, long uid, long gid) {
    put(path, FileType.DIRECTORY, mode, uid, gid, Optional.empty());
  }

  private void file(String path, int mode, long uid, long gid) {
    put(path, FileType.FILE, mode, uid, gid, Optional.empty());
  }

  private static Content elf(ElfFile.Kind kind, KnownProgram... known) {
    ElfFile elf =
        new ElfFile(
            "x86-64",
            kind,
            true,
            Optional.empty(),
            List.of(),
            false,
            List.of(),
            Optional.empty(),
            false);
    return Content.ofProgram(Optional.of(elf), Set.of(known));
  }

  private ContainerImage image() {
    Layer layer =
        new Layer(0, "sha256:0", "tar", "", OptionalLong.empty(), 0, entries, List.of(), List.of());
    ImageConfig config = PlainConfig.silent();
    return new ContainerImage("x", "sha256:1", config, List.of(layer));
  }

  private static ProcessState process(int uid, int gid, String effective, String bounding) {
    return new ProcessState(
        1,
        "app",
        List.of(uid, uid, uid, uid),
        List.of(gid, gid, gid, gid),
        List.of(777),
        new TreeMap<>(
            Map.of(
                "CapEff", new BigInteger(effective, 16), "CapBnd", new BigInteger(bounding, 16))),
        false,
        0);
  }

  private Surface surface(ProcessState... processes) {
    return Surface.of(
        image(),
        new AsItIs(
            Duration.ZERO,
            List.of(processes),
            Set.of(8080, 22),
            ANY,
            ANY,
            ANY,
            ANY,
            ANY,
            ANY,
            ANY));
  }

  private Surface asNobody() {
    return surface(process(65532, 65532, "0", "a80425fb"));
  }

  @Test
  @DisplayName("counts programs, shells, libraries and setuid files, each file once")
  void programs() {
    KnownProgram dash = new KnownProgram("dash", ProgramKind.SHELL);
    KnownProgram perl = new KnownProgram("perl", ProgramKind.INTERPRETER);
    put("/bin/sh", FileType.FILE, 0755, 0, 0, Optional.of(elf(ElfFile.Kind.DYNAMIC, dash)));
    put("/bin/dash", FileType.HARD_LINK, 0755, 0, 0, entries.get(0).content());
    put("/bin/perl", FileType.FILE, 0755, 0, 0, Optional.of(elf(ElfFile.Kind.DYNAMIC, perl)));
    put("/bin/su", FileType.FILE, 04755, 0, 0, Optional.of(elf(ElfFile.Kind.DYNAMIC)));
    put("/lib/libc.so", FileType.FILE, 0755, 0, 0, Optional.of(elf(ElfFile.Kind.LIBRARY)));
    byte[] script = "#!/bin/sh\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    Content content = Content.ofScript(script, script.length);
    put("/bin/script", FileType.FILE, 0755, 0, 0, Optional.of(content));
    put("/bin/not-executable", FileType.FILE, 0644, 0, 0, Optional.of(content));
    put("/bin/no-program", FileType.FILE, 0755, 0, 0, Optional.empty());
    Surface surface = asNobody();
    assertThat(surface.count(SurfacePart.EXECUTABLES)).isEqualTo(4);
    assertThat(surface.count(SurfacePart.SHELLS)).isEqualTo(1);
    assertThat(surface.count(SurfacePart.INTERPRETERS)).isEqualTo(1);
    assertThat(surface.count(SurfacePart.LIBRARIES)).isEqualTo(1);
    assertThat(surface.count(SurfacePart.SETUID)).isEqualTo(1);
    assertThat(surface.count(SurfacePart.PACKAGES)).isZero();
  }

  @Test
  @DisplayName("counts what the kernel says of the mightiest process")
  void processes() {
    Surface nobody = asNobody();
    assertThat(nobody.count(SurfacePart.PORTS)).isEqualTo(2);
    assertThat(nobody.count(SurfacePart.CAPABILITIES)).isZero();
    assertThat(nobody.count(SurfacePart.BOUNDING)).isEqualTo(14);
    Surface mixed = surface(process(65532, 65532, "0", "0"), process(0, 0, "a80425fb", "3"));
    assertThat(mixed.count(SurfacePart.CAPABILITIES)).isEqualTo(14);
    assertThat(mixed.count(SurfacePart.BOUNDING)).isEqualTo(2);
  }

  @Test
  @DisplayName("counts what a user may write: the first class that fits decides")
  void writable() {
    folder("/own", 0700, 65532, 0);
    folder("/own-and-closed-to-me", 0077, 65532, 0);
    folder("/group", 0070, 0, 65532);
    folder("/other-group", 0070, 0, 777);
    folder("/closed-to-my-group", 0707, 0, 777);
    folder("/tmp", 01777, 0, 0);
    file("/etc/passwd", 0644, 0, 0);
    file("/own-file", 0644, 65532, 0);
    put("/link", FileType.SYMLINK, 0777, 0, 0, Optional.empty());
    assertThat(asNobody().count(SurfacePart.WRITABLE)).isEqualTo(5);
    assertThat(surface(process(0, 0, "1", "1")).count(SurfacePart.WRITABLE)).isEqualTo(8);
  }

  @Test
  @DisplayName("does not count what lies in a folder that the user cannot enter")
  void unreachable() {
    folder("/root", 0700, 0, 0);
    file("/root/open", 0666, 0, 0);
    file("/root/deep/open", 0666, 0, 0);
    folder("/root/tmp", 0777, 0, 0);
    file("/root/tmp/open", 0666, 0, 0);
    file("/srv/deep/open", 0666, 0, 0);
    assertThat(asNobody().count(SurfacePart.WRITABLE)).isEqualTo(1);
  }
}
