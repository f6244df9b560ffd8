package org.imagediet.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.imagediet.engine.EnvironmentException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A file that a command is to write. */
final class OutputFile {

  private OutputFile() {}

  /** Complains before anything is done when an option's file could not be written. */
  static void requireFolder(CommandSpec spec, String option, Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || parent == null || !Files.isDirectory(parent)) {
      throw new ParameterException(
          spec.commandLine(),
          "%s: %s cannot be written; give a file in a folder that is there"
              .formatted(option, file));
    }
  }

  /** Writes one of the files that a command always writes, below the workbook. */
  static void write(Path folder, String name, String text) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new EnvironmentException(
          "%s cannot be written: %s.".formatted(folder.resolve(name), e.getMessage()), e);
    }
  }
}
