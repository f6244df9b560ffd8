package org.imagediet.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import org.imagediet.engine.ResourceLimits;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConfinementTest {

  private static Confinement parse(String... wordsAndTexts) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < wordsAndTexts.length; i += 2) {
      byte[] text = wordsAndTexts[i + 1].getBytes(StandardCharsets.UTF_8);
      lines.add(wordsAndTexts[i] + " " + Base64.getEncoder().encodeToString(text));
    }
    return Confinement.parse(lines);
  }

  @Test
  @DisplayName("reads the limits of a version 2 control group")
  void version2() {
    Confinement set =
        parse("memory.max", "67108864\n", "pids.max", "50\n", "cpu.max", "50000 100000\n");
    assertThat(set.limits())
        .contains(
            new ResourceLimits(
                OptionalLong.of(64 << 20), OptionalLong.of(50), OptionalLong.of(500_000_000)));
    Confinement none = parse("memory.max", "max", "pids.max", "max", "cpu.max", "max 100000");
    assertThat(none.limits())
        .contains(
            new ResourceLimits(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty()));
  }

  @Test
  @DisplayName("reads the limits of a version 1 control group")
  void version1() {
    Confinement set =
        parse(
            "memory.limit_in_bytes",
            "67108864\n",
            "pids.max",
            "50\n",
            "cpu.cfs_quota_us",
            "75000\n",
            "cpu.cfs_period_us",
            "100000\n");
    assertThat(set.limits())
        .contains(
            new ResourceLimits(
                OptionalLong.of(64 << 20), OptionalLong.of(50), OptionalLong.of(750_000_000)));
    Confinement none =
        parse(
            "memory.limit_in_bytes",
            "9223372036854771712",
            "pids.max",
            "max",
            "cpu.cfs_quota_us",
            "-1",
            "cpu.cfs_period_us",
            "100000");
    assertThat(none.limits())
        .contains(
            new ResourceLimits(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty()));
  }

  @Test
  @DisplayName("says nothing of limits when one of the three cannot be read")
  void unreadable() {
    assertThat(parse("memory.max", "67108864", "pids.max", "50").limits()).isEmpty();
  }

  @Test
  @DisplayName("reads what is mounted where, and sees only the topmost of several")
  void mounts() {
    Confinement seen =
        parse(
            "1",
            "Name:\tapp\n",
            "mounts",
            """
            146 72 0:51 / / rw,relatime master:3 - overlay overlay rw,lowerdir=/a,upperdir=/b
            147 146 0:51 / / ro,relatime - overlay overlay rw,lowerdir=/a
            185 146 0:60 / /tmp rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw
            186 146 254:0 /x /a\\040b rw,relatime shared:1 master:2 - ext4 /dev/vda ro,errors=x
            no mount
            """);
    assertThat(seen.processes()).singleElement().extracting(ProcessState::name).isEqualTo("app");
    assertThat(seen.mounts())
        .containsExactly(
            new Mount("/", "overlay", true, true),
            new Mount("/", "overlay", false, true),
            new Mount("/tmp", "tmpfs", true, false),
            new Mount("/a b", "ext4", false, true));
    assertThat(seen.mount("/")).contains(new Mount("/", "overlay", false, true));
    assertThat(seen.mount("/no")).isEmpty();
  }
}
