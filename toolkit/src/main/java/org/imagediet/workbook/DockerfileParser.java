package org.imagediet.workbook;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imagediet.workbook.Dockerfile.Instruction;
import org.imagediet.workbook.Dockerfile.Stage;

/**
 * Reads a Dockerfile as builders do: comments, continued lines, here-documents, and the arguments
 * of FROM. What they do not all read alike, from the engine of 2021 to the newest BuildKit, is a
 * mistake here: a line that is hidden from this parser must be hidden from every builder too. See
 * https://docs.docker.com/reference/dockerfile/ and BuildKit's frontend/dockerfile/parser.
 */
final class DockerfileParser {

  private static final int MOST_LINES = 2000;
  private static final int MOST_STAGES = 50;
  private static final int MOST_SHOWN = 60;

  private static final Set<String> KEYWORDS =
      Set.of(
          "ADD",
          "ARG",
          "CMD",
          "COPY",
          "ENTRYPOINT",
          "ENV",
          "EXPOSE",
          "FROM",
          "HEALTHCHECK",
          "LABEL",
          "MAINTAINER",
          "ONBUILD",
          "RUN",
          "SHELL",
          "STOPSIGNAL",
          "USER",
          "VOLUME",
          "WORKDIR");

  /** Where every builder takes it for one; below other directives some do not. */
  private static final Pattern ESCAPE =
      Pattern.compile("(?i)#[ \\t]*escape[ \\t]*=[ \\t]*`[ \\t]*");

  /** Builders look for it in the first comments only; their blanks include Unicode's. */
  private static final Pattern OTHER_ESCAPE =
      Pattern.compile("(?imUd)^[\\s&&[^\\n]]*#\\s*escape\\s*=\\s*+(?!\\\\\\s*$)");

  private static final Pattern COMMENT = Pattern.compile("[ \\t]*#.*", Pattern.DOTALL);

  /** The form that needs no knowledge of a shell's quoting; the name is also how it ends. */
  private static final Pattern HERE_DOCUMENT =
      Pattern.compile("\\d*<<(-?)(['\"]?)([A-Za-z_][A-Za-z0-9_]*)\\2");

  private static final Pattern FLAG = Pattern.compile("\\G(--\\S*)\\s*");
  private static final Pattern FROM = Pattern.compile("(\\S+)(?:\\s+(?i:AS)\\s+(\\S+))?");
  private static final Pattern STAGE_NAME = Pattern.compile("[a-z][a-z0-9._-]*");

  private static final Pattern ARGUMENT =
      Pattern.compile(
          "\\G\\s*([A-Za-z_]\\w*)(?:=(\"[^\"`\\\\]*\"|'[^']*'|[^\\s\"'`\\\\]*))?(?=\\s|$)");

  /** What builders set themselves, or take from the environment they are called in. */
  private static final Pattern PREDEFINED =
      Pattern.compile(
          "(?:BUILD|TARGET)(?:PLATFORM|OS|OSVERSION|ARCH|VARIANT|STAGE)"
              + "|BUILDKIT_\\w+|SOURCE_DATE_EPOCH|\\w+_(?i:PROXY)");

  private final List<String> lines;
  private final String escape;
  private final Set<String> declared = new HashSet<>();
  private final Map<String, String> arguments = new HashMap<>();
  private final List<Stage> stages = new ArrayList<>();
  private int at;

  private DockerfileParser(List<String> lines, String escape) {
    this.lines = lines;
    this.escape = escape;
  }

  static Dockerfile parse(String text) {
    String withoutMark = text.startsWith("\uFEFF") ? text.substring(1) : text;
    List<String> lines = List.of(withoutMark.split("\r?\n", -1));
    if (lines.size() > MOST_LINES) {
      throw new DockerfileException(
          MOST_LINES, "it goes on after this, and no Dockerfile needs to");
    }
    boolean escape = ESCAPE.matcher(lines.get(0)).matches();
    if (OTHER_ESCAPE.matcher(withoutMark).find(escape ? lines.get(0).length() : 0)) {
      throw new DockerfileException(
          1, "escape= is followed only in the first line, and only where it is ` or \\");
    }
    return new DockerfileParser(lines, escape ? "`" : "\\").file();
  }

  private Dockerfile file() {
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
    Dockerfile file = new Dockerfile(List.copyOf(stages));
    // Asked for now, so that what is wrong with a name is found here and not by whoever asks later.
    file.images();
    return file;
  }

  private Optional<Instruction> next() {
    int first = at + 1;
    StringBuilder text = new StringBuilder();
    while (at < lines.size()) {
      String line = lines.get(at++);
      boolean skipped = skipped(line);
      if (text.isEmpty() && skipped) {
        return Optional.empty();
      }
      // Inside a continued instruction a builder drops comments and empty lines.
      if (skipped) {
        continue;
      }
      requirePlain(line, at);
      String end = line.stripTrailing();
      if (end.endsWith(escape) && !end.endsWith(escape + escape)) {
        // Joined without a blank, as builders do: a word may go on in the next line.
        text.append(end, 0, end.length() - 1);
        continue;
      }
      text.append(line);
      break;
    }
    Instruction instruction = instruction(first, text.toString());
    skipHereDocuments(instruction, text.toString());
    return Optional.of(instruction);
  }

  private static boolean skipped(String line) {
    return COMMENT.matcher(line).matches() || line.matches("[ \\t]*");
  }

