package org.imagediet.image;

/** What a known program is for. */
public enum ProgramKind {
  SHELL,
  INTERPRETER,
  PACKAGE_MANAGER,
  COMPILER
}
