package org.imagediet.engine.jib;

import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.DockerClient;
import com.google.cloud.tools.jib.api.ImageDetails;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.image.ImageTarball;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.imagediet.engine.Engine;
import org.imagediet.engine.TempFolder;

/** Lets Jib use our engine, which is not always the one that a docker command line would find. */
final class EngineClient implements DockerClient {

  private final Engine engine;

  EngineClient(Engine engine) {
    this.engine = engine;
  }

  @Override
  public boolean supported(Map<String, String> parameters) {
    return true;
  }

  @Override
  public String load(ImageTarball image, Consumer<Long> written) throws IOException {
    try (TempFolder folder = TempFolder.create()) {
      Path tar = folder.path().resolve("image.tar");
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(tar))) {
        image.writeTo(out);
      }
      try (InputStream in = Files.newInputStream(tar)) {
        engine.load(in);
      }
    }
    return "";
  }

  @Override
  public void save(ImageReference image, Path file, Consumer<Long> written) throws IOException {
    try (InputStream in = engine.save(image.toStringWithQualifier())) {
      Files.copy(in, file);
    }
  }

  @Override
  public ImageDetails inspect(ImageReference image) {
    String name = image.toStringWithQualifier();
    String id = engine.imageId(name).orElseThrow();
    List<String> layers = engine.layers(name);
    return new ImageDetails() {
      @Override
      public long getSize() {
        return engine.size(name);
      }

      @Override
      public DescriptorDigest getImageId() throws DigestException {
        return DescriptorDigest.fromDigest(id);
      }

      @Override
      public List<DescriptorDigest> getDiffIds() throws DigestException {
        List<DescriptorDigest> digests = new ArrayList<>();
        for (String layer : layers) {
          digests.add(DescriptorDigest.fromDigest(layer));
        }
        return digests;
      }
    };
  }
}
