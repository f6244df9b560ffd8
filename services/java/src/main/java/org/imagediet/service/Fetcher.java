package org.imagediet.service;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Gets a page over HTTPS with the trust store of this Java runtime. */
final class Fetcher {

  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private final HttpClient client;
  private final Duration deadline;

  Fetcher() {
    this(HttpClient.newBuilder(), DEADLINE);
  }

  Fetcher(HttpClient.Builder builder, Duration deadline) {
    this.client =
        builder
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    this.deadline = deadline;
  }

  /** Answers 200 with the page's status and hash, or 502 with the kind of failure. */
  Answer fetch(String url) throws InterruptedException {
    URI target;
    try {
      target = new URI(url);
    } catch (URISyntaxException e) {
      return failure("bad-url", e.getMessage());
    }
    if (!"https".equals(target.getScheme()) || target.getHost() == null) {
      return failure("bad-url", "url must be https://host...");
    }
    HttpRequest request = HttpRequest.newBuilder(target).build();
    CompletableFuture<HttpResponse<String>> response =
        client.sendAsync(request, head -> new BoundedSha256());
    try {
      // One deadline for everything: HttpRequest.timeout ends with the response's headers.
      HttpResponse<String> page = response.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      return Answer.json(200, Json.object("status", page.statusCode(), "bodySha256", page.body()));
    } catch (TimeoutException e) {
      response.cancel(true);
      return failure("connect", "no answer within " + deadline.toSeconds() + " s");
    } catch (ExecutionException e) {
      return failure(e.getCause());
    }
  }

  private static Answer failure(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SSLException) {
        return failure("tls", t.getMessage());
      }
      if (t instanceof UnresolvedAddressException) {
        return failure("dns", "the name cannot be resolved");
      }
      if (t instanceof IllegalArgumentException) {
        return failure("bad-url", t.toString()); // a host that is no name, found out late
      }
    }
    return failure("connect", failure.toString());
  }

  private static Answer failure(String kind, String message) {
    return Answer.json(502, Json.object("kind", kind, "error", message));
  }
}
