package org.imagediet.assertions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.imagediet.assertions.ImageAssertions.assertThat;

import org.imagediet.image.ContainerImage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserAssertionsTest {

  private static ContainerImage user(String user) {
    return TestImage.good()
        .user(user)
        .file("/etc/passwd", "root:x:0:0::/:\nnonroot:x:65532:65532::/:\ntoor:x:0:0::/:\n")
        .file("/etc/group", "root:x:0:\nstaff:x:50:\n")
        .image();
  }

  @ParameterizedTest
  @DisplayName("runsAs takes a number, a name, and no USER for what they mean")
  @CsvSource({"65532,65532", "nonroot,65532", "nonroot:staff,65532", "4711,4711", "'',0", "toor,0"})
  void runsAs(String user, long uid) {
    assertThat(user(user)).runsAs(uid);
  }

  @ParameterizedTest
  @DisplayName("runsAs says who it will be instead")
  @CsvSource({
    "toor,'USER toor means uid 0 (toor), gid 0'",
    "'','no USER is set, which means uid 0 (root), gid 0'",
    "1000:50,'USER 1000:50 means uid 1000, gid 50'",
    "app,'USER app cannot run: no user app in the image''s /etc/passwd'",
  })
  void runsAsOther(String user, String measured) {
    assertThat(FailureTexts.of(() -> assertThat(user(user)).runsAs(65532)))
        .isEqualTo(
            """
            The image my/app:1.2 does not run as uid 65532
              measured: %s
              expected: a USER that means uid 65532
              why:      whoever takes over the process may do all that this user may, and uid 0 may do nearly everything"""
                .formatted(measured));
  }

  @Test
  @DisplayName("runsAs refuses a uid that nobody can have")
  void runsAsNobody() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> assertThat(user("nonroot")).runsAs(-1))
        .withMessage("A uid is 0 or more, but this one is -1");
  }

  @ParameterizedTest
  @DisplayName("hasNonRootGroup passes with a group of the user's own or a named one")
  @CsvSource({"nonroot", "65532", "4711:4711", "nonroot:staff"})
  void nonRootGroup(String user) {
    assertThat(user(user)).hasNonRootGroup();
  }

  @ParameterizedTest
  @DisplayName("hasNonRootGroup sees the group root behind a bare number, and an unknown group")
  @CsvSource({
    "4711,'USER 4711 means uid 4711, gid 0'",
    "nonroot:0,'USER nonroot:0 means uid 65532 (nonroot), gid 0'",
    "'','no USER is set, which means uid 0 (root), gid 0'",
    "nonroot:wheel,'USER nonroot:wheel cannot run: no group wheel in the image''s /etc/group'",
  })
  void rootGroup(String user, String measured) {
    assertThat(FailureTexts.of(() -> assertThat(user(user)).hasNonRootGroup()))
        .isEqualTo(
            """
            The image my/app:1.2 runs with the group root, or with an unknown one
              measured: %s
              expected: a USER with a group other than 0, such as USER 65532:65532
              why:      files that the group root may read or write are open to the process, whatever its uid"""
                .formatted(measured));
  }

  @Test
  @DisplayName("hasNonRootGroup sees the group root among the user's further groups")
  void rootGroupByMembership() {
    ContainerImage image =
        TestImage.good()
            .user("nonroot")
            .file("/etc/passwd", "nonroot:x:65532:65532::/:\n")
            .file("/etc/group", "root:x:0:daemon,nonroot\n")
            .image();
    assertThat(FailureTexts.of(() -> assertThat(image).hasNonRootGroup()))
        .contains(
            """
              measured: USER nonroot means uid 65532 (nonroot), gid 65532
                        /etc/group makes that user a member of the group with the id 0
            """);
  }
}
