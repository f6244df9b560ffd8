package org.imagediet.service;

/**
 * VULNERABLE BY DESIGN. Runs the service with the holes of {@link Drill}. It lies in a source
 * folder of its own, which no build of the service compiles; the hardening drill does, and attacks
 * it in a container without a network. Never release it, never publish its port.
 */
public final class DrillMain {

  private DrillMain() {}

  /** Serves as {@link Main} does, and more than it should. */
  public static void main(String[] args) {
    System.out.println("VULNERABLE " + Drill.MARK + ": keep this service away from every network");
    Main.run(args, Drill.routes());
  }
}
