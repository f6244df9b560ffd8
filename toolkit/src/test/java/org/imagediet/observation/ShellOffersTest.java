package org.imagediet.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.Engine;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.FileEntry;
import org.imagediet.image.FileType;
import org.imagediet.image.KnownProgram;
import org.imagediet.image.Layer;
import org.imagediet.image.PlainConfig;
import org.imagediet.image.ProgramKind;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ShellOffersTest {

  private static final String LINKED = "offers:1";
  private static final Pattern QUESTION =
      Pattern.compile("echo (.*)\\$\\(\\((\\d+)\\*(\\d+)\\)\\)");

  private final List<FileEntry> entries = new ArrayList<>();
  private final List<ContainerSpec> created = new ArrayList<>();
  private final Map<String, String> links = new HashMap<>();
  private final List<String> offered = new ArrayList<>();
  private final List<String> untagged = new ArrayList<>();
  private int closed;

  /** What a program writes when it is called {@code sh} and given a line. */
  private interface Shell {
    String write(String program, String line);
  }

  @Test
  @DisplayName("finds a shell under any name, by what it answers, and then stops")
  void finds() {
    program("/app");
    program("/usr/bin/helper");
    program("/usr/bin/other");

    ShellOffers offers =
        offer((program, line) -> program.equals("/usr/bin/helper") ? answer(line) + "\n" : "");

    assertThat(offers).isEqualTo(new ShellOffers(2, Optional.of("/usr/bin/helper"), 1));
    assertThat(offered).containsExactly("/app", "/usr/bin/helper");
    assertThat(created).extracting(ContainerSpec::image).containsExactly("my/app:1.2", LINKED);
    assertThat(closed).isEqualTo(2);
    assertThat(untagged).containsExactly(LINKED);
  }

  @Test
  @DisplayName("takes no program for a shell that repeats the question, but one that talks before")
  void echoes() {
    program("/echo");
    program("/verbose");

    assertThat(
            offer(
                (program, line) ->
                    program.equals("/echo") ? line.substring(5) : "hello\n" + answer(line)))
        .isEqualTo(new ShellOffers(2, Optional.of("/verbose"), 0));
  }

  @Test
  @DisplayName("offers machine code only, and what is known for a shell first")
  void order() {
    program("/app");
    add("/script", Optional.of(Content.ofBytes("#!/bin/sh".getBytes())));
    add("/library", Optional.of(elf(ElfFile.Kind.LIBRARY)));
    program("/zsh", new KnownProgram("zsh", ProgramKind.SHELL));

    offer((program, line) -> "");

    assertThat(offered).containsExactly("/zsh", "/app");
  }

  @Test
  @DisplayName("says how many programs were left when there are too many")
  void tooMany() {
    for (int i = 0; i < 200; i++) {
      program("/bin/p" + i);
    }
    assertThat(offer((program, line) -> "")).isEqualTo(new ShellOffers(150, Optional.empty(), 50));
    assertThat(closed).isEqualTo(150);
  }

  @Test
  @DisplayName("starts a program without network, capabilities and new privileges")
  void lockedUp() {
    program("/app");
    offer((program, line) -> "");

    assertThat(created)
        .singleElement()
        .satisfies(
            spec -> {
              assertThat(spec.network()).isEqualTo("none");
              assertThat(spec.droppedCapabilities()).containsExactly("ALL");
              assertThat(spec.noNewPrivileges()).isTrue();
            });
  }

  private static String answer(String line) {
    Matcher question = QUESTION.matcher(line);
    assertThat(question.matches()).as(line).isTrue();
    return question.group(1)
        + Integer.parseInt(question.group(2)) * Integer.parseInt(question.group(3));
  }

  private void program(String path, KnownProgram... known) {
    add(
        path,
        Optional.of(
            Content.ofProgram(
                elf(ElfFile.Kind.STATIC).elf(), new LinkedHashSet<>(List.of(known)))));
  }

  private static Content elf(ElfFile.Kind kind) {
    ElfFile elf =
        new ElfFile(
            "x86-64",
            kind,
            kind != ElfFile.Kind.LIBRARY,
            Optional.empty(),
            List.of(),
            false,
            List.of(),
            Optional.empty(),
            false);
    return Content.ofProgram(Optional.of(elf), new LinkedHashSet<>());
  }

  private void add(String path, Optional<Content> content) {
    entries.add(new FileEntry(path, FileType.FILE, 0755, 0, 0, 9, "", false, 0, content));
  }

  private ShellOffers offer(Shell shell) {
    ContainerImage image =
        new ContainerImage(
            "my/app:1.2",
            "sha256:1234",
            PlainConfig.starting(List.of("/app")),
            List.of(
                new Layer(
                    0,
                    "sha256:0",
                    "tar",
                    "",
                    OptionalLong.empty(),
                    9,
                    entries,
                    List.of(),
                    List.of())));
    Engine engine =
        fake(
            Engine.class,
            (method, arguments) -> {
              switch (method) {
                case "temporaryName" -> {
                  return LINKED;
                }
                case "create" -> {
                  created.add((ContainerSpec) arguments[0]);
                  return container((ContainerSpec) arguments[0], shell);
                }
                case "untag" -> untagged.add((String) arguments[0]);
                default -> throw new UnsupportedOperationException(method);
              }
              return null;
            });
    return ShellOffers.make(engine, "my/app:1.2", image, 0);
  }

  private Container container(ContainerSpec spec, Shell shell) {
    return fake(
        Container.class,
        (method, arguments) -> {
          switch (method) {
            case "copyIn" -> links((InputStream) arguments[1]);
            case "commit" -> assertThat(arguments[0]).isEqualTo(LINKED);
            case "startAndSays" -> {
              String program = links.get(spec.entrypoint().get(0));
              offered.add(program);
              return shell.write(program, spec.entrypoint().get(2)).contains((String) arguments[0]);
            }
            case "close" -> closed++;
            default -> throw new UnsupportedOperationException(method);
          }
          return null;
        });
  }

  private void links(InputStream tar) {
    try (TarArchiveInputStream entries = new TarArchiveInputStream(tar)) {
      for (TarArchiveEntry entry = entries.getNextEntry();
          entry != null;
          entry = entries.getNextEntry()) {
        links.put("/" + entry.getName(), entry.getLinkName());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Call {
    Object answer(String method, Object[] arguments);
  }

  private static <T> T fake(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> call.answer(method.getName(), arguments)));
  }
}
