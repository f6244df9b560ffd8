package org.imagediet.assertions;

import static org.imagediet.assertions.error.ShouldBeReadable.shouldBeReadable;
import static org.imagediet.assertions.error.ShouldExpose.shouldExpose;
import static org.imagediet.assertions.error.ShouldGrowAtMost.shouldGrowAtMost;
import static org.imagediet.assertions.error.ShouldHaveEntrypoint.shouldHaveEntrypoint;
import static org.imagediet.assertions.error.ShouldHaveEnvironment.shouldHaveEnvironment;
import static org.imagediet.assertions.error.ShouldHaveExecFormEntrypoint.shouldHaveExecFormEntrypoint;
import static org.imagediet.assertions.error.ShouldHaveFile.shouldHaveFile;
import static org.imagediet.assertions.error.ShouldHaveFiles.shouldHaveFiles;
import static org.imagediet.assertions.error.ShouldHaveLabel.shouldHaveLabel;
import static org.imagediet.assertions.error.ShouldHaveLayersOf.shouldHaveLayersOf;
import static org.imagediet.assertions.error.ShouldHaveNoFileCapabilities.shouldHaveNoFileCapabilities;
import static org.imagediet.assertions.error.ShouldHaveNoPackages.shouldHaveNoPackages;
import static org.imagediet.assertions.error.ShouldHaveNoSetuidFiles.shouldHaveNoSetuidFiles;
import static org.imagediet.assertions.error.ShouldHaveNonRootGroup.shouldHaveNonRootGroup;
import static org.imagediet.assertions.error.ShouldHavePackage.shouldHavePackage;
import static org.imagediet.assertions.error.ShouldHaveRootfsSizeAtMost.shouldHaveRootfsSizeAtMost;
import static org.imagediet.assertions.error.ShouldHaveSelfContainedEntrypoint.shouldHaveSelfContainedEntrypoint;
import static org.imagediet.assertions.error.ShouldHaveStaticEntrypoint.shouldHaveStaticEntrypoint;
import static org.imagediet.assertions.error.ShouldHaveStrippedEntrypoint.shouldHaveStrippedEntrypoint;
import static org.imagediet.assertions.error.ShouldHaveTrustStore.shouldHaveTrustStore;
import static org.imagediet.assertions.error.ShouldHaveUnpackedSizeAtMost.shouldHaveUnpackedSizeAtMost;
import static org.imagediet.assertions.error.ShouldNotHaveFile.shouldNotHaveFile;
import static org.imagediet.assertions.error.ShouldRunAs.shouldRunAs;
import static org.imagediet.assertions.error.ShouldWasteAtMost.shouldWasteAtMost;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractAssert;
import org.imagediet.assertions.error.ImageErrorMessage;
import org.imagediet.assertions.error.ShouldHaveNoCompiler;
import org.imagediet.assertions.error.ShouldHaveNoPackageManager;
import org.imagediet.assertions.error.ShouldHaveNoShell;
import org.imagediet.budget.Base;
import org.imagediet.budget.Budget;
import org.imagediet.budget.BudgetVerdict;
import org.imagediet.budget.Snapshot;
import org.imagediet.budget.Units;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.FileEntry;
import org.imagediet.image.Finding;
import org.imagediet.image.InstalledPackage;
import org.imagediet.image.Layer;
import org.imagediet.image.Need;
import org.imagediet.image.Needs;
import org.imagediet.image.PackageDatabases;
import org.imagediet.image.ProgramKind;
import org.imagediet.image.Users;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on a container image.
 *
 * <p>They read, and run nothing. What forbids something fails on an image without any file, and
 * where it cannot be told, so that it never passes because there was nothing to look at.
 */
public class ContainerImageAssert extends AbstractAssert<ContainerImageAssert, ContainerImage> {

  private static final int SETUID_SETGID = 06000;

  /** Starts an assertion; {@link ImageAssertions#assertThat} reads better. */
  public ContainerImageAssert(@Nullable ContainerImage actual) {
    super(actual, ContainerImageAssert.class);
  }

  // Who it runs as.

  /**
   * Verifies which user the image is configured to run as, resolved through its own {@code
   * /etc/passwd} as an engine does: USER may be a number or a name, and without one it is root.
   */
  public ContainerImageAssert runsAs(long uid) {
    require(uid >= 0, "A uid is 0 or more, but this one is %d", uid);
    isNotNull();
    boolean same = user().uid().filter(actualUid -> actualUid == uid).isPresent();
    return check(same, () -> shouldRunAs(actual, uid));
  }

