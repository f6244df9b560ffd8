package org.imagediet.bases;

/** The four tags of each distroless image. */
enum DistrolessTag {
  LATEST("latest", false, false),
  NONROOT("nonroot", true, false),
  DEBUG("debug", false, true),
  DEBUG_NONROOT("debug-nonroot", true, true);

  private final String id;
  private final boolean nonroot;
  private final boolean debug;

  DistrolessTag(String id, boolean nonroot, boolean debug) {
    this.id = id;
    this.nonroot = nonroot;
    this.debug = debug;
  }

  String id() {
    return id;
  }

  boolean nonroot() {
    return nonroot;
  }

  boolean debug() {
    return debug;
  }
}
