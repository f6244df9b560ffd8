package org.imagediet.service;

import java.util.List;

final class AboutTest {

  void readsProcStatus() {
    var fields = About.procStatus(List.of("Name:\tjava", "Uid:\t65532\t65532\t65532\t65532"));
    UnitTests.same("65532\t65532\t65532\t65532", fields.get("Uid"));
  }

  void findsAUserByNumber() {
    List<String> passwd = List.of("root:x:0:0::/:", "nonroot:x:65532:65532::/:");
    UnitTests.same("nonroot", About.userName(passwd, 65532));
    UnitTests.same(null, About.userName(passwd, 7));
  }
}
