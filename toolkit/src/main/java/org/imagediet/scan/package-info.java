/**
 * Runs a vulnerability scanner over an image, says what its answer is worth, and checks a triage of
 * what it found.
 */
@NullMarked
package org.imagediet.scan;

import org.jspecify.annotations.NullMarked;
