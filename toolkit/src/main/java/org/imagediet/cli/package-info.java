/** The commands behind {@code ./lab}, each a thin layer over the packages beside it. */
@NullMarked
package org.imagediet.cli;

import org.jspecify.annotations.NullMarked;