  /** What is a blank for one program and a letter for another hides an instruction from one. */
  private static void requirePlain(String line, int number) {
    line.codePoints()
        .filter(c -> c != ' ' && c != '\t')
        .filter(c -> Character.isISOControl(c) || Character.isSpaceChar(c))
        .findFirst()
        .ifPresent(
            c -> {
              throw new DockerfileException(
                  number,
                  "there is a character that cannot be seen (U+%04X); type the line again"
                      .formatted(c));
            });
  }

  private void skipHereDocuments(Instruction instruction, String text) {
    if (!text.contains("<<")
        || !Set.of("RUN", "COPY", "ADD", "ONBUILD").contains(instruction.keyword())) {
      return;
    }
    Deque<String> ends = new ArrayDeque<>();
    for (String word : text.strip().split("\\s+")) {
      Matcher start = HERE_DOCUMENT.matcher(word);
      if (start.matches()) {
        ends.add(start.group(1) + start.group(3));
      } else if (word.matches(".*(?:<<|[\"'\\\\]|\\$\\{).*")) {
        throw new DockerfileException(
            instruction.line(),
            "'<<' beside quotes, backslashes or ${} is more than the grader can follow;"
                + " write a here-document as <<EOF alone, or do without");
      }
    }
    if (instruction.keyword().equals("ONBUILD")) {
      throw new DockerfileException(
          instruction.line(), "builders differ on a here-document in ONBUILD; do without");
    }
    requireStumblingBlock();
    while (!ends.isEmpty()) {
      if (at == lines.size()) {
        throw new DockerfileException(
            instruction.line(), "the here-document's end, " + ends.peek() + ", is missing");
      }
      String line = lines.get(at++).replaceFirst("\r+$", "");
      String end = ends.peek();
      boolean reached =
          end.startsWith("-")
              ? line.replaceFirst("^\t+", "").equals(end.substring(1))
              : line.equals(end);
      if (reached) {
        ends.remove();
      }
    }
  }

  /**
   * A builder that knows no here-documents takes the next line for an instruction; it must be none,
   * so that such a builder gives up instead of obeying what is only text here.
   */
  private void requireStumblingBlock() {
    int next = at;
    while (next < lines.size() && skipped(lines.get(next))) {
      next++;
    }
    if (next < lines.size()) {
      String line = lines.get(next);
      requirePlain(line, next + 1);
      String word = line.strip().split("\\s", 2)[0];
      boolean instruction =
          KEYWORDS.contains(word.toUpperCase(Locale.ROOT)) || !word.matches("\\p{ASCII}+");
      if (instruction || word.endsWith(escape)) {
        throw new DockerfileException(
            next + 1,
            "a here-document must not begin with what could be an instruction, since not every"
                + " builder knows here-documents");
      }
    }
  }

  /** Splits the keyword and the flags from an instruction. */
  static Instruction instruction(int line, String text) {
    String rest = text.strip();
    String keyword = rest.split("\\s", 2)[0];
    rest = rest.substring(keyword.length()).strip();
    // Letters outside ASCII have lower and upper cases that other languages see differently.
    if (!keyword.matches("[A-Za-z]+") || !KEYWORDS.contains(keyword.toUpperCase(Locale.ROOT))) {
      throw new DockerfileException(line, "there is no instruction " + shown(keyword));
    }
    List<String> flags = new ArrayList<>();
    Matcher flag = FLAG.matcher(rest);
    int end = 0;
    while (flag.find()) {
      flags.add(flag.group(1));
      end = flag.end();
    }
    return new Instruction(
        line, keyword.toUpperCase(Locale.ROOT), List.copyOf(flags), rest.substring(end));
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
    Optional<String> name =
        Optional.ofNullable(matcher.group(2)).map(written -> written.toLowerCase(Locale.ROOT));
    if (name.filter(lower -> !STAGE_NAME.matcher(lower).matches()).isPresent()) {
      throw new DockerfileException(
          from.line(),
          shown(matcher.group(2))
              + " is no name for a stage; it begins with a letter, and letters, digits and . _ -"
              + " follow");
    }
    String base =
        ArgumentText.expand(ArgumentText.unquoted(matcher.group(1)), arguments)
            .orElseThrow(
                () ->
                    new DockerfileException(
                        from.line(),
                        "'"
                            + shown(matcher.group(1))
                            + "' is more than the grader can follow; write the name out"));
    stages.add(new Stage(stages.size(), from.line(), base, name, instructions));
  }

  /**
   * Remembers the arguments above the first stage that have one value for every builder. Others are
   * forgotten, and a FROM that uses them cannot be followed.
   */
  private void declare(Instruction arg) {
    Matcher argument = ARGUMENT.matcher(arg.arguments());
    int end = 0;
    while (argument.find()) {
      end = argument.end();
      String name = argument.group(1);
      if (!declared.add(name) || PREDEFINED.matcher(name).matches()) {
        // Without a value, a second declaration deletes the first one's for some.
        arguments.remove(name);
      } else if (argument.group(2) == null) {
        arguments.put(name, "");
      } else {
        ArgumentText.expand(ArgumentText.unquoted(argument.group(2)), arguments)
            .ifPresent(value -> arguments.put(name, value));
      }
    }
    if (end < arg.arguments().length()) {
      throw new DockerfileException(
          arg.line(), "this ARG is more than the grader can follow; write it as NAME=value");
    }
  }

  static String shown(String text) {
    return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "..." : text;
  }
}
