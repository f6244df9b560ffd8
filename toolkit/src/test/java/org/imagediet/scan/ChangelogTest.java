package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChangelogTest {

  private static final String TEXT =
      """
      openssl (3.0.22-1~deb12u2) bookworm-security; urgency=medium

        * CVE-2026-0001 and CVE-2026-0002 (two in one line).
        * Refresh the patch of CVE-2025-0001.

       -- A Person <person@debian.example>  Mon, 23 Nov 2026 11:00:00 +0000

      openssl (1:3.0.11-1~deb12u1) bookworm-security; urgency=medium

        * Fix CVE-2025-0001, see
          also (CVE-2025-00012).
        * NOT-A-CVE-2025-9999x, CVE-25-1, CVE-2025-123

       -- A Person <person@debian.example>  Mon, 23 Nov 2025 11:00:00 +0000
      """;

  @Test
  @DisplayName("finds in which version each CVE was fixed first")
  void fixes() {
    assertThat(Changelog.fixes(TEXT))
        .isEqualTo(
            Map.of(
                "CVE-2026-0001", "3.0.22-1~deb12u2",
                "CVE-2026-0002", "3.0.22-1~deb12u2",
                "CVE-2025-0001", "1:3.0.11-1~deb12u1",
                "CVE-2025-00012", "1:3.0.11-1~deb12u1"));
  }

  @Test
  @DisplayName("finds nothing in what is no changelog")
  void other() {
    assertThat(Changelog.fixes("")).isEmpty();
    assertThat(Changelog.fixes("CVE-2025-0001\n\u0000\u0001")).isEmpty();
  }
}
