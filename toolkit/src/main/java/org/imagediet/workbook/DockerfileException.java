package org.imagediet.workbook;

/** A Dockerfile that cannot be read; the message says where and what, in one sentence. */
public final class DockerfileException extends RuntimeException {

  public DockerfileException(int line, String problem) {
    super("Dockerfile, line %d: %s.".formatted(line, problem));
  }
}
