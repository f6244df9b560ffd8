/** The workbook's folders: what is where, and what of it goes into a build. */
@NullMarked
package org.imagediet.workbook;

import org.jspecify.annotations.NullMarked;
