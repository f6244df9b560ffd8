/** Finds a container engine and has it build, save, load and run. */
@NullMarked
package org.imagediet.engine;

import org.jspecify.annotations.NullMarked;
