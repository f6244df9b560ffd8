package org.imagediet.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each line means was seen with Docker 20.10 and runc, by what /proc said of the process. */
class UsersTest {

  private static final String PASSWD =
      """
      root:x:0:0:root:/root:/bin/sh
      broken:x:abc:abc::/:
      short
      1000:x:7:7:::
      #hash:x:9:9:::
      toor:x:0:0:::
      wrap:x:4294967296:5::/:
      neg:x:-5:-5:::
      nonroot:x:65532:65532::/:
      """;

  private static final Users USERS =
      Users.of(bytes(PASSWD), bytes("root:x:0:\nstaff:x:50:\nnonroot:x:65532:\n1000:x:8:\n"));

  private static Optional<byte[]> bytes(String text) {
    return Optional.of(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @DisplayName("resolves a USER line to the ids that the process will have")
  @CsvSource({
    "'',0,0",
    "root,0,0",
    "nonroot,65532,65532",
    "nonroot:nonroot,65532,65532",
    "nonroot:0,65532,0",
    "nonroot:staff,65532,50",
    "nonroot:,65532,65532",
    "65532,65532,65532",
    "4711,4711,0",
    "4711:4712,4711,4712",
    ":5,0,5",
    "1000,1000,0",
    "nonroot:1000,65532,1000",
    "'#hash',9,9",
  })
  void resolves(String user, long uid, long gid) {
    Users.ResolvedUser resolved = USERS.resolve(user);
    assertThat(resolved.problem()).isEmpty();
    assertThat(resolved.uid()).contains(uid);
    assertThat(resolved.gid()).contains(gid);
  }

  @ParameterizedTest
  @DisplayName("sees root under any other name")
  @CsvSource({
    "toor",
    "broken",
    "short",
    "wrap",
    "00",
    "+0",
    "-0",
    "0000000000000000000",
    "0:65532"
  })
  void rootInDisguise(String user) {
    assertThat(USERS.resolve(user).root()).isTrue();
  }

  @ParameterizedTest
  @DisplayName("says what is wrong with a user that no container can start as")
  @CsvSource({
    "nobody,no user nobody",
    "nonroot:wheel,no group wheel",
    "-1,ids must lie between",
    "9999999999,ids must lie between",
    "neg,ids must lie between",
    "99999999999999999999999,no user 9999999",
  })
  void problems(String user, String problem) {
    Users.ResolvedUser resolved = USERS.resolve(user);
    assertThat(resolved.problem()).contains(problem);
    assertThat(resolved.uid()).isEmpty();
    assertThat(resolved.root()).isFalse();
  }

  @ParameterizedTest
  @DisplayName("gives a user the groups that list it, unless the line names a group")
  @CsvSource({"nonroot,0 7", "65532,0 7", "nonroot:,0 7", "nonroot:nonroot,''", "4711,''", "'',9"})
  void supplementaryGroups(String user, String groups) {
    Users users =
        Users.of(
            bytes(PASSWD),
            bytes("root:x:0:nonroot\nnonroot:x:65532:\nwheel:x:7:other,nonroot\nrun:x:9:root\n"));
    assertThat(
            users.supplementaryGroups(user).stream()
                .sorted()
                .map(Object::toString)
                .collect(Collectors.joining(" ")))
        .isEqualTo(groups);
  }

  @Test
  @DisplayName("knows numbers only, without a passwd file")
  void withoutFiles() {
    Users none = Users.of(Optional.empty(), Optional.empty());
    assertThat(none.resolve("65532").uid()).contains(65532L);
    assertThat(none.resolve("65532").name()).isEmpty();
    assertThat(none.resolve("nonroot").problem()).contains("no user nonroot");
  }
}
