package org.imagediet.observation;

import java.util.Map;
import org.imagediet.probe.Server;

/**
 * What an image does once the lab's authority is among the roots in its own trust stores.
 *
 * @param firstServer whether it talks to the server that this authority vouches for
 * @param wrongServers by server with a certificate that is to be refused, whether it is
 */
public record Trusting(
    java.time.Duration firstAnswer,
    Observation firstServer,
    Map<Server, Observation> wrongServers) {}
