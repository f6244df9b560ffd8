package org.imagediet.service;

import java.time.Instant;
import java.util.List;

final class ClockTest {

  private static final Instant WINTER = Instant.parse("2026-01-02T03:04:05.678Z");

  void knowsOddOffsets() {
    Check.equal(
        Clock.in("Asia/Kathmandu", WINTER).body(),
        "{\"time\":\"2026-01-02T08:49:05+05:45\",\"offset\":\"+05:45\"}\n");
    Check.equal(
        Clock.in("America/St_Johns", WINTER).body(),
        "{\"time\":\"2026-01-01T23:34:05-03:30\",\"offset\":\"-03:30\"}\n");
  }

  void isUtcWithoutAZone() {
    Check.equal(
        Clock.in("", WINTER).body(),
        "{\"time\":\"2026-01-02T03:04:05+00:00\",\"offset\":\"+00:00\"}\n");
  }

  void refusesWhatIsNoZone() {
    for (String zone : List.of("Mars/Olympus", "+02:00", "../../etc/passwd", "\n")) {
      Check.equal(Clock.in(zone, WINTER).status(), 500);
    }
  }
}
