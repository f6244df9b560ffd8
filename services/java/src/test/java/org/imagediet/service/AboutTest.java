package org.imagediet.service;

final class AboutTest {

  private static final String STATUS =
      """
      Name:\tjava
      Uid:\t65532\t65532\t65532\t65532
      Gid:\t65532\t65532\t65532\t65532
      Groups:\t65532 7\s
      NoNewPrivs:\t1
      CapEff:\t0000000000000000
      broken
      """;

  void readsTheProcess() {
    String about = About.of(STATUS, "root:x:0:0::/:/bin/sh\nnonroot:x:65532:65532::/:/x\n", "");
    Check.contains(about, "\"uid\":65532,\"gid\":65532,\"groups\":[65532,7],\"user\":\"nonroot\"");
    Check.contains(about, "\"capEff\":\"0000000000000000\",\"noNewPrivs\":true");
    Check.contains(about, "\"pid\":" + ProcessHandle.current().pid());
  }

  void anUnknownUserHasNoName() {
    Check.contains(About.of(STATUS, "root:x:0:0::/:/bin/sh\nbroken\n", ""), "\"user\":null");
  }

  void tellsNothingWhereTheSystemTellsNothing() {
    Check.contains(
        About.of("", "", ""),
        "\"uid\":null,\"gid\":null,\"groups\":[],\"user\":null,\"capEff\":null,\"noNewPrivs\":null");
  }

  void tellsTheBuildProofIfThereIsOne() {
    Check.contains(About.of("", "", "c0ffee\n"), "\"buildProof\":\"c0ffee\"");
    Check.contains(About.thisProcess(), "\"buildProof\":null");
  }
}
