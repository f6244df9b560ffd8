package org.imagediet.variants;

import java.util.List;
import org.imagediet.diet.DietResult;

/**
 * Everything that was tried.
 *
 * @param circumstances whose programs these are, on what they were tried, and what failed
 */
public record VariantsResult(DietResult circumstances, List<Program> programs) {

  /** Returns whether everything was built, and works on one variant at least. */
  public boolean good() {
    return circumstances.failed().isEmpty()
        && programs.stream().allMatch(program -> program.smallest().isPresent());
  }
}
