package org.imagediet.assertions.error;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.error.BasicErrorMessageFactory;
import org.imagediet.image.ContainerImage;
import org.imagediet.report.Clean;

/**
 * The text of a failed assertion: a headline and three facts. Whatever comes from the image is made
 * fit to print.
 */
public abstract class ImageErrorMessage extends BasicErrorMessageFactory {

  private static final int MOST_SHOWN = 10;
  private static final String INDENT = "            ";

  private final List<String> measured;
  private final String expected;
  private final String why;

  /**
   * Makes a text.
   *
   * @param headline what is wrong, as the end of a sentence that begins with the image
   * @param measured what was found, in one or more lines, of which ten are shown
   */
  protected ImageErrorMessage(
      ContainerImage image, String headline, List<String> measured, String expected, String why) {
    this("The image %s %s".formatted(name(image), headline), shown(measured), expected, why);
  }

  private ImageErrorMessage(String headline, List<String> measured, String expected, String why) {
    super(
        "%n%s%n  measured: "
            + String.join("%n" + INDENT, measured.stream().map(line -> "%s").toList())
            + "%n  expected: %s%n  why:      %s",
        Stream.of(Stream.of(headline), measured.stream(), Stream.of(expected, why))
            .flatMap(lines -> lines)
            .map(line -> unquotedString(Clean.line(line)))
            .toArray());
    this.measured = measured.stream().map(Clean::line).toList();
    this.expected = Clean.line(expected);
    this.why = Clean.line(why);
  }

  private static String name(ContainerImage image) {
    return image.name().isEmpty() ? image.id() : image.name();
  }

  private static List<String> shown(List<String> lines) {
    if (lines.size() <= MOST_SHOWN) {
      return lines;
    }
    List<String> shown = new ArrayList<>(lines.subList(0, MOST_SHOWN));
    shown.add("... and %d more".formatted(lines.size() - MOST_SHOWN));
    return shown;
  }

  /** Returns what was found, at most ten lines and one that counts the others. */
  public List<String> measured() {
    return measured;
  }

  /** Returns what would have been right. */
  public String expected() {
    return expected;
  }

  /** Returns the reason why it matters. */
  public String why() {
    return why;
  }
}
