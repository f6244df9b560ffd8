package org.imagediet.probe;

import java.util.Optional;

/**
 * One connection to a TLS server of the probe, as the server saw it.
 *
 * @param request the path asked for; empty when the visitor left during or after the handshake
 * @param body what the server answered, different each time
 * @param failure how the handshake failed; empty when a request came
 */
public record Visit(Server server, Optional<String> request, String body, String failure) {}
