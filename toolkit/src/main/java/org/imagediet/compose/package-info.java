/** Reads how a compose file wants its one service to be run, as far as a stranger may say so. */
@NullMarked
package org.imagediet.compose;

import org.jspecify.annotations.NullMarked;
