package org.imagediet.observation;

import java.util.Random;

/**
 * A multiplication that only a shell answers.
 *
 * @param question for a shell, such as {@code x-$((17*23))}
 * @param answer what it prints
 */
public record Sum(String question, String answer) {

  /** Makes one that was never asked before. */
  public static Sum random(Random random) {
    int a = 100 + random.nextInt(900);
    int b = 100 + random.nextInt(900);
    String prefix = "grd" + random.nextInt(1000) + "-";
    return new Sum(prefix + "$((" + a + "*" + b + "))", prefix + a * b);
  }
}
