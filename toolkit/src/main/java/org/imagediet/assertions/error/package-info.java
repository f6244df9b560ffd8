/** The texts of failed assertions: each says what was measured, what is expected, and why. */
@NullMarked
package org.imagediet.assertions.error;

import org.jspecify.annotations.NullMarked;
