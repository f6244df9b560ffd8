package org.imagediet.solutions;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.imagediet.workbook.Dockerfile;
import org.imagediet.workbook.Track;
import org.jspecify.annotations.Nullable;

/**
 * Changes solutions by rule. A rule of {@code mutations.yaml} makes one mutant of every place that
 * it matches, and one of {@code variations.yaml} a solution in another style. Beside that, every
 * single instruction of every Dockerfile is left out in turn.
 */
final class Edits {

  private static final String DOCKERFILE = "Dockerfile";
  private static final Pattern STAGE = Pattern.compile("(?im)^FROM ");

  private Edits() {}

  /** Returns every mutant of every solution. */
  static List<EditedSolution> mutants() {
    Mutations mutations = read("mutations.yaml", Mutations.class);
    List<EditedSolution> mutants = new ArrayList<>();
    for (Rule rule : mutations.mutations()) {
      if (rule.caughtBy() == null || rule.caughtBy().isEmpty()) {
        throw new IllegalStateException(rule.name() + " does not say which check catches it");
      }
      rule.targets().forEach(target -> mutants.addAll(rule.applied(target)));
    }
    for (Content.Lab lab : Content.Lab.values()) {
      for (Track track : lab.rubric().tracks()) {
        mutants.addAll(withoutOneInstruction(new Target(lab, track), mutations.leftOut()));
      }
    }
    return distinct(mutants);
  }

  /** Returns every solution in another style. */
  static List<EditedSolution> variations() {
    List<EditedSolution> variations = new ArrayList<>();
    for (Rule rule : read("variations.yaml", Variations.class).variations()) {
      if (rule.caughtBy() != null) {
        throw new IllegalStateException(rule.name() + " is harmless, so that nothing catches it");
      }
      rule.targets().forEach(target -> variations.addAll(rule.applied(target)));
    }
    return distinct(variations);
  }

  private static List<EditedSolution> distinct(List<EditedSolution> edited) {
    Set<String> titles = new LinkedHashSet<>();
    for (EditedSolution one : edited) {
      if (!titles.add(one.title())) {
        throw new IllegalStateException("two rules are named " + one.title());
      }
    }
    return edited;
  }

  private record Mutations(List<Rule> mutations, List<LeftOut> leftOut) {}

  private record Variations(List<Rule> variations) {}

  /** A lab in one track, written like {@code 02 go}. */
  private record Target(Content.Lab lab, Track track) {

    static Target parse(String text) {
      String[] words = text.split(" ");
      return new Target(
          Stream.of(Content.Lab.values())
              .filter(lab -> lab.number().equals(words[0]))
              .findFirst()
              .orElseThrow(),
          Track.parse(words[1]).orElseThrow());
    }

