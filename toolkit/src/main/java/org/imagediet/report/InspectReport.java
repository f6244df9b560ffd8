package org.imagediet.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.FileEntry;
import org.imagediet.image.Finding;
import org.imagediet.image.ImageConfig;
import org.imagediet.image.InstalledPackage;
import org.imagediet.image.Layer;
import org.imagediet.image.TrustStore;
import org.imagediet.image.Users;
import org.imagediet.image.Waste;

/** Everything that can be read from an image, as text or as JSON. */
public final class InspectReport {

  private static final int SHOWN = 12;

  private final ContainerImage image;
  private final List<String> named;
  private final boolean tree;

  /**
   * Reports an image.
   *
   * @param named files whose ELF facts are wanted beside the entrypoint's
   * @param tree whether the text lists all files; JSON always does
   */
  public InspectReport(ContainerImage image, List<String> named, boolean tree) {
    this.image = image;
    this.named = named;
    this.tree = tree;
  }

  /** Returns the text for a terminal. */
  public String text() {
    Text out = new Text();
    ImageConfig config = image.config();
    out.line("image", image.name().isEmpty() ? "(no name)" : image.name());
    out.line("id", image.id());
    out.line("platform", config.platform());
    out.line("created", config.created());
    out.heading("sizes");
    image
        .sizes()
        .transferBytes()
        .ifPresent(b -> out.line("transfer", Bytes.megabytes(b) + ", what a registry would send"));
    out.line(
        "unpacked", Bytes.megabytes(image.sizes().unpackedBytes()) + ", all files of all layers");
    out.line(
        "rootfs", Bytes.megabytes(image.sizes().rootfsBytes()) + ", the files a container sees");
    out.line("files", image.files().regularFiles() + " visible");
    Waste waste = image.waste();
    out.line("wasted", Bytes.megabytes(waste.bytes()) + " written again or deleted later");
    waste.files().stream()
        .limit(3)
        .forEach(
            file ->
                out.line(
                    "",
                    "%s (layer %d) %s"
                        .formatted(file.path(), file.layer() + 1, Bytes.megabytes(file.bytes()))));
    out.heading("layers");
    layers(out);
    out.heading("run");
    run(out, config);
    out.heading("programs");
    program(out, "entrypoint", image.entrypointProgram());
    for (String path : named) {
      program(out, path, image.files().get(path));
    }
    findings(out, "shells", image.shells());
    findings(out, "interpreters", image.interpreters());
    findings(out, "package managers", image.packageManagers());
    findings(out, "compilers", image.compilers());
    findings(out, "hidden", image.hiddenPrograms());
    List<String> privileged = image.setuid().stream().map(InspectReport::privileged).toList();
    some(out, "setuid, setgid", privileged);
    out.heading("packages");
    Map<String, List<String>> databases = new LinkedHashMap<>();
    for (InstalledPackage installed : image.packages()) {
      databases
          .computeIfAbsent(installed.database(), d -> new ArrayList<>())
          .add(installed.name() + " " + installed.version());
    }
    databases.forEach((database, packages) -> some(out, database, packages));
    if (databases.isEmpty()) {
      out.line("", "no package database");
    }
    out.heading("trust stores");
    for (TrustStore store : image.trustStores()) {
      out.line(
          store.format().toString(),
          "%s: %d roots, %d of them expired"
              .formatted(store.path(), store.roots(), store.expired()));
    }
    if (image.trustStores().isEmpty()) {
      out.line("", "none: outbound TLS cannot verify anyone");
    }
    if (tree) {
      out.heading("files");
      for (FileEntry entry : image.files().entries()) {
        out.raw(
            "%s %5d:%-5d %11d %s%s"
                .formatted(
                    entry.modeText(),
                    entry.uid(),
                    entry.gid(),
                    entry.size(),
                    entry.path(),
                    entry.linkTarget().isEmpty() ? "" : " -> " + entry.linkTarget()));
      }
    }
    return out.toString();
  }

