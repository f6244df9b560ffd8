package org.imagediet.bases;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.Engine;

/** An engine with a few images, which remembers what it was asked to do. */
public final class FakeEngine implements Engine {

  public final Map<String, String> images = new TreeMap<>();
  final Map<String, String> pullable = new TreeMap<>();
  final List<String> asked = new ArrayList<>();
  String pullFailure = "connection refused";
  byte[] saved = {1, 2, 3};
  byte[] loaded = {};

  @Override
  public URI address() {
    return URI.create("unix:///fake");
  }

  @Override
  public Optional<String> imageId(String reference) {
    return Optional.ofNullable(images.get(reference));
  }

  @Override
  public Optional<String> label(String reference, String label) {
    return Optional.empty();
  }

  @Override
  public List<String> layers(String reference) {
    return List.of();
  }

  @Override
  public long size(String reference) {
    return 0;
  }

  @Override
  public Optional<Path> localStorage() {
    return Optional.empty();
  }

  @Override
  public String temporaryName(String what) {
    return what;
  }

  @Override
  public Optional<String> pull(String reference, Duration deadline) {
    asked.add("pull " + reference);
    if (pullable.containsKey(reference)) {
      images.put(reference, pullable.get(reference));
      return Optional.empty();
    }
    return Optional.of(pullFailure);
  }

  @Override
  public void load(InputStream archive) {
    asked.add("load");
    try {
      loaded = archive.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public InputStream save(String... references) {
    asked.add("save " + String.join(" ", references));
    return new ByteArrayInputStream(saved);
  }

  @Override
  public void tag(String reference, String newReference) {
    images.put(newReference, images.get(reference));
  }

  @Override
  public void untag(String reference) {
    images.remove(reference);
  }

  @Override
  public Container create(ContainerSpec spec) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sweep() {}

  @Override
  public String description() {
    return "fake";
  }

  @Override
  public String architecture() {
    return "no-such-architecture";
  }

  @Override
  public void close() {}
}
