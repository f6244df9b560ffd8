package org.imagediet.archive;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;
import org.imagediet.image.FileNames;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Files of an image whose names are not UTF-8, or look as if they were not. */
class RawNamesTest {

  private static final byte[] SCRIPT = "#!/bin/x\n".getBytes(StandardCharsets.US_ASCII);

  private static String raw(int... bytes) {
    byte[] name = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      name[i] = (byte) bytes[i];
    }
    return FileNames.decode(name, 0, name.length);
  }

  @Test
  @DisplayName("what is started is the file of the bytes that an engine asks for")
  void started() {
    // What the byte ff is read as; in UTF-8 it is four other bytes.
    String word = raw(0xff);
    byte[] layer =
        new TarBytes()
            .file("/" + raw(0xf4, 0x8f, 0xbb, 0xbf), 0700, SCRIPT)
            .file("/" + raw(0xff), 0755, SCRIPT)
            .bytes();
    ObjectNode settings = new ObjectMapper().createObjectNode();
    settings.putArray("Entrypoint").add("/" + word);
    ContainerImage image =
        new TestArchive(TestArchive.Layout.LEGACY)
            .image("test/app:1", "amd64", settings, layer)
            .read();
    assertThat(image.files().entries()).hasSize(2);
    assertThat(image.entrypointProgram().orElseThrow().mode() & 07777).isEqualTo(0700);
    assertThat(image.program("/" + word)).isEqualTo(image.entrypointProgram());
    assertThat(image.program("/\ud800")).isEmpty();
  }

  @Test
  @DisplayName("long names and targets, of anybody's, are read as they were written")
  void written() {
    String folder = "/" + "x".repeat(70) + raw(0xfc);
    String file = folder + "/" + "y".repeat(70) + raw(0xff);
    byte[] layer =
        new TarBytes()
            .ownedBy(3_000_000)
            .folder(folder)
            .file(file, 0755, SCRIPT)
            .link("/" + "z".repeat(130), file)
            .bytes();
    ContainerImage image = TestArchive.legacy(layer).read();
    assertThat(image.files().entries())
        .extracting(FileEntry::path)
        .containsExactlyInAnyOrder(folder, file, "/" + "z".repeat(130));
    FileEntry target = image.files().get("/" + "z".repeat(130)).orElseThrow();
    assertThat(target.path()).isEqualTo(file);
    assertThat(target.uid()).isEqualTo(3_000_000);
  }

  @Test
  @DisplayName("a folder that is taken away takes its files with it, whatever their names")
  void whiteout() {
    byte[] lower = new TarBytes().folder("/ü").file("/ü/\uDBFF\uDEFF", 0755, SCRIPT).bytes();
    assertThat(lower).containsSequence(0xff, 0);
    byte[] upper = new TarBytes().file("/.wh.ü", 0, new byte[0]).bytes();
    assertThat(TestArchive.legacy(lower, upper).read().files().entries()).isEmpty();
  }
}
