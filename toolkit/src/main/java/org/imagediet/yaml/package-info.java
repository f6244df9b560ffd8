/** YAML that strangers wrote, read without its surprises. */
@NullMarked
package org.imagediet.yaml;

import org.jspecify.annotations.NullMarked;
