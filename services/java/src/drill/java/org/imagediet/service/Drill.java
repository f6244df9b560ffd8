package org.imagediet.service;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * VULNERABLE BY DESIGN: three routes with a hole each, for the hardening drill and nothing else.
 */
final class Drill {

  static final String MARK = "by design, for the hardening drill";

  static final int MAX_SHOWN = 8 << 10;

  private static final Path FOLDER = Path.of("/srv/files");
  private static final int DEADLINE_SECONDS = 5;

  private Drill() {}

  static Map<String, Service.Route> routes() {
    return Map.of(
        "/drill/ping",
        new Service.Route("GET", query -> ping("sh", Service.parameter(query, "host"))),
        "/drill/file",
        new Service.Route("GET", query -> file(Service.parameter(query, "name"))),
        "/drill/save",
        new Service.Route(
            "POST",
            query -> save(Service.parameter(query, "name"), Service.parameter(query, "text"))));
  }

  /** Pings a host. Flaw: the host is pasted into a shell's command line. */
  static Answer ping(String shell, String host) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(shell, "-c", "ping -c 1 " + host).redirectErrorStream(true).start();
      process.getOutputStream().close();
      Thread killer = new Thread(() -> endInTime(process), "drill-killer");
      killer.setDaemon(true);
      killer.start();
      return shown(process.getInputStream());
    } catch (IOException e) {
      return failed(e);
    }
  }

  private static void endInTime(Process process) {
    try {
      if (process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // What the shell has started may hold its output open.
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Shows a file. Flaw: the name may lead out of the folder. */
  static Answer file(String name) {
    try (InputStream in = Files.newInputStream(FOLDER.resolve(name).normalize())) {
      return shown(in);
    } catch (IOException e) {
      return failed(e);
    }
  }

  /**
   * Makes a text the content of a file. Flaw: the name may lead out of the folder, and what is
   * there already is replaced.
   */
  static Answer save(String name, String text) {
    Path path = FOLDER.resolve(name).normalize();
    try {
      // Beside the file and renamed, as careful programs do: no reader sees half a file.
      Path beside = Files.createTempFile(path.getParent(), ".save-", "");
      try {
        Files.writeString(beside, text);
        Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(beside);
      }
      return answer(200, "output", path.toString());
    } catch (IOException e) {
      return failed(e);
    }
  }

  private static Answer shown(InputStream in) throws IOException {
    return answer(200, "output", new String(in.readNBytes(MAX_SHOWN), StandardCharsets.UTF_8));
  }

  private static Answer failed(IOException e) {
    return answer(500, "error", e.toString());
  }

  private static Answer answer(int status, String name, String text) {
    return Answer.json(status, Json.object("vulnerable", MARK, name, text));
  }
}
