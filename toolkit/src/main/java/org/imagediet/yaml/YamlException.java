package org.imagediet.yaml;

import org.jspecify.annotations.Nullable;

/** A YAML file that is wrong; the message says where and what, in one sentence. */
public final class YamlException extends RuntimeException {

  YamlException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
