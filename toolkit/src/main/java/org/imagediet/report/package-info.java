/** Console, Markdown and JSON renderings of what was measured. */
@NullMarked
package org.imagediet.report;

import org.jspecify.annotations.NullMarked;
