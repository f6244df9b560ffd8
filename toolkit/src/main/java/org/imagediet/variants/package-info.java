/**
 * Every program on every distroless variant: where it works, and what it misses where it does not.
 */
@NullMarked
package org.imagediet.variants;

import org.jspecify.annotations.NullMarked;
