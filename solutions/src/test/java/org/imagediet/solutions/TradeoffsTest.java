package org.imagediet.solutions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.imagediet.archive.TarBytes;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.Engine;
import org.imagediet.engine.Engines;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;
import org.imagediet.image.FileType;
import org.imagediet.observation.Service;
import org.imagediet.probe.Probe;
import org.imagediet.probe.ProcessState;
import org.imagediet.probe.Server;
import org.imagediet.probe.TrustStores;
import org.imagediet.scan.Scanner;
import org.imagediet.scan.Scanners;
import org.imagediet.workbook.Track;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What lab 03's page on trade-offs says is so, a test for each statement, which names it. {@link
 * TradeoffsPageTest} sees to that.
 */
class TradeoffsTest {

  private static final int PORT = 8080;
  private static final Duration MOMENT = Duration.ofSeconds(10);
  private static final String BUNDLE = "/etc/ssl/certs/ca-certificates.crt";
  private static final String KEY_STORE = "/opt/java/lib/security/cacerts";
  private static final String ZONES = "/usr/share/zoneinfo";
  private static final String PYTHON = "gcr.io/distroless/python3-debian13:nonroot";
  private static final String SUM = "echo $((6 * 7))";
  private static final int STARTS = 5;

  private static final Map<String, List<String>> components = new HashMap<>();

  private static Engine engine;
  private static TradeoffImages images;
  private static Probe probe;
  private static Scanner scanner;

  @TempDir private static Path folder;

  @BeforeAll
  static void prepare() {
    engine = Engines.connect();
    images = new TradeoffImages(engine);
    probe = Probe.start(engine, Probe.BASE);
    scanner = Scanners.open(Scanners.Choice.AUTO, Optional.of(engine), Progress.SILENT);
  }

  @AfterAll
  static void close() {
    scanner.close();
    probe.close();
    engine.close();
  }

  private static String bare() {
    return images.made("bare");
  }

  private static String scratch() {
    return images.reference(Track.GO, "scratch");
  }

  private static String distroless() {
    return images.reference(Track.GO, "distroless");
  }

  private static String java() {
    return images.reference(Track.JAVA, "scratch");
  }

  private static Container create(String image, UnaryOperator<ContainerSpec.Builder> options) {
    return probe.create(options.apply(ContainerSpec.image(image)));
  }

  private static Container create(String image) {
    return create(image, options -> options);
  }

  private static Service start(Container container) {
    return Service.start(probe, container, PORT);
  }

  /** Starts a container, asks its service something and removes it. */
  private static <T> T ask(Container container, Function<Service, T> question) {
    try (container) {
      return question.apply(start(container));
    }
  }

  /** Puts a file into a container that is not started yet. */
  private static Container put(Container container, String path, byte[] content) {
    TarBytes tar = new TarBytes();
    tar.folders("", path.substring(0, path.lastIndexOf('/'))).file(path, 0444, content);
    container.copyIn("/", new ByteArrayInputStream(tar.bytes()));
    return container;
  }

