package org.imagediet.workbook;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imagediet.workbook.Dockerfile.Instruction;
import org.imagediet.workbook.Dockerfile.Stage;

/**
 * Reads a Dockerfile as BuildKit does: parser directives, comments, continued lines,
 * here-documents, and the arguments of FROM. See the reference of the Dockerfile format for the
 * rules.
 */
final class DockerfileParser {

  private static final int MOST_LINES = 2000;
  private static final int MOST_STAGES = 50;
  private static final Pattern DIRECTIVE =
      Pattern.compile("#\\s*([A-Za-z][\\w-]*)\\s*=\\s*(.+?)\\s*");
  private static final Pattern HERE_DOCUMENT =
      Pattern.compile("(?:^|\\s)\\d*<<(-?)\\s*(['\"]?)([A-Za-z_][A-Za-z0-9_.]*)\\2");
  private static final Pattern FROM = Pattern.compile("(\\S+)(?:\\s+(?i:AS)\\s+(\\S+))?");

  private final List<String> lines;
  private final Map<String, String> directives = new LinkedHashMap<>();
  private final Map<String, String> globals = new LinkedHashMap<>();
  private final List<Stage> stages = new ArrayList<>();
  private char escape = '\\';
  private int at;

  private DockerfileParser(List<String> lines) {
    this.lines = lines;
  }

  static Dockerfile parse(String text) {
    String withoutMark = text.startsWith("\uFEFF") ? text.substring(1) : text;
    List<String> lines = Arrays.asList(withoutMark.split("\r?\n", -1));
    if (lines.size() > MOST_LINES) {
      throw new DockerfileException(
          MOST_LINES, "it goes on after this, and no Dockerfile needs to");
    }
    return new DockerfileParser(lines).file();
  }

  private Dockerfile file() {
    readDirectives();
    List<Instruction> current = new ArrayList<>();
    while (at < lines.size()) {
      Optional<Instruction> next = next();
      if (next.isEmpty()) {
        continue;
      }
      Instruction instruction = next.get();
      if (instruction.keyword().equals("FROM")) {
        current = new ArrayList<>();
        open(instruction, current);
      } else if (!stages.isEmpty()) {
        current.add(instruction);
      } else if (instruction.keyword().equals("ARG")) {
        declare(instruction);
      } else {
        throw new DockerfileException(
            instruction.line(), "only ARG may stand above the first FROM");
      }
    }
    if (stages.isEmpty()) {
      throw new DockerfileException(1, "there is no FROM, so there is nothing to build");
    }
    return new Dockerfile(Map.copyOf(directives), Map.copyOf(globals), List.copyOf(stages));
  }

  /** The comments at the very top may be directives; the first line that is none ends them. */
  private void readDirectives() {
    while (at < lines.size()) {
      Matcher directive = DIRECTIVE.matcher(lines.get(at).strip());
      if (!directive.matches()) {
        return;
      }
      String key = directive.group(1).toLowerCase(Locale.ROOT);
      directives.put(key, directive.group(2));
      if (key.equals("escape") && directive.group(2).length() == 1) {
        escape = directive.group(2).charAt(0);
      }
      at++;
    }
  }

  private Optional<Instruction> next() {
    int first = at + 1;
    StringBuilder text = new StringBuilder();
    while (at < lines.size()) {
      String line = lines.get(at++);
      String stripped = line.strip();
      boolean comment = stripped.startsWith("#");
      if (text.isEmpty() && (comment || stripped.isEmpty())) {
        return Optional.empty();
      }
      // Inside a continued instruction a builder drops comments and empty lines.
      if (comment || stripped.isEmpty()) {
        continue;
      }
      String end = line.stripTrailing();
      if (end.charAt(end.length() - 1) == escape) {
        // Joined without a blank, as builders do: a word may go on in the next line.
        text.append(end, 0, end.length() - 1);
        continue;
      }
      text.append(line);
      break;
    }
    Instruction instruction = instruction(first, text.toString());
    skipHereDocuments(instruction);
    return Optional.of(instruction);
  }

  private void skipHereDocuments(Instruction instruction) {
    if (!List.of("RUN", "COPY", "ADD").contains(instruction.keyword())) {
      return;
    }
    Deque<String> ends = new ArrayDeque<>();
    Matcher start = HERE_DOCUMENT.matcher(instruction.arguments());
    while (start.find()) {
      ends.add(start.group(1) + start.group(3));
    }
    while (!ends.isEmpty() && at < lines.size()) {
      String line = lines.get(at++);
      String end = ends.peek();
      boolean reached =
          end.startsWith("-") ? line.strip().equals(end.substring(1)) : line.equals(end);
      if (reached) {
        ends.remove();
      }
    }
  }

  /** Splits the keyword and the flags from an instruction. */
  static Instruction instruction(int line, String text) {
    String rest = text.strip();
    String keyword = rest.split("\\s", 2)[0];
    rest = rest.substring(keyword.length()).strip();
    List<String> flags = new ArrayList<>();
    while (rest.startsWith("--")) {
      String flag = rest.split("\\s", 2)[0];
      flags.add(flag);
      rest = rest.substring(flag.length()).strip();
    }
    return new Instruction(line, keyword.toUpperCase(Locale.ROOT), List.copyOf(flags), rest);
  }

  private void open(Instruction from, List<Instruction> instructions) {
    Matcher matcher = FROM.matcher(from.arguments());
    if (!matcher.matches()) {
      throw new DockerfileException(
          from.line(), "FROM takes an image and perhaps AS and a name for the stage");
    }
    if (stages.size() == MOST_STAGES) {
      throw new DockerfileException(from.line(), "there are more than " + MOST_STAGES + " stages");
    }
    stages.add(
        new Stage(
            stages.size(),
            from.line(),
            ArgumentText.expand(matcher.group(1), globals, from.line()),
            Optional.ofNullable(matcher.group(2)).map(name -> name.toLowerCase(Locale.ROOT)),
            instructions));
  }

  private void declare(Instruction arg) {
    for (String word : arg.arguments().split("\\s+")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        globals.put(
            word.substring(0, equals),
            ArgumentText.expand(word.substring(equals + 1), globals, arg.line()));
      } else {
        globals.putIfAbsent(word, "");
      }
    }
  }
}
