package org.imagediet.archive;

/**
 * An image archive that cannot be read as one. The message is one sentence for a person. Ends a
 * command with exit code 1.
 */
public class ArchiveException extends RuntimeException {

  public ArchiveException(String message) {
    super(message);
  }

  public ArchiveException(String message, Throwable cause) {
    super(message, cause);
  }
}
