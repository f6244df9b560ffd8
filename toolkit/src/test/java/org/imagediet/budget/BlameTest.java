package org.imagediet.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.imagediet.image.ContainerImage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlameTest {

  private static final String COPY = "COPY --from=build /app /app";

  private static SizedImage base() {
    return new SizedImage()
        .layer("ADD rootfs.tar /")
        .files("/usr/lib", 200, 10_000)
        .files("/usr/share/zoneinfo", 300, 1_000)
        .file("/usr/bin/env", 48_000);
  }

  private static SizedImage app(SizedImage below) {
    return below.layer(COPY).file("/app", 8_000_000);
  }

  private static Blame blame(Snapshot before, SizedImage after, Base... known) {
    ContainerImage image = after.image();
    Blame blame = Blame.of(before, image, Base.find(image, List.of(known)));
    long named = blame.culprits().stream().mapToLong(Culprit::bytes).sum();
    long growth = image.sizes().unpackedBytes() - before.unpackedBytes();
    assertThat(named + blame.elsewhere() + blame.base().baseBytes()).isEqualTo(growth);
    return blame;
  }

  private static Culprit only(Blame blame) {
    assertThat(blame.culprits()).hasSize(1);
    return blame.culprits().get(0);
  }

  @Test
  @DisplayName("an unchanged image has no culprits")
  void unchanged() {
    Blame blame = blame(app(base()).snapshot(), app(base()));
    assertThat(blame.culprits()).isEmpty();
    assertThat(blame.elsewhere()).isZero();
    assertThat(blame.packages()).isEmpty();
    assertThat(blame.base().lowestLayerChanged()).isFalse();
  }

  @Test
  @DisplayName("a leaked toolchain of thousands of files is one culprit, with who brought it")
  void toolchain() {
    SizedImage after =
        app(
            base()
                .layer("COPY --from=build /usr/lib/go-1.24 /usr/lib/go-1.24")
                .files("/usr/lib/go-1.24/src", 4000, 10_000)
                .files("/usr/lib/go-1.24/pkg", 2000, 20_000)
                .compiler("/usr/lib/go-1.24/bin/go", 12_000_000, "go command"));
    Culprit culprit = only(blame(app(base()).snapshot(), after));
    assertThat(culprit.path()).isEqualTo("/usr/lib/go-1.24");
    assertThat(culprit.bytes()).isEqualTo(92_000_000);
    assertThat(culprit.files()).isEqualTo(6001);
    assertThat(culprit.added()).isTrue();
    assertThat(culprit.folder()).isTrue();
    assertThat(culprit.part()).isFalse();
    assertThat(culprit.layer()).isEqualTo(1);
    assertThat(culprit.instruction()).startsWith("COPY --from=build /usr/lib/go-1.24");
    assertThat(culprit.cause()).contains(Cause.TOOLCHAIN);
    assertThat(culprit.hiddenBytes()).isZero();
  }

  @Test
  @DisplayName("a toolchain in an unknown place is known by its compiler")
  void hiddenToolchain() {
    SizedImage after =
        app(
            base()
                .layer("RUN install.sh")
                .files("/opt/stuff/lib", 500, 20_000)
                .files("/opt/stuff/src", 500, 20_000)
                .compiler("/opt/stuff/bin/thing", 9_000_000, "rustc"));
    Culprit culprit = only(blame(app(base()).snapshot(), after));
    assertThat(culprit.path()).isEqualTo("/opt/stuff");
    assertThat(culprit.cause()).contains(Cause.TOOLCHAIN);
    assertThat(culprit.evidence()).isEqualTo("rustc");
  }

  @Test
  @DisplayName("a whole build stage is told by the known places in it and the rest")
  void wholeStage() {
    SizedImage before = new SizedImage().layer(COPY).file("/app", 8_000_000);
    SizedImage after =
        new SizedImage()
            .layer("COPY --from=build / /")
            .files("/usr/lib/go-1.24", 4000, 50_000)
            .files("/usr/lib/gcc", 1000, 50_000)
            .files("/usr/lib/x86_64-linux-gnu", 1000, 60_000)
            .files("/usr/bin", 300, 60_000)
            .files("/root/.cache/go-build", 1000, 60_000)
            .file("/app", 8_000_000);
    Blame blame = blame(before.snapshot(), after);
    assertThat(blame.culprits())
        .extracting(Culprit::path, Culprit::bytes, Culprit::part)
        .containsExactly(
            tuple("/usr/lib/go-1.24", 200_000_000L, false),
            tuple("/usr", 78_000_000L, true),
            tuple("/root/.cache", 60_000_000L, false),
            tuple("/usr/lib/gcc", 50_000_000L, false));
    assertThat(blame.culprits().get(1).files()).isEqualTo(1300);
    assertThat(blame.culprits().get(2).cause()).contains(Cause.PACKAGE_CACHE);
  }

  @ParameterizedTest
  @DisplayName("what is known by its place is guessed")
  @CsvSource({
    "/var/lib/apt/lists, /var/lib/apt/lists, PACKAGE_CACHE",
    "/root/.cache/go-build, /root/.cache, PACKAGE_CACHE",
    "/root/.m2/repository, /root/.m2, PACKAGE_CACHE",
    "/home/app/.npm/_cacache, /home/app/.npm, PACKAGE_CACHE",
    "/go/pkg/mod/cache, /go/pkg/mod, PACKAGE_CACHE",
    "/usr/local/cargo/registry/src, /usr/local/cargo, TOOLCHAIN",
    "/src/.git/objects/pack, /src/.git, VERSION_CONTROL",
    "/srv/node_modules/left-pad, /srv/node_modules, NODE_MODULES",
    "/usr/lib/debug/.build-id, /usr/lib/debug, DEBUG_SYMBOLS",
    "/src/internal/testdata/big, /src/internal/testdata, TEST_DATA",
    "/usr/share/doc/libc6, /usr/share/doc, DOCUMENTATION",
    "/usr/local/go/src, /usr/local/go, TOOLCHAIN",
    "/root/.rustup/toolchains, /root/.rustup, TOOLCHAIN"
  })
  void places(String folder, String path, Cause cause) {
    SizedImage after = app(base().layer("RUN make").files(folder, 500, 10_000));
    Culprit culprit = only(blame(app(base()).snapshot(), after));
    assertThat(culprit.path()).isEqualTo(path);
    assertThat(culprit.cause()).contains(cause);
    assertThat(culprit.bytes()).isEqualTo(5_000_000);
  }

  @ParameterizedTest
  @DisplayName("single files are guessed by their name")
  @CsvSource({
    "/opt/tool.tar.gz, ARCHIVE",
    "/tmp/x.deb, ARCHIVE",
    "/lib/libx.so.debug, DEBUG_SYMBOLS"
  })
  void files(String path, Cause cause) {
    Culprit culprit =
        only(blame(app(base()).snapshot(), app(base().layer("RUN").file(path, 5_000_000))));
    assertThat(culprit.path()).isEqualTo(path);
    assertThat(culprit.folder()).isFalse();
    assertThat(culprit.cause()).contains(cause);
  }

  @Test
  @DisplayName("a program with debug sections is told when it grew")
  void debugSymbols() {
    SizedImage after = base().layer(COPY).debuggable("/app", 12_000_000);
    Culprit culprit = only(blame(app(base()).snapshot(), after));
    assertThat(culprit.path()).isEqualTo("/app");
    assertThat(culprit.bytes()).isEqualTo(4_000_000);
    assertThat(culprit.added()).isFalse();
    assertThat(culprit.cause()).contains(Cause.DEBUG_SYMBOLS);
    assertThat(culprit.evidence()).isEqualTo("an ELF file with debug sections");
    assertThat(culprit.layer()).isEqualTo(1);
  }

  @Test
  @DisplayName("a known folder that grew is one culprit, by its growth and not its size")
  void grown() {
    SizedImage before = app(base().layer("RUN npm ci").files("/srv/node_modules", 500, 10_000));
    SizedImage after = app(base().layer("RUN npm ci").files("/srv/node_modules", 800, 10_000));
    Culprit culprit = only(blame(before.snapshot(), after));
    assertThat(culprit.path()).isEqualTo("/srv/node_modules");
    assertThat(culprit.bytes()).isEqualTo(3_000_000);
    assertThat(culprit.added()).isFalse();
  }

  @Test
  @DisplayName("growth that is spread over many small files is its folder's")
  void spread() {
    SizedImage before = app(new SizedImage().layer("COPY data /data").files("/data", 400, 10_000));
    SizedImage after = app(new SizedImage().layer("COPY data /data").files("/data", 400, 11_000));
    Culprit culprit = only(blame(before.snapshot(), after));
    assertThat(culprit.path()).isEqualTo("/data");
    assertThat(culprit.bytes()).isEqualTo(400_000);
    assertThat(culprit.added()).isFalse();
  }

  @Test
  @DisplayName("what is new beside what was there is new, and what was there is not named")
  void beside() {
    SizedImage after =
        app(
            base()
                .layer("RUN a")
                .files("/usr/lib/one", 300, 10_000)
                .files("/usr/lib/two", 300, 10_000));
    Blame blame = blame(app(base()).snapshot(), after);
    assertThat(blame.culprits())
        .extracting(Culprit::path)
        .containsExactly("/usr/lib/one", "/usr/lib/two");
    assertThat(blame.culprits()).allMatch(Culprit::added);
  }

  @Test
  @DisplayName("what shrank is set against it, so that the lines add up")
  void shrank() {
    SizedImage before = app(base().layer("COPY docs /docs").files("/docs", 100, 20_000));
    SizedImage after = app(base().layer("COPY data /data").file("/data/model", 5_000_000));
    Blame blame = blame(before.snapshot(), after);
    assertThat(only(blame).path()).isEqualTo("/data/model");
    assertThat(only(blame).bytes()).isEqualTo(5_000_000);
    assertThat(blame.elsewhere()).isEqualTo(-2_000_000);
  }

  @Test
  @DisplayName("bytes that a later layer deletes are named as shipped all the same")
  void deleted() {
    SizedImage after =
        app(base().layer("RUN apt-get install gcc").files("/usr/lib/gcc", 500, 20_000))
            .layer("RUN rm -rf /usr/lib/gcc")
            .hide("/usr/lib/gcc");
    Culprit culprit = only(blame(app(base()).snapshot(), after));
    assertThat(culprit.path()).isEqualTo("/usr/lib/gcc");
    assertThat(culprit.hiddenBytes()).isEqualTo(10_000_000);
    assertThat(culprit.hiddenBy()).isEqualTo(OptionalInt.of(3));
    assertThat(culprit.rewritten()).isFalse();
  }

  @Test
  @DisplayName("a chmod in a layer of its own is told: the same files in two layers")
  void writtenTwice() {
    SizedImage after = app(base()).layer("RUN chmod +x /app").file("/app", 8_000_000);
    Culprit culprit = only(blame(app(base()).snapshot(), after));
    assertThat(culprit.path()).isEqualTo("/app");
    assertThat(culprit.bytes()).isEqualTo(8_000_000);
    SizedImage moved =
        base()
            .layer("COPY data /data")
            .files("/data", 100, 100_000)
            .layer("RUN chown -R app /data")
            .files("/data", 100, 100_000);
    Culprit twice = only(blame(base().snapshot(), moved));
    assertThat(twice.path()).isEqualTo("/data");
    assertThat(twice.bytes()).isEqualTo(20_000_000);
    assertThat(twice.hiddenBytes()).isEqualTo(10_000_000);
    assertThat(twice.rewritten()).isTrue();
    assertThat(twice.hiddenBy()).isEqualTo(OptionalInt.of(2));
    assertThat(twice.cause()).contains(Cause.WRITTEN_TWICE);
    assertThat(twice.furtherLayers()).isEqualTo(1);
  }

  @Test
  @DisplayName("a file whose other name stays is not called hidden")
  void hardLink() {
    SizedImage after =
        app(base().layer("RUN ln").file("/opt/a", 5_000_000).hardLink("/opt/b", "/opt/a"))
            .layer("RUN rm /opt/a")
            .hide("/opt/a");
    assertThat(only(blame(app(base()).snapshot(), after)).hiddenBytes()).isZero();
  }

  @Test
  @DisplayName("a bigger base is told apart from the image's own growth")
  void baseGrew() {
    Base old = base().base("base:1");
    SizedImage larger = base().files("/usr/lib/more", 100, 30_000);
    Base now = larger.base("base:2");
    SizedImage after =
        larger.layer(COPY).file("/app", 9_000_000).layer("COPY x /x").file("/x", 500_000);
    Blame blame = blame(app(base()).snapshot(old), after, old, now);
    assertThat(blame.base().known()).isTrue();
    assertThat(blame.base().changed()).isTrue();
    assertThat(blame.base().baseBytes()).isEqualTo(3_000_000);
    assertThat(blame.base().ownBytes()).isEqualTo(1_500_000);
    assertThat(blame.culprits()).extracting(Culprit::path).containsExactly("/app", "/x");
    assertThat(blame.culprits()).extracting(Culprit::bytes).containsExactly(1_000_000L, 500_000L);
  }

  @Test
  @DisplayName("the image's own growth on a base as before is all its own")
  void baseSame() {
    Base base = base().base("base:1");
    Blame blame =
        blame(app(base()).snapshot(base), base().layer(COPY).file("/app", 9_000_000), base);
    assertThat(blame.base().known()).isTrue();
    assertThat(blame.base().changed()).isFalse();
    assertThat(blame.base().baseBytes()).isZero();
    assertThat(only(blame).bytes()).isEqualTo(1_000_000);
  }

  @Test
  @DisplayName("a base that is no longer there, and one that never was known, are said not to be")
  void baseUnknown() {
    Base old = base().base("base:1");
    SizedImage after = app(base().files("/usr/lib/more", 100, 30_000));
    Blame left = blame(app(base()).snapshot(old), after);
    assertThat(left.base().known()).isFalse();
    assertThat(left.base().left()).isTrue();
    assertThat(left.base().lowestLayerChanged()).isTrue();
    assertThat(left.base().ownBytes()).isEqualTo(3_000_000);
    assertThat(only(left).path()).isEqualTo("/usr/lib/more");
    Blame never = blame(app(base()).snapshot(), after);
    assertThat(never.base().known()).isFalse();
    assertThat(never.base().left()).isFalse();
    assertThat(only(never).path()).isEqualTo("/usr/lib/more");
  }

  @Test
  @DisplayName("scratch is a base, and all growth on it is one's own")
  void scratch() {
    SizedImage before = new SizedImage().layer(COPY).file("/app", 100);
    SizedImage after = new SizedImage().layer(COPY).file("/app", 200);
    Blame blame = blame(before.snapshot(Base.SCRATCH), after, Base.SCRATCH);
    assertThat(blame.base().known()).isTrue();
    assertThat(blame.base().ownBytes()).isEqualTo(100);
  }

  @Test
  @DisplayName("packages that were added or replaced are told with their layer")
  void packages() {
    String libc = "Package: libc6\nStatus: install ok installed\nVersion: 2.41-%d\n\n";
    String go = "Package: golang\nInstalled-Size: 1000\nVersion: 1.24\n\n";
    SizedImage before = app(base().text("/var/lib/dpkg/status", libc.formatted(1)));
    SizedImage after =
        app(base().text("/var/lib/dpkg/status", libc.formatted(1)))
            .layer("RUN apt-get upgrade")
            .text("/var/lib/dpkg/status", libc.formatted(2))
            .layer("RUN apt-get install golang")
            .text("/var/lib/dpkg/status", libc.formatted(2) + go);
    Blame blame = blame(before.snapshot(), after);
    assertThat(blame.packages())
        .containsExactly(
            new PackageChange(
                "golang",
                Optional.empty(),
                "1.24",
                OptionalLong.of(1_024_000),
                3,
                "RUN apt-get install golang"),
            new PackageChange(
                "libc6",
                Optional.of("2.41-1"),
                "2.41-2",
                OptionalLong.empty(),
                2,
                "RUN apt-get upgrade"));
  }

  @ParameterizedTest
  @DisplayName("whatever changed, the culprits and the rest add up to the growth")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void random(long seed) {
    Random random = new Random(seed);
    SizedImage lowest = randomLayer(new SizedImage().layer("FROM"), new Random(seed + 100), 400);
    Base base = lowest.base("base:1");
    Snapshot before = randomLayer(lowest.layer("RUN a"), random, 300).snapshot(base);
    SizedImage second = randomLayer(new SizedImage().layer("FROM"), new Random(seed + 100), 400);
    SizedImage after =
        randomLayer(
            randomLayer(second.layer("RUN a"), new Random(seed), 300).layer("RUN b"), random, 300);
    // The sums are looked at in there.
    Blame known = blame(before, after, base);
    assertThat(known.culprits()).isNotEmpty().allMatch(culprit -> culprit.bytes() > 0);
    assertThat(known.culprits()).allMatch(culprit -> culprit.layer() == 2);
    Blame other = blame(before, randomLayer(new SizedImage().layer("FROM"), random, 900));
    assertThat(other.culprits()).allMatch(culprit -> culprit.bytes() > 0);
  }

  private static SizedImage randomLayer(SizedImage image, Random random, int files) {
    for (int i = 0; i < files; i++) {
      StringBuilder path = new StringBuilder();
      for (int depth = random.nextInt(16); depth >= 0; depth--) {
        path.append('/').append((char) ('a' + random.nextInt(5)));
      }
      image.file(path.append("/f").append(random.nextInt(50)).toString(), random.nextInt(100_000));
    }
    return image;
  }
}
