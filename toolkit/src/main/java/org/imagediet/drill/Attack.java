package org.imagediet.drill;

/** What an attacker tries on the drill build of the service, in the order in which it is tried. */
public enum Attack {
  SHELL("shell", "runs a shell command", "the injected command line is run by a shell"),
  ROOT_SHELL("rootShell", "runs it as root", "the shell that runs it has user id 0"),
  READ_FILE("readFile", "reads files out of bounds", "a traversal reads a file outside its folder"),
  READ_ENVIRONMENT(
      "readEnvironment",
      "reads the environment",
      "a traversal reads the variables that the service was started with"),
  READ_SYSTEM(
      "readSystem",
      "learns which system it is",
      "a traversal reads /etc/os-release, which names the system and its version"),
  RUN_DROPPED("runDropped", "drops a script and runs it", "what an upload left behind is run"),
  REPLACE_PROGRAM(
      "replaceProgram",
      "replaces the program",
      "an upload takes the place of the program that the image starts");

  private final String key;
  private final String title;
  private final String proof;

  Attack(String key, String title, String proof) {
    this.key = key;
    this.title = title;
    this.proof = proof;
  }

  /** Returns the name in {@code findings.yaml}. */
  public String key() {
    return key;
  }

  /** Returns the name in a table. */
  public String title() {
    return title;
  }

  /** Returns what was seen when it works. */
  public String proof() {
    return proof;
  }
}
