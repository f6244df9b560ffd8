package org.imagediet.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.HealthCheck;
import org.imagediet.engine.ResourceLimits;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComposeFileTest {

  /** A file of one service with these keys, in flow style. */
  private static ComposeService service(String keys) {
    return ComposeFile.parse("services: {app: {" + keys + "}}\n");
  }

  private static String problem(String yaml) {
    ComposeException e =
        catchThrowableOfType(ComposeException.class, () -> ComposeFile.parse(yaml));
    assertThat(e).as("accepted: " + yaml).isNotNull();
    assertThat(e.getMessage()).startsWith("compose.yaml").endsWith(".").doesNotContain("\n");
    return e.getMessage();
  }

  private static String refusal(String keys) {
    return problem("services: {app: {" + keys + "}}\n");
  }

  private static ContainerSpec spec(ComposeService service) {
    return service.applyTo(ContainerSpec.image("x")).build();
  }

  @Test
  @DisplayName("reads every key that it honours, and the container is run so")
  void everyKey() {
    ComposeService service =
        ComposeFile.parse(
            """
            name: lab
            version: "3.9"
            x-note: {any: [thing]}
            networks: {default: {}}
            services:
              web:
                image: diet
                build: {context: ., target: release}
                container_name: web
                hostname: web
                labels: {a: b}
                restart: unless-stopped
                ports: ["8080:8080"]
                expose: [8080]
                networks: [default]
                privileged: false
                x-more: 1
                user: 65532:65532
                read_only: true
                cap_drop: [ALL]
                cap_add: [CAP_NET_BIND_SERVICE]
                security_opt: ["no-new-privileges:true"]
                tmpfs:
                  - /tmp:size=64m,mode=1777,noexec
                  - /run
                volumes:
                  - {type: tmpfs, target: /cache/, tmpfs: {size: 1m, mode: 01777}}
                  - {type: tmpfs, target: /decimal, tmpfs: {mode: 1023}}
                  - {type: tmpfs, target: /more}
                mem_limit: 64m
                pids_limit: 50
                cpus: 0.5
                ulimits: {nofile: {soft: 100, hard: 200}, nproc: 30}
                healthcheck:
                  test: [CMD, /app, -health]
                  interval: 1m30s
                  timeout: 1.5s
                  retries: 2
                  start_period: 500ms
                  start_interval: 1s
                stop_signal: SIGINT
                stop_grace_period: 5s
                init: yes
                environment: {PORT: 8080, PRICE: 5$$, EMPTY: ""}
                entrypoint: [/app]
                command: [-v, ""]
                working_dir: /home
            """);
    assertThat(service)
        .isEqualTo(
            new ComposeService(
                "web",
                Optional.of("65532:65532"),
                true,
                List.of("ALL"),
                List.of("NET_BIND_SERVICE"),
                true,
                Map.of(
                    "/tmp",
                    "size=64m,mode=1777,noexec",
                    "/run",
                    "",
                    "/cache",
                    "size=1048576,mode=01777",
                    "/decimal",
                    "mode=01777",
                    "/more",
                    ""),
                new ResourceLimits(
                    OptionalLong.of(64 << 20), OptionalLong.of(50), OptionalLong.of(500_000_000)),
                List.of(
                    new ContainerSpec.Ulimit("nofile", 100, 200),
                    new ContainerSpec.Ulimit("nproc", 30, 30)),
                Optional.of(
                    new HealthCheck(
                        List.of("CMD", "/app", "-health"),
                        Optional.of(Duration.ofSeconds(90)),
                        Optional.of(Duration.ofMillis(1500)),
                        OptionalInt.of(2),
                        Optional.of(Duration.ofMillis(500)),
                        Optional.of(Duration.ofSeconds(1)))),
                Optional.of("SIGINT"),
                Optional.of(Duration.ofSeconds(5)),
                true,
                Map.of("PORT", "8080", "PRICE", "5$", "EMPTY", ""),
                List.of("/app"),
                List.of("-v", ""),
                Optional.of("/home"),
                List.of(
                    "image",
                    "build",
                    "container_name",
                    "hostname",
                    "labels",
                    "restart",
                    "ports",
                    "expose",
                    "networks",
                    "privileged",
                    "x-more")));
    ContainerSpec spec = spec(service);
    assertThat(spec.user()).contains("65532:65532");
    assertThat(spec.readOnly()).isTrue();
    assertThat(spec.droppedCapabilities()).containsExactly("ALL");
    assertThat(spec.addedCapabilities()).containsExactly("NET_BIND_SERVICE");
    assertThat(spec.noNewPrivileges()).isTrue();
    assertThat(spec.tmpfs()).isEqualTo(service.tmpfs());
    assertThat(spec.memoryBytes()).isEqualTo(64 << 20);
    assertThat(spec.processes()).isEqualTo(50);
    assertThat(spec.nanoCpus()).hasValue(500_000_000);
    assertThat(spec.ulimits()).isEqualTo(service.ulimits());
    assertThat(spec.healthCheck()).isEqualTo(service.healthCheck());
    assertThat(spec.stopSignal()).contains("SIGINT");
    assertThat(spec.init()).isTrue();
    assertThat(spec.environment()).isEqualTo(service.environment());
    assertThat(spec.entrypoint()).containsExactly("/app");
    assertThat(spec.command()).containsExactly("-v", "");
    assertThat(spec.workingDirectory()).contains("/home");
  }

  @Test
  @DisplayName("a service that says nothing is run as the image says, within our own bounds")
  void nothing() {
    ComposeService service = ComposeFile.parse("services:\n  app:\n");
    assertThat(service("user: '', tmpfs: , healthcheck: null, entrypoint: , deploy: "))
        .isEqualTo(service);
    assertThat(spec(service)).isEqualTo(ContainerSpec.image("x").build());
    assertThat(service.limits())
        .isEqualTo(
            new ResourceLimits(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty()));
  }

  @Test
  @DisplayName("no limit gets wider than the grader's own")
  void noWider() {
    ContainerSpec spec = spec(service("mem_limit: 4g, pids_limit: 5000, cpus: 16"));
    assertThat(spec.memoryBytes()).isEqualTo(ContainerSpec.MOST_MEMORY_BYTES);
    assertThat(spec.processes()).isEqualTo(ContainerSpec.MOST_PROCESSES);
    assertThat(spec.nanoCpus()).hasValue(ComposeService.MOST_NANO_CPUS);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          64m,        67108864
          64M,        67108864
          64mb,       67108864
          64MiB,      67108864
          64 MB,      67108864
          65536k,     67108864
          1gb,        1073741824
          1.5g,       1610612736
          67108864,   67108864
          67108864b,  67108864
          """)
  @DisplayName("reads sizes as compose does")
  void sizes(String written, long bytes) {
    assertThat(service("mem_limit: " + written).limits().memoryBytes()).hasValue(bytes);
    assertThat(
            service("deploy: {resources: {limits: {memory: " + written + "}}}")
                .limits()
                .memoryBytes())
        .hasValue(bytes);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          30s,             PT30S
          1m30s,           PT1M30S
          1h5m30s20ms,     PT1H5M30.02S
          2500us,          PT0.0025S
          0s,              PT0S
          0.5s,            PT0.5S
          """)
  @DisplayName("reads times as compose does")
  void times(String written, Duration time) {
    assertThat(service("stop_grace_period: " + written).stopGrace()).contains(time);
  }

  @Test
  @DisplayName("reads limits in both places, and 0 as none")
  void limits() {
    String deploy = "deploy: {resources: {limits: {pids: 50, cpus: '.25', memory: 64m}}}";
    ResourceLimits limits =
        new ResourceLimits(
            OptionalLong.of(64 << 20), OptionalLong.of(50), OptionalLong.of(250_000_000));
    assertThat(service(deploy).limits()).isEqualTo(limits);
    assertThat(service(deploy + ", mem_limit: 64mb, pids_limit: 50, cpus: 0.250").limits())
        .isEqualTo(limits);
    assertThat(service("mem_limit: 0, pids_limit: -1, cpus: 0").limits())
        .isEqualTo(service("").limits());
    assertThat(refusal(deploy + ", mem_limit: 65m"))
        .contains("mem_limit contradicts services.app.deploy.resources.limits.memory");
  }

  @Test
  @DisplayName("reads a health check in each of compose's spellings")
  void healthChecks() {
    assertThat(test("test: [CMD, /app, -health]")).containsExactly("CMD", "/app", "-health");
    assertThat(test("test: [CMD-SHELL, /app || exit 1]"))
        .containsExactly("CMD-SHELL", "/app || exit 1");
    assertThat(test("test: /app -health")).containsExactly("CMD-SHELL", "/app -health");
    assertThat(test("test: [NONE]")).containsExactly("NONE");
    assertThat(test("disable: true")).containsExactly("NONE");
    assertThat(test("interval: 5s")).isEmpty();
  }

  private static List<String> test(String keys) {
    return service("healthcheck: {" + keys + "}").healthCheck().orElseThrow().test();
  }

  @Test
  @DisplayName("reads an environment as a mapping and as a list")
  void environments() {
    assertThat(service("environment: [A=1, B=, 'C=a=b']").environment())
        .isEqualTo(Map.of("A", "1", "B", "", "C", "a=b"));
    assertThat(service("environment: {A: 1}").environment()).isEqualTo(Map.of("A", "1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          no-new-privileges       | true
          no-new-privileges:true  | true
          no-new-privileges=true  | true
          no-new-privileges:false | false
          """)
  @DisplayName("reads no-new-privileges in each spelling")
  void securityOptions(String option, boolean set) {
    assertThat(service("security_opt: ['" + option + "']").noNewPrivileges()).isEqualTo(set);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          privileged: true                   | privileged | every right over the machine
          network_mode: host                 | network_mode | the machine's network
          network_mode: 'service:db'         | network_mode | another container's network
          network_mode: none                 | network_mode | not honoured here
          pid: host                          | pid | the machine's processes
          pid: 'container:x'                 | pid | another container's processes
          ipc: host                          | ipc | the machine's shared memory
          uts: host                          | uts | the machine's host name
          userns_mode: host                  | userns_mode | the machine's users
          cgroup: host                       | cgroup | the machine's control groups
          cgroup_parent: /x                  | cgroup_parent | whose limits hold
          devices: [/dev/sda]                | devices | a device of the machine
          device_cgroup_rules: ['c 1:3 mr']  | device_cgroup_rules | devices of the machine
          gpus: all                          | gpus | devices of the machine
          volumes: ['/:/host']               | volumes[0] | a folder of the machine
          volumes: ['./data:/data']          | volumes[0] | a folder of the machine
          volumes: ['~/.ssh:/keys:ro']       | volumes[0] | a folder of the machine
          volumes: ['C:\\x:/x']              | volumes[0] | a folder of the machine
          volumes: ['/var/run/docker.sock:/s'] | volumes[0] | engine's socket
          volumes: ['/run/user/1/podman/podman.sock:/s'] | volumes[0] | engine's socket
          volumes: ['data:/data']            | volumes[0] | outlive the container
          volumes: [/data]                   | volumes[0] | outlive the container
          volumes: [{type: bind, source: /etc, target: /e}] | volumes[0] | a folder of the machine
          volumes: [{type: bind, source: /run/docker.sock, target: /s}] | volumes[0] | engine's socket
          volumes: [{type: volume, source: d, target: /d}] | volumes[0] | outlive the container
          volumes_from: [db]                 | volumes_from | another container's files
          use_api_socket: true               | use_api_socket | hand over the engine
          extends: {file: x}                 | extends | another file
          env_file: .env                     | env_file | a file of the machine
          secrets: [x]                       | secrets | files of the machine
          configs: [x]                       | configs | files of the machine
          sysctls: {a: 1}                    | sysctls | settings of the kernel
          group_add: [0]                     | group_add | perhaps root's
          oom_kill_disable: true             | oom_kill_disable | enforcing a limit
          oom_score_adj: -1000               | oom_score_adj | other programs killed
          runtime: x                         | runtime | another program
          security_opt: ['seccomp:unconfined']  | security_opt[0] | every system call
          security_opt: ['seccomp=unconfined']  | security_opt[0] | every system call
          security_opt: ['apparmor=unconfined'] | security_opt[0] | machine's own guard
          security_opt: ['label:disable']       | security_opt[0] | machine's own guard
          security_opt: ['systempaths=unconfined'] | security_opt[0] | below /proc
          security_opt: ['seccomp:./x.json']    | security_opt[0] | not honoured here
          cap_add: [SYS_ADMIN]               | cap_add[0] | SYS_ADMIN is more than
          cap_add: [ALL]                     | cap_add[0] | ALL is more than
          networks: [other]                  | networks | no other network than default
          networks: {default: {ipv4_address: 1}} | networks.default.ipv4_address | not honoured
          deploy: {replicas: 3}              | deploy.replicas | not honoured here
          deploy: {resources: {reservations: {memory: 1g}}} | deploy.resources.reservations | not
          logging: {driver: none}            | logging | not honoured here
          cap_dropp: [ALL]                   | cap_dropp | not honoured here; remove it
          """)
  @DisplayName("refuses by its name, and with the reason, what reaches beyond the container")
  void refused(String keys, String key, String why) {
    assertThat(refusal(keys)).startsWith("compose.yaml: services.app." + key + " ").contains(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          include: [x]                     | include is refused: it would read another file
          secrets: {a: {file: /etc/shadow}} | secrets is refused
          configs: {a: {file: /etc/shadow}} | configs is refused
          volumes: {data: {}}              | volumes is not honoured here
          networks: {other: {}}            | no other network than default
          networks: {default: {external: true}} | networks.default.external is not honoured here
          """)
  @DisplayName("refuses the same beside the services")
  void refusedAtTheTop(String top, String why) {
    assertThat(problem(top + "\nservices: {app: {}}\n")).contains(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          read_only: maybe                  | read_only is maybe; it is true or false
          user: 'a b'                       | user is a b; it is a user
          user: [a]                         | user must be a text or a number
          user: $UID                        | user holds a $
          user: '${UID:-1000}'              | user holds a $
          cap_drop: ALL                     | cap_drop must be a list
          cap_drop: [EVERYTHING]            | EVERYTHING, which is no capability
          tmpfs: tmp                        | a path from the root
          tmpfs: /                          | hide the whole image
          tmpfs: /a/../b                    | a path from the root
          tmpfs: '/tmp:suid'                | the option suid, which is not honoured
          tmpfs: '/tmp:size=64mb'           | the option size=64mb, which is not honoured
          tmpfs: [/tmp, /tmp/]              | mounts /tmp a second time
          volumes: [{type: tmpfs}]          | volumes[0].target has no value
          volumes: [{type: tmpfs, target: /a, tmpfs: {mode: 1777}}] | it is octal
          volumes: [{type: tmpfs, target: /a, tmpfs: {mode: 777}}]  | it is octal
          volumes: [{type: tmpfs, target: /a, tmpfs: {size: x}}]    | it is a size
          volumes: [{target: /a}]           | volumes[0].type has no value
          mem_limit: plenty                 | it is a size such as 64m
          mem_limit: -1                     | it is a size such as 64m
          mem_limit: 9999999999999t         | it is a size such as 64m
          mem_limit: 1m                     | less than the 6m
          pids_limit: some                  | a number of processes
          cpus: half                        | a number such as 0.5
          cpus: .                           | a number such as 0.5
          cpus: 0.001                       | less than the 0.01
          ulimits: {memlock: 1}             | ulimits.memlock is not honoured
          ulimits: {nofile: -1}             | nofile is -1; it is a number
          ulimits: {nofile: 99999999}       | the most is 1048576
          ulimits: {nofile: {soft: 2, hard: 1}} | soft limit above the hard one
          healthcheck: {test: []}           | must be CMD and the words
          healthcheck: {test: [CMD]}        | must be CMD and the words
          healthcheck: {test: [/app]}       | must be CMD and the words
          healthcheck: {test: [CMD-SHELL, a, b]} | must be CMD and the words
          healthcheck: {interval: 30}       | it is a time such as 30s
          healthcheck: {interval: 1us}      | less than the 1ms
          healthcheck: {interval: 999h}     | more than a day
          healthcheck: {retries: few}       | retries is few; it is a number
          healthcheck: {tests: x}           | healthcheck.tests is not honoured
          stop_signal: SIGSTOPP             | it is a signal
          stop_grace_period: 10             | it is a time
          environment: [HOME]               | HOME without a value
          environment: {HOME: [a]}          | environment.HOME must be a text
          environment: {'A B': 1}           | names the variable A B
          entrypoint: /app -x               | entrypoint must be a list
          entrypoint: ['', x]               | entrypoint names no program
          command: []                       | command is an empty list
          working_dir: home                 | a path from the root
          """)
  @DisplayName("says what is wrong with a value, where, and what it could be")
  void wrong(String keys, String what) {
    assertThat(refusal(keys)).startsWith("compose.yaml: services.app.").contains(what);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "services: {}",
        "services: {a: {}, b: {}}",
        "services: [a]",
        "services: {a: [b]}",
        "just a text",
        "[a]",
        "services: {a: {user: *x}}",
        "a: b: c"
      })
  @DisplayName("says in one sentence that a file is none with one service")
  void noFile(String yaml) {
    problem(yaml);
  }

  @Test
  @DisplayName("shows a stranger's words in one short line")
  void strangersWords() {
    assertThat(refusal("\"a\\nb\\u001b" + "x".repeat(300) + "\": 1"))
        .hasSizeLessThan(200)
        .doesNotContain("\u001b");
  }
}
