package org.imagediet.image;

/**
 * Something that a program, or what it loads, asks for before its own code runs.
 *
 * @param by the path of the file that asks
 * @param name the path of an interpreter or a loader, or the name of a library
 * @param machine what it must be made for, of a library; empty for a program, asked for by its path
 */
public record Need(String by, String name, String machine) {

  /** Returns whether it is a library, and not a program that runs the one that asks. */
  public boolean library() {
    return !machine.isEmpty();
  }

  /** Says that it is not there. */
  public String missing() {
    return library()
        ? "%s asks for %s, and no %s library of that name is in the image"
            .formatted(by, name, machine)
        : "%s asks for %s, which is not in the image".formatted(by, name);
  }
}