    String text(String file) {
      Path path = Content.solution(lab, track).resolve(file);
      try {
        return Files.exists(path) ? Files.readString(path) : "";
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * A rule.
   *
   * @param in the solutions it is meant for, such as {@code 02 go}
   * @param edits one edit makes a solution of each of its matches, several make one together
   * @param sample whether what it makes of its first target's first match is tried every time
   */
  private record Rule(
      String name,
      List<String> in,
      @Nullable List<String> caughtBy,
      boolean sample,
      List<Edit> edits) {

    List<Target> targets() {
      return in.stream().map(Target::parse).toList();
    }

    List<EditedSolution> applied(Target target) {
      List<Map<String, Optional<String>>> results = new ArrayList<>();
      if (edits.size() == 1) {
        Edit edit = edits.get(0);
        for (String text : edit.eachApplied(target.text(edit.file()))) {
          results.add(Map.of(edit.file(), edit.result(text)));
        }
      } else {
        Map<String, Optional<String>> files = new LinkedHashMap<>();
        for (Edit edit : edits) {
          String before =
              files.containsKey(edit.file())
                  ? files.get(edit.file()).orElse("")
                  : target.text(edit.file());
          String after = edit.applied(before);
          if (after.equals(before) && !edit.remove()) {
            throw new IllegalStateException(name + " changes nothing in " + target);
          }
          files.put(edit.file(), edit.result(after));
        }
        results.add(files);
      }
      if (results.isEmpty()) {
        throw new IllegalStateException(name + " matches nothing in " + target);
      }
      List<EditedSolution> edited = new ArrayList<>();
      for (Map<String, Optional<String>> files : results) {
        boolean first = edited.isEmpty();
        edited.add(
            new EditedSolution(
                name + (results.size() == 1 ? "" : ", place " + (edited.size() + 1)),
                target.lab(),
                target.track(),
                files,
                caughtBy == null ? Set.of() : new TreeSet<>(caughtBy),
                sample && first && target.equals(targets().get(0))));
      }
      return edited;
    }
  }

  /**
   * A change of one file.
   *
   * @param file the Dockerfile unless it says otherwise
   * @param everywhere also in the stages before the release
   * @param replace a regular expression, {@code ^} and {@code $} at lines
   * @param with what takes the match's place, {@code $0} being the match
   * @param write the whole content instead
   * @param remove takes the file away instead
   */
  private record Edit(
      @Nullable String file,
      boolean everywhere,
      @Nullable String replace,
      @Nullable String with,
      @Nullable String write,
      boolean remove) {

    Edit {
      file = file == null ? DOCKERFILE : file;
    }

    @Override
    public String file() {
      return String.valueOf(file);
    }

    Optional<String> result(String text) {
      return remove ? Optional.empty() : Optional.of(text);
    }

    /** Replaces every match. */
    String applied(String text) {
      if (replace == null) {
        return write == null ? "" : write;
      }
      Matcher matcher = Pattern.compile(replace, Pattern.MULTILINE).matcher(text);
      StringBuilder changed = new StringBuilder();
      for (boolean found = matcher.find(from(text)); found; found = matcher.find()) {
        matcher.appendReplacement(changed, String.valueOf(with));
      }
      return matcher.appendTail(changed).toString();
    }

    /** Replaces one match at a time, and returns a result for each. */
    List<String> eachApplied(String text) {
      if (replace == null) {
        return List.of(applied(text));
      }
      Pattern pattern = Pattern.compile(replace, Pattern.MULTILINE);
      List<String> results = new ArrayList<>();
      Matcher all = pattern.matcher(text);
      for (boolean found = all.find(from(text)); found; found = all.find()) {
        Matcher one = pattern.matcher(text);
        StringBuilder changed = new StringBuilder();
        if (one.find(all.start())) {
          one.appendReplacement(changed, String.valueOf(with));
        }
        results.add(one.appendTail(changed).toString());
      }
      return results;
    }

    /** Where the release stage begins. */
    private int from(String text) {
      int from = 0;
      if (DOCKERFILE.equals(file) && !everywhere) {
        for (Matcher stage = STAGE.matcher(text); stage.find(); ) {
          from = stage.start();
        }
      }
      return from;
    }
  }

  /**
   * What happens without an instruction.
   *
   * @param instruction a regular expression that a whole instruction matches
   * @param caughtBy nothing when nobody misses it
   */
  private record LeftOut(String instruction, List<String> in, List<String> caughtBy) {

    boolean about(Target target, String text) {
      return in.stream().map(Target::parse).anyMatch(target::equals)
          && Pattern.compile(instruction, Pattern.DOTALL).matcher(text).lookingAt();
    }
  }

  private static List<EditedSolution> withoutOneInstruction(Target target, List<LeftOut> rules) {
    if (!target.text("jib.yaml").isEmpty()) {
      // That is what is graded there, and it has no instructions.
      return List.of();
    }
    List<String> lines = target.text(DOCKERFILE).lines().toList();
    List<EditedSolution> edited = new ArrayList<>();
    for (Dockerfile.Stage stage : Dockerfile.parse(target.text(DOCKERFILE)).stages()) {
      for (Dockerfile.Instruction instruction : stage.instructions()) {
        int first = instruction.line() - 1;
        int last = first;
        while (lines.get(last).endsWith("\\")) {
          last++;
        }
        String removed = String.join("\n", lines.subList(first, last + 1));
        String place =
            "%s of stage %s"
                .formatted(
                    removed.lines().findFirst().orElse("").replaceFirst(" \\\\$", ""),
                    stage.name().orElse(Integer.toString(stage.index())));
        LeftOut rule =
            rules.stream()
                .filter(
                    candidate -> candidate.about(target, place) || candidate.about(target, removed))
                .findFirst()
                .orElseThrow(
                    () ->
                        new IllegalStateException(
                            "no rule says who misses " + place + " in " + target));
        List<String> rest = new ArrayList<>(lines.subList(0, first));
        rest.addAll(lines.subList(last + 1, lines.size()));
        edited.add(
            new EditedSolution(
                "without " + place + ", line " + instruction.line(),
                target.lab(),
                target.track(),
                Map.of(DOCKERFILE, Optional.of(String.join("\n", rest) + "\n")),
                new TreeSet<>(rule.caughtBy()),
                false));
      }
    }
    return edited;
  }

  private static <T> T read(String name, Class<T> type) {
    try (InputStream yaml = Edits.class.getResourceAsStream(name)) {
      return new ObjectMapper(new YAMLFactory())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .readValue(yaml, type);
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": " + e.getMessage(), e);
    }
  }
}
