package org.imagediet.grading.checks;

import java.util.List;
import java.util.Optional;
import org.imagediet.grading.Bench;
import org.imagediet.grading.Verdict;
import org.imagediet.image.FileEntry;
import org.imagediet.image.Users;
import org.imagediet.observation.AsItIs;
import org.imagediet.observation.Observation;
import org.imagediet.probe.ProcessState;

/** What the service does while it runs, and as whom. */
public final class Running {

  /** The user id of {@code nonroot} in every distroless image. */
  static final int NONROOT = 65532;

  private static final int SETUID = 04000;

  private Running() {}

  /** It answers {@code /healthz} on a private network within half a minute. */
  public static Verdict serves(Bench bench) {
    AsItIs running = bench.running();
    return Verdict.pass(
        "answers /healthz " + running.firstAnswer().toMillis() + " ms after its start");
  }

  /**
   * Every process runs as 65532 with a group that is not root's, by the kernel's word, the image
   * asks for no other user, and the submission brings nothing that makes another one of it.
   */
  public static Verdict nonrootUid(Bench bench) {
    String written = bench.image().config().user();
    Users.ResolvedUser user = bench.image().users().resolve(written);
    for (ProcessState process : bench.running().processes()) {
      String who = "process " + process.pid() + " (" + process.name() + ")";
      if (!process.uids().stream().allMatch(uid -> uid == NONROOT)) {
        return Verdict.fail(
            "%s runs as user id %s, by the kernel's word; USER is %s"
                .formatted(who, numbers(process.uids()), quoted(written)),
            "Who does USER name, in the image's own /etc/passwd?");
      }
      if (process.gids().contains(0) || process.groups().contains(0)) {
        return Verdict.fail(
            "%s runs as user id 65532, but with root's group: gid %s, groups %s; USER is %s"
                .formatted(
                    who, numbers(process.gids()), numbers(process.groups()), quoted(written)),
            "What group does a user have that no /etc/passwd knows?");
      }
    }
    if (user.root()) {
      return Verdict.fail(
          "USER is %s, which is root; the service only gave its rights up by itself"
              .formatted(quoted(written)),
          "Who is root at the moment when the service starts?");
    }
    Optional<FileEntry> door = doorToRoot(bench);
    if (door.isPresent()) {
      return Verdict.fail(
          "every process that was seen runs as 65532, but %s, from layer %d, makes root of whoever"
                  .formatted(door.get().path(), door.get().layer() + 1)
              + " starts it, if only for a moment",
          "Which bit of the file's mode is that, and who set it?");
    }
    boolean named = !written.matches("\\d+(:\\d+)?");
    return Verdict.pass(
        "every process runs as 65532, group "
            + bench.running().processes().get(0).gids().get(0)
            + (named
                ? "; note that Kubernetes' runAsNonRoot can only check a number, not a name"
                : ""));
  }

  /**
   * A program of the submission's own by which a process can become root between two looks; no
   * other way leads there from a user that is not root.
   */
  private static Optional<FileEntry> doorToRoot(Bench bench) {
    return bench.image().files().entries().stream()
        .filter(file -> file.layer() >= bench.base().layers())
        .filter(FileEntry::privileged)
        .filter(file -> file.capabilities() || (file.mode() & SETUID) != 0 && file.uid() == 0)
        .findFirst();
  }

  private static String quoted(String user) {
    return user.isEmpty() ? "not set" : "'" + user + "'";
  }

  private static String numbers(List<Integer> numbers) {
    List<String> distinct = numbers.stream().distinct().map(String::valueOf).toList();
    return distinct.isEmpty() ? "none" : String.join(", ", distinct);
  }

  /** It tells the time in zones drawn at random, and that one of them is none. */
  public static Verdict timezone(Bench bench) {
    return verdict(
        bench.running().timeZones(), "Where does a program look for the rules of a time zone?");
  }

  /** It writes and deletes a temporary file. */
  public static Verdict tempDir(Bench bench) {
    return verdict(bench.running().tempFiles(), "Does the folder exist, and who may write there?");
  }

  private static Verdict verdict(Observation seen, String next) {
    return seen.works() ? Verdict.pass(seen.evidence()) : Verdict.fail(seen.evidence(), next);
  }
}
