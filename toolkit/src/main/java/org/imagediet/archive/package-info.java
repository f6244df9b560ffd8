/** Turns docker-save and OCI archives into images: streaming, bounded, never extracting to disk. */
@NullMarked
package org.imagediet.archive;

import org.jspecify.annotations.NullMarked;