  /**
   * Verifies that the image is configured to run in a group other than root's, and does not come by
   * that group through {@code /etc/group} either. A bare {@code USER 65532} that {@code
   * /etc/passwd} does not know means the group 0.
   */
  public ContainerImageAssert hasNonRootGroup() {
    isNotNull();
    boolean other = user().gid().filter(gid -> gid != 0).isPresent();
    boolean member = actual.users().supplementaryGroups(actual.config().user()).contains(0L);
    return check(other && !member, () -> shouldHaveNonRootGroup(actual));
  }

  private Users.ResolvedUser user() {
    return actual.users().resolve(actual.config().user());
  }

  // What it holds.

  /**
   * Verifies that there is no shell under any name, recognised by content, neither visible nor
   * shipped in a layer and hidden by a later one.
   */
  public ContainerImageAssert hasNoShell() {
    return hasNone(ProgramKind.SHELL, ShouldHaveNoShell::shouldHaveNoShell);
  }

  /** Verifies that no layer has a package manager, recognised by content or by name. */
  public ContainerImageAssert hasNoPackageManager() {
    return hasNone(
        ProgramKind.PACKAGE_MANAGER, ShouldHaveNoPackageManager::shouldHaveNoPackageManager);
  }

  /** Verifies that no layer has a compiler or a build tool, recognised by content or by name. */
  public ContainerImageAssert hasNoCompiler() {
    return hasNone(ProgramKind.COMPILER, ShouldHaveNoCompiler::shouldHaveNoCompiler);
  }

  private ContainerImageAssert hasNone(
      ProgramKind kind, BiFunction<ContainerImage, List<Finding>, ImageErrorMessage> message) {
    hasFiles();
    List<Finding> found = Programs.all(actual, kind);
    check(found.isEmpty(), () -> message.apply(actual, found));
    List<FileEntry> packed = Programs.packed(actual);
    return check(packed.isEmpty(), () -> shouldBeReadable(actual, packed));
  }

  /** Verifies that no visible file is setuid or setgid. */
  public ContainerImageAssert hasNoSetuidFiles() {
    hasFiles();
    List<FileEntry> files = privileged(file -> (file.mode() & SETUID_SETGID) != 0);
    return check(files.isEmpty(), () -> shouldHaveNoSetuidFiles(actual, files));
  }

  /** Verifies that no visible file has capabilities ({@code security.capability}). */
  public ContainerImageAssert hasNoFileCapabilities() {
    hasFiles();
    List<FileEntry> files = privileged(FileEntry::capabilities);
    return check(files.isEmpty(), () -> shouldHaveNoFileCapabilities(actual, files));
  }

  private List<FileEntry> privileged(Predicate<FileEntry> how) {
    return actual.setuid().stream().filter(how).toList();
  }

  /** Verifies that there is a regular file at an absolute path, links followed. */
  public ContainerImageAssert hasFile(String path) {
    String normalized = Paths.normalized(path);
    isNotNull();
    boolean there = actual.files().get(path).filter(FileEntry::regular).isPresent();
    return check(
        there, () -> shouldHaveFile(actual, normalized, Paths.insteadOfFile(actual, normalized)));
  }

  /**
   * Verifies that nothing is at an absolute path: no file, folder or link that a container sees,
   * and no file in a layer that a later one hides.
   */
  public ContainerImageAssert doesNotHaveFile(String path) {
    String normalized = Paths.normalized(path);
    hasFiles();
    List<String> found = Paths.at(actual, normalized);
    return check(found.isEmpty(), () -> shouldNotHaveFile(actual, normalized, found));
  }

  /**
   * Verifies that the package databases of dpkg and apk record nothing, and that no layer ships a
   * database which a later one hides: that leaves the packages where they are.
   */
  public ContainerImageAssert hasNoPackages() {
    hasFiles();
    List<String> found = new ArrayList<>();
    for (InstalledPackage installed : actual.packages()) {
      found.add(
          "%s %s, recorded by %s in %s"
              .formatted(
                  installed.name(), installed.version(), installed.database(), installed.record()));
    }
    if (found.isEmpty()) {
      found.addAll(hiddenDatabases());
    }
    return check(found.isEmpty(), () -> shouldHaveNoPackages(actual, found));
  }

