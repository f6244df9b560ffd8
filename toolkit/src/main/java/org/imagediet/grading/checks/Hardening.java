package org.imagediet.grading.checks;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.imagediet.compose.ComposeException;
import org.imagediet.compose.ComposeService;
import org.imagediet.engine.Capabilities;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.ResourceLimits;
import org.imagediet.grading.Bench;
import org.imagediet.grading.FailedEarlier;
import org.imagediet.grading.Outcome;
import org.imagediet.grading.Verdict;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;
import org.imagediet.image.Layer;
import org.imagediet.observation.AsComposed;
import org.imagediet.observation.Composed;
import org.imagediet.observation.Health;
import org.imagediet.observation.Observation;
import org.imagediet.probe.Mount;
import org.imagediet.probe.NoAnswerException;
import org.imagediet.probe.ProcessState;

/**
 * The image run as the submission's {@code compose.yaml} says. The file is only what is asked for;
 * what counts is what the kernel says of the running processes.
 */
public final class Hardening {

  private static final String SERVES = "serves";
  private static final int MOST_NAMED = 5;
  private static final long MIB = 1 << 20;
  private static final double NANOS = 1e9;

  /** Files that an engine makes for every container, read-only only on some. */
  private static final List<String> ENGINES_FILES =
      List.of(
          "/etc/hosts",
          "/etc/hostname",
          "/etc/resolv.conf",
          "/run/.containerenv",
          "/run/secrets",
          "/sbin/docker-init");

  /** File systems that hold nothing but the kernel's own. */
  private static final List<String> KERNELS_TYPES =
      List.of("proc", "sysfs", "cgroup", "cgroup2", "devpts", "mqueue", "devtmpfs");

  private Hardening() {}

  /**
   * It answers as it is and, where there is a compose file that may be honoured, as that says. The
   * other checks say what is wrong with the file itself.
   */
  public static Verdict serves(Bench bench) {
    Verdict asItIs = Running.serves(bench);
    Composed composed;
    try {
      composed = bench.composed();
    } catch (ComposeException e) {
      return asItIs;
    }
    AsComposed running = running(composed);
    List<String> ignored = composed.service().ignored();
    return Verdict.pass(
        "%s; as %s says, after %d ms%s"
            .formatted(
                asItIs.measured(),
                ComposeService.FILE,
                running.firstAnswer().toMillis(),
                ignored.isEmpty()
                    ? ""
                    : " (without effect here: " + String.join(", ", ignored) + ")"));
  }

  private static AsComposed running(Composed composed) {
    return answering(composed, Composed::running);
  }

  private static <T> T answering(Composed composed, Function<Composed, T> observation) {
    try {
      return observation.apply(composed);
    } catch (NoAnswerException e) {
      throw new FailedEarlier(
          SERVES,
          Verdict.fail(
              "run as " + ComposeService.FILE + " says, " + e.getMessage(),
              composed.service().readOnly()
                  ? "What does the service write while it starts, and where may it?"
                  : "Take the keys away one by one: which one is it that the service misses?"));
    }
  }

  /** Judges the running service; a file that may not be honoured is wrong in every check. */
  private static Verdict judged(Bench bench, Function<Composed, Verdict> judgement) {
    try {
      return judgement.apply(bench.composed());
    } catch (ComposeException e) {
      return Verdict.fail(
          e.getMessage(),
          "The lab's README says where the file lies and which of compose's keys are honoured.");
    }
  }

  /** Every process runs as 65532 with a group that is not root's. */
  public static Verdict nonrootUid(Bench bench) {
    return judged(bench, composed -> nonrootUid(bench.image(), bench.base().layers(), composed));
  }

  static Verdict nonrootUid(ContainerImage image, int baseLayers, Composed composed) {
    return Running.nonroot(
        image,
        baseLayers,
        composed.service().user().orElse(image.config().user()),
        running(composed).confinement().processes());
  }

  /** Nothing but memory may be written to, and the service still gets its work done. */
  public static Verdict readOnlyRootfs(Bench bench) {
    return judged(bench, Hardening::readOnlyRootfs);
  }

