package org.imagediet.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BaselineTest {

  @TempDir Path folder;

  private static SizedImage base() {
    return new SizedImage()
        .layer("ADD rootfs.tar /")
        .file("/usr/lib/libc.so", 2_000)
        .text("/var/lib/dpkg/status", "Package: libc6\nVersion: 2.41\n");
  }

  private static SizedImage app() {
    return base().layer("COPY app /app").file("/app", 8_000);
  }

  private static Snapshot snapshot() {
    return app().transfer().snapshot(base().base("debian:trixie"));
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("baseline.json"), text);
  }

  @Test
  @DisplayName("is small, sorted and readable, and says nothing of the machine")
  void form() {
    assertThat(Baseline.empty().with("shop/app", snapshot()).json())
        .isEqualTo(
            """
            {
              "images": {
                "shop/app": {
                  "base": {
                    "layers": 1,
                    "name": "debian:trixie"
                  },
                  "baseFiles": {
                    "/usr/lib/libc.so": 2000,
                    "/var/lib/dpkg/status": 29
                  },
                  "files": {
                    "/app": 8000
                  },
                  "layers": [
                    {
                      "diffId": "DIFF0",
                      "instruction": "ADD rootfs.tar /",
                      "transfer": 1032,
                      "unpacked": 2029
                    },
                    {
                      "diffId": "DIFF1",
                      "instruction": "COPY app /app",
                      "transfer": 4018,
                      "unpacked": 8000
                    }
                  ],
                  "packages": {
                    "libc6": "2.41"
                  },
                  "platform": "linux/amd64",
                  "sizes": {
                    "rootfs": 10029,
                    "transfer": 5050,
                    "unpacked": 10029
                  }
                }
              },
              "version": 1
            }
            """
                .replace("DIFF0", snapshot().layers().get(0).diffId())
                .replace("DIFF1", snapshot().layers().get(1).diffId()));
    assertThat(Baseline.empty().json()).isEqualTo("{\n  \"images\": {},\n  \"version\": 1\n}\n");
  }

  @Test
  @DisplayName("reads what it wrote, and writes it the same")
  void roundTrip() throws IOException {
    Path file = folder.resolve("baseline.json");
    Snapshot accepted =
        snapshot()
            .accepted(
                List.of(new Snapshot.Accepted(SizeKind.TRANSFER, 1, 5050, "Zeitzonen für «alle»")));
    Baseline written =
        Baseline.empty()
            .with("web", new SizedImage().layer("").file("/x\u202e\u001b", 5).snapshot())
            .with("shop/app", accepted);
    written.write(file);
    Baseline read = Baseline.read(file);
    assertThat(read.names()).containsExactly("shop/app", "web");
    assertThat(read.find("shop/app")).contains(accepted);
    assertThat(read.json()).isEqualTo(written.json());
    assertThat(Files.readString(file)).isEqualTo(written.json()).matches("(?s)[\\n -~]+\\n");
    assertThat(read.with("web", written.find("web").orElseThrow()).json())
        .isEqualTo(written.json());
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  @DisplayName("keeps another image's entry byte for byte, however somebody laid it out")
  void others() throws IOException {
    String ours = Baseline.empty().with("b", snapshot()).json();
    String entry = ours.substring(ours.indexOf("\"b\": ") + 5, ours.lastIndexOf("\n  },"));
    String squeezed = entry.replaceAll("\\n *", " ").replace("COPY", "C\\u004fPY");
    Path file = write("{\"version\":1,\"images\":{\"b\":" + squeezed + "}}");
    Baseline after = Baseline.read(file).with("a", snapshot()).with("c", snapshot());
    after.write(file);
    assertThat(Files.readString(file)).contains("    \"b\": " + squeezed + ",\n    \"c\": {");
    assertThat(Baseline.read(file).names()).containsExactly("a", "b", "c");
    assertThat(Baseline.read(file).find("b")).contains(snapshot());
  }

  @Test
  @DisplayName("writes through a link, and leaves the link")
  void link() throws IOException {
    Path real = write(Baseline.empty().json());
    Path link = Files.createSymbolicLink(folder.resolve("link.json"), real.getFileName());
    Baseline.read(link).with("a", snapshot()).write(link);
    assertThat(link).isSymbolicLink();
    assertThat(Baseline.read(real).names()).containsExactly("a");
  }

  @Test
  @DisplayName("what cannot be written leaves what was there")
  void unwritable() throws IOException {
    Path file = folder.resolve("baseline.json");
    Files.createDirectories(file.resolve("in-the-way"));
    assertThatThrownBy(() -> Baseline.empty().write(file)).isInstanceOf(IOException.class);
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  @DisplayName("a file that is missing, a folder, too long or no text is told")
  void unreadable() throws IOException {
    Path file = folder.resolve("baseline.json");
    assertThatThrownBy(() -> Baseline.read(file))
        .isInstanceOf(BaselineException.class)
        .hasMessage("There is no baseline %s; `./lab budget update` makes one.", file);
    assertThatThrownBy(() -> Baseline.read(folder))
        .isInstanceOf(BaselineException.class)
        .hasMessage("%s is a folder; give the baseline's file.", folder);
    write(" ".repeat(5_000_001));
    assertThatThrownBy(() -> Baseline.read(file))
        .isInstanceOf(BaselineException.class)
        .hasMessage("%s is larger than 5000000 bytes, and so no baseline.", file);
    Files.write(file, new byte[] {'{', (byte) 0xff});
    assertThatThrownBy(() -> Baseline.read(file))
        .isInstanceOf(BaselineException.class)
        .message()
        .contains("no UTF-8 text");
  }

  @ParameterizedTest
  @DisplayName("what is no baseline is told")
  @ValueSource(strings = {"", "null", "[]", "7", "{}", "{\"version\":\"1\"}", "{\"version\":0}"})
  void none(String text) throws IOException {
    Path file = write(text);
    assertThatThrownBy(() -> Baseline.read(file))
        .isInstanceOf(BaselineException.class)
        .hasMessage(
            "%s is no baseline: it has no version; restore it from version control, or remove it"
                + " and `./lab budget update` makes one.",
            file);
  }

  @Test
  @DisplayName("a newer version is told, whatever else is in it")
  void newer() throws IOException {
    Path file = write("{\"shape\":[{}],\"version\":2}");
    assertThatThrownBy(() -> Baseline.read(file))
        .isInstanceOf(BaselineException.class)
        .hasMessage(
            "%s has version 2, and this program knows versions up to 1; use a newer program.",
            file);
  }

  @ParameterizedTest
  @DisplayName("damage by hand or by a merge is told, with its place")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '!',
      textBlock =
          """
          "unpacked": 10029 ~ "unpacked": 99999 ~ images: app: sizes: unpacked should have 99999 bytes, and its layers have another sum
          "transfer": 5050 ~ "transfer": 5051 ~ images: app: sizes: transfer should have 5051 bytes, and its layers have another sum
          "rootfs": 10029 ~ "rootfs": 10030 ~ images: app: sizes: rootfs is more than all layers have
          "/app": 8000 ~ "/app": 8001 ~ images: app: files should have 8000 bytes, and its parts have another sum
          "/usr/lib/libc.so": 2000 ~ "/usr/lib/libc.so": 1 ~ images: app: baseFiles should have 2029 bytes
          "layers": 1, ~ "layers": 2, ~ images: app: baseFiles should have 10029 bytes
          "layers": 1, ~ "layers": 3, ~ images: app: base has more layers than the image
          "name": "debian:trixie" ~ "name": "<img>`" ~ images: app: base: name is no name of an image
          "name": "debian:trixie" ~ "name": 5 ~ images: app: base: name is no text
          "/app": 8000 ~ "/app": -8000 ~ images: app: files: /app is no possible number
          "/app": 8000 ~ "/app": 8e3 ~ images: app: files: /app is no possible number
          "/app": 8000 ~ "/app": 8000.0 ~ images: app: files: /app is no possible number
          "/app": 8000 ~ "/app": "8000" ~ images: app: files: /app is no possible number
          "/app": 8000 ~ "/app": 1000000000000001 ~ images: app: files: /app is no possible number
          "/app": 8000 ~ "/app": 9999999999999999999 ~ damaged: Number value length (19) exceeds the maximum allowed
          "/app": 8000 ~ "/app": 8000, "/app": 8000 ~ damaged: Duplicate field '/app'
          "/app": 8000 ~ "app": 8000 ~ images: app: files has a path that does not begin at the root
          "/app": 8000 ~ "/app": [[[[[[[1]]]]]]] ~ nesting depth
          "platform" ~ "platfrom" ~ images: app: platfrom is no key of a baseline
          "platform": "linux/amd64", ~ !! ~ images: app: platform is missing
          "sizes" ~ "sices" ~ images: app: sices is no key of a baseline
          "diffId": "sha256: ~ "diffId": "md5: ~ images: app: layers 1: diffId is no sha256 digest
          "transfer": 1032, ~ !! ~ images: app has the transfer size of some layers, and not of all
          "transfer": 5050, ~ !! ~ images: app has the transfer size of some layers, and not of all
          "libc6": "2.41" ~ "libc6": 2 ~ images: app: packages: libc6 is no text
          "app": { ~ "a p": { ~ images has an image with an impossible name
          "version": 1 ~ "version": 1, "more": 1 ~ more is no key of a baseline
          "version": 1\\n} ~ "version": 1\\n}} ~ damaged
          "version": 1\\n} ~ "version": 1 ~ damaged
          """)
  void damaged(String good, String bad, String message) throws IOException {
    String json = Baseline.empty().with("app", snapshot()).json();
    String broken =
        json.replaceFirst(
            Pattern.quote(good.replace("\\n", "\n")),
            Matcher.quoteReplacement(bad.replace("\\n", "\n")));
    assertThat(broken).isNotEqualTo(json);
    Path file = write(broken);
    assertThatThrownBy(() -> Baseline.read(file))
        .isInstanceOf(BaselineException.class)
        .message()
        .startsWith(file.toString())
        .contains(message)
        .endsWith(" from version control.")
        .doesNotContain("\n");
  }

  @Test
  @DisplayName("numbers whose sum no long holds do not slip through")
  void overflow() throws IOException {
    StringBuilder parts = new StringBuilder("\"/app\": 8000");
    for (int i = 0; i < 18_447; i++) {
      parts.append(",\"/").append(i).append("\":1000000000000000");
    }
    String json = Baseline.empty().with("app", snapshot()).json();
    Path file = write(json.replace("\"/app\": 8000", parts));
    assertThatThrownBy(() -> Baseline.read(file))
        .isInstanceOf(BaselineException.class)
        .message()
        .contains("images: app: files has numbers too large for any image");
  }

  @Test
  @DisplayName("a message about a hostile file is one printable line")
  void hostileMessage() throws IOException {
    Path file =
        write("{\"version\":1,\"images\":{},\"\\u001b[2J\\n::error::" + "x".repeat(900) + "\":1}");
    assertThatThrownBy(() -> Baseline.read(file))
        .message()
        .doesNotContain("\u001b", "\n")
        .hasSizeLessThan(400);
  }

  @Test
  @DisplayName("an image of 22000 files and 700 MB takes less than 60 kB")
  void bounded() {
    Random random = new Random(5);
    SizedImage image = new SizedImage().layer("FROM");
    StringBuilder packages = new StringBuilder();
    for (int i = 0; i < 22_000; i++) {
      String path =
          "/usr/%d/folder-with-a-long-name-%d/%d/file-%d".formatted(i % 7, i % 400, i % 3000, i);
      image.file(path, (long) Math.exp(random.nextDouble() * 13));
    }
    for (int i = 0; i < 400; i++) {
      packages.append(
          "Package: package-of-some-name-%d\nVersion: 1:2.3.%d+deb13u1\n\n".formatted(i, i));
    }
    image.text("/var/lib/dpkg/status", packages.toString());
    for (int i = 0; i < 20; i++) {
      image.layer("RUN " + "do something long && ".repeat(30)).file("/more/" + i, 10_000_000);
    }
    Snapshot snapshot = image.snapshot();
    assertThat(snapshot.unpackedBytes()).isGreaterThan(700_000_000);
    assertThat(Baseline.empty().with("app", snapshot).json()).hasSizeLessThan(60_000);
    assertThat(snapshot.packages().orElseThrow()).hasSize(400);
  }

  @Test
  @DisplayName("names that are escaped and packages without number do not make it large")
  void boundedNames() {
    SizedImage image = new SizedImage().layer("FROM");
    StringBuilder packages = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      image.file("/\u65e5\u672c" + "\u8a9e".repeat(150) + "/" + i + "/" + i % 40, 1000);
      packages.append("Package: p%d\nVersion: %s\n\n".formatted(i, "9".repeat(300)));
    }
    Snapshot snapshot = image.text("/var/lib/dpkg/status", packages.toString()).snapshot();
    assertThat(Baseline.empty().with("app", snapshot).json()).hasSizeLessThan(60_000);
    assertThat(snapshot.packages()).isEmpty();
  }

  @Test
  @DisplayName("too many images for one file are refused before anything is written")
  void tooLarge() {
    SizedImage image = new SizedImage();
    for (int i = 0; i < 20_000; i++) {
      image.layer("RUN " + "x".repeat(300)).file("/" + i, 1);
    }
    Path file = folder.resolve("baseline.json");
    Baseline large = Baseline.empty().with("app", image.snapshot());
    assertThatThrownBy(() -> large.write(file))
        .isInstanceOf(BaselineException.class)
        .message()
        .contains("would be larger than 5000000 bytes");
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @DisplayName("an image is known by its repository, on every engine")
  @CsvSource({
    "shop/app:1.2, shop/app",
    "app, app",
    "docker.io/library/app:latest, app",
    "docker.io/shop/app, shop/app",
    "localhost/shop/app:1, shop/app",
    "localhost:5000/app:1, localhost:5000/app",
    "registry.example/app@sha256:abc, registry.example/app",
    "sha256:0123456789abcdef, ",
    "0123456789ab, ",
    "'', ",
    "'a b', "
  })
  void names(String reference, String name) {
    assertThat(Baseline.nameOf(reference).orElse("")).isEqualTo(name == null ? "" : name);
  }

  @Test
  @DisplayName("a snapshot's text is ASCII, so that no character is hidden from a review")
  void ascii() {
    byte[] bytes =
        Baseline.empty()
            .with("a", new SizedImage().layer("RUN \u202e \u001b[2J").file("/\u00e9", 1).snapshot())
            .json()
            .getBytes(StandardCharsets.UTF_8);
    for (byte b : bytes) {
      assertThat(b == '\n' || b >= ' ' && b <= '~').isTrue();
    }
  }
}
