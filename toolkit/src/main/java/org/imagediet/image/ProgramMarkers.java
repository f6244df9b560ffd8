package org.imagediet.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Recognises programs by texts that their own code prints or looks up, all of which must be there.
 * A new name or a link changes nothing about them; a packed program hides them, and is marked as
 * packed instead.
 */
public final class ProgramMarkers {

  private record Marker(KnownProgram program, List<Integer> texts, boolean library) {}

  private static final int GO_ALIGNMENT = 16;
  private static final int MOST_PLACES = 16;
  private static final byte[] GO_BUILD_INFO =
      "\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1);
  private static final int GO = 0;
  private static final List<byte[]> TEXTS = new ArrayList<>(List.of(GO_BUILD_INFO));
  private static final List<Marker> MARKERS =
      List.of(
          shell("busybox", "BusyBox v", "multi-call binary"),
          // Its table of applets, for one without a banner.
          shell("busybox", "\0[\0[[\0", "\0ash\0", "\0cat\0"),
          // Without this applet it is no shell, as in Debian.
          shell("toybox", "landley.net/toybox", "toysh"),
          shell("bash", "BASH_VERSINFO", "BASH_COMMAND"),
          shell("dash", "OPTIND=1", "PS4=+ ", "parameter not set"),
          shell("zsh", "ZSH_VERSION", "zsh/main"),
          shell("mksh", "KSH_VERSION", "MIRBSD KSH"),
          shell("ksh", "KSH_VERSION", ".sh.version"),
          shell("posh", "POSH_VERSION", "posh_builtin_getopts"),
          shell("tcsh", wide("dirstack"), wide("histlit"), "/etc/csh.cshrc"),
          shell("fish", wide("__fish_config_dir"), wide("fish_user_paths")),
          shell("yash", "$YASH_LOADPATH", "$YASH_AFTER_CD"),
          shell("sash", "Stand-alone shell (version", "Exit from sash"),
          shell("rc", "rc: flag immutable", "rc: cannot shift"),
          shell("elvish", "src.elv.sh/pkg/eval.", "src.elv.sh/pkg/eval/vals"),
          interpreter("python", "PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP"),
          interpreter("perl", "PERL5LIB", "PERL5OPT"),
          interpreter("ruby", "RUBYOPT", "RUBYLIB"),
          interpreter("node", "NODE_OPTIONS", "NODE_PATH"),
          interpreter("lua", "LUA_INIT", "LUA_PATH"),
          interpreter("php", "PHP_INI_SCAN_DIR", "PHPRC"),
          interpreter("gawk", "AWKPATH", "AWKLIBPATH"),
          interpreter("mawk", "WHINY_USERS", "mawk"),
          interpreter("awk", "not permitted in awk formats", "awkprintf"),
          interpreter("tcl", "tcl_libPath", "TCL_LIBRARY"),
          interpreter("guile", "GUILE_LOAD_PATH", "GUILE_AUTO_COMPILE"),
          library("java", "JNI_CreateJavaVM", "HotSpot"),
          packageManager("dpkg", "dpkg-split", "dpkg frontend lock"),
          packageManager("apt", "APTPKG_", "Usage: apt"),
          packageManager("apk", "apk-tools", "/lib/apk/db"),
          packageManager("rpm", "RPMTAG_", "rpmdb"),
          compiler("go command", "cmd/go/internal/work"),
          compiler("go compiler", "cmd/compile/internal/ssa"),
          compiler("gcc", "collect2", "COLLECT_GCC"),
          compiler("cc1", "GNU C", "-fpreprocessed"),
          compiler("clang", "-fno-integrated-cc1", "clang"),
          compiler("tcc", "libtcc1", "tcc: ar: "),
          compiler("rustc", "rustc_driver4main", "librustc_driver"));

  private static final TextSearch SEARCH = TextSearch.of(TEXTS);

  private ProgramMarkers() {}

  private static Marker shell(String name, String... texts) {
    return marker(name, ProgramKind.SHELL, texts);
  }

  /** A text of C's wide characters, four bytes each, the lowest first. */
  private static String wide(String text) {
    return text.replaceAll("(?s).", "$0\0\0\0");
  }

  private static Marker interpreter(String name, String... texts) {
    return marker(name, ProgramKind.INTERPRETER, texts);
  }

  private static Marker library(String name, String... texts) {
    Marker marker = interpreter(name, texts);
    return new Marker(marker.program(), marker.texts(), true);
  }

  private static Marker packageManager(String name, String... texts) {
    return marker(name, ProgramKind.PACKAGE_MANAGER, texts);
  }

  private static Marker compiler(String name, String... texts) {
    return marker(name, ProgramKind.COMPILER, texts);
  }

  private static Marker marker(String name, ProgramKind kind, String... texts) {
    List<Integer> indices = new ArrayList<>();
    for (String text : texts) {
      indices.add(TEXTS.size());
      TEXTS.add(text.getBytes(StandardCharsets.US_ASCII));
    }
    return new Marker(new KnownProgram(name, kind), indices, false);
  }

  /** Looks for the texts in a file that goes by in pieces of any size. */
  public static final class Search {
    private final BitSet seen = new BitSet();
    private final List<Long> goBuildInfo = new ArrayList<>();
    private final TextSearch.Pass pass = SEARCH.pass(this::found);

    /** Looks at the next piece. */
    public void add(byte[] bytes, int from, int to) {
      pass.add(bytes, from, to);
    }

    private void found(BitSet texts, long end) {
      seen.or(texts);
      long start = end - (GO_BUILD_INFO.length - 1);
      if (texts.get(GO) && start % GO_ALIGNMENT == 0 && goBuildInfo.size() < MOST_PLACES) {
        goBuildInfo.add(start);
      }
    }

    /** Returns where Go's build information may begin, as far as it was looked. */
    public List<Long> goBuildInfo() {
      return List.copyOf(goBuildInfo);
    }

    /**
     * Returns what the file is known as, the more telling first.
     *
     * @param library whether it cannot be started by itself; it may still be the greater part of a
     *     shell or an interpreter, whose program then only starts it
     */
    public Set<KnownProgram> programs(boolean library) {
      Set<KnownProgram> programs = new LinkedHashSet<>();
      for (Marker marker : MARKERS) {
        ProgramKind kind = marker.program().kind();
        boolean whole = kind == ProgramKind.SHELL || kind == ProgramKind.INTERPRETER;
        boolean fits = library ? whole : !marker.library();
        if (fits && marker.texts().stream().allMatch(seen::get)) {
          programs.add(marker.program());
        }
      }
      return programs;
    }
  }
}
