package org.imagediet.observation;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.imagediet.archive.TarBytes;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.Engine;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.engine.TempFolder;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.FileEntry;

/**
 * Offers every program of an image to be a shell: starts it under the name {@code sh} with a sum to
 * work out. Who answers is a shell, whatever its name and whatever texts were removed from it.
 *
 * @param tried how many programs were offered
 * @param shell the path of one that answered
 * @param untried how many were left because there were too many
 */
public record ShellOffers(int tried, Optional<String> shell, int untried) {

  private static final int MOST = 150;
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  /** For all of them, a good second each at most; an honest program ends at once. */
  private static final Duration ALTOGETHER = Duration.ofMinutes(3);

  private static final String FOLDER = "three-image-diet-offer";
  private static final int ANY_EXECUTE = 0111;

  /**
   * Offers an image's programs, each in a container of its own, without network and rights.
   *
   * @param name the engine's name of the image
   * @param read what was read from it
   * @param baseLayers how many of the lowest layers are those of a base image that is known
   */
  public static ShellOffers make(Engine engine, String name, ContainerImage read, int baseLayers) {
    List<FileEntry> programs = programs(read, baseLayers);
    List<FileEntry> offered = programs.subList(0, Math.min(programs.size(), MOST));
    SecureRandom random = new SecureRandom();
    Instant end = Instant.now().plus(ALTOGETHER);
    int tried = 0;
    Optional<String> shell = Optional.empty();
    // Nobody can have named it before, in a VOLUME for example, which no commit keeps.
    String folder = "/" + FOLDER + "-" + HexFormat.of().toHexDigits(random.nextLong());
    String linked = engine.temporaryName("offers");
    String image = name;
    try {
      while (shell.isEmpty() && tried < offered.size() && Instant.now().isBefore(end)) {
        Sum sum = Sum.random(random);
        try (Container container = engine.create(spec(image, sh(folder, tried), sum))) {
          if (image.equals(name)) {
            container.copyIn("/", links(folder, offered));
          }
          // Before anything was run that could change them.
          if (tried == 0 && offered.size() > 1 && committed(container, linked)) {
            image = linked;
          }
          if (answers(container, folder, offered.get(tried), sum)) {
            shell = Optional.of(offered.get(tried).path());
          }
        }
        tried++;
      }
    } finally {
      forget(engine, linked);
    }
    return new ShellOffers(tried, shell, programs.size() - tried);
  }

  private static void forget(Engine engine, String image) {
    try {
      engine.untag(image);
    } catch (EnvironmentException e) {
      // What was found out stands; a later run sweeps what is left.
    }
  }

  /** Machine code that can be started, each file once; the known shells first. */
  private static List<FileEntry> programs(ContainerImage image, int baseLayers) {
    Set<FileEntry> programs = new LinkedHashSet<>();
    image.shells().forEach(shell -> image.files().lookup(shell.path()).ifPresent(programs::add));
    for (FileEntry entry : image.files().entries()) {
      if (entry.regular() && startable(entry, baseLayers) && image.files().first(entry)) {
        programs.add(entry);
      }
    }
    return new ArrayList<>(programs);
  }

  /**
   * Of a submission's own files, what merely looks like a library or like a broken program counts
   * too: the kernel reads less of a file than linkers and we do, and may well start it.
   */
  private static boolean startable(FileEntry entry, int baseLayers) {
    Optional<Content> content = entry.content().filter(Content::machineCode);
    Optional<ElfFile> elf = content.flatMap(Content::elf);
    if (elf.filter(ElfFile::executable).isPresent()) {
      return true;
    }
    boolean own = entry.layer() >= baseLayers;
    return own && content.isPresent() && (elf.isEmpty() || elf.get().entry());
  }

  /**
   * Puts the links into an image, since an engine starts a program of its own for every copy into a
   * container. One with as many layers as an image may have takes none more.
   */
  private static boolean committed(Container container, String name) {
    try {
      container.commit(name);
      return true;
    } catch (EnvironmentException e) {
      return false;
    }
  }

  private static ContainerSpec spec(String image, String sh, Sum sum) {
    return ContainerSpec.image(image)
        .entrypoint(sh, "-c", "echo " + sum.question())
        .user("0:0")
        .unprivileged()
        .networkDisabled()
        // So that the modes of folders and files hide nothing.
        .anyFile()
        .build();
  }

  private static boolean answers(Container container, String folder, FileEntry program, Sum sum) {
    try {
      if (!executable(program)) {
        copy(container, program.path(), target(folder, program));
      }
      return container.startAndSays(sum.answer(), DEADLINE);
    } catch (IOException e) {
      throw new EnvironmentException("The engine broke off while copying a file; run again.", e);
    }
  }

  private static String sh(String folder, int index) {
    return folder + "/" + index + "/sh";
  }

  private static boolean executable(FileEntry program) {
    return (program.mode() & ANY_EXECUTE) != 0;
  }

  /**
   * Where a program is offered. Nobody may start one without the right as it is, but whoever owns
   * it may change that, and a loader starts it without asking: a copy of it is offered, in the same
   * folder.
   */
  private static String target(String folder, FileEntry program) {
    String path = program.path();
    return executable(program) ? path : path.substring(0, path.lastIndexOf('/')) + folder;
  }

  /** Copies a file of the container to a name beside it that may be started. */
  private static void copy(Container container, String from, String to) throws IOException {
    try (TempFolder folder = TempFolder.create()) {
      Path copy = folder.path().resolve("copy.tar");
      try (TarArchiveInputStream in = new TarArchiveInputStream(container.copyOut(from));
          TarArchiveOutputStream out = new TarArchiveOutputStream(Files.newOutputStream(copy))) {
        TarArchiveEntry file = in.getNextEntry();
        if (file == null || !file.isFile()) {
          return;
        }
        out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        TarArchiveEntry copied = new TarArchiveEntry(to.substring(to.lastIndexOf('/') + 1));
        copied.setSize(file.getSize());
        copied.setMode(0755);
        out.putArchiveEntry(copied);
        in.transferTo(out);
        out.closeArchiveEntry();
      }
      int slash = to.lastIndexOf('/');
      try (InputStream tar = Files.newInputStream(copy)) {
        container.copyIn(slash == 0 ? "/" : to.substring(0, slash), tar);
      }
    }
  }

  private static ByteArrayInputStream links(String folder, List<FileEntry> programs) {
    TarBytes tar = new TarBytes().folder(folder);
    for (int i = 0; i < programs.size(); i++) {
      String sh = sh(folder, i);
      tar.folder(sh.substring(0, sh.lastIndexOf('/'))).link(sh, target(folder, programs.get(i)));
    }
    return new ByteArrayInputStream(tar.bytes());
  }
}
