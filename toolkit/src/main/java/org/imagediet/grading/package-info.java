/** A lab's rubric, the outcome of each check, and what a student and a program read of them. */
@NullMarked
package org.imagediet.grading;

import org.jspecify.annotations.NullMarked;
