package org.imagediet.grading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class KeptArchiveTest {

  private static final byte[] ARCHIVE = {1, 2, 3, 4};

  private final AtomicInteger saves = new AtomicInteger();
  private List<Integer> brokenOff = List.of();
  private final KeptArchive archive = new KeptArchive(engine(), "sha256:1", ARCHIVE.length);

  private Engine engine() {
    return (Engine)
        Proxy.newProxyInstance(
            Engine.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            (proxy, method, arguments) -> save());
  }

  private InputStream save() {
    return brokenOff.contains(saves.incrementAndGet())
        ? new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("connection reset");
          }
        }
        : new ByteArrayInputStream(ARCHIVE);
  }

  private byte[] bytes() throws IOException {
    try (InputStream in = archive.open()) {
      return in.readAllBytes();
    }
  }

  @Test
  @DisplayName("is saved each time it is read, while nobody holds it")
  void streamed() throws IOException {
    assertThat(bytes()).isEqualTo(ARCHIVE);
    assertThat(bytes()).isEqualTo(ARCHIVE);
    assertThat(saves).hasValue(2);
  }

  @Test
  @DisplayName("is saved once for all who hold it, and gone with the last of them")
  void held() throws IOException {
    KeptArchive.Hold first = archive.hold();
    KeptArchive.Hold second = archive.hold();
    assertThat(bytes()).isEqualTo(ARCHIVE);
    Path file = first.file();
    assertThat(second.file()).isEqualTo(file).hasBinaryContent(ARCHIVE);
    first.close();
    first.close();
    assertThat(bytes()).isEqualTo(ARCHIVE);
    assertThat(saves).hasValue(1);
    second.close();
    assertThat(file.getParent()).doesNotExist();
    assertThat(bytes()).isEqualTo(ARCHIVE);
    assertThat(saves).hasValue(2);
  }

  @Test
  @DisplayName("can be read to its end when the last holder lets go meanwhile")
  void readOn() throws IOException {
    KeptArchive.Hold hold = archive.hold();
    try (InputStream in = archive.open()) {
      hold.close();
      assertThat(in.readAllBytes()).isEqualTo(ARCHIVE);
    }
    assertThat(saves).hasValue(1);
  }

  @Test
  @DisplayName("of a very large image is a file for those only who need one")
  void large() throws IOException {
    KeptArchive large = new KeptArchive(engine(), "sha256:1", ARCHIVE.length - 1);
    try (KeptArchive.Hold hold = large.hold()) {
      for (int i = 0; i < 2; i++) {
        try (InputStream in = large.open()) {
          assertThat(in.readAllBytes()).isEqualTo(ARCHIVE);
        }
      }
      // Once to find out that it is large.
      assertThat(saves).hasValue(3);
      assertThat(hold.file()).hasBinaryContent(ARCHIVE);
      try (InputStream in = large.open()) {
        assertThat(in.readAllBytes()).isEqualTo(ARCHIVE);
      }
      assertThat(saves).hasValue(4);
    }
  }

  @Test
  @DisplayName("is read as a stream by those who need no file, where there is no room for one")
  void brokenOff() throws IOException {
    brokenOff = List.of(1, 3);
    try (KeptArchive.Hold hold = archive.hold()) {
      assertThat(bytes()).isEqualTo(ARCHIVE);
      assertThatThrownBy(hold::file)
          .isInstanceOf(EnvironmentException.class)
          .hasMessageMatching(
              "An image cannot be saved to a file in /\\S+: connection reset; is there room left\\?");
      assertThat(hold.file()).hasBinaryContent(ARCHIVE);
    }
  }
}
