package org.imagediet.engine;

/** Tells a person what is under way; implementations decide how it looks. */
public interface Progress {

  /** Swallows everything. */
  Progress SILENT =
      what ->
          new Task() {
            @Override
            public void detail(String detail) {}

            @Override
            public void done(String result) {}

            @Override
            public void close() {}
          };

  /**
   * Announces a step. Close the task when the step ends; without {@code done} it counts as failed.
   */
  Task begin(String what);

  /** One announced step. */
  interface Task extends AutoCloseable {

    /** Replaces the passing remark beside the step, such as the line a builder just printed. */
    void detail(String detail);

    /** Marks the step as done, with a short result such as {@code "78 MB"}, or an empty string. */
    void done(String result);

    @Override
    void close();
  }
}
