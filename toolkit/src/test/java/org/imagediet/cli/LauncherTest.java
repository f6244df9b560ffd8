package org.imagediet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real {@code lab} script in a folder of its own, with a Java and a Maven that only write down
 * how they were called: nothing is built inside a build.
 */
class LauncherTest {

  private static final List<String> TOOLS =
      List.of(
          "cat",
          "dirname",
          "find",
          "flock",
          "head",
          "mkdir",
          "mv",
          "readlink",
          "rm",
          "sed",
          "sh",
          "sleep",
          "stty",
          "tail",
          "touch");

  private static final String JAVA =
      """
      #!/bin/sh
      if [ "$1" = -version ]; then
          echo "openjdk version \\"${FAKE_JAVA:-17.0.1}\\"" >&2
          exit 0
      fi
      echo "in $(pwd)"
      for argument; do echo "$argument"; done
      exit "${FAKE_EXIT:-0}"
      """;

  private static final String MAVEN =
      """
      #!/bin/sh
      if [ "$1" = --version ]; then
          echo "Apache Maven ${FAKE_MAVEN:-3.8.7}"
          exit 0
      fi
      echo "in $(pwd): $*" >>"$FAKE_LOG"
      if [ -n "${FAKE_FAILURE:-}" ]; then
          echo "[ERROR] $FAKE_FAILURE"
          exit 1
      fi
      sleep 0.5
      mkdir -p toolkit/target/classes/org/imagediet/cli
      : >toolkit/target/classes/org/imagediet/cli/Main.class
      : >toolkit/target/some.jar
      echo "$(pwd)/toolkit/target/some.jar" >toolkit/target/classpath.txt
      """;

  @TempDir private Path folder;
  private Path workbook;
  private Path programs;
  private Path log;
  private final Map<String, String> environment = new LinkedHashMap<>();

  @BeforeEach
  void workbookOfItsOwn() throws IOException {
    workbook = Files.createDirectories(folder.toRealPath().resolve("work book"));
    programs = Files.createDirectories(folder.resolve("bin"));
    log = folder.resolve("maven.log");
    Files.copy(Workbook.find().root().resolve("lab"), workbook.resolve("lab"));
    assertThat(workbook.resolve("lab").toFile().setExecutable(true)).isTrue();
    Files.createDirectories(workbook.resolve("toolkit/src/main/java"));
    Files.writeString(workbook.resolve("toolkit/src/main/java/A.java"), "class A {}");
    Files.writeString(workbook.resolve("toolkit/pom.xml"), "");
    Files.writeString(workbook.resolve("pom.xml"), "");
    for (String tool : TOOLS) {
      for (String place : List.of("/usr/bin/", "/bin/")) {
        if (Files.exists(Path.of(place + tool))) {
          program(tool, "#!/bin/sh\nexec " + place + tool + " \"$@\"\n");
        }
      }
    }
    program("java", JAVA);
    program("javac", "#!/bin/sh\n");
    program("mvn", MAVEN);
    environment.put("PATH", programs.toString());
    environment.put("FAKE_LOG", log.toString());
  }

