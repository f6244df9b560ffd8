package org.imagediet.compose;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What a service may write to: file systems in memory, under {@code tmpfs} or {@code volumes}. */
final class TmpfsMounts {

  private static final String OPTION =
      "rw|exec|noexec|nosuid|nodev|noatime|size=\\d{1,15}[kKmMgG%]?|mode=[0-7]{3,5}"
          + "|[ug]id=\\d{1,9}|nr_inodes=\\d{1,9}[kKmMgG]?";
  private static final String OCTAL = "octal, such as 01777";
  private static final String SOCKET = ".*(docker|podman|containerd|crio|buildkitd)\\.sock.*";

  private final Map<String, String> options = new LinkedHashMap<>();

  private TmpfsMounts() {}

  /** Returns the mount options by path. */
  static Map<String, String> of(Node tmpfs, Node volumes) {
    TmpfsMounts mounts = new TmpfsMounts();
    tmpfs.itemsOrOne().forEach(mounts::addShort);
    volumes.items().forEach(mounts::addVolume);
    return mounts.options;
  }

  private void addShort(Node item) {
    String[] parts = item.required().split(":", 2);
    List<String> written = parts.length < 2 ? List.of() : List.of(parts[1].split(","));
    for (String option : written) {
      if (!option.matches(OPTION)) {
        throw item.wrong("has the option %s, which is not honoured here; remove it", option);
      }
    }
    add(item, parts[0], written);
  }

  private void addVolume(Node item) {
    if (!item.json().isObject()) {
      throw refused(item, item.required().split(":")[0], item.required().contains(":"));
    }
    String type = item.at("type").required();
    if (!type.equals("tmpfs")) {
      throw refused(item, item.at("source").optional(Node::text).orElse(""), type.equals("bind"));
    }
    item.allowOnly("type", "target", "tmpfs");
    Node tmpfs = item.at("tmpfs");
    tmpfs.allowOnly("size", "mode");
    Stream<String> size = tmpfs.at("size").optional(TmpfsMounts::bytes).stream();
    Stream<String> mode = tmpfs.at("mode").optional(TmpfsMounts::mode).stream();
    add(item, item.at("target").required(), Stream.concat(size, mode).toList());
  }

  private static String bytes(Node node) {
    OptionalLong bytes = Quantities.bytes(node.required());
    if (bytes.isEmpty()) {
      throw node.wrong("is %s; it is a size such as 64m", node.required());
    }
    return "size=" + bytes.getAsLong();
  }

  /**
   * Without the zero compose takes it for a decimal number. That is meant where it lets the owner
   * in (1023 is 01777), and a slip where it does not (1777 is 03361, 777 is 01411).
   */
  private static String mode(Node node) {
    String written = node.matching("0o?[0-7]{3,4}|[1-9]\\d{2,3}", OCTAL);
    if (written.startsWith("0")) {
      return "mode=" + written.replace("o", "");
    }
    int decimal = Integer.parseInt(written);
    if (decimal > 01777 || (decimal & 0700) != 0700) {
      throw node.wrong("is %s; it is " + OCTAL, written);
    }
    return "mode=0" + Integer.toOctalString(decimal);
  }

  private void add(Node item, String target, List<String> written) {
    String path = item.absolutePath(target).replaceFirst("/+$", "");
    if (path.isEmpty()) {
      throw item.refused("an empty file system would hide the whole image");
    }
    if (options.put(path, String.join(",", written)) != null) {
      throw item.wrong("mounts %s a second time", path);
    }
  }

  private static ComposeException refused(Node item, String source, boolean fromSomewhere) {
    if (source.matches(SOCKET)) {
      return item.refused(
          "who holds the engine's socket can start any container, and so is root of the machine");
    }
    if (fromSomewhere && source.matches("[/.~\\\\].*|[A-Za-z]:?")) {
      return item.refused("it would open a folder of the machine to the container");
    }
    return item.refused(
        "it would outlive the container, and be writable in it; only the type tmpfs is honoured");
  }
}
