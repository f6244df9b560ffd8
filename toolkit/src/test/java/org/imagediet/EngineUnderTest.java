package org.imagediet;

import java.util.List;
import org.imagediet.bases.Bases;
import org.imagediet.engine.Engine;
import org.imagediet.engine.Engines;
import org.imagediet.engine.Progress;

/** The engine that {@code ./lab verify} has set up, with the base images a test needs. */
public final class EngineUnderTest {

  private EngineUnderTest() {}

  /** Connects, and makes sure of some base images. */
  public static Engine withBases(String... names) {
    Engine engine = Engines.connect();
    Bases.standard(engine).ensure(List.of(names), Progress.SILENT);
    return engine;
  }
}
