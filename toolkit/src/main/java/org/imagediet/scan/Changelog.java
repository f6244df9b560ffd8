package org.imagediet.scan;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which CVEs a Debian changelog names, and in the entry of which version. */
final class Changelog {

  private static final Pattern ENTRY = Pattern.compile("[a-z0-9][a-z0-9+.-]* \\(([^()\\s]+)\\) .*");
  private static final Pattern CVE = Pattern.compile("\\bCVE-(?:19|20)\\d\\d-\\d{4,7}\\b");
  private static final int MOST = 5000;

  private Changelog() {}

  /**
   * Returns the oldest version that names a CVE, by its id: later entries mention a fix again when
   * they refresh its patch.
   */
  static Map<String, String> fixes(String text) {
    Map<String, String> fixes = new TreeMap<>();
    String version = "";
    for (String line : (Iterable<String>) text.lines()::iterator) {
      Matcher entry = ENTRY.matcher(line);
      if (entry.matches()) {
        version = entry.group(1);
        continue;
      }
      Matcher cve = CVE.matcher(line);
      while (!version.isEmpty() && fixes.size() < MOST && cve.find()) {
        // Entries stand newest first.
        fixes.put(cve.group(), version);
      }
    }
    return fixes;
  }
}
