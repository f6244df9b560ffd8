package org.imagediet.grading;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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

  private static final int BYTES = 20;

  /** Returns those of a workbook. */
  public static HandedSecrets of(Workbook workbook) {
    String seed = workbook.secret();
    return new HandedSecrets(derived(TOKEN_ID, seed), derived(FILE, seed));
  }

  private static String derived(String use, String seed) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((use + " " + seed).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
