package org.imagediet.cli;

import java.nio.file.Files;
import java.nio.file.Path;
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
}
