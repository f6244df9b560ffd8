package org.imagediet.probe;

/**
 * What the service answered.
 *
 * @param body its first 64 KiB
 */
public record Answer(int status, String body) {}
