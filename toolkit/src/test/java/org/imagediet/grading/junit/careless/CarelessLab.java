package org.imagediet.grading.junit.careless;

import java.io.IOException;
import org.imagediet.grading.Judge;
import org.imagediet.grading.Verdict;
import org.imagediet.grading.junit.Check;
import org.imagediet.grading.junit.Lab;

/** A lab for tests whose tests are at fault. */
@Lab("lab-00-careless")
record CarelessLab(Judge judge) {

  @Check("throws")
  void fails() throws IOException {
    throw new IOException("a test's own mistake");
  }

  @Check("silent")
  void silent() {}

  @Check("twice")
  void twice() {
    judge.decide(bench -> Verdict.pass("fine"));
    throw new IllegalStateException("after the decision");
  }
}
