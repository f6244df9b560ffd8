/** What an image does when it runs beside a probe, written down as evidence. */
@NullMarked
package org.imagediet.observation;

import org.jspecify.annotations.NullMarked;
