/** How a lab's checks become JUnit tests. */
@NullMarked
package org.imagediet.grading.junit;

import org.jspecify.annotations.NullMarked;