  private void layers(Text out) {
    for (Layer layer : image.layers()) {
      String transfer =
          layer.transferBytes().isPresent()
              ? ", transfer " + Bytes.megabytes(layer.transferBytes().getAsLong())
              : "";
      out.line(
          Integer.toString(layer.index() + 1),
          "%s unpacked%s, %d entries, %d hidden: %s"
              .formatted(
                  Bytes.megabytes(layer.unpackedBytes()),
                  transfer,
                  layer.entries().size(),
                  layer.whiteouts().size() + layer.opaque().size(),
                  layer.instruction().isEmpty() ? "(no history)" : layer.instruction()));
    }
  }

  private void run(Text out, ImageConfig config) {
    Users.ResolvedUser user = image.users().resolve(config.user());
    String who =
        user.problem().isEmpty()
            ? "uid %d%s, gid %d"
                .formatted(
                    user.uid().orElseThrow(),
                    user.name().map(name -> " (" + name + ")").orElse(", without a name"),
                    user.gid().orElseThrow())
            : user.problem();
    out.line("user", (config.user().isEmpty() ? "(none set)" : config.user()) + " is " + who);
    out.line("entrypoint", String.join(" ", config.entrypoint()));
    out.line("command", String.join(" ", config.command()));
    out.line("working dir", config.workingDirectory());
    config.environment().forEach((name, value) -> out.line("env", name + "=" + value));
    config.labels().forEach((name, value) -> out.line("label", name + "=" + value));
    out.line("ports", String.join(" ", config.exposedPorts()));
    out.line(
        "health check",
        config.healthCheck().map(check -> String.join(" ", check.test())).orElse("none"));
    if (!config.stopSignal().isEmpty()) {
      out.line("stop signal", config.stopSignal());
    }
  }

  private static void program(Text out, String label, Optional<FileEntry> file) {
    if (file.isEmpty()) {
      out.line(label, "not in the image");
      return;
    }
    Optional<ElfFile> elf = file.get().content().flatMap(Content::elf);
    String other =
        file.get()
            .content()
            .flatMap(Content::script)
            .map(s -> "script of " + s)
            .orElse("no program");
    out.line(label, file.get().path() + ", " + elf.map(InspectReport::describe).orElse(other));
    elf.flatMap(ElfFile::go)
        .ifPresent(go -> out.line("", "built by %s from %s".formatted(go.goVersion(), go.path())));
  }

  private static String describe(ElfFile elf) {
    List<String> facts = new ArrayList<>();
    facts.add(elf.kind() + " " + elf.machine());
    elf.interpreter().ifPresent(loader -> facts.add("loader " + loader));
    if (!elf.needed().isEmpty()) {
      facts.add("needs " + String.join(" ", elf.needed()));
    }
    facts.add(elf.stripped() ? "stripped" : "not stripped");
    if (elf.packed()) {
      facts.add("packed (UPX)");
    }
    return String.join(", ", facts);
  }

  private static void findings(Text out, String label, List<Finding> findings) {
    some(
        out,
        label,
        findings.stream()
            .map(
                f ->
                    "%s is %s, by %s, layer %d%s"
                        .formatted(
                            f.path(),
                            f.program().name(),
                            f.evidence(),
                            f.layer() + 1,
                            f.aliases().isEmpty()
                                ? ""
                                : f.aliases().size() == 1
                                    ? ", also " + f.aliases().get(0)
                                    : ", " + f.aliases().size() + " more names"))
            .toList());
  }

  private static String privileged(FileEntry entry) {
    return entry.modeText() + " " + entry.path() + (entry.capabilities() ? " (capabilities)" : "");
  }

  private static void some(Text out, String label, List<String> lines) {
    out.line(label, lines.isEmpty() ? "none" : Integer.toString(lines.size()));
    lines.stream().limit(SHOWN).forEach(line -> out.line("", line));
    if (lines.size() > SHOWN) {
      out.line("", "... and " + (lines.size() - SHOWN) + " more");
    }
  }

  /** Lines with a label in a column of its own. */
  private static final class Text {
    private static final int WIDTH = 100;
    private static final int INDENT = 18;

