/** AssertJ assertions over container images, for the tests of any Java project. */
@NullMarked
package org.imagediet.assertions;

import org.jspecify.annotations.NullMarked;
