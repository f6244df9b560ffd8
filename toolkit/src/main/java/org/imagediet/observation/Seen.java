package org.imagediet.observation;

import java.util.Optional;
import org.imagediet.image.TrustStore;

/** What was seen of an image. Observers of the same image share it, each beside its own probe. */
public final class Seen {

  final Shared<AsItIs> asItIs = new Shared<>();
  final Shared<Observation> work = new Shared<>();
  final Shared<Trusting> trusting = new Shared<>();
  final Shared<Observation> rootless = new Shared<>();
  final Shared<Optional<TrustStore>> storeInUse = new Shared<>();
  final Shared<LockedDown> lockedDown = new Shared<>();
}
