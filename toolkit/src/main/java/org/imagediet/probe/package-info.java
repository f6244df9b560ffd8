/**
 * Looks at a running image from a container beside it: name server, TLS servers, client and reader
 * of process states, on a loopback that leads nowhere else.
 */
@NullMarked
package org.imagediet.probe;

import org.jspecify.annotations.NullMarked;
