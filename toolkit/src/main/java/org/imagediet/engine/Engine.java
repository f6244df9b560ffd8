package org.imagediet.engine;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A container engine that answers. */
public interface Engine extends AutoCloseable {

  /** Returns where it listens, in the form of {@code DOCKER_HOST}. */
  URI address();

  /** Returns the id ({@code sha256:…}) of a local image, or nothing when no image has that name. */
  Optional<String> imageId(String reference);

  /** Returns a label of a local image; empty when the image or the label is absent. */
  Optional<String> label(String reference, String label);

  /** Returns the diff ids of a local image's layers, the lowest first; empty when it is absent. */
  List<String> layers(String reference);

  /** Returns what the engine calls a local image's size: good for progress, and nothing else. */
  long size(String reference);

  /** Returns the folder where it keeps images and containers, when it is one of this machine. */
  Optional<Path> localStorage();

  /**
   * Pulls an image.
   *
   * @return nothing on success, else one line that says why not
   */
  Optional<String> pull(String reference, Duration deadline);

  /**
   * Loads a docker-save archive, read from the stream to its end; its images are there when this
   * returns.
   *
   * @throws EnvironmentException when the engine does not take it whole
   */
  void load(InputStream archive);

  /** Streams a docker-save archive of the named images; names, not ids, so that tags survive. */
  InputStream save(String... references);

  /**
   * Returns a new name for an image that goes, like its containers, with this process at the
   * latest.
   *
   * @param what comes into the name, in lower case
   */
  String temporaryName(String what);

  /** Gives a local image one more name. */
  void tag(String reference, String newReference);

  /**
   * Removes a name or an id; the image goes with its last name. Does nothing when there is none.
   */
  void untag(String reference);

  /** Creates a container, which ends with this process at the latest. */
  Container create(ContainerSpec spec);

  /**
   * Removes the containers and the temporary names of earlier runs of ours that were killed before
   * they could clean up.
   */
  void sweep();

  /** One line for a person, such as {@code Docker 20.10.24 (linux/amd64, overlay2)}. */
  String description();

  /** The engine's architecture as image configurations spell it, such as {@code amd64}. */
  String architecture();

  @Override
  void close();
}
