package org.imagediet.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScannerPackageTest {

  @TempDir Path temp;

  @Test
  @DisplayName("does not run a kept program that was changed")
  void changed() throws IOException {
    ScannerPackage stock = new ScannerPackage(temp);
    assertThat(stock.kept()).isEmpty();
    Files.writeString(stock.file(), "#!/bin/sh\nevil");
    assertThat(stock.kept()).isEmpty();
    assertThat(ScannerPackage.genuine(stock.file())).isFalse();
    assertThat(ScannerPackage.genuine(temp.resolve("absent"))).isFalse();
  }
}
