package org.imagediet.drill;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.imagediet.archive.TarBytes;
import org.imagediet.engine.Container;
import org.imagediet.engine.ContainerSpec;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.FileEntry;
import org.imagediet.observation.Observation;
import org.imagediet.observation.Observer;
import org.imagediet.observation.Service;
import org.imagediet.observation.Sum;
import org.imagediet.probe.NoAnswerException;
import org.imagediet.probe.Probe;

/**
 * Attacks an image: its files, its user and its settings, with the drill build of the service
 * running among them. Each attack must prove itself by something drawn at random, and none reaches
 * beyond the one container, whose only network is the probe's loopback.
 */
public final class Drill {

  /** Leads out of any folder. */
  private static final String UP = "../../../../../../../..";

  /** Where nearly every image lets anybody write, and where an engine always does. */
  private static final List<String> WRITABLE = List.of("/tmp", "/var/tmp", "/dev/shm");

  /** A file that everybody may read. */
  private static final String TOKEN_FILE = DrillProgram.FOLDER + "/token";

  private static final int TOKEN_BYTES = 12;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final ContainerImage image;
  private final Container container;
  private final Service service;
  private final String fileToken;
  private final String environmentToken;

  private Drill(
      ContainerImage image,
      Container container,
      Service service,
      String fileToken,
      String environmentToken) {
    this.image = image;
    this.container = container;
    this.service = service;
    this.fileToken = fileToken;
    this.environmentToken = environmentToken;
  }

  /**
   * Runs every attack against one image.
   *
   * @param name the engine's name of the image
   * @throws NoAnswerException when the drill build does not answer in it
   */
  public static Map<Attack, Observation> run(
      Probe probe, String name, ContainerImage image, DrillProgram program) {
    String fileToken = token();
    String environmentToken = token();
    ContainerSpec.Builder spec =
        ContainerSpec.image(name)
            .entrypoint(program.argv().toArray(String[]::new))
            .environment("DATABASE_PASSWORD", environmentToken);
    try (Container container = probe.create(spec)) {
      container.copyIn("/", new ByteArrayInputStream(program.files()));
      container.copyIn(
          "/",
          new ByteArrayInputStream(
              new TarBytes()
                  .file(TOKEN_FILE, 0444, fileToken.getBytes(StandardCharsets.US_ASCII))
                  .bytes()));
      Service service = Service.start(probe, container, Observer.port(image));
      return new Drill(image, container, service, fileToken, environmentToken).attacks();
    }
  }

  private static String token() {
    byte[] bytes = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(bytes);
    return "token-" + HexFormat.of().formatHex(bytes);
  }

  private Map<Attack, Observation> attacks() {
    Map<Attack, Observation> seen = new EnumMap<>(Attack.class);
    injected(seen);
    seen.put(Attack.READ_FILE, reads(TOKEN_FILE, fileToken));
    seen.put(Attack.READ_ENVIRONMENT, reads("/proc/self/environ", environmentToken));
    seen.put(Attack.READ_SYSTEM, reads("/etc/os-release", "NAME="));
    seen.put(Attack.RUN_DROPPED, runsDropped());
    // Last, since nothing is as it was afterwards.
    seen.put(Attack.REPLACE_PROGRAM, replacesProgram());
    return seen;
  }

  /** One command line answers both questions: whether a shell runs it, and as whom. */
  private void injected(Map<Attack, Observation> seen) {
    Sum sum = Sum.random(RANDOM);
    // Words of the shell alone, since an image may have a shell and no program beside it.
    String whoAmI =
        "while read key uid rest; do if [ \"$key\" = Uid: ]; then echo "
            + sum.question()
            + "-uid-$uid; fi; done < /proc/self/status";
    Service.Reply reply = inject(whoAmI);
    Matcher answer =
        Pattern.compile(Pattern.quote(sum.answer()) + "-uid-(\\d{1,10})").matcher(output(reply));
    if (!answer.find()) {
      Observation failed = Observation.fails(refusal(reply));
      seen.put(Attack.SHELL, failed);
      seen.put(Attack.ROOT_SHELL, failed);
      return;
    }
    String uid = answer.group(1);
    seen.put(Attack.SHELL, Observation.works("a shell worked out " + answer.group()));
    seen.put(
        Attack.ROOT_SHELL,
        new Observation(uid.equals("0"), "the shell that answered has user id " + uid));
  }

  private Service.Reply inject(String command) {
    return service.ask("GET", "/drill/ping?host=" + encoded("; " + command));
  }

  private static String output(Service.Reply reply) {
    return reply.json().path("output").asText("");
  }

  /** Why it did not work: what the service says, or what it showed instead. */
  private static String refusal(Service.Reply reply) {
    return reply.ok()
        ? "it answered: " + output(reply).strip().lines().findFirst().orElse("nothing")
        : reply.error();
  }

  private Observation reads(String path, String part) {
    Service.Reply reply = service.ask("GET", "/drill/file?name=" + encoded(UP + path));
    return output(reply).contains(part)
        ? Observation.works("read " + path)
        : Observation.fails(refusal(reply));
  }

  private Observation runsDropped() {
    Sum sum = Sum.random(RANDOM);
    String refused = "";
    for (String folder : WRITABLE) {
      String path = folder + "/" + token();
      Service.Reply saved = save(path, "echo " + sum.question());
      if (!saved.ok()) {
        refused = refused.isEmpty() ? saved.error() : refused;
        continue;
      }
      Service.Reply run = inject("sh " + path);
      return output(run).contains(sum.answer())
          ? Observation.works("ran a script that it had left in " + folder)
          : Observation.fails(
              "left a file in " + folder + ", and could not run it: " + refusal(run));
    }
    return Observation.fails("could leave no file: " + refused);
  }

  private Service.Reply save(String path, String text) {
    return service.ask("POST", "/drill/save?name=" + encoded(UP + path) + "&text=" + encoded(text));
  }

  private Observation replacesProgram() {
    Optional<FileEntry> program = image.serviceProgram();
    if (program.isEmpty()) {
      return Observation.fails("what the image starts is no file of it");
    }
    String path = program.get().path();
    String token = token();
    Service.Reply reply = save(path, token);
    return begins(path, token)
        ? Observation.works("put something else in the place of " + path)
        : Observation.fails(refusal(reply));
  }

  /** Looks from outside, since the service's word proves nothing. */
  private boolean begins(String path, String text) {
    try (InputStream copy = container.copyOut(path);
        TarArchiveInputStream tar = new TarArchiveInputStream(copy)) {
      return tar.getNextEntry() != null
          && new String(tar.readNBytes(text.length()), StandardCharsets.ISO_8859_1).equals(text);
    } catch (IOException e) {
      throw new EnvironmentException("The engine broke off while copying a file; run again.", e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
