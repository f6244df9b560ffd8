package org.imagediet.budget;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.imagediet.image.ContainerImage;
import org.imagediet.image.Content;
import org.imagediet.image.ElfFile;
import org.imagediet.image.FileEntry;
import org.imagediet.image.FileType;
import org.imagediet.image.Finding;
import org.imagediet.image.InstalledPackage;
import org.imagediet.image.Layer;
import org.imagediet.image.PackageDatabases;
import org.imagediet.image.ProgramKind;

/**
 * What made an image grow. A folder that came in whole is one culprit, however many files it has.
 *
 * @param base what of it is the base's
 * @param culprits the largest first; together with {@code elsewhere} they are the growth of one's
 *     own files
 * @param elsewhere bytes of what is too small to be named; negative when other things shrank
 * @param packages those added or replaced, the largest first; empty when there are none or the
 *     baseline could not keep its own
 */
public record Blame(
    BaseGrowth base, List<Culprit> culprits, long elsewhere, List<PackageChange> packages) {

  static Blame of(Snapshot before, ContainerImage image, Optional<Base> base) {
    BaseGrowth growth = BaseGrowth.of(before, image, base);
    Explanation explanation = new Explanation(before, image, growth);
    List<Culprit> culprits = explanation.culprits();
    long named = culprits.stream().mapToLong(Culprit::bytes).sum();
    return new Blame(growth, culprits, growth.ownBytes() - named, packages(before, image));
  }

  private static List<PackageChange> packages(Snapshot before, ContainerImage image) {
    if (before.packages().isEmpty()) {
      return List.of();
    }
    SortedMap<String, String> was = before.packages().get();
    Map<String, PackageChange> changes = new HashMap<>();
    Snapshot.packages(image)
        .forEach(
            (name, version) -> {
              Optional<String> old = Optional.ofNullable(was.get(name));
              if (!old.equals(Optional.of(version))) {
                changes.put(
                    name, new PackageChange(name, old, version, OptionalLong.empty(), -1, ""));
              }
            });
    for (Layer layer : changes.isEmpty() ? List.<Layer>of() : image.layers()) {
      for (InstalledPackage installed : PackageDatabases.in(layer)) {
        String name = Snapshot.shortened(installed.name());
        PackageChange change = changes.get(name);
        if (change != null
            && change.layer() < 0
            && !change.before().equals(Optional.of(Snapshot.shortened(installed.version())))) {
          changes.put(
              name,
              new PackageChange(
                  name,
                  change.before(),
                  change.after(),
                  installed.installedBytes(),
                  layer.index(),
                  layer.instruction()));
        }
      }
    }
    return changes.values().stream()
        .filter(change -> change.layer() >= 0)
        .sorted(
            Comparator.<PackageChange>comparingLong(change -> -change.installedBytes().orElse(0))
                .thenComparing(PackageChange::name))
        .toList();
  }

  /** Finds the culprits of one comparison. */
  private static final class Explanation {

    /** What is smaller than this share of the growth is not named. */
    private static final int SHARES = 50;

    private static final int MOST_CULPRITS = 20;

    /** More culprits in a folder than this are told as one, the folder, if none stands out. */
    private static final int MOST_SIBLINGS = 4;

    private static final int MOST_NAMES = 3;

    private final ContainerImage image;
    private final List<Layer> changed = new ArrayList<>();
    private final PathTree tree;
    private final long threshold;
    private final Map<String, Suspect> suspects = new HashMap<>();
    private final Map<Integer, Set<String>> whiteoutsOf = new HashMap<>();

    /** A culprit in the making. */
    private static final class Suspect {
      private final PathTree.Node node;
      private final long bytes;
      private final boolean added;
      private final boolean part;
      private final Map<Integer, Long> layers = new TreeMap<>();
      private final Map<Integer, Long> hiders = new TreeMap<>();
      private final Map<Integer, Long> rewriters = new TreeMap<>();
      private final Set<String> tools = new LinkedHashSet<>();
      private int files;
      private long hidden;
      private long debugged;

      Suspect(PathTree.Node node, long bytes, boolean added, boolean part) {
        this.node = node;
        this.bytes = bytes;
        this.added = added;
        this.part = part;
      }
    }

    Explanation(Snapshot before, ContainerImage image, BaseGrowth growth) {
      this.image = image;
      threshold = Math.max(1, growth.ownBytes() / SHARES);
      int ours = 0;
      int theirs = 0;
      SortedMap<String, Long> gone = new TreeMap<>(before.files());
      if (growth.known()) {
        ours = growth.after().orElseThrow().diffIds().size();
        theirs = growth.before().orElseThrow().diffIds().size();
      } else {
        before.baseFiles().forEach((part, bytes) -> gone.merge(part, bytes, Long::sum));
      }
      Map<String, Integer> known = new HashMap<>();
      before.layers().stream()
          .skip(theirs)
          .forEach(layer -> known.merge(layer.diffId(), 1, Integer::sum));
      List<Layer> unchanged = new ArrayList<>();
      for (Layer layer : image.layers()) {
        if (layer.index() >= ours) {
          boolean same = known.merge(layer.diffId(), -1, Integer::sum) >= 0;
          (same ? unchanged : changed).add(layer);
        }
      }
      long bytes = changed.stream().mapToLong(Layer::unpackedBytes).sum();
      tree = new PathTree(Math.max(threshold, bytes / 5000));
      if (growth.ownBytes() > 0) {
        plant(before, gone, unchanged);
        explain(tree.root(), 0).forEach(suspect -> suspects.put(suspect.node.key(), suspect));
        interrogate();
      }
    }

    private void plant(Snapshot before, SortedMap<String, Long> gone, List<Layer> unchanged) {
      Set<String> keys = new HashSet<>(before.files().keySet());
      keys.addAll(before.baseFiles().keySet());
      Parts parts = new Parts(keys);
      for (Layer layer : changed) {
        for (FileEntry entry : layer.entries()) {
          if (Parts.shipped(entry)) {
            tree.add(entry.path(), entry.size());
          }
        }
      }
      for (Layer layer : unchanged) {
        for (FileEntry entry : layer.entries()) {
          if (Parts.shipped(entry)) {
            gone.merge(parts.of(entry.path()), -entry.size(), Long::sum);
            tree.mark(entry.path(), false);
          }
        }
      }
      gone.forEach(
          (part, bytes) -> {
            if (bytes > 0) {
              tree.addGone(part, bytes);
            } else {
              tree.mark(part, true);
            }
          });
    }

    /**
     * Names what grew at and below a node.
     *
     * @param around bytes that were before somewhere in the part of the baseline that it lies in,
     *     and so perhaps in the node
     */
    private List<Suspect> explain(PathTree.Node node, long around) {
      long before = node.named ? node.goneSomewhere : around;
      if (node.growth() < threshold) {
        return List.of();
      }
      if (!node.known && node.gone == 0 && before <= node.now / 10) {
        return explainNew(node);
      }
      // Of what the baseline does not name, only this much is sure.
      long growth = node.named ? node.growth() : node.growth() - around;
      if (growth < threshold) {
        return List.of();
      }
      if (node.file() || Cause.known(node.path()).isPresent()) {
        return List.of(new Suspect(node, growth, false, false));
      }
      List<Suspect> found = new ArrayList<>();
      node.children().forEach(child -> found.addAll(explain(child, before)));
      boolean many = found.size() > MOST_SIBLINGS && node != tree.root();
      if (many && found.stream().allMatch(suspect -> suspect.bytes <= growth / 2)) {
        found.removeIf(suspect -> Cause.known(suspect.node.path()).isEmpty());
      }
      return withRest(found, node, growth, false);
    }

    /**
     * Names what came in whole: the folder that holds nearly all of it, and what is known in it.
     */
    private List<Suspect> explainNew(PathTree.Node node) {
      PathTree.Node top = node;
      for (Optional<PathTree.Node> next = Optional.of(node); next.isPresent(); next = core(top)) {
        top = next.get();
      }
      List<Suspect> found = new ArrayList<>();
      if (Cause.known(top.path()).isEmpty()) {
        landmarks(top, top.now / 10, found);
      }
      return withRest(found, top, top.now, true);
    }

    /** Where nearly all of a folder is. */
    private Optional<PathTree.Node> core(PathTree.Node node) {
      return Cause.known(node.path()).isPresent()
          ? Optional.empty()
          : node.children().stream()
              .filter(child -> node.now - child.now < Math.min(threshold, node.now / 10 + 1))
              .findFirst();
    }

    private void landmarks(PathTree.Node node, long least, List<Suspect> found) {
      for (PathTree.Node child : node.children()) {
        if (child.now >= Math.max(least, threshold)) {
          if (Cause.known(child.path()).isPresent()) {
            found.add(new Suspect(child, child.now, true, false));
          } else {
            landmarks(child, least, found);
          }
        }
      }
    }

    private List<Suspect> withRest(
        List<Suspect> found, PathTree.Node node, long growth, boolean added) {
      long rest = growth - found.stream().mapToLong(suspect -> suspect.bytes).sum();
      if (rest >= threshold) {
        found.add(new Suspect(node, rest, added, !found.isEmpty()));
      }
      return found;
    }

    /** Looks at every file of the suspects once: who brought it, who hides it, what it is. */
    private void interrogate() {
      Set<String> linked = new HashSet<>();
      for (FileEntry entry : image.files().entries()) {
        if (entry.type() == FileType.HARD_LINK) {
          linked.add(entry.layer() + entry.linkTarget());
        }
      }
      for (Layer layer : changed) {
        for (FileEntry entry : layer.entries()) {
          if (Parts.shipped(entry)) {
            suspectOf(entry.path()).ifPresent(suspect -> interrogate(suspect, entry, linked));
          }
        }
      }
      List<Finding> tools = new ArrayList<>(image.compilers());
      tools.addAll(image.hiddenPrograms());
      for (Finding finding : tools) {
        boolean ours = changed.stream().anyMatch(layer -> layer.index() == finding.layer());
        if (ours && finding.program().kind() == ProgramKind.COMPILER) {
          suspectOf(finding.path())
              .ifPresent(suspect -> suspect.tools.add(finding.program().name()));
        }
      }
    }

    private void interrogate(Suspect suspect, FileEntry entry, Set<String> linked) {
      suspect.files++;
      suspect.layers.merge(entry.layer(), entry.size(), Long::sum);
      if (entry.content().flatMap(Content::elf).filter(Explanation::debuggable).isPresent()) {
        suspect.debugged += entry.size();
      }
      Optional<FileEntry> seen = image.files().lookup(entry.path());
      boolean visible =
          seen.filter(e -> e.layer() == entry.layer() && e.type() == FileType.FILE).isPresent()
              || linked.contains(entry.layer() + entry.path());
      if (!visible) {
        suspect.hidden += entry.size();
        if (seen.filter(e -> e.regular() && e.layer() > entry.layer()).isPresent()) {
          suspect.rewriters.merge(seen.get().layer(), entry.size(), Long::sum);
        } else {
          hider(entry.path(), entry.layer())
              .ifPresent(index -> suspect.hiders.merge(index, entry.size(), Long::sum));
        }
      }
    }

    private static boolean debuggable(ElfFile elf) {
      return !elf.debugSections().isEmpty();
    }

    /** The suspect that a file belongs to: the one with the longest path. */
    private Optional<Suspect> suspectOf(String path) {
      if (suspects.containsKey(path)) {
        return Optional.of(suspects.get(path));
      }
      for (int slash = path.lastIndexOf('/');
          slash >= 0;
          slash = path.lastIndexOf('/', slash - 1)) {
        Suspect found = suspects.get(path.substring(0, slash + 1));
        if (found != null) {
          return Optional.of(found);
        }
      }
      return Optional.empty();
    }

    private OptionalInt hider(String path, int layer) {
      for (Layer later : image.layers().subList(layer + 1, image.layers().size())) {
        Set<String> whiteouts = whiteouts(later);
        for (String at = path; !at.isEmpty(); at = at.substring(0, at.lastIndexOf('/'))) {
          if (whiteouts.contains(at)) {
            return OptionalInt.of(later.index());
          }
        }
      }
      return OptionalInt.empty();
    }

    private Set<String> whiteouts(Layer layer) {
      return whiteoutsOf.computeIfAbsent(
          layer.index(),
          index -> {
            Set<String> paths = new HashSet<>(layer.whiteouts());
            paths.addAll(layer.opaque());
            return paths;
          });
    }

    List<Culprit> culprits() {
      return suspects.values().stream()
          .map(this::culprit)
          .sorted(
              Comparator.<Culprit>comparingLong(culprit -> -culprit.bytes())
                  .thenComparing(Culprit::path))
          .limit(MOST_CULPRITS)
          .toList();
    }

    private Culprit culprit(Suspect suspect) {
      int layer = most(suspect.layers).orElse(0);
      long rewritten = suspect.rewriters.values().stream().mapToLong(bytes -> bytes).sum();
      boolean again = rewritten * 2 > suspect.hidden;
      String path = suspect.node.path();
      Optional<Cause> cause = Cause.of(path);
      String evidence = "";
      if (!suspect.tools.isEmpty() && cause.filter(c -> c != Cause.TOOLCHAIN).isEmpty()) {
        cause = Optional.of(Cause.TOOLCHAIN);
        evidence = String.join(", ", suspect.tools.stream().limit(MOST_NAMES).toList());
      }
      if (cause.isEmpty() && again && rewritten * 3 > suspect.bytes) {
        cause = Optional.of(Cause.WRITTEN_TWICE);
      }
      if (cause.isEmpty() && suspect.debugged * 2 > suspect.bytes) {
        cause = Optional.of(Cause.DEBUG_SYMBOLS);
        evidence = "an ELF file with debug sections";
      }
      return new Culprit(
          path.isEmpty() ? "/" : path,
          !suspect.node.file(),
          suspect.part,
          suspect.added,
          suspect.bytes,
          suspect.files,
          layer,
          image.layers().get(layer).instruction(),
          Math.max(0, suspect.layers.size() - 1),
          suspect.hidden,
          most(again ? suspect.rewriters : suspect.hiders),
          again,
          cause,
          evidence);
    }

    private static OptionalInt most(Map<Integer, Long> bytes) {
      return bytes.entrySet().stream()
          .max(Map.Entry.comparingByValue())
          .map(entry -> OptionalInt.of(entry.getKey()))
          .orElse(OptionalInt.empty());
    }
  }
}
