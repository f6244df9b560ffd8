package org.imagediet.diet;

import org.imagediet.image.ContainerImage;
import org.imagediet.observation.Behaviour;

/** One reference image, read from its archive and observed while it ran. */
public record Measurement(Reference reference, ContainerImage image, Behaviour behaviour) {}
