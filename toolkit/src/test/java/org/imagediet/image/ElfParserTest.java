package org.imagediet.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElfParserTest {

  private static Optional<ElfFile> parse(byte[] file) {
    ProgramMarkers.Search search = new ProgramMarkers.Search();
    search.add(file, 0, file.length);
    FileParts parts = new FileParts();
    parts.add(0, file, file.length);
    return ElfParser.parse(parts, search.goBuildInfo());
  }

  @ParameterizedTest
  @DisplayName("reads what a dynamic program needs, for every width and byte order")
  @CsvSource({"true,LITTLE_ENDIAN", "true,BIG_ENDIAN", "false,LITTLE_ENDIAN", "false,BIG_ENDIAN"})
  void dynamic(boolean wide, String order) {
    ByteOrder bytes = order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    ElfFile elf =
        parse(
                ElfBytes.program(wide, bytes)
                    .interpreter("/lib/ld.so.1")
                    .needs("libm.so.6")
                    .needs("libc.so.6")
                    .section(".text")
                    .bytes())
            .orElseThrow();
    assertThat(elf.kind()).isEqualTo(ElfFile.Kind.DYNAMIC);
    assertThat(elf.interpreter()).contains("/lib/ld.so.1");
    assertThat(elf.needed()).containsExactly("libm.so.6", "libc.so.6");
    assertThat(elf.machine()).isEqualTo("amd64");
    assertThat(elf.selfContained()).isFalse();
    assertThat(elf.stripped()).isTrue();
  }

  @Test
  @DisplayName("tells static, static-PIE, dynamic without libraries, and libraries apart")
  void kinds() {
    assertThat(kind(ElfBytes.program())).isEqualTo(ElfFile.Kind.STATIC);
    assertThat(kind(ElfBytes.program().staticPie())).isEqualTo(ElfFile.Kind.STATIC_PIE);
    // What `go build -buildmode=pie` makes without cgo: it needs a loader and nothing else.
    assertThat(kind(ElfBytes.program().staticPie().interpreter("/lib64/ld.so")))
        .isEqualTo(ElfFile.Kind.DYNAMIC);
    assertThat(kind(ElfBytes.program().sharedObject().needs("libc.so.6")))
        .isEqualTo(ElfFile.Kind.LIBRARY);
    assertThat(kind(ElfBytes.program().sharedObject())).isEqualTo(ElfFile.Kind.LIBRARY);
  }

  private static ElfFile.Kind kind(ElfBytes elf) {
    return parse(elf.bytes()).orElseThrow().kind();
  }

  @Test
  @DisplayName("takes only a section named exactly .symtab for a symbol table")
  void symbolTable() {
    ElfFile lookalike =
        parse(ElfBytes.program().section(".gnu.symtab").section(".symtab_shndx").bytes())
            .orElseThrow();
    assertThat(lookalike.symbolTable()).isFalse();
    ElfFile whole = parse(ElfBytes.program().section(".symtab").bytes()).orElseThrow();
    assertThat(whole.symbolTable()).isTrue();
    assertThat(whole.stripped()).isFalse();
  }

  @Test
  @DisplayName("names debug sections, also compressed ones")
  void debugSections() {
    ElfFile elf =
        parse(ElfBytes.program().section(".debug_info").section(".zdebug_line").bytes())
            .orElseThrow();
    assertThat(elf.debugSections()).containsExactly(".debug_info", ".zdebug_line");
    assertThat(elf.stripped()).isFalse();
  }

  @Test
  @DisplayName("reads Go's build information")
  void goBuildInfo() {
    String module = "path\tapp/cmd/app\nmod\tapp\t(devel)\t\nbuild\t-ldflags=\"-s -w\"\n";
    GoBuildInfo go =
        parse(ElfBytes.program().go("go1.24.4", module + "build\tCGO_ENABLED=0\n").bytes())
            .flatMap(ElfFile::go)
            .orElseThrow();
    assertThat(go.goVersion()).isEqualTo("go1.24.4");
    assertThat(go.path()).isEqualTo("app/cmd/app");
    assertThat(go.module()).isEqualTo("app");
    assertThat(go.settings())
        .containsEntry("CGO_ENABLED", "0")
        .containsEntry("-ldflags", "\"-s -w\"");
  }

  @Test
  @DisplayName("comes to an end with any truncated or random file")
  void broken() {
    byte[] whole =
        ElfBytes.program()
            .interpreter("/lib/ld.so")
            .needs("libc.so.6")
            .section(".symtab")
            .go("go1.24", "path\tx\n")
            .bytes();
    for (int length = 64; length < whole.length; length += 7) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatCode(() -> parse(cut)).doesNotThrowAnyException();
    }
    Random random = new Random(11);
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = whole.clone();
      for (int j = 0; j < 8; j++) {
        damaged[6 + random.nextInt(HEADERS_TO_DAMAGE)] = (byte) random.nextInt();
      }
      assertThatCode(() -> parse(damaged)).doesNotThrowAnyException();
    }
  }

  private static final int HEADERS_TO_DAMAGE = 1100;
}
