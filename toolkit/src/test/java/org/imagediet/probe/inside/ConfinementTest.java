package org.imagediet.probe.inside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfinementTest {

  @TempDir private Path root;

  private void file(String path, String content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private Map<String, String> limits(String groups) {
    Map<String, String> limits = new TreeMap<>();
    Confinement.limits(groups, root)
        .forEach((name, value) -> limits.put(name, new String(value, StandardCharsets.UTF_8)));
    return limits;
  }

  @Test
  @DisplayName("finds the one group of version 2")
  void version2() throws IOException {
    file("system.slice/docker-1.scope/memory.max", "64");
    file("system.slice/docker-1.scope/pids.max", "5");
    file("system.slice/memory.max", "max");
    assertThat(limits("0::/system.slice/docker-1.scope\n"))
        .isEqualTo(Map.of("memory.max", "64", "pids.max", "5"));
  }

  @Test
  @DisplayName("finds the groups of version 1, under the names of one or of several controllers")
  void version1() throws IOException {
    file("memory/docker/1/memory.limit_in_bytes", "64");
    file("cpu/docker/1/cpu.cfs_quota_us", "-1");
    file("pids/docker/1/pids.max", "5");
    file("pids/docker/pids.max", "7");
    file("unified/docker/1/cgroup.procs", "1");
    assertThat(
            limits(
                "8:pids:/docker/1\n4:memory:/docker/1\n2:cpu,cpuacct:/docker/1\n"
                    + "1:name=systemd:/docker/1\n0::/docker/1\n"))
        .isEqualTo(
            Map.of("memory.limit_in_bytes", "64", "cpu.cfs_quota_us", "-1", "pids.max", "5"));
  }

  @Test
  @DisplayName("finds a group of which only the end of the path is to be seen")
  void nested() throws IOException {
    file("docker/2/memory.max", "64");
    assertThat(limits("0::/docker/1/docker/2\n")).isEqualTo(Map.of("memory.max", "64"));
  }

  @Test
  @DisplayName("finds nothing where nothing is")
  void nothing() {
    assertThat(limits("0::/\n0::/docker/1\nnonsense\n")).isEmpty();
  }
}
