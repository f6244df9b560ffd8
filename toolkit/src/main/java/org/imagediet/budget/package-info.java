/** A size budget for images: the baseline they are compared with, their growth, and its causes. */
@NullMarked
package org.imagediet.budget;

import org.jspecify.annotations.NullMarked;
