package org.imagediet.grading;

import org.imagediet.archive.Sha256;
import org.imagediet.workbook.Workbook;

/**
 * The secrets that lie in wait for a build. They are the same in every grading of one workbook, so
 * that a builder may remember the steps that saw them, and others in every other workbook.
 *
 * @param token the value of the build secret {@value #TOKEN_ID}
 * @param inContext the value in the context's file {@value #FILE}
 */
public record HandedSecrets(String token, String inContext) {

  /** The id of the secret that the builder is handed. */
  public static final String TOKEN_ID = "build_token";

  /** What a careless {@code COPY . .} ships. */
  public static final String FILE = ".env";

  private static final int DIGITS = 40;

  /** Returns those of a workbook. */
  public static HandedSecrets of(Workbook workbook) {
    String seed = workbook.secret();
    return new HandedSecrets(derived(TOKEN_ID, seed), derived(FILE, seed));
  }

  private static String derived(String use, String seed) {
    return Sha256.hex(use + " " + seed).substring(0, DIGITS);
  }
}
