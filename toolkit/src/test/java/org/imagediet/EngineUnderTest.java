package org.imagediet;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.imagediet.archive.ReadOptions;
import org.imagediet.bases.Bases;
import org.imagediet.engine.Engine;
import org.imagediet.engine.Engines;
import org.imagediet.engine.Images;
import org.imagediet.engine.Progress;
import org.imagediet.image.ContainerImage;

/** The engine that {@code ./lab verify} has set up, with the base images a test needs. */
public final class EngineUnderTest {

  /** By their ids. */
  private static final Map<String, ContainerImage> IMAGES = new ConcurrentHashMap<>();

  private EngineUnderTest() {}

  /** Connects, and makes sure of some base images. */
  public static Engine withBases(String... names) {
    Engine engine = Engines.connect();
    Bases.standard(engine).ensure(List.of(names), Progress.SILENT);
    return engine;
  }

  /** Returns an image of the engine's, which is read once for all tests. */
  public static ContainerImage image(Engine engine, String name) {
    return IMAGES.computeIfAbsent(
        engine.imageId(name).orElseThrow(), id -> Images.of(engine, name, ReadOptions.defaults()));
  }
}
