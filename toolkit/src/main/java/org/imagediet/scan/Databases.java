package org.imagediet.scan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imagediet.bases.DebianRelease;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.Progress;
import org.imagediet.engine.TempFolder;
import org.imagediet.scan.BillOfMaterials.Distribution;

/**
 * Comes by a vulnerability database: from the scanner's own source, else from a file that was
 * carried here, else from Debian's archive and a few advisories of our own.
 */
final class Databases {

  /** Trivy's makers renew theirs every six hours, and mean it to be fetched anew after a day. */
  private static final Duration FRESH = Duration.ofHours(24);

  /** What is older misses too much to be passed over in silence. */
  private static final Duration STALE = Duration.ofDays(7);

  private static final String SOURCE = "database";

  private static final Duration FETCH = Duration.ofMinutes(5);

  private static final Map<String, String> DEBIAN_RELEASES =
      Map.of("11", "bullseye", "12", "bookworm", "13", "trixie");

  private final ScanFolder folder;
  private final Clock clock;
  private final boolean pull;
  private final Optional<String> mirror;
  private final DebianAdvisories debian;
  private final Progress progress;

  /** Why the scanner's own source was of no use; known once it has been asked. */
  private Optional<String> notFetched = Optional.empty();

  /**
   * Prepares to come by databases.
   *
   * @param pull whether the scanner's own source may be asked
   * @param mirror a registry to ask in its place
   */
  Databases(
      ScanFolder folder,
      Clock clock,
      boolean pull,
      Optional<String> mirror,
      DebianAdvisories debian,
      Progress progress) {
    this.folder = folder;
    this.clock = clock;
    this.pull = pull;
    this.mirror = mirror;
    this.debian = debian;
    this.progress = progress;
  }

  /** A database that is ready to be used: what it is, what to know of it, and its files. */
  record Ready(Database database, List<Note> notes, Path files) {}

  /**
   * Comes by a database for an image; one at a time, so that none is fetched twice.
   *
   * @param work a folder for a database that is made for this image only
   */
  synchronized Ready find(Trivy trivy, BillOfMaterials bill, Path work) throws IOException {
    Path own = folder.ownDatabase();
    if (TrivyDatabase.date(own).filter(this::fresh).isEmpty()) {
      notFetched = fetch(trivy, own);
    }
    Optional<Instant> fetched = TrivyDatabase.date(own);
    Optional<Instant> carried = TrivyDatabase.date(folder.carriedDatabase());
    if (fetched.isPresent() && carried.filter(c -> c.isAfter(fetched.get())).isEmpty()) {
      return ready(Database.Origin.SCANNER, "Trivy's own database", fetched.get(), own);
    }
    if (carried.isPresent()) {
      return ready(
          Database.Origin.FILE,
          "Trivy's own database, carried here in a file",
          carried.get(),
          folder.carriedDatabase());
    }
    return make(bill, work);
  }

  /** Returns the codename of a release of Debian, such as {@code trixie} for {@code 13}. */
  static Optional<String> codename(String major) {
    return Optional.ofNullable(DEBIAN_RELEASES.get(major));
  }

  private boolean fresh(Instant date) {
    return date.plus(FRESH).isAfter(clock.instant());
  }