  static Verdict readOnlyRootfs(Composed composed) {
    AsComposed running = running(composed);
    if (running.confinement().mount("/").filter(root -> !root.writable()).isEmpty()) {
      return Verdict.fail(
          "the kernel says that the root file system may be written to",
          "Which key says that the container may not change its own image?");
    }
    List<Mount> writable =
        running.confinement().mounts().stream()
            .filter(mount -> mount.writable() && !KERNELS_TYPES.contains(mount.type()))
            .filter(mount -> !mount.path().startsWith("/proc/"))
            .filter(mount -> !ENGINES_FILES.contains(mount.path()))
            .toList();
    List<Mount> stored = writable.stream().filter(mount -> !mount.type().equals("tmpfs")).toList();
    if (!stored.isEmpty()) {
      return Verdict.fail(
          "the root file system is read-only, but %s is a place on the disk to write to"
              .formatted(
                  stored.stream()
                      .map(mount -> mount.path() + " (" + mount.type() + ")")
                      .collect(Collectors.joining(", "))),
          "Does the image declare a volume, and what does an engine make of it?");
    }
    if (!running.tempFiles().works()) {
      return Verdict.fail(
          "the root file system is read-only, and the service cannot write a temporary file any"
              + " more: "
              + running.tempFiles().evidence(),
          "Where does it write, and what could be mounted there that ends with the container?");
    }
    List<String> declared = new ArrayList<>();
    for (Mount mount : writable) {
      if (composed.service().tmpfs().containsKey(mount.path())) {
        declared.add(mount.path() + (mount.executable() ? ", where programs may even start" : ""));
      }
    }
    return Verdict.pass(
        "the kernel says that / is read-only"
            + (declared.isEmpty()
                ? ""
                : "; memory may be written to at " + String.join(", ", declared)));
  }

  /** No process has a capability, nor could get one. */
  public static Verdict noCapabilities(Bench bench) {
    return judged(bench, Hardening::noCapabilities);
  }

  static Verdict noCapabilities(Composed composed) {
    List<ProcessState> processes = running(composed).confinement().processes();
    for (ProcessState process : processes) {
      Map<String, BigInteger> sets = new LinkedHashMap<>(process.capabilities());
      sets.values().removeIf(set -> set.signum() == 0);
      if (!sets.isEmpty()) {
        boolean onlyBounding = sets.keySet().equals(Set.of("CapBnd"));
        return Verdict.fail(
            sets.entrySet().stream()
                .map(set -> told(process, set.getKey(), set.getValue()))
                .collect(Collectors.joining("\n")),
            onlyBounding
                ? "A plain user has none now. What could a setuid program that it starts get?"
                : "Which of them does a service need that only listens on a high port?");
      }
    }
    return Verdict.pass(
        "CapInh, CapPrm, CapEff, CapBnd and CapAmb are 0 in "
            + (processes.size() == 1 ? "the one process" : "all " + processes.size()));
  }

