package org.imagediet.scan;

import java.util.List;

/**
 * A published vulnerability of a library.
 *
 * @param source the id of the advisory that says so, such as {@code GO-2025-3849}
 * @param ecosystem {@code go} or {@code maven}
 * @param affected ranges of versions, such as {@code >=1.24.0, <1.24.6}
 */
record Advisory(
    String id,
    String source,
    String ecosystem,
    String packageName,
    List<String> affected,
    List<String> fixed,
    Severity severity,
    String title) {}
