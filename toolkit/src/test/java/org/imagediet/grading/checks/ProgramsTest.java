package org.imagediet.grading.checks;

import static org.assertj.core.api.Assertions.assertThat;

import org.imagediet.workbook.Track;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProgramsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/app/tests/test_main.py",
        "/app/tests/running.py",
        "/app/tests/__pycache__/running.cpython-313.pyc",
        "/srv/test_main.py",
        "/bytecode/srv/test_main.cpython-313.pyc",
        "/app/drill/routes.py",
        "/usr/lib/python3/dist-packages/drill_tests/test_drill.py"
      })
  @DisplayName("a test of a Python service is for builds only, and so is its drill")
  void pythonTests(String path) {
    assertThat(path).matches(Programs.onlyForBuilds(Track.PYTHON));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/app/service/main.py",
        "/bytecode/app/service/main.cpython-313.pyc",
        "/usr/lib/python3.13/test/test_support.py",
        "/bytecode/usr/lib/python3.13/test/test_support.cpython-313.pyc",
        "/usr/lib/python3.13/unittest/case.py"
      })
  @DisplayName("what a Python service runs is not for builds only, nor is Python's own library")
  void pythonSources(String path) {
    assertThat(path).doesNotMatch(Programs.onlyForBuilds(Track.PYTHON));
  }
}
