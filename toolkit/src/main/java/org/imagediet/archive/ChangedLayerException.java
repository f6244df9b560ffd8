package org.imagediet.archive;

/** Under the name of a layer that was read before there is another one now; read it all again. */
public final class ChangedLayerException extends ArchiveException {

  private static final long serialVersionUID = 1L;

  ChangedLayerException(String name) {
    super("Under the name " + name + " there was another layer before.");
  }
}
