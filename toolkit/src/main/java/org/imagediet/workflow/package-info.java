/**
 * Reads a stranger's CI workflow, and runs the steps that judge an image where they can do no harm.
 */
@NullMarked
package org.imagediet.workflow;

import org.jspecify.annotations.NullMarked;
