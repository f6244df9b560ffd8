package org.imagediet.bases;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An image with a shell and a package manager: a minimal Debian and some packages, installed.
 *
 * @param names the images it stands in for, each with its tag
 * @param contents what is really in it
 * @param builder whether it gets the host's extra certificate authorities
 * @param folders empty folders that anyone may write to
 */
record SystemRecipe(
    List<String> names,
    String about,
    String contents,
    boolean builder,
    List<String> packages,
    Map<String, String> links,
    List<String> folders,
    Map<String, String> environment,
    String workingDirectory,
    List<String> command)
    implements Recipe {

  SystemRecipe {
    Objects.requireNonNull(names, "names");
    Objects.requireNonNull(about, "about");
    Objects.requireNonNull(contents, "contents");
    packages = packages == null ? List.of() : List.copyOf(packages);
    links = links == null ? Map.of() : links;
    folders = folders == null ? List.of() : List.copyOf(folders);
    environment = environment == null ? Map.of() : environment;
    workingDirectory = workingDirectory == null ? "" : workingDirectory;
    command = command == null ? List.of() : List.copyOf(command);
  }

  /** The files; images with the same ones differ in settings. */
  @Override
  public Object common() {
    return List.of(builder, packages, links, folders);
  }
}
