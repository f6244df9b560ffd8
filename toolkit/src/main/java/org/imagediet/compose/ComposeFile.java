package org.imagediet.compose;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.imagediet.engine.Capabilities;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.HealthCheck;
import org.imagediet.engine.ResourceLimits;
import org.imagediet.yaml.StrictYaml;
import org.imagediet.yaml.YamlException;

/**
 * Reads a compose file that a stranger wrote. Compose itself is never run: the keys that this class
 * knows become a container of ours, and every other one is refused by its name, so that nothing is
 * silently without effect and nothing reaches the machine.
 *
 * <p>There is exactly one service, under any name. Some more keys, and all that begin with {@code
 * x-}, are accepted and change nothing here. Variables are not filled in: a {@code $} is written
 * {@code $$}.
 */
public final class ComposeFile {

  private static final List<String> HONOURED =
      List.of(
          "user",
          "read_only",
          "cap_drop",
          "cap_add",
          "security_opt",
          "tmpfs",
          "volumes",
          "mem_limit",
          "pids_limit",
          "cpus",
          "deploy",
          "ulimits",
          "healthcheck",
          "stop_signal",
          "stop_grace_period",
          "init",
          "environment",
          "entrypoint",
          "command",
          "working_dir");

  /** The grader builds the image, gives it a network of its own and starts it once. */
  private static final List<String> WITHOUT_EFFECT =
      List.of(
          "build",
          "image",
          "pull_policy",
          "container_name",
          "hostname",
          "labels",
          "restart",
          "ports",
          "expose",
          "networks");

  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("volumes_from", "it would bring another container's files"),
          Map.entry("devices", "it would open a device of the machine to the container"),
          Map.entry("device_cgroup_rules", "it would open devices of the machine"),
          Map.entry("gpus", "it would open devices of the machine"),
          Map.entry("cgroup_parent", "it would choose whose limits hold"),
          Map.entry("sysctls", "it would change settings of the kernel"),
          Map.entry("group_add", "it would add groups, perhaps root's or the engine's"),
          Map.entry("oom_kill_disable", "it would keep the kernel from enforcing a limit"),
          Map.entry("oom_score_adj", "it would have other programs killed first"),
          Map.entry("runtime", "it would choose another program to run containers with"),
          Map.entry("use_api_socket", "it would hand over the engine, and with it the machine"),
          Map.entry("include", "it would read another file"),
          Map.entry("extends", "it would read another file"),
          Map.entry("env_file", "it would read a file of the machine"),
          Map.entry("secrets", "their content would come from files of the machine"),
          Map.entry("configs", "their content would come from files of the machine"));

  /** What a service shares with another one, or with the machine. */
  private static final Map<String, String> NAMESPACES =
      Map.of(
          "network_mode", "network",
          "pid", "processes",
          "ipc", "shared memory",
          "uts", "host name",
          "userns_mode", "users",
          "cgroup", "control groups");

  private static final String NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}";
  private static final String VARIABLE = "[A-Za-z_][A-Za-z0-9_.-]{0,63}";
  private static final String SIGNAL =
      "(SIG)?(HUP|INT|QUIT|ABRT|KILL|USR1|USR2|ALRM|TERM|WINCH)|[1-9]|[12]\\d|3[01]";
  private static final String NUMBER = "\\d{1,9}";
  private static final List<String> ULIMITS = List.of("nofile", "nproc", "core");
  private static final int MOST_ULIMIT = 1 << 20;

  /** An engine refuses less. */
  private static final long LEAST_MEMORY_BYTES = 6 << 20;

  /** An engine refuses less, a hundredth of a processor. */
  private static final long LEAST_NANO_CPUS = 10_000_000;

  /** An engine refuses less between nothing and this. */
  private static final Duration LEAST_TIME = Duration.ofMillis(1);

  private static final Duration MOST_TIME = Duration.ofDays(1);

  private ComposeFile() {}

  /**
   * Reads a compose file.
   *
   * @throws ComposeException in one sentence, when it is wrong or asks for what is not honoured
   */
  public static ComposeService parse(String yaml) {
    Node root;
    try {
      root = new Node("", StrictYaml.read(yaml, ComposeService.FILE));
    } catch (YamlException e) {
      throw new ComposeException(e.getMessage(), e);
    }
    root.entries().forEach(ComposeFile::requireTopKey);
    Map<String, Node> services = root.at("services").entries();
    if (services.size() != 1) {
      throw new ComposeException(
          "%s: there are %d services, and one is run here; it must be the only one below services."
              .formatted(ComposeService.FILE, services.size()));
    }
    Map.Entry<String, Node> service = services.entrySet().iterator().next();
    return service(service.getKey(), service.getValue());
  }

  private static void requireTopKey(String key, Node value) {
    if (key.equals("networks")) {
      requireDefaultOnly(value);
    } else if (REFUSED.containsKey(key)) {
      throw value.refused(REFUSED.get(key));
    } else if (!List.of("services", "name", "version").contains(key) && !key.startsWith("x-")) {
      throw value.unknown();
    }
  }

  private static ComposeService service(String name, Node service) {
    List<String> ignored = new ArrayList<>();
    service
        .entries()
        .forEach(
            (key, value) -> {
              if (!requireKey(key, value)) {
                ignored.add(key);
              }
            });
    return new ComposeService(
        name,
        service.at("user").optional(ComposeFile::user),
        service.at("read_only").flag(),
        service.at("cap_drop").items().stream().map(ComposeFile::capability).toList(),
        service.at("cap_add").items().stream().map(ComposeFile::addedCapability).toList(),
        noNewPrivileges(service.at("security_opt")),
        TmpfsMounts.of(service.at("tmpfs"), service.at("volumes")),
        limits(service),
        ulimits(service.at("ulimits")),
        service.at("healthcheck").optional(ComposeFile::healthCheck),
        service.at("stop_signal").optional(ComposeFile::signal),
        service.at("stop_grace_period").optional(ComposeFile::time),
        service.at("init").flag(),
        environment(service.at("environment")),
        entrypoint(service.at("entrypoint")),
        argv(service.at("command")),
        service.at("working_dir").optional(Node::absolutePath),
        List.copyOf(ignored));
  }

  /** Returns whether the key has an effect; refuses it if it may not be there. */
  private static boolean requireKey(String key, Node value) {
    if (HONOURED.contains(key)) {
      return true;
    }
    if (REFUSED.containsKey(key)) {
      throw value.refused(REFUSED.get(key));
    }
    if (NAMESPACES.containsKey(key)) {
      throw sharing(value, NAMESPACES.get(key));
    }
    if (key.equals("networks")) {
      requireDefaultOnly(value);
    } else if (key.equals("privileged")) {
      if (value.flag()) {
        throw value.refused("it would give the container every right over the machine");
      }
    } else if (!WITHOUT_EFFECT.contains(key) && !key.startsWith("x-")) {
      throw value.unknown();
    }
    return false;
  }

  private static ComposeException sharing(Node value, String what) {
    String text = value.text();
    if (text.equals("host")) {
      return value.refused("it would share the machine's " + what);
    }
    return text.contains(":")
        ? value.refused("it would share another container's " + what)
        : value.unknown();
  }

  private static void requireDefaultOnly(Node networks) {
    List<String> names = new ArrayList<>();
    if (networks.json().isArray()) {
      networks.items().forEach(item -> names.add(item.text()));
    } else {
      networks.entries().forEach((name, network) -> network.allowOnly());
      names.addAll(networks.entries().keySet());
    }
    if (!names.stream().allMatch("default"::equals)) {
      throw networks.wrong("may name no other network than default");
    }
  }

  private static String user(Node node) {
    return node.matching(NAME + "(:" + NAME + ")?", "a user, or a user and a group: 1000:1000");
  }

  private static String signal(Node node) {
    return node.matching(SIGNAL, "a signal such as SIGTERM");
  }

  private static String capability(Node node) {
    String written = node.required();
    return Capabilities.find(written)
        .orElseThrow(() -> node.wrong("is %s, which is no capability", written));
  }

  /** The harmless ones are honoured, so that the check on capabilities sees them. */
  private static String addedCapability(Node node) {
    String name = capability(node);
    if (!Capabilities.given(name)) {
      throw node.refused(name + " is more than a container has that asks for nothing");
    }
    return name;
  }

  private static boolean noNewPrivileges(Node options) {
    boolean noNewPrivileges = false;
    for (Node option : options.items()) {
      switch (option.required().replace('=', ':')) {
        case "no-new-privileges", "no-new-privileges:true":
          noNewPrivileges = true;
          break;
        case "no-new-privileges:false":
          noNewPrivileges = false;
          break;
        case "seccomp:unconfined":
          throw option.refused("it would allow every system call");
        case "apparmor:unconfined", "label:disable":
          throw option.refused("it would take the machine's own guard away");
        case "systempaths:unconfined":
          throw option.refused("it would open the kernel's settings below /proc and /sys");
        default:
          throw option.unknown();
      }
    }
    return noNewPrivileges;
  }

  private static ResourceLimits limits(Node service) {
    Node deploy = service.at("deploy");
    deploy.allowOnly("resources");
    deploy.at("resources").allowOnly("limits");
    Node limits = deploy.at("resources").at("limits");
    limits.allowOnly("cpus", "memory", "pids");
    return new ResourceLimits(
        once(service.at("mem_limit"), limits.at("memory"), ComposeFile::memory),
        once(service.at("pids_limit"), limits.at("pids"), ComposeFile::processes),
        once(service.at("cpus"), limits.at("cpus"), ComposeFile::nanoCpus));
  }

  /** Reads a limit that has two spellings; 0 means none. */
  private static OptionalLong once(Node one, Node other, Function<Node, Long> reader) {
    Optional<Long> first = one.optional(reader);
    Optional<Long> second = other.optional(reader);
    if (first.isPresent() && second.isPresent() && !first.equals(second)) {
      throw one.wrong("contradicts %s; write it once", other.path());
    }
    long limit = first.or(() -> second).orElse(0L);
    return limit == 0 ? OptionalLong.empty() : OptionalLong.of(limit);
  }

  private static Long memory(Node node) {
    String text = node.required();
    long bytes =
        Quantities.bytes(text)
            .orElseThrow(() -> node.wrong("is %s; it is a size such as 64m", text));
    if (bytes > 0 && bytes < LEAST_MEMORY_BYTES) {
      throw node.wrong("is %s, less than the 6m that an engine needs", text);
    }
    return bytes;
  }

  private static Long processes(Node node) {
    return Math.max(
        0, Long.parseLong(node.matching("-1|" + NUMBER, "a number of processes such as 50")));
  }

  private static Long nanoCpus(Node node) {
    String text = node.required();
    long nanos =
        Quantities.nanoCpus(text)
            .orElseThrow(() -> node.wrong("is %s; it is a number such as 0.5", text));
    if (nanos > 0 && nanos < LEAST_NANO_CPUS) {
      throw node.wrong("is %s, less than the 0.01 that an engine can divide", text);
    }
    return nanos;
  }

  private static List<ContainerSpec.Ulimit> ulimits(Node ulimits) {
    List<ContainerSpec.Ulimit> read = new ArrayList<>();
    ulimits.allowOnly(ULIMITS.toArray(String[]::new));
    ulimits
        .entries()
        .forEach(
            (name, value) -> {
              boolean pair = value.json().isObject();
              if (pair) {
                value.allowOnly("soft", "hard");
              }
              long soft = ulimit(pair ? value.at("soft") : value);
              long hard = ulimit(pair ? value.at("hard") : value);
              if (soft > hard) {
                throw value.wrong("has a soft limit above the hard one");
              }
              read.add(new ContainerSpec.Ulimit(name, soft, hard));
            });
    return read;
  }

  private static long ulimit(Node node) {
    long limit = Long.parseLong(node.matching(NUMBER, "a number"));
    if (limit > MOST_ULIMIT) {
      throw node.wrong("is %s; the most is %s", limit, MOST_ULIMIT);
    }
    return limit;
  }

  private static HealthCheck healthCheck(Node node) {
    node.allowOnly(
        "test", "interval", "timeout", "retries", "start_period", "start_interval", "disable");
    return new HealthCheck(
        node.at("disable").flag() ? List.of("NONE") : test(node.at("test")),
        node.at("interval").optional(ComposeFile::time),
        node.at("timeout").optional(ComposeFile::time),
        node.at("retries")
            .optional(retries -> retries.matching(NUMBER, "a number"))
            .map(text -> OptionalInt.of(Integer.parseInt(text)))
            .orElse(OptionalInt.empty()),
        node.at("start_period").optional(ComposeFile::time),
        node.at("start_interval").optional(ComposeFile::time));
  }

  private static List<String> test(Node node) {
    if (!node.present()) {
      return List.of();
    }
    if (node.isText()) {
      return List.of("CMD-SHELL", node.required());
    }
    List<String> test = node.items().stream().map(Node::text).toList();
    boolean right =
        switch (test.isEmpty() ? "" : test.get(0)) {
          case "NONE" -> test.size() == 1;
          case "CMD-SHELL" -> test.size() == 2;
          case "CMD" -> test.size() > 1;
          default -> false;
        };
    if (!right) {
      throw node.wrong(
          "must be CMD and the words of a command, CMD-SHELL and one line, or NONE alone");
    }
    return test;
  }

  private static Duration time(Node node) {
    String text = node.required();
    Duration time =
        Quantities.time(text)
            .orElseThrow(() -> node.wrong("is %s; it is a time such as 30s or 1m30s", text));
    if (time.compareTo(MOST_TIME) > 0) {
      throw node.wrong("is %s, more than a day", text);
    }
    if (!time.isZero() && time.compareTo(LEAST_TIME) < 0) {
      throw node.wrong("is %s, less than the 1ms that an engine can measure", text);
    }
    return time;
  }

  private static Map<String, String> environment(Node node) {
    Map<String, String> environment = new LinkedHashMap<>();
    if (node.json().isArray()) {
      for (Node item : node.items()) {
        String[] parts = item.required().split("=", 2);
        if (parts.length < 2) {
          throw item.wrong("is %s without a value, which would come from outside", parts[0]);
        }
        put(environment, item, parts[0], parts[1]);
      }
    } else {
      node.entries().forEach((name, value) -> put(environment, value, name, value.text()));
    }
    return environment;
  }

  private static void put(Map<String, String> environment, Node node, String name, String value) {
    if (!name.matches(VARIABLE)) {
      throw node.wrong("names the variable %s, and such a name is not honoured here", name);
    }
    environment.put(name, value);
  }

  private static List<String> entrypoint(Node node) {
    List<String> argv = argv(node);
    if (!argv.isEmpty() && argv.get(0).isEmpty()) {
      throw node.wrong("names no program");
    }
    return argv;
  }

  /** A text would have to be cut into words as a shell does; a list leaves no doubt. */
  private static List<String> argv(Node node) {
    if (node.isText()) {
      throw node.wrong("must be a list, one word of the command in each item");
    }
    List<String> argv = node.items().stream().map(Node::text).toList();
    if (node.present() && argv.isEmpty()) {
      throw node.wrong("is an empty list");
    }
    return argv;
  }
}