    private final StringBuilder text = new StringBuilder();

    void heading(String title) {
      text.append('\n').append(title).append('\n');
    }

    void line(String label, String value) {
      if (value.isEmpty()) {
        return;
      }
      String start = "  %-16s".formatted(Clean.line(label));
      StringBuilder line = new StringBuilder(start);
      for (String word : Clean.line(value).split(" ")) {
        if (line.length() > INDENT && line.length() + 1 + word.length() > WIDTH) {
          raw(line.toString());
          line = new StringBuilder(" ".repeat(INDENT + 2));
        }
        line.append(' ').append(word);
      }
      raw(line.toString());
    }

    void raw(String line) {
      text.append(Clean.line(line).stripTrailing()).append('\n');
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }

  /**
   * Writes all of it as JSON, with every file. It is written as it is made, since the tree of a
   * large image is large; what is no ASCII is escaped, so that no terminal takes it for a command.
   */
  public void writeJson(OutputStream out) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    try (JsonGenerator json =
        mapper
            .createGenerator(out)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature())
            .useDefaultPrettyPrinter()) {
      json.writeStartObject();
      fields(json, summary());
      json.writeArrayFieldStart("layers");
      for (Layer layer : image.layers()) {
        json.writeStartObject();
        fields(json, layer(layer));
        json.writeArrayFieldStart("adds");
        for (FileEntry entry : layer.entries()) {
          json.writeString(entry.path());
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndArray();
      fields(json, facts());
      json.writeArrayFieldStart("files");
      for (FileEntry entry : image.files().entries()) {
        ObjectNode node = mapper.createObjectNode();
        file(node, entry);
        json.writeTree(node);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static void fields(JsonGenerator json, ObjectNode node) throws IOException {
    for (var fields = node.fields(); fields.hasNext(); ) {
      var field = fields.next();
      json.writeFieldName(field.getKey());
      json.writeTree(field.getValue());
    }
  }

  private ObjectNode summary() {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("name", image.name());
    root.put("id", image.id());
    root.put("platform", image.platform());
    ObjectNode sizes = root.putObject("sizes");
    image.sizes().transferBytes().ifPresent(bytes -> sizes.put("transferBytes", bytes));
    sizes.put("unpackedBytes", image.sizes().unpackedBytes());
    sizes.put("rootfsBytes", image.sizes().rootfsBytes());
    root.put("regularFiles", image.files().regularFiles());
    Waste wasted = image.waste();
    ObjectNode waste = root.putObject("waste");
    waste.put("bytes", wasted.bytes());
    ArrayNode largest = waste.putArray("files");
    for (Waste.WastedFile file : wasted.files()) {
      largest
          .addObject()
          .put("path", file.path())
          .put("bytes", file.bytes())
          .put("layer", file.layer());
    }
    return root;
  }

  private static ObjectNode layer(Layer layer) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("diffId", layer.diffId());
    node.put("mediaType", layer.mediaType());
    node.put("instruction", layer.instruction());
    layer.transferBytes().ifPresent(bytes -> node.put("transferBytes", bytes));
    node.put("unpackedBytes", layer.unpackedBytes());
    strings(node.putArray("whiteouts"), layer.whiteouts());
    strings(node.putArray("opaque"), layer.opaque());
    return node;
  }

  private ObjectNode facts() {
    ObjectNode root = new ObjectMapper().createObjectNode();
    config(root.putObject("config"));
    ObjectNode programs = root.putObject("programs");
    image.entrypointProgram().ifPresent(file -> file(programs.putObject("entrypoint"), file));
    for (String path : named) {
      image.files().get(path).ifPresent(file -> file(programs.putObject(path), file));
    }
    findings(root.putArray("shells"), image.shells());
    findings(root.putArray("interpreters"), image.interpreters());
    findings(root.putArray("packageManagers"), image.packageManagers());
    findings(root.putArray("compilers"), image.compilers());
    findings(root.putArray("hidden"), image.hiddenPrograms());
    ArrayNode setuid = root.putArray("setuid");
    image.setuid().forEach(entry -> file(setuid.addObject(), entry));
    ArrayNode packages = root.putArray("packages");
    for (InstalledPackage installed : image.packages()) {
      packages
          .addObject()
          .put("name", installed.name())
          .put("version", installed.version())
          .put("database", installed.database())
          .put("record", installed.record());
    }
    ArrayNode stores = root.putArray("trustStores");
    for (TrustStore store : image.trustStores()) {
      ObjectNode node = stores.addObject();
      node.put("path", store.path());
      node.put("format", store.format().toString());
      node.put("roots", store.roots());
      node.put("expired", store.expired());
      store.fingerprints().forEach(node.putArray("fingerprints")::add);
    }
    return root;
  }

  private void config(ObjectNode node) {
    ImageConfig config = image.config();
    node.put("user", config.user());
    Users.ResolvedUser user = image.users().resolve(config.user());
    ObjectNode resolved = node.putObject("resolvedUser");
    user.uid().ifPresent(uid -> resolved.put("uid", uid));
    user.gid().ifPresent(gid -> resolved.put("gid", gid));
    user.name().ifPresent(name -> resolved.put("name", name));
    if (!user.problem().isEmpty()) {
      resolved.put("problem", user.problem());
    }
    strings(node.putArray("entrypoint"), config.entrypoint());
    strings(node.putArray("command"), config.command());
    node.put("workingDirectory", config.workingDirectory());
    ObjectNode environment = node.putObject("environment");
    config.environment().forEach(environment::put);
    ObjectNode labels = node.putObject("labels");
    config.labels().forEach(labels::put);
    strings(node.putArray("exposedPorts"), config.exposedPorts());
    config.healthCheck().ifPresent(check -> strings(node.putArray("healthCheck"), check.test()));
    node.put("stopSignal", config.stopSignal());
    node.put("created", config.created());
  }

  private static void findings(ArrayNode array, List<Finding> findings) {
    for (Finding finding : findings) {
      ObjectNode node = array.addObject();
      node.put("path", finding.path());
      node.put("program", finding.program().name());
      node.put("evidence", finding.evidence());
      node.put("layer", finding.layer());
      node.put("instruction", finding.instruction());
      strings(node.putArray("aliases"), finding.aliases());
    }
  }

  private static void file(ObjectNode node, FileEntry entry) {
    node.put("path", entry.path());
    node.put("type", entry.type().name().toLowerCase(java.util.Locale.ROOT));
    node.put("mode", "%04o".formatted(entry.mode()));
    node.put("uid", entry.uid());
    node.put("gid", entry.gid());
    node.put("size", entry.size());
    node.put("layer", entry.layer());
    if (!entry.linkTarget().isEmpty()) {
      node.put("linkTarget", entry.linkTarget());
    }
    if (entry.capabilities()) {
      node.put("capabilities", true);
    }
    entry.content().flatMap(Content::elf).ifPresent(elf -> elf(node.putObject("elf"), elf));
    entry.content().flatMap(Content::script).ifPresent(line -> node.put("script", line));
  }

  private static void elf(ObjectNode node, ElfFile elf) {
    node.put("kind", elf.kind().toString());
    node.put("machine", elf.machine());
    elf.interpreter().ifPresent(loader -> node.put("interpreter", loader));
    strings(node.putArray("needed"), elf.needed());
    node.put("symbolTable", elf.symbolTable());
    strings(node.putArray("debugSections"), elf.debugSections());
    node.put("stripped", elf.stripped());
    node.put("packed", elf.packed());
    elf.go()
        .ifPresent(
            go -> {
              ObjectNode build = node.putObject("go");
              build.put("version", go.goVersion());
              build.put("path", go.path());
              build.put("module", go.module());
              ObjectNode settings = build.putObject("settings");
              go.settings().forEach(settings::put);
            });
  }

  private static void strings(ArrayNode array, List<String> strings) {
    strings.forEach(array::add);
  }
}
