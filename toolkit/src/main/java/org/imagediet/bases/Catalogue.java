package org.imagediet.bases;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The base images that the labs may use, and the recipes of their stand-ins. */
public final class Catalogue {

  private static final String DISTROLESS = "gcr.io/distroless/";

  private final Map<String, BaseImage> images;

  private Catalogue(Map<String, BaseImage> images) {
    this.images = images;
  }

  /** Reads the catalogue that comes with the toolkit. */
  public static Catalogue standard() {
    try (InputStream yaml = Catalogue.class.getResourceAsStream("catalogue.yaml")) {
      return read(Objects.requireNonNull(yaml, "catalogue.yaml"));
    } catch (IOException e) {
      throw new IllegalStateException("the base catalogue cannot be read", e);
    }
  }

  static Catalogue read(InputStream yaml) throws IOException {
    ObjectMapper mapper =
        new ObjectMapper(new YAMLFactory())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    Document document = mapper.readValue(yaml, Document.class);
    Map<String, BaseImage> images = new LinkedHashMap<>();
    for (SystemRecipe recipe : document.system()) {
      for (String name : recipe.names()) {
        add(images, new BaseImage(name, recipe.about(), recipe));
      }
    }
    Map<String, DistrolessRecipe> flavours = new LinkedHashMap<>();
    document
        .distroless()
        .forEach(
            (flavour, node) -> {
              List<DistrolessRecipe> below = new ArrayList<>();
              if (node.on() != null) {
                DistrolessRecipe parent = flavours.get(node.on());
                if (parent == null) {
                  throw new IllegalArgumentException(
                      "distroless "
                          + flavour
                          + " stands on "
                          + node.on()
                          + ", which is not above it");
                }
                below.add(parent);
              }
              flavours.put(flavour, node.recipe(flavour, below.stream().findFirst()));
            });
    flavours.forEach(
        (flavour, recipe) -> {
          for (String repository : List.of(flavour + "-debian13", flavour)) {
            for (DistrolessTag tag : DistrolessTag.values()) {
              add(
                  images,
                  new BaseImage(
                      DISTROLESS + repository + ":" + tag.id(),
                      recipe.about(),
                      recipe.tagged(tag)));
            }
          }
        });
    return new Catalogue(images);
  }

  private static void add(Map<String, BaseImage> images, BaseImage image) {
    if (images.putIfAbsent(image.name(), image) != null) {
      throw new IllegalArgumentException(image.name() + " is in the catalogue twice");
    }
  }

  /** Returns every image, in the catalogue's order. */
  public List<BaseImage> images() {
    return List.copyOf(images.values());
  }

  /** Returns each distroless variant once, of the current Debian release. */
  public List<Variant> variants() {
    return images.values().stream()
        .map(BaseImage::recipe)
        .filter(DistrolessRecipe.class::isInstance)
        .map(recipe -> ((DistrolessRecipe) recipe).flavour())
        .distinct()
        .map(flavour -> new Variant(flavour, DISTROLESS + flavour + "-debian13:nonroot"))
        .toList();
  }

  /** Looks up a name; a missing tag is {@code latest}. */
  public Optional<BaseImage> find(String name) {
    boolean tagged = name.lastIndexOf(':') > name.lastIndexOf('/');
    return Optional.ofNullable(images.get(tagged ? name : name + ":latest"));
  }

  record Document(Map<String, DistrolessNode> distroless, List<SystemRecipe> system) {}

  /** A distroless flavour as the file spells it. */
  record DistrolessNode(
      String about,
      String on,
      List<String> packages,
      Map<String, String> links,
      Map<String, String> environment,
      List<String> entrypoint,
      String javaTrustStore) {

    DistrolessRecipe recipe(String flavour, Optional<DistrolessRecipe> below) {
      return new DistrolessRecipe(
          flavour,
          Objects.requireNonNull(about, flavour + ".about"),
          below,
          packages == null ? List.of() : packages,
          links == null ? Map.of() : links,
          environment == null ? Map.of() : environment,
          entrypoint == null ? List.of() : entrypoint,
          Optional.ofNullable(javaTrustStore),
          DistrolessTag.LATEST);
    }
  }
}
