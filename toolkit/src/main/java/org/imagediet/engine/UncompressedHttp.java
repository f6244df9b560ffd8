package org.imagediet.engine;

import com.github.dockerjava.transport.DockerHttpClient;
import java.io.IOException;

/**
 * Asks an engine not to compress what it answers. On one machine that is work at both ends for
 * nothing, and it is files copied out of containers that it would be done to.
 */
final class UncompressedHttp implements DockerHttpClient {

  private final DockerHttpClient client;

  UncompressedHttp(DockerHttpClient client) {
    this.client = client;
  }

  @Override
  public Response execute(Request request) {
    return client.execute(
        Request.builder().from(request).putHeader("Accept-Encoding", "identity").build());
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
