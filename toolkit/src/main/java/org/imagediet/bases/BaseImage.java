package org.imagediet.bases;

/**
 * A base image of the catalogue.
 *
 * @param name with its tag
 * @param about what it is for, in a few words
 */
public record BaseImage(String name, String about, Recipe recipe) {}
