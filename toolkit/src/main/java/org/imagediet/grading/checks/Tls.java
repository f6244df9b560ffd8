package org.imagediet.grading.checks;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.imagediet.archive.ImageArchive;
import org.imagediet.archive.ReadOptions;
import org.imagediet.engine.EnvironmentException;
import org.imagediet.grading.Bench;
import org.imagediet.grading.Verdict;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.TrustStore;
import org.imagediet.observation.Observation;
import org.imagediet.observation.Observer;
import org.imagediet.observation.Trusting;
import org.imagediet.probe.Server;

/**
 * Whom the service trusts, found by changing its trust store and looking at what the server sees.
 */
public final class Tls {

  private static final int FEWEST_ROOTS = 100;
  private static final double LEAST_OVERLAP = 0.7;

  /** An image whose purpose certificates are. */
  private static final String REFERENCE = "gcr.io/distroless/static-debian13:nonroot";

  /** Where a Debian machine's own, private authorities are; the builder stand-ins get them. */
  private static final Path PRIVATE = Path.of("/usr/local/share/ca-certificates");

  private Tls() {}

  /**
   * The trust store that the service really reads is whole: enough roots, the public ones, and none
   * of the builder's private ones.
   */
  public static Verdict caBundle(Bench bench) {
    List<TrustStore> stores = bench.image().trustStores();
    Optional<TrustStore> read =
        bench.answering(
            () -> {
              Observer observer = bench.observer();
              return stores.isEmpty() ? Optional.empty() : observer.storeInUse();
            });
    if (read.isEmpty()) {
      return notRead(bench, stores);
    }
    TrustStore store = read.get();
    if (store.roots() < FEWEST_ROOTS) {
      return Verdict.fail(
          "%s is what the service reads, and it holds %d roots"
              .formatted(store.path(), store.roots()),
          "How many roots does the file have where you took it from?");
    }
    Set<String> known = referenceRoots(bench);
    long shared = store.fingerprints().stream().filter(known::contains).count();
    if (shared < LEAST_OVERLAP * known.size()) {
      return Verdict.fail(
          "%s holds %d roots, of which only %d are among the %d that browsers and systems trust"
              .formatted(store.path(), store.roots(), shared, known.size()),
          "Whose roots are these?");
    }
    Set<String> added = new HashSet<>(store.fingerprints());
    added.retainAll(privateRoots());
    if (!added.isEmpty()) {
      return Verdict.fail(
          "%s holds %d private authority of the machine that built it"
              .formatted(store.path(), added.size()),
          "Which image's certificates are meant for users, and which for a builder behind a proxy?");
    }
    return Verdict.pass(
        "the service reads %s: %d roots, %d of them expired"
            .formatted(store.path(), store.roots(), store.expired()));
  }

  private static Verdict notRead(Bench bench, List<TrustStore> stores) {
    String seen =
        bench.answering(
            () ->
                stores.isEmpty()
                    ? bench.running().strangers().evidence()
                    : bench.observer().trusting().firstServer().evidence());
    return stores.isEmpty()
        ? Verdict.fail(
            "there is no trust store in the image; a request over TLS ends with: " + seen,
            "Which file does the service look for, and which image has it?")
        : Verdict.fail(
            "%s is a trust store, but the service does not read it; a request over TLS ends with: %s"
                .formatted(String.join(", ", stores.stream().map(TrustStore::path).toList()), seen),
            "At which paths does the service look for roots?");
  }

  private static Set<String> referenceRoots(Bench bench) {
    bench.laboratory().ensure(List.of(REFERENCE));
    try (InputStream archive = bench.laboratory().engine().save(REFERENCE)) {
      ContainerImage reference = ImageArchive.read(archive, ReadOptions.defaults().name(REFERENCE));
      Set<String> roots = new HashSet<>();
      reference.trustStores().forEach(store -> roots.addAll(store.fingerprints()));
      return roots;
    } catch (IOException e) {
      throw new EnvironmentException("The engine broke off while saving an image; run again.", e);
    }
  }

  private static Set<String> privateRoots() {
    Set<String> roots = new HashSet<>();
    if (!Files.isDirectory(PRIVATE)) {
      return roots;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(PRIVATE, "*.crt")) {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Path file : files) {
        for (Certificate root :
            factory.generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))) {
          roots.add(
              HexFormat.of()
                  .formatHex(MessageDigest.getInstance("SHA-256").digest(root.getEncoded())));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      // What is no certificate is in no bundle either.
    }
    return roots;
  }

  /**
   * It accepts the lab's server if, and only if, the lab's authority is in its own trust store: not
   * as it is, yes with it added, no with another one in place of all.
   */
  public static Verdict verifies(Bench bench) {
    Observation strangers = bench.running().strangers();
    if (strangers.works()) {
      return Verdict.fail(
          "the service accepts a certificate of an authority that it cannot know",
          "What makes a client skip the question who signed?");
    }
    Trusting trusting = bench.answering(() -> bench.observer().trusting());
    if (!trusting.firstServer().works()) {
      return Verdict.fail(
          "with its authority in the image's trust store a server is still refused: "
              + trusting.firstServer().evidence(),
          "Does the service read the trust store that the image has?");
    }
    Observation rootless = bench.answering(() -> bench.observer().rootless());
    return rootless.works()
        ? Verdict.pass(
            "a server is refused as the image is (%s), accepted with its authority in the store, refused with only another one there"
                .formatted(strangers.evidence()))
        : Verdict.fail(rootless.evidence(), "Where else does it take its trust from?");
  }

  /** It refuses an unknown authority, an expired certificate and one for another host. */
  public static Verdict rejects(Bench bench) {
    Map<Server, Observation> servers =
        bench.answering(() -> bench.observer().trusting()).wrongServers();
    List<String> accepted = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    servers.forEach((server, seen) -> (seen.works() ? refused : accepted).add(server.flaw()));
    return accepted.isEmpty()
        ? Verdict.pass("refused certificates: " + String.join(", ", refused))
        : Verdict.fail(
            "accepts a certificate that is " + String.join(" and one that is ", accepted),
            "Which part of the check is switched off, and where?");
  }
}
