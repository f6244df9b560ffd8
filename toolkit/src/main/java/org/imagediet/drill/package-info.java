/**
 * What an attacker finds in an image: what there is to use, and what comes of trying. The attacks
 * run in containers of our own, on the probe's loopback, which leads nowhere.
 */
@NullMarked
package org.imagediet.drill;

import org.jspecify.annotations.NullMarked;
