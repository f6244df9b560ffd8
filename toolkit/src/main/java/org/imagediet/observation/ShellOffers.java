package org.imagediet.observation;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.Engine;
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
  private static final String FOLDER = "three-image-diet-offer";

  /** Offers an image's programs, each in a container of its own, without network and rights. */
  public static ShellOffers make(Engine engine, String name, ContainerImage image) {
    List<String> programs = programs(image);
    SecureRandom random = new SecureRandom();
    int tried = 0;
    for (String program : programs.subList(0, Math.min(MOST, programs.size()))) {
      tried++;
      if (answers(engine, name, program, Sum.random(random))) {
        return new ShellOffers(tried, Optional.of(program), programs.size() - tried);
      }
    }
    return new ShellOffers(tried, Optional.empty(), programs.size() - tried);
  }

  /** Machine code that can be started, each file once; the known shells first. */
  private static List<String> programs(ContainerImage image) {
    Set<String> programs = new LinkedHashSet<>();
    image.shells().forEach(shell -> programs.add(shell.path()));
    for (FileEntry entry : image.files().entries()) {
      boolean startable =
          entry.regular()
              && entry.content().flatMap(Content::elf).filter(ElfFile::executable).isPresent();
      if (startable && image.files().first(entry)) {
        programs.add(entry.path());
      }
    }
    return new ArrayList<>(programs);
  }

  private static boolean answers(Engine engine, String name, String program, Sum sum) {
    ContainerSpec spec =
        ContainerSpec.image(name)
            .entrypoint("/" + FOLDER + "/sh", "-c", "echo " + sum.question())
            // As root, so that a file mode hides nothing.
            .user("0:0")
            .unprivileged()
            .build();
    try (Container container = engine.create(spec)) {
      container.copyIn("/", link(program));
      return container.start().isEmpty()
          && container.await(DEADLINE).isPresent()
          && container.log().strip().equals(sum.answer());
    }
  }

  private static ByteArrayInputStream link(String program) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      TarArchiveEntry folder = new TarArchiveEntry(FOLDER + "/");
      folder.setMode(0755);
      tar.putArchiveEntry(folder);
      tar.closeArchiveEntry();
      TarArchiveEntry link = new TarArchiveEntry(FOLDER + "/sh", TarConstants.LF_SYMLINK);
      link.setLinkName(program);
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }
}