  private List<String> hiddenDatabases() {
    List<String> found = new ArrayList<>();
    for (Layer layer : actual.layers()) {
      for (FileEntry entry : layer.entries()) {
        if (entry.regular() && entry.size() > 0 && PackageDatabases.database(entry.path())) {
          found.add(
              "%s in layer %d is a package database, but no package is visible"
                  .formatted(entry.path(), layer.index() + 1));
        }
      }
    }
    return found;
  }

  /** Verifies that a package database records a package, such as {@code tzdata}. */
  public ContainerImageAssert hasPackage(String name) {
    isNotNull();
    boolean there = actual.packages().stream().anyMatch(found -> found.name().equals(name));
    return check(there, () -> shouldHavePackage(actual, name));
  }

  /**
   * Verifies that a store somewhere in the image, PEM, JKS or PKCS12, has so many different root
   * certificates that are valid now. Whether the program reads that store, only a run can tell.
   */
  public ContainerImageAssert hasTrustStore(int minimumRoots) {
    require(minimumRoots > 0, "A trust store needs at least 1 root, not %d", minimumRoots);
    isNotNull();
    boolean there =
        actual.trustStores().stream()
            .anyMatch(store -> store.fingerprints().size() - store.expired() >= minimumRoots);
    return check(there, () -> shouldHaveTrustStore(actual, minimumRoots));
  }

  // How large it is.

  /** Verifies the size by which images are compared: the regular files of all layers, in bytes. */
  public ContainerImageAssert hasUnpackedSizeAtMost(long bytes) {
    requireSize(bytes);
    hasFiles();
    return check(
        actual.sizes().unpackedBytes() <= bytes, () -> shouldHaveUnpackedSizeAtMost(actual, bytes));
  }

  /** Verifies the size of the regular files that a container sees, in bytes. */
  public ContainerImageAssert hasRootfsSizeAtMost(long bytes) {
    requireSize(bytes);
    hasFiles();
    return check(
        actual.sizes().rootfsBytes() <= bytes, () -> shouldHaveRootfsSizeAtMost(actual, bytes));
  }

  /** Verifies how many bytes are shipped and then hidden by a later layer. */
  public ContainerImageAssert wastesAtMost(long bytes) {
    requireSize(bytes);
    hasFiles();
    return check(actual.waste().bytes() <= bytes, () -> shouldWasteAtMost(actual, bytes));
  }

  /**
   * Verifies that the unpacked size is not more than a percentage above a baseline's, without
   * rounding.
   *
   * @param percentage such as {@code 5%} or {@code 2.5%}
   */
  public ContainerImageAssert growsAtMost(String percentage, Snapshot before) {
    Budget budget = Budget.standard().maxGrowth(Units.percentage(percentage));
    hasFiles();
    BudgetVerdict verdict =
        BudgetVerdict.of(
            actual.name(),
            before,
            actual,
            Base.find(actual, before.base().stream().toList()),
            budget);
    return check(!verdict.broken(), () -> shouldGrowAtMost(actual, verdict));
  }

  private static void requireSize(long bytes) {
    require(bytes >= 0, "A size is 0 bytes or more, not %d", bytes);
  }

  // What it starts.

  /** Verifies the entrypoint, word by word; the command is not part of it. */
  public ContainerImageAssert hasEntrypoint(String... words) {
    require(words.length > 0, "An entrypoint has at least one word");
    isNotNull();
    List<String> wanted = List.of(words);
    return check(
        actual.config().entrypoint().equals(wanted), () -> shouldHaveEntrypoint(actual, wanted));
  }

  /**
   * Verifies that what the image starts, entrypoint and command, is not a shell with a command
   * line, as the shell form leaves it behind. A shell that runs a script is none.
   */
  public ContainerImageAssert hasExecFormEntrypoint() {
    isNotNull();
    boolean good = !actual.config().argv().isEmpty() && !ShellForm.used(actual);
    return check(good, () -> shouldHaveExecFormEntrypoint(actual));
  }

  /**
   * Verifies that the program the image starts is an ELF file that needs neither a loader nor a
   * library: static or static-PIE.
   */
  public ContainerImageAssert hasStaticEntrypoint() {
    isNotNull();
    boolean good = entrypoint().filter(e -> e.executable() && e.selfContained()).isPresent();
    return check(good, () -> shouldHaveStaticEntrypoint(actual));
  }

