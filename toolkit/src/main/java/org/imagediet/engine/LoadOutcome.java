package org.imagediet.engine;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.LoadResponseItem;
import java.util.Optional;

/**
 * Waits until an engine has loaded an archive. The answer begins before the images have their
 * names, and an error comes in it, after a status that says that all is well.
 */
final class LoadOutcome extends ResultCallback.Adapter<LoadResponseItem> {

  private volatile Optional<String> error = Optional.empty();

  @Override
  public void onNext(LoadResponseItem item) {
    if (item.getErrorDetail() != null) {
      error = Optional.ofNullable(item.getErrorDetail().getMessage()).or(() -> Optional.of("?"));
    }
  }

  /** Returns what the engine complained of; to be asked after the end. */
  Optional<String> error() {
    return error;
  }
}
