package org.imagediet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imagediet.archive.PlantedArchive;
import org.imagediet.budget.Base;
import org.imagediet.budget.Baseline;
import org.imagediet.budget.SizeKind;
import org.imagediet.budget.Snapshot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetCommandTest {

  @TempDir Path folder;

  private Path baseline;
  private String out = "";
  private String err = "";

  @BeforeEach
  void setUp() throws IOException {
    baseline = folder.resolve("baseline.json");
    on("base:1").write(folder.resolve("base.tar"));
    app(100_000).write(folder.resolve("app.tar"));
  }

  private static PlantedArchive app(int bytes) {
    return on("shop/app:7").layer().file("app", bytes);
  }

  private static PlantedArchive on(String name) {
    return new PlantedArchive(name).layer().file("usr/lib/libc.so", 100_000);
  }

  private Path archive(String name, int growth) throws IOException {
    return app(100_000 + growth).write(folder.resolve(name));
  }

  private int budget(String command, Object... arguments) {
    StringWriter stdout = new StringWriter();
    StringWriter stderr = new StringWriter();
    String[] words = new String[arguments.length + 4];
    words[0] = "budget";
    words[1] = command;
    words[2] = "--baseline";
    words[3] = baseline.toString();
    for (int i = 0; i < arguments.length; i++) {
      words[i + 4] = arguments[i].toString().replace("~/", folder + "/");
    }
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(stdout))
            .setErr(new PrintWriter(stderr))
            .execute(words);
    out = stdout.toString();
    err = stderr.toString();
    return code;
  }

  private Snapshot entry() {
    return Baseline.read(baseline).find("shop/app").orElseThrow();
  }

  @ParameterizedTest
  @DisplayName("growth up to exactly the limit is 0, and above it 1")
  @CsvSource({"0, 0", "9800, 0", "10000, 0", "10001, 1", "10200, 1", "-50000, 0"})
  void limit(int growth, int code) throws IOException {
    assertThat(budget("update", "~/app.tar")).as(err).isZero();
    archive("new.tar", growth);
    assertThat(budget("check", "~/new.tar")).as(err).isEqualTo(code);
    assertThat(out).contains(code == 0 ? "kept" : "BROKEN: growth");
    assertThat(out.contains("the growth is too large")).isEqualTo(code == 1);
    assertThat(err).isEmpty();
  }

  @Test
  @DisplayName("options and a budget.yaml set the limits, and options win")
  void settings() throws IOException {
    budget("update", "~/app.tar");
    archive("new.tar", 10_001);
    assertThat(budget("check", "~/new.tar", "--max-growth", "5.1%")).isZero();
    assertThat(budget("check", "~/new.tar", "--floor", "20kB")).isZero();
    assertThat(budget("check", "~/app.tar", "--ceiling", "199kB")).isEqualTo(1);
    assertThat(out).contains("the ceiling is broken").doesNotContain("the growth is too large");
    Path yaml = folder.resolve("budget.yaml");
    Files.writeString(yaml, "max-growth: 1%\nimages: {shop/app: {floor: 20kB}}\n");
    assertThat(budget("check", "~/new.tar", "--budget", yaml)).isZero();
    assertThat(budget("check", "~/new.tar", "--budget", yaml, "--floor", "1B")).isEqualTo(1);
    assertThat(out).contains("and 1 % or 1 B is allowed");
    Files.writeString(yaml, "max-groth: 1%\n");
    assertThat(budget("check", "~/new.tar", "--budget", yaml)).isEqualTo(2);
    assertThat(err).contains("max-groth is no setting");
    Files.writeString(yaml, "images: {\"shop/app:7\": {max-growth: 0%}}\n");
    assertThat(budget("check", "~/new.tar", "--budget", yaml)).isEqualTo(2);
    assertThat(err)
        .contains("has settings for shop/app:7, and neither the baseline nor this check has such");
  }

  @Test
  @DisplayName("without a ceiling it says what that means")
  void noCeiling() {
    budget("update", "~/app.tar");
    budget("check", "~/app.tar");
    assertThat(out).contains("shop/app has no ceiling");
    budget("check", "~/app.tar", "--ceiling", "1MB");
    assertThat(out).doesNotContain("has no ceiling");
  }

  @Test
  @DisplayName("a missing baseline or entry is 3, with the command that makes one")
  void missing() throws IOException {
    assertThat(budget("check", "~/app.tar", "--name", "it's")).isEqualTo(3);
    assertThat(err)
        .isEqualTo(
            ("lab: There is no baseline %s; `./lab budget update %s/app.tar --baseline %s"
                    + " --name 'it'\\''s'` makes one.%n")
                .formatted(baseline, folder, baseline));
    budget("update", "~/app.tar", "--name", "other");
    assertThat(budget("check", "~/app.tar")).isEqualTo(3);
    assertThat(err)
        .contains("has no image shop/app (it has: other); `./lab budget update")
        .contains("adds it.");
    assertThat(out).isEmpty();
  }

  @ParameterizedTest
  @DisplayName("a baseline that was damaged or is newer is 3, and an update leaves it alone")
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"version\": 2}",
        "{\"images\": {}, \"version\": 1, \"x\": 1}",
        "\u00ff"
      })
  void damaged(String text) throws IOException {
    Files.writeString(baseline, text);
    for (String command : new String[] {"check", "update"}) {
      assertThat(budget(command, "~/app.tar")).isEqualTo(3);
      assertThat(err).startsWith("lab: " + baseline).hasLineCount(1);
      assertThat(out).isEmpty();
    }
    assertThat(Files.readString(baseline)).isEqualTo(text);
  }

  @Test
  @DisplayName("a baseline whose number was changed by hand is 3")
  void tampered() throws IOException {
    budget("update", "~/app.tar");
    archive("new.tar", 50_000);
    String json = Files.readString(baseline);
    Files.writeString(baseline, json.replace("\"unpacked\": 200000", "\"unpacked\": 250000"));
    assertThat(budget("check", "~/new.tar")).isEqualTo(3);
    assertThat(err).contains("the baseline is damaged");
  }

  @Test
  @DisplayName("an image that is not there, or cannot be read, is 3 and never a pass")
  void absent() throws IOException {
    budget("update", "~/app.tar");
    assertThat(budget("check", "~/none.tar")).isEqualTo(3);
    assertThat(err).contains("There is no file");
    Files.writeString(folder.resolve("bad.tar"), "no tar");
    assertThat(budget("check", "~/bad.tar")).isEqualTo(3);
    assertThat(budget("check", "~/app.tar", "~/none.tar")).isEqualTo(3);
    assertThat(budget("update", "~/none.tar")).isEqualTo(3);
    assertThat(budget("check", "~/app.tar", "--base", "~/none.tar")).isEqualTo(3);
  }

  @Test
  @DisplayName("several images are checked in one go, and one that breaks is enough")
  void several() throws IOException {
    on("web:1").write(folder.resolve("web.tar"));
    budget("update", "~/app.tar");
    assertThat(budget("update", "~/web.tar")).isZero();
    assertThat(budget("check", "~/app.tar", "~/web.tar")).isZero();
    archive("new.tar", 20_000);
    assertThat(budget("check", "~/web.tar", "~/new.tar")).isEqualTo(1);
    assertThat(out).contains("web ").contains("shop/app ");
    assertThat(budget("check", "~/web.tar")).isZero();
    assertThat(out).contains("In the baseline, and not checked: shop/app.");
    assertThat(budget("check", "~/app.tar", "~/new.tar")).isEqualTo(2);
    assertThat(err).contains("two of the images are called shop/app");
  }

  @Test
  @DisplayName("an update needs a reason for growth above the limit, and keeps it")
  void reason() throws IOException {
    budget("update", "~/app.tar");
    String before = Files.readString(baseline);
    archive("new.tar", 20_000);
    assertThat(budget("update", "~/new.tar")).isEqualTo(1);
    assertThat(err).contains("say why with --reason");
    assertThat(out).contains("What grew in shop/app:").contains("/app (grown)");
    assertThat(Files.readString(baseline)).isEqualTo(before);
    assertThat(budget("update", "~/new.tar", "--reason", "more \u001b[2J zones")).isZero();
    assertThat(out).contains("Accepted: more ?[2J zones");
    assertThat(entry().accepted())
        .containsExactly(
            new Snapshot.Accepted(SizeKind.UNPACKED, 200_000, 220_000, "more ?[2J zones"));
    assertThat(budget("check", "~/new.tar")).isZero();
    String after = Files.readString(baseline);
    assertThat(budget("update", "~/new.tar", "--reason", "again")).isZero();
    assertThat(out).contains("the reason is not kept").contains("is as it was");
    assertThat(Files.readString(baseline)).isEqualTo(after);
    assertThat(budget("update", "~/app.tar")).isZero();
    assertThat(entry().unpackedBytes()).isEqualTo(200_000);
  }

  @Test
  @DisplayName("no update moves the ceiling")
  void ceiling() throws IOException {
    budget("update", "~/app.tar");
    archive("new.tar", 20_000);
    String before = Files.readString(baseline);
    assertThat(budget("update", "~/new.tar", "--reason", "please", "--ceiling", "210kB"))
        .isEqualTo(1);
    assertThat(err).contains("above the ceiling of 210.0 kB");
    assertThat(Files.readString(baseline)).isEqualTo(before);
  }

  @Test
  @DisplayName("the transfer size is kept when it is asked for, and from then on")
  void transfer() throws IOException {
    budget("update", "~/app.tar");
    assertThat(entry().transferBytes()).isEmpty();
    assertThat(budget("check", "~/app.tar", "--size", "both")).isEqualTo(3);
    assertThat(err).contains("has no transfer size of shop/app");
    assertThat(budget("update", "~/app.tar", "--size", "both")).isZero();
    assertThat(entry().transferBytes()).isPresent();
    assertThat(budget("update", "~/app.tar")).isZero();
    assertThat(entry().transferBytes()).isPresent();
    assertThat(budget("check", "~/app.tar", "--size", "both")).isZero();
    assertThat(out).containsPattern("transfer +[0-9.]+ kB +[0-9.]+ kB +0 B +0.00 %");
    archive("new.tar", 20_000);
    assertThat(budget("check", "~/new.tar", "--size", "transfer")).isEqualTo(1);
    assertThat(out).contains("transfer grew by").doesNotContain("unpacked");
  }

  @Test
  @DisplayName("a base is known from its archive, and from then on from the baseline")
  void base() throws IOException {
    assertThat(budget("update", "~/app.tar", "--base", "~/base.tar")).isZero();
    assertThat(entry().base().orElseThrow().name()).isEqualTo("base:1");
    archive("new.tar", 20_000);
    assertThat(budget("check", "~/new.tar")).isEqualTo(1);
    assertThat(out).contains("The layers of the base image base:1 are as before");
    new PlantedArchive("base:2")
        .layer()
        .file("usr/lib/libc.so", 130_000)
        .write(folder.resolve("base2.tar"));
    new PlantedArchive("shop/app:8")
        .layer()
        .file("usr/lib/libc.so", 130_000)
        .layer()
        .file("app", 101_000)
        .write(folder.resolve("changed.tar"));
    assertThat(budget("check", "~/changed.tar")).isEqualTo(1);
    assertThat(out).contains("The lowest layers are no longer those of base:1");
    assertThat(budget("check", "~/changed.tar", "--base", "~/base.tar", "--base", "~/base2.tar"))
        .isEqualTo(1);
    assertThat(out).contains("+30.0 kB is the base image's, +1.0 kB is the image's own.");
  }

  @Test
  @DisplayName("an image that was on scratch stays there, unless a known base is below it")
  void scratch() throws IOException {
    budget("update", "~/app.tar", "--base", "scratch");
    archive("new.tar", 10_001);
    assertThat(budget("check", "~/new.tar")).isEqualTo(1);
    assertThat(out)
        .contains("The baseline has it on scratch, and no base known here is below it")
        .doesNotContain("no longer those of");
    assertThat(budget("check", "~/new.tar", "--base", "~/base.tar")).isEqualTo(1);
    assertThat(out).contains("The base image was scratch and is base:1");
    assertThat(budget("update", "~/app.tar")).isZero();
    assertThat(entry().base()).contains(Base.SCRATCH);
  }

  @Test
  @DisplayName("a summary goes to a file, and the console has its own")
  void output() throws IOException {
    budget("update", "~/app.tar");
    archive("new.tar", 20_000);
    Path summary = folder.resolve("summary.md");
    assertThat(budget("check", "~/new.tar", "--format", "md", "--output", summary)).isEqualTo(1);
    assertThat(Files.readString(summary)).startsWith("## Image size budget: BROKEN\n");
    assertThat(out).startsWith("image ").contains("What grew in shop/app:");
    assertThat(budget("check", "~/new.tar", "--format", "json")).isEqualTo(1);
    assertThat(new ObjectMapper().readTree(out).path("broken").asBoolean()).isTrue();
    assertThat(budget("check", "~/new.tar", "--format", "MD")).isEqualTo(1);
    assertThat(out).startsWith("## Image");
  }

  @Test
  @DisplayName("an archive without a name needs one, and one of several needs a choice")
  void names() throws IOException {
    new PlantedArchive("").layer().file("a", 5).write(folder.resolve("unnamed.tar"));
    assertThat(budget("update", "~/unnamed.tar")).isEqualTo(2);
    assertThat(err).contains("has no name to find it by in the baseline; give --name");
    assertThat(budget("update", "~/unnamed.tar", "--name", "a b")).isEqualTo(2);
    assertThat(budget("update", "~/unnamed.tar", "--name", "shop/app")).isZero();
    assertThat(entry().unpackedBytes()).isEqualTo(5);
    assertThat(budget("update", "~/app.tar", "--image", "other:1")).isEqualTo(3);
    assertThat(err).contains("holds no image other:1");
  }

  @Test
  @DisplayName("another platform's baseline is noticed")
  void platform() throws IOException {
    budget("update", "~/app.tar");
    String json = Files.readString(baseline);
    Files.writeString(baseline, json.replace("linux/amd64", "linux/arm64"));
    assertThat(budget("check", "~/app.tar")).isZero();
    assertThat(out)
        .contains("shop/app: the baseline is of linux/arm64, and this image is of linux/amd64.");
  }

  @Test
  @DisplayName("the other images' entries stay byte for byte, and nothing is left behind")
  void others() throws IOException {
    on("web:1").write(folder.resolve("web.tar"));
    budget("update", "~/web.tar");
    String web = Files.readString(baseline);
    String entry = web.substring(web.indexOf("\"web\""), web.indexOf("\n  },"));
    Files.writeString(baseline, web.replace(entry, entry.replaceAll("\n *", "")));
    budget("update", "~/app.tar");
    assertThat(Files.readString(baseline)).contains(entry.replaceAll("\n *", ""));
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("app.tar", "base.tar", "web.tar", "baseline.json");
    }
  }
}
