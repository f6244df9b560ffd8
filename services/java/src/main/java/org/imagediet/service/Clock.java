package org.imagediet.service;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneRulesException;
import java.time.zone.ZoneRulesProvider;

/** Tells the time in a zone of the time zone database. */
final class Clock {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx");
  private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xxx");

  private Clock() {}

  static Answer in(String zone) {
    return in(zone, Instant.now());
  }

  /** Answers with the instant in that zone, or in UTC when the zone is empty. */
  static Answer in(String zone, Instant instant) {
    String name = zone.isEmpty() ? "UTC" : zone;
    try {
      // ZoneId.of alone would also take "+02:00", which is no zone in the other tracks.
      ZoneRulesProvider.getRules(name, false);
    } catch (ZoneRulesException e) {
      return Answer.error(500, "unknown time zone " + name);
    }
    ZonedDateTime there = instant.atZone(ZoneId.of(name));
    return Answer.json(
        200, Json.object("time", TIME.format(there), "offset", OFFSET.format(there)));
  }
}