  private void program(String name, String text) throws IOException {
    Path file = programs.resolve(name);
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private record Ended(int exitCode, String out, String err) {}

  private Process start(Path script, Path errors, String... arguments) throws IOException {
    List<String> argv = new ArrayList<>(List.of(script.toString()));
    argv.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(argv)
            .directory(folder.toFile())
            .redirectInput(new File("/dev/null"))
            .redirectError(errors.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Ended lab(String... arguments) throws IOException, InterruptedException {
    return run(workbook.resolve("lab"), arguments);
  }

  private Ended run(Path script, String... arguments) throws IOException, InterruptedException {
    Path errors = folder.resolve("errors.txt");
    return ended(start(script, errors, arguments), errors);
  }

  private static Ended ended(Process process, Path errors)
      throws IOException, InterruptedException {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), out, Files.readString(errors));
  }

  private List<String> builds() throws IOException {
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  @Test
  @DisplayName("the first run builds, the second only runs, in the caller's folder")
  void buildsOnce() throws Exception {
    Ended first = lab("inspect", "a b.tar");
    assertThat(first.err()).isEqualTo("lab: building the toolkit ...\n");
    assertThat(first.out().lines())
        .startsWith("in " + folder.toRealPath())
        .contains("-Dlab.root=" + workbook, "org.imagediet.cli.Main")
        .contains(workbook + "/toolkit/target/classes:" + workbook + "/toolkit/target/some.jar")
        .endsWith("inspect", "a b.tar");
    assertThat(lab("inspect").err()).isEmpty();
    assertThat(builds()).containsExactly("in " + workbook + ": -q -B --projects toolkit package");
  }

  @Test
  @DisplayName("it finds its folder through links to links")
  void links() throws Exception {
    Path one = Files.createDirectory(folder.resolve("one")).resolve("link");
    Files.createSymbolicLink(one, Path.of("../work book/lab"));
    Path two = Files.createSymbolicLink(folder.resolve("two"), one);
    assertThat(run(two).out()).contains("-Dlab.root=" + workbook + "\n");
  }

  @Test
  @DisplayName("a changed, an added and a removed source, a pom and a lost jar each build again")
  void stale() throws Exception {
    lab();
    Path source = workbook.resolve("toolkit/src/main/java/A.java");
    Path other = workbook.resolve("toolkit/src/main/java/B.java");
    Instant later = Instant.now().plusSeconds(5);
    Files.setLastModifiedTime(source, FileTime.from(later));
    lab();
    assertThat(builds()).hasSize(2);
    // Back, so that the next causes stand alone.
    Files.setLastModifiedTime(source, FileTime.from(later.minusSeconds(100)));
    lab();
    assertThat(builds()).hasSize(2);
    Thread.sleep(20);
    Files.writeString(other, "class B {}");
    lab();
    assertThat(builds()).hasSize(3);
    Thread.sleep(20);
    Files.delete(other);
    lab();
    assertThat(builds()).hasSize(4);
    Thread.sleep(20);
    Files.writeString(workbook.resolve("pom.xml"), "<project/>");
    lab();
    assertThat(builds()).hasSize(5);
    Files.delete(workbook.resolve("toolkit/target/some.jar"));
    lab();
    assertThat(builds()).hasSize(6);
    Files.delete(workbook.resolve("toolkit/target/classpath.txt"));
    lab();
    assertThat(builds()).hasSize(7);
    lab();
    assertThat(builds()).hasSize(7);
  }

  @Test
  @DisplayName("a failed build shows Maven's words, ends with 3, and is tried again")
  void failedBuild() throws Exception {
    environment.put("FAKE_FAILURE", "cannot find symbol");
    Ended failed = lab("diet");
    assertThat(failed.exitCode()).isEqualTo(3);
    assertThat(failed.err())
        .contains("[ERROR] cannot find symbol\nlab: the toolkit does not build;");
    assertThat(failed.out()).isEmpty();
    environment.remove("FAKE_FAILURE");
    assertThat(lab("diet").exitCode()).isZero();
  }

  @Test
  @DisplayName("two at once build once, with flock and without")
  void twoAtOnce() throws Exception {
    bothAtOnce();
    assertThat(builds()).hasSize(1);
    Files.delete(programs.resolve("flock"));
    Files.delete(workbook.resolve("toolkit/target/classpath.txt"));
    bothAtOnce();
    assertThat(builds()).hasSize(2);
    assertThat(workbook.resolve("toolkit/target/lab.lock.d")).doesNotExist();
  }

  private void bothAtOnce() throws IOException, InterruptedException {
    Path script = workbook.resolve("lab");
    Process one = start(script, folder.resolve("one.txt"));
    Process two = start(script, folder.resolve("two.txt"));
    assertThat(ended(one, folder.resolve("one.txt")).exitCode()).isZero();
    assertThat(ended(two, folder.resolve("two.txt")).exitCode()).isZero();
  }

  @Test
  @DisplayName("the lock of a launcher that was killed is not waited for")
  void staleLock() throws Exception {
    Files.delete(programs.resolve("flock"));
    Path lock = Files.createDirectories(workbook.resolve("toolkit/target/lab.lock.d"));
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Files.writeString(lock.resolve("pid"), dead.pid() + "\n");
    assertThat(lab().exitCode()).isZero();
  }

  @Test
  @DisplayName("a missing or too old tool is one sentence and exit code 3")
  void tools() throws Exception {
    environment.put("FAKE_JAVA", "11.0.2");
    says("is version 11; a JDK 17 or newer is needed");
    environment.put("FAKE_JAVA", "1.8.0_392");
    says("is version 8; a JDK 17 or newer is needed");
    environment.remove("FAKE_JAVA");
    environment.put("FAKE_MAVEN", "3.6.3");
    says("is version 3.6; Maven 3.8 or newer is needed");
    environment.put("FAKE_MAVEN", "4.0.0-rc-4");
    assertThat(lab().exitCode()).isZero();
    environment.put("JAVA_HOME", folder.resolve("nothing").toString());
    says("JAVA_HOME is " + folder.resolve("nothing") + ", and there is no bin/java in it");
    environment.remove("JAVA_HOME");
    Files.delete(programs.resolve("mvn"));
    says("no Maven found");
    Files.delete(programs.resolve("java"));
    says("no Java found");
  }

  private void says(String words) throws IOException, InterruptedException {
    Ended ended = lab("diet");
    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(ended.err().lines().toList()).hasSize(1).first().asString().startsWith("lab: ");
    assertThat(ended.err()).contains(words);
    assertThat(ended.out()).isEmpty();
  }

  @Test
  @DisplayName("JAVA_HOME, LAB_JAVA_OPTS and the exit code are passed through")
  void passedThrough() throws Exception {
    Path home = Files.createDirectories(folder.resolve("a jdk/bin"));
    Files.move(programs.resolve("java"), home.resolve("java"));
    Files.move(programs.resolve("javac"), home.resolve("javac"));
    environment.put("JAVA_HOME", home.getParent().toString());
    environment.put("LAB_JAVA_OPTS", "-Xmx256m -Da=*");
    environment.put("FAKE_EXIT", "42");
    Ended ended = lab("x");
    assertThat(ended.exitCode()).isEqualTo(42);
    assertThat(ended.out().lines()).contains("-Xmx256m", "-Da=*");
  }
}
