/** What each check decides by. */
@NullMarked
package org.imagediet.grading.checks;

import org.jspecify.annotations.NullMarked;
