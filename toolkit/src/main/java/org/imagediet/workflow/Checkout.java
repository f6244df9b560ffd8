package org.imagediet.workflow;

/**
 * What one {@code actions/checkout} leaves behind.
 *
 * @param path below the workspace; empty for the workspace itself
 * @param tree which of the two states of the repository
 * @param history whether the other commits come along, and not only that one
 */
public record Checkout(String path, Tree tree, boolean history) {

  /** A state of the repository. */
  public enum Tree {
    /** The branch that a change goes to. */
    BASE,
    /** The change, merged into that branch. */
    CHANGE
  }
}
