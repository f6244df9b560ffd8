package org.imagediet.image;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** An image: what it is made of and how it is to be run. */
public final class ContainerImage {

  private static final int MOST_WASTED_FILES = 100;
  private static final int EXECUTE = 0111;

  private final String name;
  private final String id;
  private final ImageConfig config;
  private final List<Layer> layers;
  private final FileTree files;
  private final Users users;
  private final List<InstalledPackage> packages;
  private final List<TrustStore> trustStores;
  private final List<Finding> programs;

  /**
   * Puts an image together.
   *
   * @param name a name it goes by; may be empty
   * @param id the digest of its configuration
   */
  public ContainerImage(String name, String id, ImageConfig config, List<Layer> layers) {
    this.name = name;
    this.id = id;
    this.config = config;
    this.layers = List.copyOf(layers);
    files = FileTree.of(layers);
    users = Users.of(files);
    packages = PackageDatabases.of(files);
    trustStores = findTrustStores();
    programs = findPrograms();
  }

  /** Returns a name it goes by; may be empty. */
  public String name() {
    return name;
  }

  /** Returns whether its lowest layers are those with some diff ids, the lowest first. */
  public boolean standsOn(List<String> diffIds) {
    return diffIds.size() <= layers.size()
        && layers.stream().limit(diffIds.size()).map(Layer::diffId).toList().equals(diffIds);
  }

  /** Returns the digest of its configuration, {@code sha256:…}. */
  public String id() {
    return id;
  }

  /** Returns what it runs on, such as {@code linux/amd64}. */
  public String platform() {
    return config.platform();
  }

  /** Returns how it is to be run. */
  public ImageConfig config() {
    return config;
  }

  /** Returns its layers, the lowest first. */
  public List<Layer> layers() {
    return layers;
  }

  /** Returns the files a container sees. */
  public FileTree files() {
    return files;
  }

  /** Returns the users and groups it knows. */
  public Users users() {
    return users;
  }

  /** Returns its three sizes. */
  public Sizes sizes() {
    long transfer = 0;
    boolean known = true;
    for (Layer layer : layers) {
      known &= layer.transferBytes().isPresent();
      transfer += layer.transferBytes().orElse(0);
    }
    return new Sizes(
        known ? OptionalLong.of(transfer) : OptionalLong.empty(),
        layers.stream().mapToLong(Layer::unpackedBytes).sum(),
        files.regularBytes());
  }

  /** Returns the packages its databases record. */
  public List<InstalledPackage> packages() {
    return packages;
  }

  /** Returns its stores of root certificates. */
  public List<TrustStore> trustStores() {
    return trustStores;
  }

  private List<TrustStore> findTrustStores() {
    List<TrustStore> stores = new ArrayList<>();
    for (FileEntry entry : files.entries()) {
      if (entry.type() == FileType.FILE) {
        entry
            .content()
            .filter(content -> content.elf().isEmpty())
            .flatMap(Content::bytes)
            .filter(bytes -> TrustStoreParser.candidate(entry.path(), bytes))
            .flatMap(bytes -> TrustStoreParser.parse(entry.path(), bytes))
            .ifPresent(stores::add);
      }
    }
    return stores;
  }

  /** Returns the shells a container can start, found by content. */
  public List<Finding> shells() {
    return visible(ProgramKind.SHELL);
  }

  /** Returns the other interpreters a container can start, found by content. */
  public List<Finding> interpreters() {
    return visible(ProgramKind.INTERPRETER);
  }

  /** Returns the package managers, by content and by name. */
  public List<Finding> packageManagers() {
    return visible(ProgramKind.PACKAGE_MANAGER);
  }

  /** Returns compilers and build tools, by content and by name. */
  public List<Finding> compilers() {
    return visible(ProgramKind.COMPILER);
  }

  /** Returns known programs that a later layer hides: not to be started, but shipped. */
  public List<Finding> hiddenPrograms() {
    return programs.stream().filter(finding -> !finding.visible()).toList();
  }

  private List<Finding> visible(ProgramKind kind) {
    return programs.stream()
        .filter(finding -> finding.visible() && finding.program().kind() == kind)
        .toList();
  }

  private List<Finding> findPrograms() {
    Map<String, List<String>> names = otherNames();
    List<Finding> findings = new ArrayList<>();
    Set<Content> alive = Collections.newSetFromMap(new IdentityHashMap<>());
    for (FileEntry entry : files.entries()) {
      if (entry.regular() && entry.content().isPresent()) {
        alive.add(entry.content().get());
        if (files.first(entry)) {
          findings.addAll(findPrograms(entry, names.getOrDefault(entry.path(), List.of()), true));
        }
      }
    }
    for (Layer layer : layers) {
      for (FileEntry entry : layer.entries()) {
        if (entry.content().filter(content -> !alive.contains(content)).isPresent()) {
          findings.addAll(findPrograms(entry, List.of(), false));
        }
      }
    }
    return findings;
  }

