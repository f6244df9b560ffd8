package org.imagediet.grading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class KeptArchiveTest {

  private static final byte[] ARCHIVE = {1, 2, 3, 4};

  private final AtomicInteger saves = new AtomicInteger();
  private long size = 4;
  private boolean breaksOff;
  private final KeptArchive archive = new KeptArchive(engine(), "sha256:1");

  private Engine engine() {
    return (Engine)
        Proxy.newProxyInstance(
            Engine.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "save" -> save();
                  case "size" -> size;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private InputStream save() {
    saves.incrementAndGet();
    return breaksOff
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
    size = KeptArchive.MOST_BYTES + 1;
    try (KeptArchive.Hold hold = archive.hold()) {
      assertThat(bytes()).isEqualTo(ARCHIVE);
      assertThat(saves).hasValue(1);
      assertThat(hold.file()).hasBinaryContent(ARCHIVE);
      assertThat(bytes()).isEqualTo(ARCHIVE);
      assertThat(saves).hasValue(2);
    }
  }

  @Test
  @DisplayName("is no half file after the engine broke off")
  void brokenOff() throws IOException {
    breaksOff = true;
    try (KeptArchive.Hold hold = archive.hold()) {
      assertThatThrownBy(hold::file)
          .isInstanceOf(EnvironmentException.class)
          .hasMessage("The engine broke off while saving an image to a file; run again.");
      breaksOff = false;
      assertThat(hold.file()).hasBinaryContent(ARCHIVE);
    }
  }
}