  private static byte[] get(Container container, String path) throws IOException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(container.copyOut(path))) {
      TarArchiveEntry entry = tar.getNextEntry();
      assertThat(entry.isFile()).as(path).isTrue();
      return tar.readAllBytes();
    }
  }

  /** Runs a script of a busybox beside a container; returns all that it wrote. */
  private static String beside(
      Container container, UnaryOperator<ContainerSpec.Builder> options, String script) {
    ContainerSpec.Builder spec =
        ContainerSpec.image(TradeoffImages.WITH_SHELL)
            .entrypoint("/busybox/sh", "-c", script)
            .networkOf(container)
            .processesOf(container);
    try (Container sidecar = engine.create(options.apply(spec).build())) {
      assertThat(sidecar.start()).isEmpty();
      assertThat(sidecar.await(MOMENT)).isPresent();
      return sidecar.log();
    }
  }

  // CA certificates

  private static Service.Reply fetch(Service service, String url) {
    probe.forget();
    return service.ask("GET", "/fetch?url=" + URLEncoder.encode(url, StandardCharsets.UTF_8));
  }

  private static Service.Reply fetch(Service service) {
    return fetch(service, probe.url(Server.GOOD));
  }

  private static String kind(Service.Reply failed) {
    return failed.json().path("kind").asText();
  }

  private static X509Certificate authority() {
    return probe.authority().certificate();
  }

  private static byte[] bundle() throws CertificateException {
    return TrustStores.plus(new byte[0], authority());
  }

  @Test
  @DisplayName("without a bundle no server is verified, and with that one file it is")
  void certificates() throws CertificateException {
    assertThat(images.content(bare()).trustStores()).isEmpty();
    assertThat(ask(create(bare()), TradeoffsTest::fetch).error())
        .endsWith("x509: certificate signed by unknown authority");
    assertThat(ask(put(create(bare()), BUNDLE, bundle()), TradeoffsTest::fetch).ok()).isTrue();
  }

  @Test
  @DisplayName("Java reads its own key store, and no bundle that a variable names")
  void certificatesOfJava() throws CertificateException {
    byte[] keyStore =
        images.content(java()).trustStores().stream()
            .filter(store -> store.path().equals(KEY_STORE))
            .findFirst()
            .orElseThrow()
            .content();
    Container named = create(java(), options -> options.environment("SSL_CERT_FILE", BUNDLE));
    assertThat(kind(ask(put(named, BUNDLE, bundle()), TradeoffsTest::fetch))).isEqualTo("tls");
    byte[] more = TrustStores.plus(keyStore, authority());
    assertThat(ask(put(create(java()), KEY_STORE, more), TradeoffsTest::fetch).ok()).isTrue();
  }

  // Time zones

  private static Service.Reply time(Service service, String zone) {
    return service.ask("GET", "/time?tz=" + zone);
  }

  private static String offset(Service service, String zone) {
    return time(service, zone).json().path("offset").asText();
  }

  private static String offset(Container container, String zone) {
    return ask(container, service -> offset(service, zone));
  }

  private static List<FileEntry> zones(ContainerImage image) {
    return image.files().below(ZONES).stream()
        .filter(entry -> entry.type() != FileType.DIRECTORY)
        .toList();
  }

  private static long size(ContainerImage image, String file) {
    return image.files().get(file).orElseThrow().size();
  }

  @Test
  @DisplayName("without zones a Go program knows UTC and no other")
  void zonesMissing() {
    try (Container container = create(bare())) {
      Service service = start(container);
      assertThat(offset(service, "UTC")).isEqualTo("+00:00");
      assertThat(time(service, "Europe/Berlin").error())
          .isEqualTo("unknown time zone Europe/Berlin");
    }
  }

  @Test
  @DisplayName("zones inside the program are smaller than the folder")
  void zonesInside() {
    ContainerImage small = images.content(scratch());
    ContainerImage large = images.content(distroless());
    assertThat(zones(small)).isEmpty();
    assertThat(zones(large)).hasSizeGreaterThan(1000);
    assertThat(size(small, "/app") - size(large, "/app"))
        .isBetween(300_000L, 500_000L)
        .isLessThan(
            zones(large).stream()
                .filter(entry -> entry.type() == FileType.FILE)
                .mapToLong(FileEntry::size)
                .sum());
    assertThat(offset(create(scratch()), "Asia/Kathmandu")).isEqualTo("+05:45");
  }

  @Test
  @DisplayName("a file of zones at the usual place comes before the one inside the program")
  void zonesFromOutside() throws IOException {
    byte[] other;
    try (Container source = create(distroless())) {
      other = get(source, ZONES + "/Asia/Kathmandu");
    }
    Container container = put(create(scratch()), ZONES + "/Europe/Berlin", other);
    assertThat(offset(container, "Europe/Berlin")).isEqualTo("+05:45");
  }

  @Test
  @DisplayName("Java brings its own zones")
  void zonesOfJava() {
    assertThat(zones(images.content(java()))).isEmpty();
    assertThat(offset(create(java()), "Asia/Kathmandu")).isEqualTo("+05:45");
  }

  // Users

  private static ProcessState processAs(String user) {
    try (Container container = create(bare(), options -> options.user(user))) {
      assertThat(container.start()).isEmpty();
      List<ProcessState> processes = probe.processes(container);
      assertThat(processes).hasSize(1);
      return processes.get(0);
    }
  }

  private static JsonNode about(Service service) {
    return service.ask("GET", "/").json();
  }

  @Test
  @DisplayName("a user by name is an error where no file knows the name")
  void userByName() {
    try (Container container = create(bare(), options -> options.user("nonroot"))) {
      assertThat(container.start())
          .hasValueSatisfying(
              reason ->
                  assertThat(reason)
                      .contains("unable to find user nonroot: no matching entries in passwd file"));
    }
  }

  @Test
  @DisplayName("a number alone has root's group, two numbers have not")
  void groupOfRoot() {
    ProcessState number = processAs("65532");
    assertThat(number.uids()).containsOnly(65532);
    assertThat(number.gids()).containsOnly(0);
    assertThat(processAs("65532:65532").gids()).containsOnly(65532);
  }

  @Test
  @DisplayName("a name for the user takes one line of a file, and no file means none")
  void nameOfUser() {
    assertThat(images.content(bare()).files().get("/etc/passwd")).isEmpty();
    Container without = create(bare(), options -> options.user("65532:65532"));
    JsonNode nameless = ask(without, TradeoffsTest::about);
    assertThat(nameless.path("uid").asInt()).isEqualTo(65532);
    assertThat(nameless.path("user").isNull()).isTrue();
    assertThat(images.content(scratch()).files().bytes("/etc/passwd"))
        .hasValueSatisfying(
            bytes -> assertThat(new String(bytes, StandardCharsets.UTF_8)).hasLineCount(1));
    assertThat(ask(create(scratch()), TradeoffsTest::about).path("user").asText())
        .isEqualTo("nonroot");
  }

  // Temporary files

  private static Service.Reply temporaryFile(Service service) {
    return service.ask("POST", "/tmp");
  }

  @Test
  @DisplayName("without a /tmp the first temporary file fails")
  void tempFolder() {
    assertThat(ask(create(bare()), TradeoffsTest::temporaryFile).error())
        .matches("open /tmp/diet-\\d+\\.tmp: no such file or directory");
  }

  @Test
  @DisplayName("read-only, a /tmp of the image is no help, and one in memory needs none")
  void tempInMemory() {
    Container own = create(scratch(), ContainerSpec.Builder::readOnly);
    assertThat(ask(own, TradeoffsTest::temporaryFile).error()).endsWith("read-only file system");
    Container memory =
        create(
            bare(), options -> options.user("65532:65532").readOnly().tmpfs("/tmp", "mode=1777"));
    assertThat(ask(memory, TradeoffsTest::temporaryFile).ok()).isTrue();
  }

  // DNS

  @Test
  @DisplayName("the engine brings the name server's address, the image does not")
  void nameServer() throws IOException {
    assertThat(images.content(bare()).files().get("/etc/resolv.conf")).isEmpty();
    String url = probe.url(Server.GOOD);
    try (Container container = create(bare())) {
      assertThat(kind(fetch(start(container), url))).isEqualTo("tls");
      assertThat(probe.namesAsked()).anyMatch(url::contains);
      assertThat(new String(get(container, "/etc/resolv.conf"), StandardCharsets.UTF_8))
          .contains("nameserver");
    }
  }

  @Test
  @DisplayName("without nsswitch.conf Go reads the hosts file before it asks a name server")
  void hostsFirst() {
    assertThat(images.content(bare()).files().get("/etc/nsswitch.conf")).isEmpty();
    int port = URI.create(probe.url(Server.GOOD)).getPort();
    String url = "https://localhost:" + port + "/";
    assertThat(kind(ask(create(bare()), service -> fetch(service, url)))).isEqualTo("tls");
    assertThat(probe.namesAsked()).isEmpty();
  }

  // PID 1 and signals

  @Test
  @DisplayName("a command as one line of text asks for a shell, and does not start")
  void shellForm() {
    assertThat(images.content(images.made("shell-form")).config().argv())
        .startsWith("/bin/sh", "-c");
    try (Container container = create(images.made("shell-form"))) {
      assertThat(container.start())
          .hasValueSatisfying(
              reason -> assertThat(reason).contains("/bin/sh", "no such file or directory"));
    }
  }

  private static int exitCodeWhenStopped(Container container) {
    try (container) {
      assertThat(container.startAndSays("localhost", MOMENT)).isTrue();
      return container.stop(Duration.ofSeconds(1)).exitCode();
    }
  }

  @Test
  @DisplayName("process 1 without a handler is killed late, and the engine's init mends that")
  void processOne() {
    String image = images.made("no-handler");
    assertThat(exitCodeWhenStopped(create(image))).isEqualTo(128 + 9);
    assertThat(exitCodeWhenStopped(create(image, ContainerSpec.Builder::init))).isEqualTo(128 + 15);
  }

  @Test
  @DisplayName("a service with a handler ends by itself")
  void handler() {
    try (Container container = create(scratch())) {
      assertThat(about(start(container)).path("pid").asInt()).isEqualTo(1);
      assertThat(container.stop(MOMENT).exitCode()).isZero();
    }
  }

  // Start time

  private static long millisToFirstAnswer(String image) {
    return ask(create(image), Service::firstAnswer).toMillis();
  }

  private static long median(List<Long> times) {
    return times.stream().sorted().toList().get(times.size() / 2);
  }

  @Test
  @DisplayName("a hundred times smaller is not even three times as quick")
  void startTime() {
    String naive = images.reference(Track.GO, "naive");
    List<Long> large = new ArrayList<>();
    List<Long> small = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      large.add(millisToFirstAnswer(naive));
      small.add(millisToFirstAnswer(scratch()));
    }
    assertThat(median(large)).isLessThan(3 * median(small));
  }

  /** Starts Python twice in one container, and counts what each start compiles and loads. */
  private static List<String> compiledAndLoaded(String image, String module) {
    String program =
        """
        import subprocess, sys
        for i in range(2):
            told = subprocess.run(
                [sys.executable, "-v", "-c", "import %s"],
                stderr=subprocess.PIPE, text=True, check=True).stderr.splitlines()
            code = [line for line in told if line.startswith("# code object from ")]
            loaded = [line for line in code if line.endswith(".pyc'")]
            print(len(code) - len(loaded), "compiled,", len(loaded), "loaded")
        """
            .formatted(module);
    try (Container container =
        create(image, options -> options.entrypoint("/usr/bin/python3", "-c", program))) {
      assertThat(container.start()).isEmpty();
      assertThat(container.await(Duration.ofSeconds(30))).hasValue(0);
      return container.log().lines().toList();
    }
  }

  @Test
  @DisplayName("distroless Python has no byte code, and compiles its library anew at each start")
  void byteCodeMissing() {
    assertThat(images.content(PYTHON).files().entries())
        .filteredOn(entry -> entry.path().endsWith(".py"))
        .hasSizeGreaterThan(500);
    assertThat(images.content(PYTHON).files().entries())
        .noneMatch(entry -> entry.path().endsWith(".pyc"));
    assertThat(compiledAndLoaded(PYTHON, "http.server"))
        .hasSize(2)
        .allMatch(line -> line.matches("[1-9]\\d+ compiled, 0 loaded"))
        .satisfies(lines -> assertThat(lines.get(0)).isEqualTo(lines.get(1)));
  }

  @Test
  @DisplayName("Python with byte code in the image compiles nothing at a start")
  void byteCodeInImage() {
    String image = images.reference(Track.PYTHON, "distroless");
    assertThat(compiledAndLoaded(image, "service.main"))
        .hasSize(2)
        .allMatch(line -> line.matches("0 compiled, [1-9]\\d+ loaded"));
  }

  // upx

  private static long transfer(String image) {
    return images.content(image).sizes().transferBytes().orElseThrow();
  }

  private static long unpacked(String image) {
    return images.content(image).sizes().unpackedBytes();
  }

  @Test
  @DisplayName("upx takes more than half of what is unpacked, and a tenth at most of the pull")
  void upxSize() {
    String packed = images.made("packed");
    String plain = images.made("unpacked");
    assertThat(2 * unpacked(packed)).isLessThan(unpacked(plain));
    assertThat(10 * transfer(packed)).isGreaterThan(9 * transfer(plain));
  }

  /** Has a service answer once, and then looks at its process from beside it. */
  private static String lookAtProcess(String image, String script) {
    try (Container container = create(image)) {
      start(container);
      return beside(container, options -> options, script).strip();
    }
  }

  /** The memory in use, of its own ({@code RssAnon}) or out of a file ({@code RssFile}). */
  private static int kilobytes(String memory, String kind) {
    return memory
        .lines()
        .filter(line -> line.startsWith(kind + ":"))
        .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")))
        .sum();
  }

  @Test
  @DisplayName("a packed program has all of itself in memory of its own, and a plain one in a file")
  void upxMemory() {
    String look = "grep Rss /proc/1/status";
    String packed = lookAtProcess(images.made("packed"), look);
    String plain = lookAtProcess(images.made("unpacked"), look);
    assertThat(kilobytes(packed, "RssAnon")).isGreaterThan(2 * kilobytes(plain, "RssAnon"));
    assertThat(kilobytes(plain, "RssFile")).isGreaterThan(2 * kilobytes(packed, "RssFile"));
  }

  /** The time that its start took on a processor, in hundredths of a second. */
  private static int processorTime(String image) {
    return Integer.parseInt(lookAtProcess(image, "cut -d ' ' -f 14 /proc/1/stat"));
  }

  @Test
  @DisplayName("the better it is packed, the smaller the pull, and the more work is each start")
  void upxStart() {
    String plain = images.made("unpacked");
    String packed = images.made("packed-better");
    assertThat(10 * transfer(packed)).isLessThan(9 * transfer(plain));
    assertThat(processorTime(packed)).isGreaterThan(3 + processorTime(plain));
  }

  @Test
  @DisplayName("a packed Go program tells nobody what is in it")
  void upxHides() throws IOException {
    assertThat(images.content(images.made("unpacked")).elf("/app").orElseThrow().go()).isPresent();
    assertThat(images.content(images.made("packed")).elf("/app").orElseThrow().go()).isEmpty();
    assertThat(components(images.made("packed"))).isEmpty();
  }

  // Compressed twice

  @Test
  @DisplayName("compressed modules make the smaller disk, stored ones the smaller pull")
  void storedModules() {
    String stored = images.changed(Track.JAVA, "scratch", "zip-9", "zip-0");
    assertThat(unpacked(stored)).isGreaterThan(unpacked(java()));
    assertThat(transfer(stored)).isLessThan(transfer(java()));
  }

  @Test
  @DisplayName("a jar without compression makes the smaller pull")
  void storedJar() {
    assertThat(unpacked(images.made("stored"))).isGreaterThan(unpacked(images.made("deflated")));
    assertThat(transfer(images.made("stored"))).isLessThan(transfer(images.made("deflated")));
  }

  // Debugging without a shell

  @Test
  @DisplayName("there is no shell to execute, but a log and every file")
  void noShell() throws IOException {
    try (Container container = create(scratch())) {
      start(container);
      assertThat(container.execute(List.of("sh"), MOMENT).output())
          .contains("exec: \"sh\": executable file not found in $PATH");
      assertThat(container.log()).contains("go service", "listens on");
      assertThat(new String(get(container, "/etc/passwd"), StandardCharsets.UTF_8))
          .startsWith("nonroot:");
    }
  }

  @Test
  @DisplayName("the debug target runs the very same program beside a shell")
  void debugTarget() throws IOException {
    String debug = images.stage(Track.GO, "distroless", "debug");
    try (Container container = create(debug);
        Container release = create(distroless())) {
      start(container);
      assertThat(container.execute(List.of("/busybox/sh", "-c", SUM), MOMENT).output())
          .isEqualTo("42\n");
      assertThat(get(container, "/app")).isEqualTo(get(release, "/app"));
    }
  }

  @Test
  @DisplayName("a sidecar sees the processes and asks on the loopback")
  void sidecar() {
    try (Container container = engine.create(ContainerSpec.image(scratch()).build())) {
      assertThat(container.start()).isEmpty();
      assertThat(
              beside(
                  container,
                  options -> options,
                  "ps; for i in 1 2 3 4 5; do wget -qO- localhost:8080/healthz && exit; sleep 1;"
                      + " done"))
          .containsPattern("(?m)^ +1 .* /app$")
          .endsWith("ok");
    }
  }

  @Test
  @DisplayName("the files are below /proc/1/root for the same user, or for who may trace")
  void sidecarFiles() {
    String look = "cat /proc/1/root/etc/passwd";
    String refused = "Permission denied";
    try (Container container = engine.create(ContainerSpec.image(scratch()).build())) {
      assertThat(container.start()).isEmpty();
      assertThat(beside(container, options -> options.user("65532:65532").unprivileged(), look))
          .startsWith("nonroot:");
      assertThat(beside(container, options -> options.user("65532:1"), look)).contains(refused);
      assertThat(beside(container, options -> options.user("0"), look)).contains(refused);
      assertThat(beside(container, options -> options.user("0").addCapability("SYS_PTRACE"), look))
          .startsWith("nonroot:");
    }
  }

  /** Copies a busybox into a running container; returns what a shell of it says. */
  private static String withShell(Container container) throws IOException {
    assertThat(container.start()).isEmpty();
    try (Container source = engine.create(ContainerSpec.image(TradeoffImages.WITH_SHELL).build());
        InputStream busybox = source.copyOut("/busybox/busybox")) {
      container.copyIn("/", busybox);
    } catch (EnvironmentException e) {
      // Refused, in words that an engine may say too early to be heard; what it did counts.
    }
    return container.execute(List.of("/busybox", "sh", "-c", SUM), MOMENT).output();
  }

  @Test
  @DisplayName("a shell can be copied into a container, but not into a read-only one")
  void shellCopiedIn() throws IOException {
    try (Container container = engine.create(ContainerSpec.image(scratch()).build());
        Container readOnly = engine.create(ContainerSpec.image(scratch()).readOnly().build())) {
      assertThat(withShell(container)).isEqualTo("42\n");
      assertThat(withShell(readOnly)).contains("/busybox: no such file or directory");
    }
  }

  // What a scanner no longer sees

  /** The package URLs of what a scanner finds in an image. */
  private static List<String> components(String image) throws IOException {
    List<String> known = components.get(image);
    if (known != null) {
      return known;
    }
    Path archive = folder.resolve("image.tar");
    try (InputStream saved = engine.save(image)) {
      Files.copy(saved, archive, StandardCopyOption.REPLACE_EXISTING);
    }
    JsonNode bill = new ObjectMapper().readTree(scanner.scan(archive, image).billOfMaterials());
    List<String> found =
        StreamSupport.stream(bill.path("components").spliterator(), false)
            .map(component -> component.path("purl").asText())
            .filter(url -> !url.isEmpty())
            .toList();
    components.put(image, found);
    return found;
  }

  @Test
  @DisplayName("a scanner lists the packages of distroless, and none of scratch")
  void packages() throws IOException {
    assertThat(components(distroless())).anyMatch(url -> url.startsWith("pkg:deb/debian/tzdata@"));
    assertThat(components(scratch())).noneMatch(url -> url.startsWith("pkg:deb/"));
  }

  @Test
  @DisplayName("a Go program lists its modules and its library, also on scratch")
  void goTells() throws IOException {
    assertThat(images.content(scratch()).elf("/app").orElseThrow().go())
        .hasValueSatisfying(go -> assertThat(go.module()).isEqualTo("imagediet.org/service"));
    assertThat(components(scratch())).anyMatch(url -> url.startsWith("pkg:golang/stdlib@"));
  }

  @Test
  @DisplayName("of a stripped Rust program and of a copied Java runtime nothing is seen")
  void othersTellNothing() throws IOException {
    assertThat(components(images.reference(Track.RUST, "scratch"))).isEmpty();
    assertThat(components(java())).isEmpty();
  }
}
