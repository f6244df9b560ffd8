/**
 * What an image is: config, layers, file tree, users, ELF files, packages, trust stores. No I/O.
 */
@NullMarked
package org.imagediet.image;

import org.jspecify.annotations.NullMarked;
