package org.imagediet.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.imagediet.image.ContainerImage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BudgetReportTest {

  private static SizedImage base() {
    return new SizedImage().layer("ADD rootfs.tar /").files("/usr/lib", 100, 10_000);
  }

  private static SizedImage app(SizedImage below, long bytes) {
    return below.layer("COPY app /app").file("/app", bytes);
  }

  private static SizedImage leaked() {
    return app(
            base()
                .layer("RUN apt-get install golang")
                .files("/usr/lib/go-1.24", 1000, 9_000)
                .text("/var/lib/dpkg/status", "Package: golang\nVersion: 1.24\n"),
            7_200_000)
        .layer("RUN rm -rf /usr/lib/go-1.24")
        .hide("/usr/lib/go-1.24");
  }

  private static BudgetReport report(Snapshot before, SizedImage after, Budget budget) {
    ContainerImage image = after.image();
    Optional<Base> base = Base.find(image, List.of(base().base("debian:trixie")));
    return new BudgetReport(
        List.of(BudgetVerdict.of("shop/app", before, image, base, budget)), List.of("A note."));
  }

  private static Snapshot before() {
    return app(base(), 7_000_000).snapshot(base().base("debian:trixie"));
  }

  @Test
  @DisplayName("a leaked toolchain on a console")
  void console() {
    assertThat(report(before(), leaked(), Budget.standard().ceiling(17_000_000)).console())
        .isEqualTo(
            """
            image     size      baseline      now    growth               limit  ceiling  budget
            --------  --------  --------  -------  --------  ---------  -------  -------  --------------------------
            shop/app  unpacked   8.00 MB  17.2 MB  +9.20 MB  +115.01 %  8.40 MB  17.0 MB  BROKEN: growth and ceiling

            shop/app: the growth is too large: unpacked grew by 9.20 MB (+115.01 %), and 5 % is allowed; that is 8.80 MB too many.
            shop/app: the ceiling is broken: unpacked is 17.2 MB, and may never be more than 17.0 MB, however it came to it; that is 200.0 kB too many.

            What grew in shop/app:
                 +9.00 MB  /usr/lib/go-1.24 (new, 1000 files)
                           layer 2: RUN apt-get install golang
                           guess: a build tool or toolchain
                           9.00 MB of it is deleted by layer 4, and shipped all the same
                +200.0 kB  /app (grown)
                           layer 3: COPY app /app
                    +30 B  elsewhere: smaller things
              1 package by layer 2: RUN apt-get install golang: golang 1.24
              The layers of the base image debian:trixie are as before: all of it is the image's own.

            A note.
            """);
  }

  @Test
  @DisplayName("a leaked toolchain in a job's summary")
  void markdown() {
    assertThat(report(before(), leaked(), Budget.standard()).markdown())
        .isEqualTo(
            """
            ## Image size budget: BROKEN

            | image | size | baseline | now | growth | of the limit | budget |
            |---|---|---:|---:|---:|---|---|
            | `shop/app` | unpacked | 8.00 MB | 17.2 MB | +9.20 MB (+115.01 %) | `[===================+!!!!!!!!!!] 205 %` | **BROKEN: growth** |

            - `shop/app`: the growth is too large: unpacked grew by 9.20 MB (+115.01 %), and 5 % is allowed; that is 8.80 MB too many.

            ### What grew in `shop/app`

            | grew by | what | brought in by | guess |
            |---|---|---|---|
            | +9.00 MB | `/usr/lib/go-1.24` (new, 1000 files) | `layer 2: RUN apt-get install golang` | a build tool or toolchain; 9.00 MB of it is deleted by layer 4, and shipped all the same |
            | +200.0 kB | `/app` (grown) | `layer 3: COPY app /app` |  |
            | +30 B | `elsewhere`: smaller things |  |  |

            - `1 package by layer 2: RUN apt-get install golang: golang 1.24`
            - The layers of the base image debian:trixie are as before: all of it is the image's own.

            A note.
            """);
  }

  @Test
  @DisplayName("a program reads all of it")
  void json() throws IOException {
    String text = report(before(), leaked(), Budget.standard().floor(7).ceiling(50_000_000)).json();
    JsonNode root = new ObjectMapper().readTree(text);
    assertThat(root.path("broken").asBoolean()).isTrue();
    JsonNode image = root.path("images").get(0);
    assertThat(image.path("name").asText()).isEqualTo("shop/app");
    assertThat(image.path("budget").toString())
        .isEqualTo("{\"maxGrowthPercent\":5,\"floorBytes\":7,\"ceilingBytes\":50000000}");
    assertThat(image.path("sizes").toString())
        .isEqualTo(
            "[{\"size\":\"unpacked\",\"beforeBytes\":8000000,\"afterBytes\":17200030,"
                + "\"growthBytes\":9200030,\"limitBytes\":8400000,\"growthBroken\":true,"
                + "\"ceilingBroken\":false}]");
    assertThat(image.path("base").toString())
        .isEqualTo(
            "{\"known\":true,\"before\":\"debian:trixie\",\"after\":\"debian:trixie\","
                + "\"changed\":false,\"baseBytes\":0,\"ownBytes\":9200030}");
    assertThat(image.path("culprits").get(0).toString())
        .isEqualTo(
            "{\"path\":\"/usr/lib/go-1.24\",\"folder\":true,\"rest\":false,\"added\":true,"
                + "\"growthBytes\":9000000,\"files\":1000,\"layer\":1,"
                + "\"instruction\":\"RUN apt-get install golang\",\"furtherLayers\":0,"
                + "\"cause\":\"toolchain\","
                + "\"hidden\":{\"bytes\":9000000,\"byLayer\":3,\"rewritten\":false}}");
    assertThat(image.path("elsewhereBytes").asLong()).isEqualTo(30);
    assertThat(image.path("packages").get(0).path("after").asText()).isEqualTo("1.24");
    assertThat(root.path("notes").get(0).asText()).isEqualTo("A note.");
  }

  @Test
  @DisplayName("an unchanged image is one line, and a shrunk one tells no growth")
  void quiet() {
    String same = report(before(), app(base(), 7_000_000), Budget.standard()).console();
    assertThat(same).contains("0 B  0.00 %").contains("kept").doesNotContain("What grew");
    assertThat(same.lines()).hasSize(5);
    BudgetReport less = report(before(), app(base(), 6_000_000), Budget.standard());
    assertThat(less.console()).contains("-1.00 MB  -12.50 %").doesNotContain("What grew");
    assertThat(less.markdown())
        .startsWith("## Image size budget: kept\n")
        .contains("`[================....] 83 %`")
        .doesNotContain("What grew");
  }

  @Test
  @DisplayName("what is on one side of the limit never looks as if it were on the other")
  void rounding() {
    Snapshot before = app(new SizedImage(), 1_000_000).snapshot();
    String above = report(before, app(new SizedImage(), 1_050_001), Budget.standard()).markdown();
    assertThat(above)
        .contains("+5.01 %")
        .contains("`[===================+!] 101 %`")
        .contains("that is 1 B too many");
    String at = report(before, app(new SizedImage(), 1_050_000), Budget.standard()).markdown();
    assertThat(at).contains("+5.00 %").contains("`[===================+] 100 %`").contains("kept");
    String below = report(before, app(new SizedImage(), 1_049_999), Budget.standard()).markdown();
    assertThat(below).contains("+4.99 %").contains("] 99 %");
  }

  @Test
  @DisplayName("an image that was empty has no percentage")
  void empty() {
    Snapshot before = new SizedImage().layer("FROM scratch").snapshot();
    BudgetReport report = report(before, app(new SizedImage(), 5), Budget.standard());
    assertThat(report.console()).contains("from nothing").contains("BROKEN: growth");
    assertThat(report.markdown()).contains("`[!!!!!!!!!!!!!!!!!!!!]`");
  }

  @Test
  @DisplayName("the floor is named where it was not enough")
  void floor() {
    assertThat(report(before(), leaked(), Budget.standard().floor(100_000)).console())
        .contains("and 5 % or 100.0 kB is allowed");
  }

  @Test
  @DisplayName("a transfer size that grew without the files is explained")
  void transfer() {
    Budget budget = Budget.standard().sizes(Set.of(SizeKind.TRANSFER));
    Snapshot before = app(base(), 7_000_000).transfer().snapshot();
    Snapshot smaller =
        new Snapshot(
            before.platform(),
            before.unpackedBytes(),
            OptionalLong.of(100),
            before.rootfsBytes(),
            before.layers(),
            before.base(),
            before.files(),
            before.baseFiles(),
            before.packages(),
            before.accepted());
    assertThat(report(smaller, app(base(), 7_000_000).transfer(), budget).console())
        .contains("its files did not grow; they compress worse than before.");
    assertThatThrownBy(() -> report(before(), app(base(), 7_000_000).transfer(), budget).console())
        .isInstanceOf(BaselineException.class)
        .hasMessage(
            "The baseline has no transfer size of shop/app; `./lab budget update --size transfer`"
                + " adds it.");
    assertThatThrownBy(() -> report(before, app(base(), 7_000_000), budget))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("says what it knows of the base, and what it does not")
  void bases() {
    Base old = base().base("debian:trixie");
    SizedImage larger = base().file("/usr/lib/more", 3_000_000);
    Base now = larger.base("debian:forky");
    ContainerImage image = app(larger, 7_100_000).image();
    Budget budget = Budget.standard();
    BudgetVerdict changed = BudgetVerdict.of("a", before(), image, Optional.of(now), budget);
    assertThat(new BudgetReport(List.of(changed), List.of()).console())
        .contains("+3.00 MB  debian:forky (the base image, not your own layers)\n")
        .contains("guess: another base image")
        .contains("+100.0 kB  /app (grown)")
        .contains(
            "The base image was debian:trixie and is debian:forky: +3.00 MB is the base image's,"
                + " +100.0 kB is the image's own.");
    Base same = new Base("debian:trixie", now.diffIds());
    assertThat(
            new BudgetReport(
                    List.of(BudgetVerdict.of("a", before(), image, Optional.of(same), budget)),
                    List.of())
                .markdown())
        .contains("The base image debian:trixie has other layers now: +3.00 MB is the base");
    BudgetVerdict left = BudgetVerdict.of("a", before(), image, Optional.empty(), budget);
    assertThat(new BudgetReport(List.of(left), List.of()).console())
        .contains("The lowest layers are no longer those of debian:trixie: another base image.");
    Snapshot unknown = app(base(), 7_000_000).snapshot();
    BudgetVerdict never = BudgetVerdict.of("a", unknown, image, Optional.of(old), budget);
    assertThat(new BudgetReport(List.of(never), List.of()).console())
        .contains("The baseline does not know the base image")
        .contains("perhaps another base image");
  }

  @Test
  @DisplayName("names from an image are printed and cannot become markup, commands or lines")
  void hostile() throws IOException {
    String evil = "/x`|\\|<img src=x>\n::error::\u001b[2J[a](b)\u202e";
    SizedImage after =
        app(
            base()
                .layer("RUN `|\\| <script>\n::error::\u001b[2J")
                .file(evil, 9_000_000)
                .text("/var/lib/dpkg/status", "Package: a`<b>|\\|\u001b\nVersion: `<i>\n"),
            7_000_000);
    BudgetReport report = report(before(), after, Budget.standard());
    for (String text : List.of(report.console(), report.markdown(), report.json())) {
      assertThat(text).doesNotContain("\u001b", "\u202e").doesNotContain("\n::");
    }
    // Outside of code spans, of which each has two backticks, there is nothing of it.
    for (String line : report.markdown().lines().toList()) {
      String[] spans = line.split("`", -1);
      assertThat(spans.length % 2).as(line).isOne();
      for (int i = 0; i < spans.length; i += 2) {
        assertThat(spans[i]).as(line).doesNotContain("<", "[a]", "error");
      }
      if (line.startsWith("| +")) {
        assertThat(line.replaceAll("\\\\.", "").chars().filter(c -> c == '|').count())
            .as(line)
            .isEqualTo(5);
      }
    }
    assertThat(new ObjectMapper().readTree(report.json()).path("images")).hasSize(1);
  }
}
