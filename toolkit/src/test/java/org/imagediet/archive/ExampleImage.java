package org.imagediet.archive;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.imagediet.image.ElfBytes;

/** The image that the toolkit's README judges, as {@code docker save} would write it. */
public final class ExampleImage {

  private ExampleImage() {}

  /** Returns an image that is as it should be. */
  public static byte[] good(String name) throws Exception {
    return archive(name, new LayerBytes());
  }

  /** Returns one that brings a shell. */
  public static byte[] bad(String name) throws Exception {
    byte[] busybox = ElfBytes.program().texts("BusyBox v1.37.0", "multi-call binary").bytes();
    return archive(name, new LayerBytes().file("bin/sh", 0755, busybox));
  }

  private static byte[] archive(String name, LayerBytes more) throws Exception {
    ObjectNode settings = new ObjectMapper().createObjectNode();
    settings.put("User", "65532:65532");
    settings.putArray("Entrypoint").add("/app");
    settings.putObject("ExposedPorts").putObject("8080/tcp");
    StringBuilder bundle = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      bundle
          .append("-----BEGIN CERTIFICATE-----\n")
          .append(
              Base64.getMimeEncoder()
                  .encodeToString(TestCertificates.root("Root " + i, false).getEncoded()))
          .append("\n-----END CERTIFICATE-----\n");
    }
    byte[] layer =
        new LayerBytes()
            .file("app", 0755, ElfBytes.program().texts("a service").bytes())
            .file(
                "etc/ssl/certs/ca-certificates.crt",
                0444,
                bundle.toString().getBytes(StandardCharsets.US_ASCII))
            .bytes();
    return new TestArchive(TestArchive.Layout.LEGACY)
        .image(name, "amd64", settings, layer, more.bytes())
        .bytes();
  }
}
