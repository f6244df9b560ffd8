package org.imagediet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.workbook.Track;
import org.imagediet.workbook.Workbook;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MainTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int lab(String... arguments) {
    return line().execute(arguments);
  }

  private CommandLine line() {
    return Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
  }

  @Test
  @DisplayName("alone it prints its commands and is content")
  void alone() {
    assertThat(lab()).isZero();
    assertThat(out.toString())
        .contains(
            "setup ",
            "diet ",
            "variants ",
            "surface ",
            "hint ",
            "inspect ",
            "scan ",
            "budget ",
            "bases ",
            "handout ",
            "verify ")
        .contains("Exit codes: 0 good");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  @DisplayName("every command explains itself")
  void help() {
    for (String command : Main.commandLine().getSubcommands().keySet()) {
      assertThat(lab(command, "--help")).as(command).isZero();
      assertThat(out.toString()).contains("Usage: lab " + command);
    }
  }

  @ParameterizedTest
  @DisplayName("wrong usage is one sentence with the nearest right word, and exit code 2")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '"',
      textBlock =
          """
          dite              ~ there is no command 'dite'; did you mean 'diet'? Try `./lab --help`.
          zzzzzz ~ there is no command 'zzzzzz'. Try `./lab --help`.
          inspct ~ there is no command 'inspct'; did you mean 'inspect'? Try `./lab --help`.
          diet --trak=go ~ there is no option '--trak=go'; did you mean '--track'? Try `./lab diet --help`.
          diet --track=ada ~ 'ada' is no track of this workbook; there are TRACKS and all. Try `./lab diet --help`.
          variants --track=c ~ 'c' is no track of this workbook; there are TRACKS and all. Try `./lab variants --help`.
          surface --track=ruby ~ 'ruby' is no track of this workbook; there are TRACKS and all. Try `./lab surface --help`.
          setup --track= ~ '' is no track of this workbook; there are TRACKS and all. Try `./lab setup --help`.
          diet --verbose ~ there is no option '--verbose'. Try `./lab diet --help`.
          setup now ~ 'now' is one argument too many. Try `./lab setup --help`.
          inspect ~ missing required parameter: 'IMAGE|FILE.tar'. Try `./lab inspect --help`.
          scan ~ missing required parameter: 'IMAGE|FILE.tar'. Try `./lab scan --help`.
          scan x.tar --sbom=no/such/f ~ --sbom: no/such/f cannot be written; give a file in a folder that is there. Try `./lab scan --help`.
          hint 99 no-shell ~ there is no lab '99'; there are LABS. Try `./lab hint --help`.
          hint 01 noshell ~ lab 01 has no check 'noshell'; it has builds, serves, ubuntu-base, inline-build, measured. Try `./lab hint --help`.
          hint 01 serves --track=ada ~ invalid value for option '--track': 'ada' is no track; there are go, java, python, rust. Try `./lab hint --help`.
          hint 01 ~ missing required parameter: 'CHECK'. Try `./lab hint --help`.
          handout ~ missing required parameter: 'DIR'. Try `./lab handout --help`.
          budget ~ say what to do: check or update. Try `./lab budget --help`.
          budget chek ~ there is no command 'chek'; did you mean 'check'? Try `./lab budget --help`.
          budget check x.tar ~ missing required option: '--baseline=FILE'. Try `./lab budget check --help`.
          budget check --baseline=b.json ~ missing required parameter: 'IMAGE|FILE.tar'. Try `./lab budget check --help`.
          budget check x.tar --baseline=b --max-growth=5 ~ invalid value for option '--max-growth': '5' is no percentage; write it such as 5% or 2.5%. Try `./lab budget check --help`.
          budget check x.tar --baseline=b --floor=5KB ~ invalid value for option '--floor': '5KB' has an unknown unit; there are B, kB, MB, GB, KiB, MiB and GiB. Try `./lab budget check --help`.
          budget check x.tar --baseline=b --ceiling=0 ~ invalid value for option '--ceiling': '0' is no ceiling; every image is above it. Try `./lab budget check --help`.
          budget check x.tar --baseline=b --size=rootfs ~ invalid value for option '--size': 'rootfs' is no size; there are unpacked, transfer and both. Try `./lab budget check --help`.
          budget check x.tar --baseline=b --budget=no/b.yaml ~ there is no file no/b.yaml. Try `./lab budget check --help`.
          budget check x.tar --baseline=b --output=no/such/f ~ --output: no/such/f cannot be written; give a file in a folder that is there. Try `./lab budget check --help`.
          budget check x.tar y.tar --baseline=b --name=a ~ --name is for one image, and there are 2. Try `./lab budget check --help`.
          budget update x.tar --baseline=no/such/b.json ~ --baseline: no/such/b.json cannot be written; give a file in a folder that is there. Try `./lab budget update --help`.
          budget update x.tar --baseline=/dev/null ~ --baseline: /dev/null is no file. Try `./lab budget update --help`.
          budget update x.tar --baseline=b.json --reason= ~ --reason: give a sentence of at most 500 characters. Try `./lab budget update --help`.
          budget update x.tar y.tar --baseline=b.json ~ 'y.tar' is one argument too many. Try `./lab budget update --help`.
          bases lod x ~ there is no command 'lod'; did you mean 'load'? Try `./lab bases --help`.
          """)
  void mistakes(String arguments, String sentence) {
    assertThat(lab(arguments.split(" "))).isEqualTo(2);
    String expected = sentence.replace("LABS", labs()).replace("TRACKS", tracks());
    assertThat(err.toString()).isEqualTo("lab: " + expected + System.lineSeparator());
    assertThat(out.toString()).isEmpty();
  }

  /** The labs of this workbook, as a sentence names them. */
  private static String labs() {
    return Workbook.find().labs().stream()
        .map(lab -> "%s (%s)".formatted(lab.number(), lab.name()))
        .collect(Collectors.joining(", "));
  }

  private static String tracks() {
    return Workbook.find().tracks().stream().map(Track::id).collect(Collectors.joining(", "));
  }

  @Test
  @DisplayName("a word far from every command suggests none")
  void nearest() {
    List<String> known = List.of("setup", "diet", "inspect");
    assertThat(UsageMistake.nearest("insp", known)).contains("inspect");
    assertThat(UsageMistake.nearest("stup", known)).contains("setup");
    assertThat(UsageMistake.nearest("x", known)).isEmpty();
    assertThat(UsageMistake.nearest("a".repeat(5000), known)).isEmpty();
  }

  @Test
  @DisplayName("what a command throws becomes its exit code")
  void thrown() {
    CommandLine line = line();
    line.addSubcommand(new Broken());
    line.setErr(new PrintWriter(err));
    assertThat(line.execute("broken")).isEqualTo(3);
    assertThat(err.toString()).isEqualTo("lab: No engine." + System.lineSeparator());
  }

  @Command(name = "broken")
  private static final class Broken implements Runnable {
    @Override
    public void run() {
      throw new EnvironmentException("No engine.");
    }
  }
}
