package org.imagediet.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Timer;
import java.util.TimerTask;
import org.imagediet.engine.Progress;
import org.imagediet.report.Clean;

/**
 * Progress on standard error, so that standard output stays for the result. On a terminal one line
 * tells what is under way and for how long; elsewhere each step is a line, with a sign of life
 * every twenty seconds.
 */
final class ConsoleProgress implements Progress {

  private static final int WIDTH = 98;
  private static final long LIVE_MILLIS = 500;
  private static final long PLAIN_MILLIS = 20_000;

  private final PrintStream out;
  private final boolean live;

  private ConsoleProgress(PrintStream out, boolean live) {
    this.out = out;
    this.live = live;
  }

  /** Suits what standard error is. */
  static ConsoleProgress standard() {
    boolean terminal = System.console() != null && !"dumb".equals(System.getenv("TERM"));
    return new ConsoleProgress(
        System.err, terminal && !"plain".equals(System.getenv("LAB_PROGRESS")));
  }

  @Override
  public Task begin(String what) {
    return new ConsoleTask(Clean.line(what));
  }

  private final class ConsoleTask implements Task {
    private final String what;
    private final long start = System.nanoTime();
    private final Timer timer = new Timer("progress", true);
    private String detail = "";
    private boolean ended;

    ConsoleTask(String what) {
      this.what = what;
      if (live) {
        show();
      }
      long period = live ? LIVE_MILLIS : PLAIN_MILLIS;
      timer.schedule(
          new TimerTask() {
            @Override
            public void run() {
              show();
            }
          },
          period,
          period);
    }

    @Override
    public synchronized void detail(String remark) {
      detail = Clean.line(remark);
    }

    private synchronized void show() {
      if (ended) {
        return;
      }
      String text = "  ... " + what + " " + elapsed() + (detail.isEmpty() ? "" : ": " + detail);
      String cut = text.length() > WIDTH ? text.substring(0, WIDTH) : text;
      out.print(live ? "\r\u001b[K" + cut : cut + "\n");
      out.flush();
    }

    private String elapsed() {
      double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0;
      return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
    }

    @Override
    public synchronized void done(String result) {
      end("  ok  ", result);
    }

    private void end(String mark, String result) {
      if (!ended) {
        ended = true;
        timer.cancel();
        String text =
            mark + what + " (" + elapsed() + ")" + (result.isEmpty() ? "" : ": " + result);
        out.print((live ? "\r\u001b[K" : "") + Clean.line(text) + "\n");
        out.flush();
      }
    }

    @Override
    public synchronized void close() {
      end("  --  ", "");
    }
  }
}