  /** Verifies that the program the image starts is an ELF file without symbols. */
  public ContainerImageAssert hasStrippedEntrypoint() {
    isNotNull();
    boolean good = entrypoint().filter(e -> e.executable() && e.stripped()).isPresent();
    return check(good, () -> shouldHaveStrippedEntrypoint(actual));
  }

  private Optional<ElfFile> entrypoint() {
    return actual.entrypointProgram().flatMap(FileEntry::content).flatMap(Content::elf);
  }

  /**
   * Verifies that the interpreter, the loader and all libraries that the started program asks for
   * are in the image, and what these ask for in turn. Libraries are looked up by name in all
   * folders: whether the loader looks there, only a run can tell.
   */
  public ContainerImageAssert hasSelfContainedEntrypoint() {
    isNotNull();
    Optional<FileEntry> program =
        actual
            .entrypointProgram()
            .filter(file -> file.content().filter(Content::startable).isPresent());
    List<String> missing =
        program.map(file -> Needs.missing(actual, file)).orElse(List.of()).stream()
            .map(Need::missing)
            .toList();
    return check(
        program.isPresent() && missing.isEmpty(),
        () -> shouldHaveSelfContainedEntrypoint(actual, missing));
  }

  // How it is described.

  /** Verifies that a label is set, to whatever value. */
  public ContainerImageAssert hasLabel(String name) {
    isNotNull();
    boolean there = actual.config().labels().containsKey(name);
    return check(there, () -> shouldHaveLabel(actual, name, name + " with any value"));
  }

  /** Verifies the value of a label. */
  public ContainerImageAssert hasLabel(String name, String value) {
    isNotNull();
    boolean same = has(actual.config().labels(), name, value);
    return check(same, () -> shouldHaveLabel(actual, name, name + "=" + value));
  }

  /** Verifies that an environment variable is set, to whatever value. */
  public ContainerImageAssert hasEnvironment(String name) {
    isNotNull();
    boolean there = actual.config().environment().containsKey(name);
    return check(there, () -> shouldHaveEnvironment(actual, name, name + " with any value"));
  }

  /** Verifies the value of an environment variable. */
  public ContainerImageAssert hasEnvironment(String name, String value) {
    isNotNull();
    boolean same = has(actual.config().environment(), name, value);
    return check(same, () -> shouldHaveEnvironment(actual, name, name + "=" + value));
  }

  private static boolean has(Map<String, String> all, String name, String value) {
    return value.equals(all.get(name));
  }

  /** Verifies that a TCP port is exposed. */
  public ContainerImageAssert exposes(int port) {
    require(port > 0 && port <= 0xffff, "A port lies between 1 and 65535, unlike %d", port);
    isNotNull();
    List<String> ports = actual.config().exposedPorts();
    // Without a protocol it is TCP.
    boolean there = ports.contains(port + "/tcp") || ports.contains(Integer.toString(port));
    return check(there, () -> shouldExpose(actual, port));
  }

  // Where it comes from.

  /** Verifies that the image's lowest layers are all layers of another image. */
  public ContainerImageAssert isBasedOn(ContainerImage base) {
    List<String> diffIds = base.layers().stream().map(Layer::diffId).toList();
    return hasLayers(diffIds, base.name().isEmpty() ? base.id() : base.name());
  }

  /**
   * Verifies that the image's lowest layers have these diff ids.
   *
   * @param baseDiffIds the digests of the base's uncompressed layers, the lowest first
   */
  public ContainerImageAssert hasLayersOf(List<String> baseDiffIds) {
    return hasLayers(baseDiffIds, "the given base");
  }

  private ContainerImageAssert hasLayers(List<String> base, String name) {
    require(!base.isEmpty(), "A base without layers is below every image; give one with layers");
    isNotNull();
    List<String> own = actual.layers().stream().map(Layer::diffId).toList();
    boolean below = own.size() >= base.size() && own.subList(0, base.size()).equals(base);
    return check(below, () -> shouldHaveLayersOf(actual, base, name));
  }

  private void hasFiles() {
    isNotNull();
    check(actual.files().regularFiles() > 0, () -> shouldHaveFiles(actual));
  }

  private ContainerImageAssert check(boolean good, Supplier<ImageErrorMessage> message) {
    if (!good) {
      throwAssertionError(message.get());
    }
    return this;
  }

  private static void require(boolean good, String message, Object... values) {
    if (!good) {
      throw new IllegalArgumentException(message.formatted(values));
    }
  }
}
