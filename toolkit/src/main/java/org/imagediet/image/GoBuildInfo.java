package org.imagediet.image;

import java.util.Map;

/**
 * What the Go toolchain writes into its binaries, see {@code go version -m}.
 *
 * @param settings such as {@code CGO_ENABLED} to {@code 0}
 */
public record GoBuildInfo(
    String goVersion, String path, String module, Map<String, String> settings) {}
