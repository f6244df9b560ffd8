package org.imagediet.bases;

/** How a stand-in is assembled. */
public sealed interface Recipe permits DistrolessRecipe, SystemRecipe {

  /** Returns what is in the stand-in, for its label and for people. */
  String contents();

  /** Returns what is equal of recipes that are best made one after the other, sharing files. */
  Object common();
}
