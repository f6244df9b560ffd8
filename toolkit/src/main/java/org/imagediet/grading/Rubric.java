package org.imagediet.grading;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.imagediet.workbook.Track;
import org.imagediet.yaml.StrictYaml;
import org.imagediet.yaml.YamlException;
import org.jspecify.annotations.Nullable;

/**
 * What a lab asks for and what each part of it is worth. Scores come from here, never from what
 * happened to run.
 *
 * @param lab such as {@code 02}
 * @param tracks in which it can be done
 * @param checks in the order in which they are run and shown
 */
public record Rubric(String lab, String title, List<Track> tracks, List<Check> checks) {

  private static final String FILE = "rubric.yaml";
  private static final int POINTS = 100;
  private static final int HINTS = 3;

  /**
   * One check.
   *
   * @param title what is checked, for tables
   * @param failed the headline of a failure
   * @param expected what a right answer does
   * @param why the reason it matters
   * @param needs checks whose failure makes this one unreachable
   * @param tracks where it applies
   * @param unless the kind of recipe it does not apply to, {@code jib}
   * @param bands limits in MB by what an image starts
   * @param hints from where to look to what to read
   */
  public record Check(
      String id,
      int points,
      String title,
      String failed,
      String expected,
      String why,
      List<String> needs,
      List<Track> tracks,
      Optional<String> unless,
      Map<String, Integer> bands,
      List<String> hints) {

    /** Returns whether it is asked of a track's submission. */
    boolean applies(Track track, boolean jib) {
      return tracks.contains(track) && !(jib && unless.filter("jib"::equals).isPresent());
    }
  }

  /**
   * Reads {@code rubric.yaml} beside a lab's test.
   *
   * @throws IllegalArgumentException when it is absent, incomplete or contradicts itself
   */
  public static Rubric beside(Class<?> test) {
    try (InputStream yaml = test.getResourceAsStream(FILE)) {
      if (yaml == null) {
        throw new IllegalArgumentException(
            "There is no rubric.yaml beside " + test.getName() + ".");
      }
      return read(yaml);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "The rubric.yaml beside " + test.getName() + " cannot be read.", e);
    }
  }

  /**
   * Reads a rubric.
   *
   * @throws IllegalArgumentException in one sentence, when it is incomplete or contradicts itself
   */
  public static Rubric read(InputStream yaml) throws IOException {
    String text = new String(yaml.readAllBytes(), StandardCharsets.UTF_8);
    try {
      JsonNode document = StrictYaml.read(text, FILE);
      if (!document.isObject()) {
        throw wrong("it has no lab, title and checks");
      }
      return new ObjectMapper().treeToValue(document, Document.class).rubric();
    } catch (YamlException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (UnrecognizedPropertyException e) {
      throw wrong("there is no such key as " + place(e));
    } catch (JsonMappingException e) {
      throw wrong(place(e) + " has a value of the wrong kind");
    }
  }

  /** Names the place in a document, such as {@code checks[2].points}. */
  private static String place(JsonMappingException e) {
    StringBuilder place = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        place.append('[').append(step.getIndex()).append(']');
      } else {
        place.append(place.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return place.toString();
  }

  private static IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(FILE + ": " + what + ".");
  }

  /** Returns a check by its id. */
  public Optional<Check> check(String id) {
    return checks.stream().filter(check -> check.id().equals(id)).findFirst();
  }

  private static Track track(String who, String name) {
    return Track.parse(name)
        .orElseThrow(() -> wrong(who + " names the track " + name + ", which is none"));
  }

  private record Document(
      @Nullable String lab,
      @Nullable String title,
      @Nullable List<String> tracks,
      @Nullable List<@Nullable Node> checks) {

    Rubric rubric() {
      if (blank(lab) || blank(title) || checks == null || checks.isEmpty()) {
        throw wrong("it needs a lab, a title and checks");
      }
      List<Track> offered =
          tracks == null
              ? List.of(Track.values())
              : tracks.stream().map(name -> track("the lab", name)).toList();
      if (offered.isEmpty()) {
        throw wrong("it needs a track");
      }
      Map<String, Check> read = new LinkedHashMap<>();
      for (Node node : checks) {
        if (node == null || blank(node.id())) {
          throw wrong("check number " + (read.size() + 1) + " has no id");
        }
        if (read.put(node.id(), node.check(read.keySet(), offered)) != null) {
          throw wrong(node.id() + " is there twice");
        }
      }
      int points = read.values().stream().mapToInt(Check::points).sum();
      if (points != POINTS) {
        throw wrong("the points add up to " + points + " instead of " + POINTS);
      }
      return new Rubric(lab, title, offered, List.copyOf(read.values()));
    }
  }

  private static boolean blank(@Nullable String text) {
    return text == null || text.isBlank();
  }

  private record Node(
      String id,
      int points,
      @Nullable String title,
      @Nullable String failed,
      @Nullable String expected,
      @Nullable String why,
      @Nullable List<String> needs,
      @Nullable List<String> tracks,
      @Nullable String unless,
      @Nullable Map<String, Integer> bands,
      @Nullable List<String> hints) {

    Check check(Set<String> earlier, List<Track> offered) {
      if (points < 1) {
        throw wrong(id + " needs points");
      }
      if (hints == null || hints.size() != HINTS || hints.stream().anyMatch(Rubric::blank)) {
        throw wrong(id + " needs exactly three hints");
      }
      for (String need : orEmpty(needs)) {
        // From above only, which is the order they run in and leaves no circle.
        if (!earlier.contains(need)) {
          throw wrong(id + " needs " + need + ", and no check of that name is above it");
        }
      }
      if (unless != null && !unless.equals("jib")) {
        throw wrong(id + " is not asked of " + unless + "; only jib can be named there");
      }
      return new Check(
          id,
          points,
          text("title", title),
          text("failed", failed),
          text("expected", expected),
          text("why", why),
          List.copyOf(orEmpty(needs)),
          tracks == null
              ? offered
              : tracks.stream()
                  .map(name -> Rubric.track(id, name))
                  .filter(offered::contains)
                  .toList(),
          Optional.ofNullable(unless),
          bands == null ? Map.of() : Map.copyOf(bands),
          List.copyOf(hints));
    }

    private String text(String key, @Nullable String text) {
      if (text == null || text.isBlank()) {
        throw wrong(id + " lacks the text " + key);
      }
      return text;
    }

    private static List<String> orEmpty(@Nullable List<String> list) {
      return list == null ? List.of() : list;
    }
  }
}