  private static String told(ProcessState process, String name, BigInteger set) {
    List<String> names = Capabilities.names(set);
    int more = names.size() - MOST_NAMED;
    return "process %d (%s) has %s %016x: %s%s"
        .formatted(
            process.pid(),
            process.name(),
            name,
            set,
            String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size()))),
            more > 0 ? " and " + more + " more" : "");
  }

  /** No process may gain rights, and because it was asked for. */
  public static Verdict noNewPrivileges(Bench bench) {
    return judged(bench, Hardening::noNewPrivileges);
  }

  static Verdict noNewPrivileges(Composed composed) {
    String next = "What would stop a setuid program that got into the container after all?";
    for (ProcessState process : running(composed).confinement().processes()) {
      if (!process.noNewPrivileges()) {
        return Verdict.fail(
            "process %d (%s) has NoNewPrivs 0".formatted(process.pid(), process.name()), next);
      }
    }
    if (!composed.service().noNewPrivileges()) {
      return Verdict.fail(
          "NoNewPrivs is 1, but only because this engine is set up so; the file does not ask for"
              + " it, and the next engine may not do it",
          next);
    }
    return Verdict.pass("every process has NoNewPrivs 1");
  }

  /**
   * Memory, processes and processors are limited, and the limits are in the control group.
   *
   * @param most the rubric's bounds: {@code memory} in MiB, {@code pids} and {@code cpus}; what is
   *     absent is not bounded
   */
  public static Verdict limits(Bench bench, Map<String, Integer> most) {
    return judged(bench, composed -> limits(composed, most));
  }

  static Verdict limits(Composed composed, Map<String, Integer> most) {
    AsComposed running = running(composed);
    ResourceLimits asked = composed.service().limits();
    ResourceLimits found = running.limits();
    List<Verdict> verdicts =
        List.of(
            limit(
                "memory",
                asked.memoryBytes(),
                found.memoryBytes(),
                ContainerSpec.MOST_MEMORY_BYTES,
                most("memory", most, MIB),
                bytes -> number(bytes / (double) MIB) + " MiB"),
            limit(
                "processes",
                asked.processes(),
                found.processes(),
                ContainerSpec.MOST_PROCESSES,
                most("pids", most, 1),
                Long::toString),
            limit(
                "processors",
                asked.nanoCpus(),
                found.nanoCpus(),
                ComposeService.MOST_NANO_CPUS,
                most("cpus", most, (long) NANOS),
                nanos -> number(nanos / NANOS)));
    String measured = verdicts.stream().map(Verdict::measured).collect(Collectors.joining("\n"));
    if (verdicts.stream().anyMatch(verdict -> verdict.outcome() == Outcome.FAIL)) {
      return Verdict.fail(
          measured,
          "What does one service that has gone wild take away from all others on the machine?");
    }
    return Verdict.pass(
        measured
            + (running.confinement().limits().isPresent()
                ? ""
                : "\n(the engine's word: its machine's control groups cannot be read from here)"));
  }

  private static OptionalLong most(String key, Map<String, Integer> most, long unit) {
    return Optional.ofNullable(most.get(key))
        .map(bound -> OptionalLong.of(bound * unit))
        .orElse(OptionalLong.empty());
  }

  /**
   * Judges one limit.
   *
   * @param net the grader's own bound, which holds without being asked for
   */
  private static Verdict limit(
      String name,
      OptionalLong asked,
      OptionalLong found,
      long net,
      OptionalLong most,
      LongFunction<String> text) {
    if (asked.isEmpty()) {
      return Verdict.fail(
          found.isEmpty()
              ? name + ": no limit, neither in the file nor in the control group"
              : "%s: no limit in the file; the %s in the control group are the grader's own bound"
                  .formatted(name, text.apply(found.getAsLong())),
          "");
    }
    String limit = name + ": " + text.apply(asked.getAsLong());
    if (most.isPresent() && asked.getAsLong() > most.getAsLong()) {
      return Verdict.fail(limit + ", more than the lab's " + text.apply(most.getAsLong()), "");
    }
    if (found.isEmpty() || found.getAsLong() > Math.min(asked.getAsLong(), net)) {
      throw new EnvironmentException(
          "This engine does not enforce limits (%s was asked for, and the control group has %s); it"
                  .formatted(limit, found.isEmpty() ? "none" : text.apply(found.getAsLong()))
              + " needs control groups delegated to it, as its documentation says.");
    }
    return Verdict.pass(name + ": the control group has " + text.apply(found.getAsLong()));
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.replaceFirst("\\.?0+$", "");
  }

  /** Turns healthy with the service, and does not without. */
  public static Verdict healthcheck(Bench bench) {
    return judged(bench, Hardening::healthcheck);
  }

  static Verdict healthcheck(Composed composed) {
    Health health = answering(composed, Composed::health);
    return switch (health.result()) {
      case WORKS -> Verdict.pass(health.evidence());
      case ABSENT ->
          Verdict.fail(health.evidence(), "How would an engine learn that the service hangs?");
      case SELDOM ->
          Verdict.fail(
              health.evidence() + ", and up to then nobody knows whether the service is well",
              "How long may a service hang before somebody has to know?");
      case FAILS ->
          Verdict.fail(
              health.evidence(),
              "Which program has to run it, and is that in the image? By hand: what does `docker"
                  + " inspect` show below State.Health?");
      case BLIND ->
          Verdict.fail(
              health.evidence() + ", so that it would call a dead service healthy",
              "Whom does the command ask, and what would make it fail?");
    };
  }

  /** A request in flight is answered after the stop signal, and it ends by itself with 0. */
  public static Verdict gracefulStop(Bench bench) {
    return judged(bench, composed -> gracefulStop(bench.image(), composed));
  }

  static Verdict gracefulStop(ContainerImage image, Composed composed) {
    Observation stop = running(composed).gracefulStop();
    String signal =
        composed
            .service()
            .stopSignal()
            .or(() -> Optional.of(image.config().stopSignal()).filter(name -> !name.isEmpty()))
            .orElse("SIGTERM");
    String measured =
        (signal.matches("\\d+") ? "after signal " : "after ") + signal + " " + stop.evidence();
    return stop.works()
        ? Verdict.pass(measured)
        : Verdict.fail(
            measured,
            "Which process gets the signal, does it know that one, and how long may it take?");
  }

  /** No file in any layer runs with more rights than who starts it. */
  public static Verdict noSetuid(Bench bench) {
    return noSetuid(bench.image());
  }

  static Verdict noSetuid(ContainerImage image) {
    List<FileEntry> visible = image.setuid();
    if (!visible.isEmpty()) {
      return Verdict.fail(
          modes(visible), "Which of them does the service start, and where do they come from?");
    }
    List<FileEntry> hidden =
        image.layers().stream()
            .map(Layer::entries)
            .flatMap(List::stream)
            .filter(FileEntry::privileged)
            .toList();
    return hidden.isEmpty()
        ? Verdict.pass("no file in any layer has setuid, setgid or capabilities")
        : Verdict.fail(
            modes(hidden) + "\na later layer hides or changes it, but it is still shipped",
            "What does changing a file in a later layer do to the layer below?");
  }

  private static String modes(List<FileEntry> files) {
    int more = files.size() - MOST_NAMED;
    return files.stream()
            .limit(MOST_NAMED)
            .map(
                file ->
                    "%s %s%s, from layer %d"
                        .formatted(
                            file.modeText(),
                            file.path(),
                            file.capabilities() ? " with capabilities" : "",
                            file.layer() + 1))
            .collect(Collectors.joining("\n"))
        + (more > 0 ? "\nand " + more + " more" : "");
  }
}
