/**
 * What runs inside the probe container. Only the JDK is at hand there, so nothing here may use
 * another package of ours or any library.
 */
package org.imagediet.probe.inside;
