package org.imagediet.service;

import java.util.Objects;

/** The few assertions that the tests need. */
final class Check {

  private Check() {}

  static void equal(Object actual, Object expected) {
    if (!Objects.equals(actual, expected)) {
      throw new AssertionError("expected " + expected + ", got " + actual);
    }
  }

  static void that(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  static void contains(String actual, String part) {
    that(actual.contains(part), "expected " + part + " in " + actual);
  }
}
