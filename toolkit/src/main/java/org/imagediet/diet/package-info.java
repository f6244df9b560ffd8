/** The three images of one service side by side: what each costs and what each gives up. */
@NullMarked
package org.imagediet.diet;

import org.jspecify.annotations.NullMarked;
