package org.imagediet.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.imagediet.EngineUnderTest;
import org.imagediet.archive.ReadOptions;
import org.imagediet.engine.BuildRequest;
import org.imagediet.engine.BuildResult;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.ImageBuilder;
import org.imagediet.engine.Images;
import org.imagediet.image.ContainerImage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellOffersIT {

  private static final String BUSYBOX = "gcr.io/distroless/static-debian13:debug";

  private static Engine engine;
  private static byte[] shell;

  @TempDir private Path context;
  private Path shop;

  @BeforeAll
  static void connect() throws IOException {
    engine = EngineUnderTest.withBases(BUSYBOX);
    try (Container container = engine.create(ContainerSpec.image(BUSYBOX).build());
        TarArchiveInputStream tar =
            new TarArchiveInputStream(container.copyOut("/busybox/busybox"))) {
      tar.getNextEntry();
      shell = tar.readAllBytes();
    }
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @BeforeEach
  void folder() throws IOException {
    shop = Files.createDirectory(context.resolve("shop"));
  }

  private static void chmod(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  /** Offers the programs of an image with that folder in it and nothing else. */
  private ShellOffers offers(Engine asked, String flags) throws IOException {
    return offers(asked, flags, "");
  }

  private ShellOffers offers(Engine asked, String flags, String more) throws IOException {
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM scratch\nCOPY " + flags + " shop /shop\nCMD [\"/x\"]\n" + more);
    return built(asked);
  }

  private ShellOffers built(Engine asked) {
    String name = engine.temporaryName("offers");
    BuildResult built = ImageBuilder.choose(engine).build(BuildRequest.of(context, name), l -> {});
    assertThat(built.succeeded()).as("%s", built).isTrue();
    try {
      ContainerImage image = Images.of(engine, name, ReadOptions.defaults());
      return ShellOffers.make(asked, name, image, 0);
    } finally {
      engine.untag(name);
    }
  }

  /** A program whose headers lie beyond its end. */
  private static byte[] brokenProgram(int number) {
    return ByteBuffer.allocate(200)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1})
        .putShort(16, (short) 2)
        .putLong(32, 1 << 30)
        .putShort(56, (short) 1)
        .putInt(100, number)
        .array();
  }

  private ShellOffers offers(String flags) throws IOException {
    return offers(engine, flags);
  }

  @Test
  @DisplayName("finds a shell that only another user may start, in a folder only they may enter")
  void anothers() throws IOException {
    Path file = Files.write(Files.createDirectory(shop.resolve("private")).resolve("app"), shell);
    chmod(file, "rwx------");
    chmod(file.getParent(), "rwx------");
    assertThat(offers("--chown=65532:65532").shell()).contains("/shop/private/app");
  }

  @Test
  @DisplayName("finds a shell that nobody may start as it is")
  void withoutExecute() throws IOException {
    chmod(Files.write(shop.resolve("data.bin"), shell), "rw-r--r--");
    assertThat(offers("").shell()).contains("/shop/data.bin");
  }

  @Test
  @DisplayName("finds a setuid shell whose name is not one word of plain letters")
  void name() throws IOException {
    Path file = Files.write(shop.resolve("-e $(x) 'ü\"\t"), shell);
    chmod(file, "rwxr-xr-x");
    Files.setAttribute(file, "unix:mode", 0104755);
    assertThat(offers("").shell()).contains("/shop/-e $(x) 'ü\"\t");
  }

  @Test
  @DisplayName("finds a shell whose name and whose folder's are long, and not UTF-8")
  void bytes() throws IOException {
    assertThat(namedInBytes("").shell().orElseThrow()).startsWith("/shop/").hasSizeGreaterThan(120);
  }

  @Test
  @DisplayName("takes no other program for one that an engine cannot be asked for")
  void bytesWithoutExecute() throws IOException {
    assertThatThrownBy(() -> namedInBytes("&& chmod -x /shop/*/*"))
        .isInstanceOf(EnvironmentException.class)
        .hasMessageContaining("rename the file");
  }

  private ShellOffers namedInBytes(String more) throws IOException {
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        FROM %1$s AS shell
        SHELL ["/busybox/sh", "-c"]
        USER 0
        RUN folder=/shop/$(printf '%2$s\\374') \\
            && mkdir -p "$folder" \\
            && cp /busybox/busybox "$folder/$(printf '%2$s\\377')" %3$s
        FROM scratch
        COPY --from=shell /shop /shop
        CMD ["/x"]
        """
            .formatted(BUSYBOX, "x".repeat(60), more));
    return built(engine);
  }

  @Test
  @DisplayName("finds a shell whose headers make no sense, for the kernel does not read them all")
  void broken() throws IOException {
    ByteBuffer elf = ByteBuffer.wrap(shell.clone()).order(ByteOrder.LITTLE_ENDIAN);
    boolean broken = false;
    for (int i = 0; i < elf.getShort(56); i++) {
      int at = (int) elf.getLong(32) + i * elf.getShort(54);
      // A note becomes a table of libraries, which lies beyond the end of the file.
      if (elf.getInt(at) == 4) {
        elf.putInt(at, 2).putLong(at + 8, Long.MAX_VALUE / 2).putLong(at + 32, 1 << 20);
        broken = true;
      }
    }
    assertThat(broken).isTrue();
    chmod(Files.write(shop.resolve("app"), elf.array()), "rwxr-xr-x");
    ShellOffers offers = offers("");
    assertThat(offers.shell()).contains("/shop/app");
  }

  @Test
  @DisplayName("does not take another program for a shell")
  void noShell() throws IOException {
    Files.write(shop.resolve("app"), brokenProgram(0));
    Files.writeString(shop.resolve("script"), "#!/shop/app\n");
    ShellOffers offers = offers("");
    assertThat(offers.shell()).isEmpty();
    assertThat(offers.tried()).isEqualTo(1);
  }

  @Test
  @DisplayName("says how many programs were left when there are very many")
  void many() throws IOException {
    for (int i = 0; i < 160; i++) {
      Files.write(shop.resolve("app" + i), brokenProgram(i));
    }
    Container silent =
        (Container)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Container.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "startAndSays" -> false;
                      case "copyOut" -> java.io.InputStream.nullInputStream();
                      default -> null;
                    });
    Engine deaf =
        (Engine)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Engine.class},
                (proxy, method, arguments) ->
                    method.getReturnType() == String.class ? "offers" : silent);
    ShellOffers offers = offers(deaf, "");
    assertThat(List.of(offers.tried(), offers.untried())).containsExactly(150, 10);
    assertThat(offers.shell()).isEqualTo(Optional.empty());
  }

  @Test
  @DisplayName("finds a shell behind another program, also in an image that takes no more layers")
  void second() throws IOException {
    twoPrograms();
    for (Engine asked : List.of(engine, full())) {
      ShellOffers offers = offers(asked, "");
      assertThat(offers.tried()).isEqualTo(2);
      assertThat(offers.shell()).contains("/shop/tool");
    }
  }

  @Test
  @DisplayName("finds it also where volumes hide what is laid into a container")
  void volumes() throws IOException {
    twoPrograms();
    ShellOffers offers =
        offers(engine, "", "VOLUME [\"/three-image-diet-offer\", \"/three-image-diet-offer/1\"]\n");
    assertThat(offers.tried()).isEqualTo(2);
    assertThat(offers.shell()).contains("/shop/tool");
  }

  private void twoPrograms() throws IOException {
    Path first = Files.write(shop.resolve("bash"), brokenProgram(0));
    // Else it would not be the first that is offered.
    Files.writeString(first, "BASH_VERSINFO BASH_COMMAND", StandardOpenOption.APPEND);
    chmod(first, "rwxr-xr-x");
    chmod(Files.write(shop.resolve("tool"), shell), "rwxr-xr-x");
  }

  /** The engine, but that nothing can be committed. */
  private static Engine full() {
    return with(
        Engine.class,
        engine,
        (method, result) ->
            result instanceof Container container
                ? with(
                    Container.class,
                    container,
                    (called, returned) -> {
                      if (called.equals("commit")) {
                        throw new EnvironmentException("The engine refused: max depth exceeded.");
                      }
                      return returned;
                    })
                : result);
  }

  private static <T> T with(Class<T> type, T real, BiFunction<String, Object, Object> change) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object result =
                  method.getName().equals("commit") ? null : method.invoke(real, arguments);
              return change.apply(method.getName(), result);
            }));
  }

  @Test
  @DisplayName("hears an answer among much else, on either stream, and not what is not said")
  void hears() {
    ContainerSpec.Builder chatty =
        ContainerSpec.image(BUSYBOX)
            .entrypoint(
                "/busybox/sh", "-c", "yes | head -c 300000; echo a-12345 >&2; yes no; true");
    try (Container container = engine.create(chatty.build())) {
      assertThat(container.startAndSays("a-12345", Duration.ofSeconds(60))).isTrue();
    }
    long before = System.nanoTime();
    try (Container container = engine.create(chatty.build())) {
      assertThat(container.startAndSays("a-12346", Duration.ofSeconds(2))).isFalse();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(60));
  }
}
