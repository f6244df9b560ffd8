package org.imagediet.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

final class MainTest {

  void portDefaultsTo8080() {
    Check.equal(Main.port(null), 8080);
    Check.equal(Main.port(""), 8080);
    Check.equal(Main.port("65535"), 65535);
  }

  void portRefusesWhatIsNoPort() {
    for (String given : List.of("0", "65536", "-1", "http", "80 ", "999999999999")) {
      try {
        throw new AssertionError(given + " became " + Main.port(given));
      } catch (IllegalArgumentException expected) {
        Check.contains(expected.getMessage(), given);
      }
    }
  }

  void healthFollowsTheService() throws IOException {
    Service service = Service.listening(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Check.that(Main.isHealthy(service.port()), "a service that runs is well");
    service.stop();
    Check.that(!Main.isHealthy(service.port()), "a service that stopped is not");
  }

  void aPortWhereNobodyListensIsNotHealthy() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Check.that(!Main.isHealthy(port), "nobody listens there");
  }
}
