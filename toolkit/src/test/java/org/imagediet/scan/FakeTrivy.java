package org.imagediet.scan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imagediet.engine.EnvironmentException;

/** A scanner that lists what it is told to, finds nothing, and remembers what it was given. */
final class FakeTrivy implements Trivy {

  final List<List<String>> asked = new ArrayList<>();
  String bill = BillOfMaterialsTest.NOTHING;
  String report = "{\"SchemaVersion\": 2, \"Results\": []}";
  String comparedBill = "";
  Optional<Instant> source = Optional.empty();
  int fetches;
  Optional<String> repository = Optional.empty();

  @Override
  public String about() {
    return "a fake";
  }

  @Override
  public String version() {
    return "1";
  }

  @Override
  public byte[] run(List<String> arguments, Map<String, Path> files, Duration deadline) {
    asked.add(arguments);
    for (Path file : files.values()) {
      if (!Files.isRegularFile(file)) {
        throw new EnvironmentException("There is no " + file);
      }
    }
    if (arguments.get(0).equals("image")) {
      return bill.getBytes(StandardCharsets.UTF_8);
    }
    try {
      comparedBill = Files.readString(files.get("bill.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return report.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Optional<String> fetchDatabase(Path folder, Optional<String> from, Duration deadline) {
    fetches++;
    repository = from;
    if (source.isEmpty()) {
      return Optional.of("its source does not answer");
    }
    try {
      TrivyDatabase.write(folder, source.get(), List.of(), List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Optional.empty();
  }

  @Override
  public void close() {}
}
