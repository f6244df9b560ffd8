/** Builds images with Jib: no Dockerfile, no builder, the base from the local engine. */
@NullMarked
package org.imagediet.engine.jib;

import org.jspecify.annotations.NullMarked;