  private Optional<String> fetch(Trivy trivy, Path own) throws IOException {
    if (!pull) {
      return Optional.of("pulling is switched off");
    }
    if (folder.failedRecently(SOURCE, clock)) {
      return Optional.of("its source did not answer within the last hour");
    }
    try (Progress.Task task = progress.begin("vulnerability database");
        TempFolder temp = TempFolder.create()) {
      task.detail("downloading it from the scanner's own source");
      Optional<String> repository =
          mirror.map(m -> m.replaceFirst("/+$", "") + "/aquasec/trivy-db");
      Optional<String> failure = trivy.fetchDatabase(temp.path(), repository, FETCH);
      if (failure.isEmpty() && TrivyDatabase.date(temp.path()).isEmpty()) {
        failure = Optional.of("what its source sent is no database");
      }
      if (failure.isPresent()) {
        folder.noteFailure(SOURCE);
        task.done("not from the scanner's own source: " + failure.get());
        return failure;
      }
      Files.createDirectories(own);
      // Its date last: with it the database counts as there.
      Files.deleteIfExists(own.resolve(TrivyDatabase.METADATA));
      for (String name : List.of(TrivyDatabase.DATA, TrivyDatabase.METADATA)) {
        Files.move(
            temp.path().resolve(name), own.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
      task.done("downloaded");
      return Optional.empty();
    }
  }

  private Ready ready(Database.Origin origin, String what, Instant date, Path files) {
    String about = "%s of %s".formatted(what, day(date));
    return new Ready(new Database(origin, Optional.of(date), about), age(date), files);
  }

  private List<Note> age(Instant date) {
    Duration age = Duration.between(date, clock.instant());
    if (age.compareTo(STALE) <= 0) {
      return List.of();
    }
    return List.of(
        new Note(
            Note.Kind.DATABASE_STALE,
            "The database is %d days old: it knows nothing that was published since %s, so a short"
                    .formatted(age.toDays(), day(date))
                + " list may only mean an old list."));
  }

  private Ready make(BillOfMaterials bill, Path work) throws IOException {
    Advisories ours = Advisories.standard();
    List<TrivyDatabase.Release> releases = new ArrayList<>();
    List<Note> notes = new ArrayList<>();
    Optional<Distribution> distribution = bill.distribution();
    Optional<String> codename =
        distribution.filter(d -> d.family().equals("debian")).flatMap(d -> codename(d.major()));
    Instant date = ours.until();
    String about = ours.about();
    Database.Origin origin = Database.Origin.NONE;
    if (codename.isPresent()) {
      try (Progress.Task task = progress.begin("vulnerability database")) {
        DebianAdvisories.Known known = debian.lookUp(codename.get(), installed(bill), task);
        task.done("made from Debian's own archive");
        releases.add(new TrivyDatabase.Release(distribution.get().major(), known.fixes()));
        origin = Database.Origin.DEBIAN;
        date = known.date();
        about =
            "Debian's %s of %s, and %s"
                .formatted(
                    known.security() ? "security suite" : "archive without its security suite",
                    day(date),
                    about);
        notes.addAll(notes(known));
      } catch (EnvironmentException e) {
        notes.add(
            new Note(
                Note.Kind.NO_DATABASE,
                "No database knows this image's %s packages: the scanner's own cannot be had (%s),"
                        .formatted(distribution.get(), whyNotFetched())
                    + " and neither can Debian's (%s).".formatted(bare(e))));
      }
    } else if (distribution.isPresent()) {
      notes.add(
          new Note(
              Note.Kind.DISTRIBUTION_UNKNOWN,
              "The database knows nothing of %s, so that nothing found there says nothing;"
                      .formatted(distribution.get())
                  + " the scanner's own cannot be had (%s).".formatted(whyNotFetched())));
    }
    if (distribution.isEmpty() || origin == Database.Origin.DEBIAN) {
      notes.add(limited(distribution.isPresent()));
    }
    notes.addAll(origin == Database.Origin.DEBIAN ? age(date) : List.of());
    TrivyDatabase.write(work, date, releases, ours.all());
    return new Ready(new Database(origin, Optional.of(date), about), notes, work);
  }

  private Note limited(boolean debian) {
    String knows =
        debian
            ? "it knows fixable CVEs only, that is, no CVE without an update in Debian, and no"
                + " severity"
            : "it knows a few advisories only";
    return new Note(
        Note.Kind.DATABASE_LIMITED,
        "The database is a stand-in for the scanner's own, which cannot be had (%s): %s."
            .formatted(whyNotFetched(), knows));
  }

  private String whyNotFetched() {
    return notFetched.orElse("there is none");
  }

  private static String bare(EnvironmentException e) {
    return String.valueOf(e.getMessage()).replaceFirst("[.]+$", "");
  }

  private static List<Note> notes(DebianAdvisories.Known known) {
    List<Note> notes = new ArrayList<>();
    if (!known.unread().isEmpty()) {
      notes.add(
          new Note(
              Note.Kind.UPDATES_NOT_READ,
              "Updates of %d outdated source packages could not be read, so what they fix is not"
                      .formatted(known.unread().size())
                  + " known: "
                  + some(known.unread())
                  + "."));
    }
    if (!known.security()) {
      notes.add(
          new Note(
              Note.Kind.UPDATES_NOT_READ,
              "Debian's security suite is not among this machine's APT sources; "
                  + DebianRelease.securitySetting()
                  + " can say where it is."));
    }
    return notes;
  }

  private static String some(List<String> names) {
    int most = 8;
    String shown = String.join(", ", names.subList(0, Math.min(most, names.size())));
    return names.size() > most ? shown + " and " + (names.size() - most) + " more" : shown;
  }

  private static List<DebianAdvisories.Installed> installed(BillOfMaterials bill) {
    return bill.debianPackages().stream()
        .map(p -> new DebianAdvisories.Installed(p.name(), p.version()))
        .toList();
  }

  private static LocalDate day(Instant date) {
    return LocalDate.ofInstant(date, ZoneOffset.UTC);
  }
}
