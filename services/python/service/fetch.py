"""Gets a page over HTTPS with the system's trust store."""

import hashlib
import http.client
import re
import socket
import ssl
import threading
from urllib.parse import quote, urlsplit

from service.server import Answer

MAX_BYTES = 1 << 20
SECONDS = 5
MAX_FETCHES = 32

# Held until a fetch has really ended, and not only until its answer was given up.
_places = threading.BoundedSemaphore(MAX_FETCHES)


class Failure(Exception):
    """A fetch that failed, and at which step: bad-url, dns, connect or tls."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


def fetch(url, seconds=SECONDS):
    """Answers 200 with the page's status and hash, or 502 with the kind of failure."""
    try:
        return Answer(200, _Fetch(*_target(url), seconds).result())
    except Failure as e:
        return Answer(502, {"kind": e.kind, "error": str(e)})


def _target(url):
    try:
        parts = urlsplit(url)
        port = 443 if parts.port is None else parts.port
    except ValueError as e:
        raise Failure("bad-url", str(e)) from None
    if parts.scheme != "https" or not parts.hostname:
        raise Failure("bad-url", "url must be https://host...")
    if port == 0 or re.search("[\0-\x20\x7f]", url):
        raise Failure("bad-url", "url has a port or a character that no URL has")
    path = (parts.path or "/") + ("?" + parts.query if parts.query else "")
    return parts.hostname, port, quote(path, safe="/?%:@!$&'()*+,;=~")


class _Fetch:
    """One request, in a thread of its own: only so has a look-up of a name a deadline."""

    def __init__(self, host, port, path, seconds):
        self._host, self._port, self._path = host, port, path
        self._seconds = seconds
        self._socket = None
        self._outcome = None

    def result(self):
        if not _places.acquire(timeout=self._seconds):
            raise Failure("connect", f"{MAX_FETCHES} other fetches have not ended")
        try:
            thread = threading.Thread(target=self._run, daemon=True)
            thread.start()
        except RuntimeError:  # the container's limit of processes is reached
            _places.release()
            raise Failure("connect", "no thread can be started") from None
        thread.join(self._seconds)
        outcome, connection = self._outcome, self._socket
        if outcome is None:
            if connection is not None:
                # The thread reads on for as long as bytes come, however few.
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
            raise Failure("connect", f"no answer within {self._seconds} s")
        if isinstance(outcome, Failure):
            raise outcome
        return outcome

    def _run(self):
        try:
            self._outcome = self._get()
        except Failure as e:
            self._outcome = e
        finally:
            _places.release()

    def _get(self):
        try:
            with self._connected() as plain:
                # Made anew for each fetch, as is the handshake: the trust store may have changed.
                context = ssl.create_default_context()
                with context.wrap_socket(
                    plain, server_hostname=self._host, do_handshake_on_connect=False
                ) as self._socket:
                    self._shake_hands()
                    return self._page()
        except (OSError, ValueError, http.client.HTTPException) as e:
            raise Failure("connect", str(e) or type(e).__name__) from None

    def _connected(self):
        try:
            return socket.create_connection((self._host, self._port), self._seconds)
        except (socket.gaierror, UnicodeError) as e:  # UnicodeError: no name server is asked that
            raise Failure("dns", str(e)) from None

    def _shake_hands(self):
        try:
            self._socket.do_handshake()
        except TimeoutError:
            raise
        except OSError as e:
            # By the step and not by the error's type: a handshake can fail in many ways.
            raise Failure("tls", str(e)) from None

    def _page(self):
        # Straight out: it knows no proxy, and tells a redirect instead of following it.
        connection = http.client.HTTPSConnection(self._host, self._port)
        connection.sock = self._socket
        connection.request("GET", self._path, headers={"Connection": "close"})
        with connection.getresponse() as page:
            digest = hashlib.sha256()
            left = MAX_BYTES
            while left > 0 and (block := page.read(min(left, 64 << 10))):
                digest.update(block)
                left -= len(block)
            if left > 0 and page.length:
                raise Failure("connect", f"the page ends {page.length} bytes early")
            return {"status": page.status, "bodySha256": digest.hexdigest()}
