"""The command line."""

import http.client
import os
import re
import signal
import socket
import sys

from service import VERSION
from service.routes import ROUTES
from service.server import GRACE_SECONDS, Server


def main(arguments, more=None):
    """Serves, or asks a running service whether it is well; returns the exit code.

    :param more: routes beside those of the contract
    """
    try:
        port = port_of(os.environ.get("PORT", ""))
        if arguments not in ([], ["-health"]):
            raise ValueError("the only argument is -health")
    except ValueError as e:
        return _complain(2, e)
    if arguments:
        return 0 if is_healthy(port) else _complain(1, f"the service on port {port} is not well")
    return _serve(port, {**ROUTES, **(more or {})})


def port_of(given):
    """Returns the port to use; raises ValueError when the given one is none."""
    if not given:
        return 8080
    if not re.fullmatch("[0-9]{1,5}", given) or not 1 <= int(given) <= 65535:
        raise ValueError(f'PORT is "{given}", not a number from 1 to 65535')
    return int(given)


def is_healthy(port):
    """Returns whether the service on this machine's port says that it is well."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def listening(port):
    """Returns a socket that listens on all addresses, of both kinds where the system has both."""
    if socket.has_dualstack_ipv6():
        try:
            return socket.create_server(
                ("::", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=128
            )
        except OSError:
            pass  # switched off; if the port is at fault, the next try says so
    return socket.create_server(("", port), backlog=128)


def _serve(port, routes):
    stop, wake = socket.socketpair()
    # As PID 1 a process gets no signal that it has no handler for. The handlers do nothing: each
    # signal also puts a byte into the pair, which the server waits for.
    wake.setblocking(False)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    try:
        server = Server(listening(port), routes)
    except OSError as e:
        return _complain(1, f"port {port}: {os.strerror(e.errno)}")
    print(f"python service {VERSION} listens on port {server.port}", flush=True)
    if not server.run(stop):
        return _complain(1, f"requests are still in flight after {GRACE_SECONDS} s")
    return 0


def _complain(code, message):
    print(f"service: {message}", file=sys.stderr, flush=True)
    return code
