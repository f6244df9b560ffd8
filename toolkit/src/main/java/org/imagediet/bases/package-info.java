/** The base images the labs may use, and the stand-ins made where they cannot be had. */
@NullMarked
package org.imagediet.bases;

import org.jspecify.annotations.NullMarked;
