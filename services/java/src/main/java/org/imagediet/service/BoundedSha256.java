package org.imagediet.service;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Takes the SHA-256 of the first MiB of a body, and hangs up after it. */
final class BoundedSha256 implements BodySubscriber<String> {

  static final int MAX_BYTES = 1 << 20;

  private final CompletableFuture<String> result = new CompletableFuture<>();
  private final MessageDigest digest;
  private Flow.Subscription subscription;
  private int left = MAX_BYTES;

  BoundedSha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  @Override
  public CompletionStage<String> getBody() {
    return result;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscription.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      buffer.limit(buffer.position() + Math.min(left, buffer.remaining()));
      left -= buffer.remaining();
      digest.update(buffer);
    }
    if (left == 0) {
      subscription.cancel();
      onComplete();
    } else {
      subscription.request(1);
    }
  }

  @Override
  public void onError(Throwable failure) {
    result.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    if (!result.isDone()) {
      result.complete(HexFormat.of().formatHex(digest.digest()));
    }
  }
}
