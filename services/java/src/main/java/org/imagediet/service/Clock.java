package org.imagediet.service;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Tells the time in a zone; the JDK carries the time zone database itself. */
final class Clock {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx");

  private Clock() {}

  static Service.Answer in(String zone) {
    try {
      ZonedDateTime there = Instant.now().atZone(ZoneId.of(zone.isEmpty() ? "UTC" : zone));
      return Service.Answer.json(
          200,
          new Json()
              .put("time", TIME.format(there))
              .put("offset", DateTimeFormatter.ofPattern("xxx").format(there)));
    } catch (DateTimeException e) {
      return Service.Answer.error(500, "unknown time zone " + zone);
    }
  }
}
