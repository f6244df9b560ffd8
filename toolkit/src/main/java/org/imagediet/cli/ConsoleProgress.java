package org.imagediet.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Timer;
import java.util.TimerTask;
import org.imagediet.engine.Progress;
import org.imagediet.report.Clean;

/**
 * Progress on standard error, so that standard output stays for the result. On a terminal one line
 * tells what is under way and for how long; elsewhere each step is a line, with a sign of life now
 * and then. {@code LAB_PROGRESS=plain} chooses the second, {@code LAB_PROGRESS=off} neither.
 */
final class ConsoleProgress implements Progress {

  private static final String CLEAR = "\r\u001b[K";
  private static final long LIVE_MILLIS = 500;
  private static final long FIRST_SIGN_MILLIS = 2_000;
  private static final long SIGN_MILLIS = 20_000;
  private static final int DETAIL_CHARACTERS = 100;

  /** How much is shown. */
  enum Style {
    LIVE,
    PLAIN,
    OFF
  }

  private final PrintStream out;
  private final Style style;
  private final boolean live;
  private final int columns;
  private final long firstSignMillis;
  private final long signMillis;

  /** What is under way, the latest last; also the lock on the output. */
  private final List<Step> steps = new ArrayList<>();

  ConsoleProgress(PrintStream out, Style style, int columns, long firstSign, long sign) {
    this.out = out;
    this.style = style;
    live = style == Style.LIVE;
    this.columns = columns;
    firstSignMillis = firstSign;
    signMillis = sign;
  }

  /** Suits what standard error is, and {@code LAB_PROGRESS}. */
  static ConsoleProgress standard() {
    Terminal terminal = Terminal.standard();
    Style style =
        switch (String.valueOf(System.getenv("LAB_PROGRESS"))) {
          case "off" -> Style.OFF;
          case "plain" -> Style.PLAIN;
          default -> terminal.shows() ? Style.LIVE : Style.PLAIN;
        };
    ConsoleProgress progress =
        new ConsoleProgress(System.err, style, terminal.columns(), FIRST_SIGN_MILLIS, SIGN_MILLIS);
    if (progress.live) {
      // A line that stood there at Ctrl-C would be in the way of the shell's prompt.
      Runtime.getRuntime().addShutdownHook(new Thread(progress::wipe, "progress-wiper"));
    }
    return progress;
  }

  @Override
  public Task begin(String what) {
    if (style == Style.OFF) {
      return Progress.SILENT.begin(what);
    }
    Step step = new Step(Clean.line(what));
    synchronized (steps) {
      steps.add(step);
      paint();
    }
    step.keepShowing();
    return step;
  }

  /** Shows the latest step in the live line. */
  private void paint() {
    if (live && !steps.isEmpty()) {
      String text = steps.get(steps.size() - 1).line();
      int most = columns - 1;
      out.print(CLEAR + (text.length() > most ? text.substring(0, most) : text));
      out.flush();
    }
  }

  private void wipe() {
    synchronized (steps) {
      if (!steps.isEmpty()) {
        steps.clear();
        out.print(CLEAR);
        out.flush();
      }
    }
  }

  private final class Step implements Task {
    private final String what;
    private final long start = System.nanoTime();
    private final Timer timer = new Timer("progress", true);
    private String detail = "";

    Step(String what) {
      this.what = what;
    }

    void keepShowing() {
      TimerTask show =
          new TimerTask() {
            @Override
            public void run() {
              show();
            }
          };
      if (live) {
        timer.schedule(show, LIVE_MILLIS, LIVE_MILLIS);
      } else {
        timer.schedule(show, firstSignMillis, signMillis);
      }
    }

    private void show() {
      synchronized (steps) {
        if (!steps.contains(this)) {
          return;
        }
        if (live) {
          paint();
        } else {
          out.println(line());
        }
      }
    }

    /** The line about a step that is under way. */
    private String line() {
      long millis = millis();
      String time = millis < firstSignMillis ? "" : ", " + millis / 1000 + " s";
      boolean again = !live && millis >= firstSignMillis + signMillis;
      return "  ... "
          + (again ? "still " : "")
          + what
          + time
          + (detail.isEmpty() ? "" : ": " + detail);
    }

    private long millis() {
      return (System.nanoTime() - start) / 1_000_000;
    }

    @Override
    public void detail(String remark) {
      String clean = Clean.line(remark).strip();
      synchronized (steps) {
        detail = clean.length() > DETAIL_CHARACTERS ? clean.substring(0, DETAIL_CHARACTERS) : clean;
      }
    }

    @Override
    public void done(String result) {
      end("  ok  ", result);
    }

    @Override
    public void close() {
      end("  --  ", "not finished");
    }

    private void end(String mark, String result) {
      timer.cancel();
      synchronized (steps) {
        if (!steps.remove(this)) {
          return;
        }
        String time = String.format(Locale.ROOT, " (%.1f s)", millis() / 1000.0);
        String text = mark + what + time + (result.isEmpty() ? "" : ": " + result);
        out.println((live ? CLEAR : "") + Clean.line(text));
        paint();
      }
    }
  }
}
