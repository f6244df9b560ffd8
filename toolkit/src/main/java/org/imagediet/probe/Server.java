package org.imagediet.probe;

/** The probe's TLS servers. A client that verifies as it should accepts only the first. */
public enum Server {
  /** Its certificate is signed by the lab's authority, in time, and names the right host. */
  GOOD("good", "as it should be"),
  /** As {@link #GOOD}, but its time is over. */
  EXPIRED("expired", "expired"),
  /** As {@link #GOOD}, but for another host name. */
  WRONG_HOST("wronghost", "for another host name"),
  /** As {@link #GOOD}, but signed by an authority that nobody trusts. */
  UNTRUSTED("untrusted", "signed by an unknown authority");

  private final String label;
  private final String flaw;

  Server(String label, String flaw) {
    this.label = label;
    this.flaw = flaw;
  }

  String label() {
    return label;
  }

  /** Returns what a person may read of its certificate, such as {@code expired}. */
  public String flaw() {
    return flaw;
  }
}
