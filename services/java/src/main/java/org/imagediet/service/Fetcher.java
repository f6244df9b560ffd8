package org.imagediet.service;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import javax.net.ssl.SSLException;

/** Gets a URL over HTTPS with the trust store that the JDK uses. */
final class Fetcher {

  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 1 << 20;

  Service.Answer fetch(String url) {
    URI uri;
    try {
      uri = URI.create(url);
      if (!"https".equals(uri.getScheme()) || uri.getHost() == null) {
        return failure("bad-url", "url must be https://host...");
      }
    } catch (IllegalArgumentException e) {
      return failure("bad-url", e.getMessage());
    }
    // A client a request: no kept connection, so that each is a new handshake.
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(DEADLINE)
            .build();
    try {
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(DEADLINE).build();
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(body.readNBytes(MOST_BYTES));
        return Service.Answer.json(
            200,
            new Json()
                .put("status", response.statusCode())
                .put("bodySha256", HexFormat.of().formatHex(digest)));
      }
    } catch (IOException e) {
      return failure(kind(e), message(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failure("connect", "interrupted");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Service.Answer failure(String kind, String error) {
    return Service.Answer.json(502, new Json().put("kind", kind).put("error", error));
  }

  private static String kind(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return "tls";
      }
      if (cause instanceof UnresolvedAddressException) {
        return "dns";
      }
    }
    return "connect";
  }

  /** The innermost message: the client wraps the reason once or twice. */
  private static String message(Throwable e) {
    String message = e.getClass().getSimpleName();
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null) {
        message = cause.getMessage();
      } else if (cause instanceof UnresolvedAddressException) {
        message = "unknown host";
      }
    }
    return message;
  }
}
