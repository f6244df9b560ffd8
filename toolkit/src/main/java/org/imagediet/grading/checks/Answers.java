package org.imagediet.grading.checks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imagediet.grading.Bench;
import org.imagediet.grading.Verdict;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Layer;
import org.imagediet.image.Sizes;
import org.imagediet.report.Bytes;
import org.imagediet.yaml.YamlException;

/**
 * The measurements in {@code answers.yaml}, each measured again here. An answer must hold on
 * another machine too, so sizes have some play and shares count more than bytes.
 */
public final class Answers {

  private static final double PLAY = 0.10;

  /** Deflate makes at most that much of anything (RFC 1951: 258 bytes from two bits). */
  private static final double BEST_RATIO = 1032;

  /** What an archive adds to a file at most, but for very long names. */
  private static final double ENTRY_BYTES = 2048;

  private static final double SHARE_PLAY = 10;
  private static final Pattern SIZE =
      Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(MB|MiB|kB|KiB|GB|GiB)", Pattern.CASE_INSENSITIVE);
  private static final Pattern SHARE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*%");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  private Answers() {}

  /** Judges one answer: nothing when it is right, else what was measured. */
  private interface Question {
    Optional<String> wrong(String answer);
  }

  /** Lab 01: the size, the heaviest layer, the user. */
  public static Verdict naive(Bench bench) {
    return judged(
        bench,
        new Asked("size", size(bench)),
        new Asked("heaviest-layer", heaviestLayer(bench.image())),
        new Asked("runs-as", runsAs(bench)));
  }

  /** Lab 02: the size, the base's share of it, the user. */
  public static Verdict distroless(Bench bench) {
    return judged(
        bench,
        new Asked("size", size(bench)),
        new Asked("base-share", baseShare(bench)),
        new Asked("runs-as", runsAs(bench)));
  }

  private record Asked(String key, Question question) {}

  private static Verdict judged(Bench bench, Asked... asked) {
    JsonNode answers;
    bench.image();
    try {
      answers = bench.submission().answers();
    } catch (IOException | YamlException e) {
      return Verdict.fail(
          e.getMessage(), "The starter's answers.yaml shows how the answers are written.");
    }
    List<String> wrong = new ArrayList<>();
    for (Asked one : asked) {
      JsonNode answer = answers.path(one.key());
      if (!answer.isTextual() || answer.asText().isBlank() || answer.asText().equals("?")) {
        wrong.add(one.key() + " is not answered");
      } else {
        one.question()
            .wrong(answer.asText().strip())
            .ifPresent(reason -> wrong.add(one.key() + ": " + reason));
      }
    }
    return wrong.isEmpty()
        ? Verdict.pass("all " + asked.length + " answers agree with what was measured")
        : Verdict.fail(
            String.join("\n", wrong), "Measure the image that you hand in, with `./lab inspect`.");
  }

  private static Question size(Bench bench) {
    return answer -> {
      Matcher matcher = SIZE.matcher(answer);
      if (!matcher.matches()) {
        return Optional.of("'" + answer + "' is no size; write it like 12.3 MB");
      }
      double bytes = Double.parseDouble(matcher.group(1)) * unit(matcher.group(2));
      Sizes sizes = bench.image().sizes();
      if (near(bytes, sizes.unpackedBytes()) || near(bytes, sizes.rootfsBytes())) {
        return Optional.empty();
      }
      long entries = bench.image().layers().stream().mapToLong(it -> it.entries().size()).sum();
      double most = sizes.unpackedBytes() + ENTRY_BYTES * entries;
      if (bytes > (1 + PLAY) * most || bytes * BEST_RATIO < (1 - PLAY) * sizes.unpackedBytes()) {
        // Not what a registry sends either, and to measure that takes longer than all else.
        return Optional.of(
            "you say %s, and the image has %s unpacked"
                .formatted(answer, Bytes.megabytes(sizes.unpackedBytes())));
      }
      long transfer = bench.transferBytes();
      return near(bytes, transfer)
          ? Optional.empty()
          : Optional.of(
              "you say %s, and the image has %s unpacked and sends %s"
                  .formatted(
                      answer, Bytes.megabytes(sizes.unpackedBytes()), Bytes.megabytes(transfer)));
    };
  }

  private static boolean near(double bytes, long size) {
    return Math.abs(bytes - size) <= PLAY * size;
  }

  private static double unit(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "kb" -> 1e3;
      case "kib" -> 1 << 10;
      case "mb" -> 1e6;
      case "mib" -> 1 << 20;
      case "gb" -> 1e9;
      default -> 1 << 30;
    };
  }

  private static Question heaviestLayer(ContainerImage image) {
    return number(
        answer -> {
          long most = image.layers().stream().mapToLong(Layer::unpackedBytes).max().orElse(0);
          // A layer that weighs as good as the heaviest is as good an answer.
          boolean right =
              answer >= 1
                  && answer <= image.layers().size()
                  && image.layers().get(answer - 1).unpackedBytes() >= (1 - PLAY) * most;
          return right
              ? Optional.empty()
              : Optional.of("you say layer " + answer + ", and another one weighs more");
        });
  }

  private static Question runsAs(Bench bench) {
    return number(
        answer ->
            answer == bench.running().uid()
                ? Optional.empty()
                : Optional.of(
                    "you say %d, and the running service has user id %d"
                        .formatted(answer, bench.running().uid())));
  }

  private static Question number(Function<Integer, Optional<String>> question) {
    return answer ->
        NUMBER.matcher(answer).matches()
            ? question.apply(Integer.parseInt(answer))
            : Optional.of("'" + answer + "' is no number");
  }

  private static Question baseShare(Bench bench) {
    return answer -> {
      Matcher matcher = SHARE.matcher(answer);
      if (!matcher.matches()) {
        return Optional.of("'" + answer + "' is no share; write it like 40 %");
      }
      List<Layer> layers = bench.image().layers();
      double base =
          layers.subList(0, bench.base().layers()).stream().mapToLong(Layer::unpackedBytes).sum();
      double share = 100 * base / Math.max(1, bench.image().sizes().unpackedBytes());
      return Math.abs(Double.parseDouble(matcher.group(1)) - share) <= SHARE_PLAY
          ? Optional.empty()
          : Optional.of(
              String.format(
                  Locale.ROOT, "you say %s, and the base's layers are %.0f %%", answer, share));
    };
  }
}