  /** The visible links, hard and symbolic, that lead to each file. */
  private Map<String, List<String>> otherNames() {
    Map<String, List<String>> names = new HashMap<>();
    for (FileEntry entry : files.entries()) {
      Optional<FileEntry> target = Optional.of(entry);
      if (entry.type() == FileType.SYMLINK) {
        target = files.get(entry.path());
      }
      target
          .filter(FileEntry::regular)
          .map(file -> file.type() == FileType.HARD_LINK ? files.origin(file) : file)
          .filter(file -> file != entry)
          .ifPresent(
              file -> names.computeIfAbsent(file.path(), p -> new ArrayList<>()).add(entry.path()));
    }
    return names;
  }

  private List<Finding> findPrograms(FileEntry entry, List<String> names, boolean visible) {
    Content content = entry.content().orElseThrow();
    Map<ProgramKind, Finding> found = new EnumMap<>(ProgramKind.class);
    for (KnownProgram program : content.programs()) {
      found.putIfAbsent(program.kind(), finding(entry, program, names, "its content", visible));
    }
    if (content.startable() && content.elf().filter(elf -> !elf.executable()).isEmpty()) {
      Stream.concat(Stream.of(entry.path()), names.stream())
          .flatMap(path -> KnownNames.find(path).stream())
          .forEach(
              program ->
                  found.putIfAbsent(
                      program.kind(), finding(entry, program, names, "its name", visible)));
    }
    return List.copyOf(found.values());
  }

  private Finding finding(
      FileEntry entry, KnownProgram program, List<String> names, String evidence, boolean visible) {
    return new Finding(
        entry.path(),
        program,
        List.copyOf(names),
        evidence,
        entry.layer(),
        layers.get(entry.layer()).instruction(),
        visible);
  }

  /** Returns the visible files that run with more rights than who starts them. */
  public List<FileEntry> setuid() {
    return files.entries().stream()
        .filter(entry -> entry.privileged() && files.first(entry))
        .toList();
  }

  /** Returns the ELF file at a path, links followed. */
  public Optional<ElfFile> elf(String path) {
    return files.get(path).flatMap(FileEntry::content).flatMap(Content::elf);
  }

  /** Returns the program that the image starts, found as an engine finds it. */
  public Optional<FileEntry> entrypointProgram() {
    return config.argv().stream().findFirst().flatMap(this::program);
  }

  /** Returns the program that does the image's work, also where a shell is what starts it. */
  public Optional<FileEntry> serviceProgram() {
    Optional<FileEntry> first = entrypointProgram();
    boolean shell =
        shells().stream()
            .anyMatch(
                found ->
                    first
                        .map(FileEntry::path)
                        .filter(path -> path.equals(found.path()) || found.aliases().contains(path))
                        .isPresent());
    if (!shell) {
      return first;
    }
    return config.argv().stream()
        .skip(1)
        .flatMap(words -> Stream.of(words.split("\\s+")))
        .map(this::program)
        .flatMap(Optional::stream)
        .filter(file -> file.content().flatMap(Content::elf).isPresent())
        .findFirst()
        .or(() -> first);
  }

  /** Returns the file that an engine would start for a word of a command. */
  public Optional<FileEntry> program(String word) {
    String program = FileNames.of(word);
    if (program.contains("/")) {
      String base = config.workingDirectory().isEmpty() ? "/" : config.workingDirectory();
      return files.get(program.startsWith("/") ? program : FileNames.of(base) + "/" + program);
    }
    String path =
        config
            .environment()
            .getOrDefault("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    for (String folder : path.split(":")) {
      Optional<FileEntry> found =
          files
              .get(FileNames.of(folder) + "/" + program)
              .filter(file -> file.regular() && (file.mode() & EXECUTE) != 0);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Returns the bytes that are shipped in vain. */
  public Waste waste() {
    Set<String> linked = new HashSet<>();
    for (FileEntry entry : files.entries()) {
      if (entry.type() == FileType.HARD_LINK) {
        linked.add(entry.layer() + entry.linkTarget());
      }
    }
    List<Waste.WastedFile> wasted = new ArrayList<>();
    long bytes = 0;
    for (Layer layer : layers) {
      Map<String, FileEntry> last = new HashMap<>();
      for (FileEntry entry : layer.entries()) {
        if (entry.type() != FileType.DIRECTORY) {
          last.put(entry.path(), entry);
        }
      }
      for (FileEntry entry : layer.entries()) {
        boolean seen =
            last.get(entry.path()) == entry
                && (visible(entry) || linked.contains(layer.index() + entry.path()));
        if (entry.type() == FileType.FILE && entry.size() > 0 && !seen) {
          bytes += entry.size();
          wasted.add(new Waste.WastedFile(entry.path(), entry.size(), layer.index()));
        }
      }
    }
    wasted.sort(Comparator.comparingLong(Waste.WastedFile::bytes).reversed());
    return new Waste(
        bytes, List.copyOf(wasted.subList(0, Math.min(wasted.size(), MOST_WASTED_FILES))));
  }

  private boolean visible(FileEntry entry) {
    return files
        .lookup(entry.path())
        .filter(seen -> seen.layer() == entry.layer() && seen.type() == FileType.FILE)
        .isPresent();
  }
}
