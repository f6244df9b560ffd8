package org.imagediet.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

final class TempFileTest {

  void leavesNothingBehind() throws IOException {
    Path folder = Files.createTempDirectory("diet-test-");
    try {
      Answer answer = TempFile.tryOneIn(folder);
      Check.equal(answer.status(), 200);
      Check.contains(answer.body(), folder.toString());
      try (Stream<Path> left = Files.list(folder)) {
        Check.equal(left.count(), 0L);
      }
    } finally {
      Files.delete(folder);
    }
  }

  void failsWithoutAFolder() {
    Answer answer = TempFile.tryOneIn(Path.of("/no/such/folder"));
    Check.equal(answer.status(), 500);
    Check.contains(answer.body(), "\"error\":");
  }
}
