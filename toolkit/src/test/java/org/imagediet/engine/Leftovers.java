package org.imagediet.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is there of a process of ours, living or dead. */
public final class Leftovers {

  private Leftovers() {}

  /** Connects without the sweep that everybody else begins with. */
  private static DockerEngine engine() {
    return DockerEngine.connect(EngineLocator.ofThisMachine().find().orElseThrow());
  }

  /** Returns a process' containers, temporary images and temporary folders. */
  public static List<String> of(long process) {
    List<String> found = new ArrayList<>(containers(process));
    try (DockerEngine engine = engine()) {
      engine.client().listImagesCmd().exec().stream()
          .flatMap(image -> Stream.ofNullable(image.getRepoTags()).flatMap(Stream::of))
          .filter(
              name ->
                  TemporaryName.owner(name).filter(owner -> owner.process() == process).isPresent())
          .forEach(found::add);
    }
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(
            Path.of(System.getProperty("java.io.tmpdir")), "three-image-diet-" + process + "-*")) {
      folders.forEach(folder -> found.add(folder.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** Returns a process' containers, each by its id and its command. */
  public static List<String> containers(long process) {
    try (DockerEngine engine = engine()) {
      return engine.client().listContainersCmd().withShowAll(true).exec().stream()
          .filter(
              container ->
                  Optional.ofNullable(container.getLabels().get(Owner.LABEL))
                      .flatMap(Owner::parse)
                      .filter(owner -> owner.process() == process)
                      .isPresent())
          .map(container -> container.getId() + " " + container.getCommand())
          .toList();
    }
  }

  /** Returns the command lines on this machine, in containers too, that hold a word. */
  public static List<String> processes(String word) {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().arguments().orElse(new String[0]))
        .map(Arrays::toString)
        .filter(line -> line.contains(word))
        .toList();
  }
}
