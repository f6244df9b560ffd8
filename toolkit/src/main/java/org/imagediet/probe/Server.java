package org.imagediet.probe;

/** The probe's TLS servers. A client that verifies as it should accepts only the first. */
public enum Server {
  /** Its certificate is signed by the lab's authority, in time, and names the right host. */
  GOOD("good", 443),
  /** As {@link #GOOD}, but its time is over. */
  EXPIRED("expired", 8444),
  /** As {@link #GOOD}, but for another host name. */
  WRONG_HOST("wronghost", 8445),
  /** As {@link #GOOD}, but signed by an authority that nobody trusts. */
  UNTRUSTED("untrusted", 8446);

  private final String label;
  private final int port;

  Server(String label, int port) {
    this.label = label;
    this.port = port;
  }

  String label() {
    return label;
  }

  /** Returns the TCP port on the probe's loopback. */
  public int port() {
    return port;
  }
}
