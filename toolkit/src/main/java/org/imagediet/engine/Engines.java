package org.imagediet.engine;

import java.net.URI;

/** Comes by an engine. */
public final class Engines {

  private Engines() {}

  /**
   * Connects to the engine of this machine, and installs and starts one where there is none.
   *
   * @param consent asked before anything is installed or started
   * @throws EnvironmentException when there is none to be had; within 30 seconds unless something
   *     is being installed
   */
  public static Engine ensure(Progress progress, Consent consent) {
    URI address =
        EngineLocator.ofThisMachine()
            .find()
            .orElseGet(() -> new EngineInstaller(new LocalMachine(), progress, consent).install());
    return opened(address);
  }

  /**
   * Connects to the engine of this machine, and changes nothing on it.
   *
   * @throws EnvironmentException when none answers
   */
  public static Engine connect() {
    return opened(
        EngineLocator.ofThisMachine()
            .find()
            .orElseThrow(
                () ->
                    new EnvironmentException(
                        "No container engine answers; run `./lab setup`, or start yours.")));
  }

  private static Engine opened(URI address) {
    Engine engine = DockerEngine.connect(address);
    engine.sweep();
    TempFolder.sweep();
    return engine;
  }
}
