"""An HTTP server whose time, memory and threads are bounded."""

import io
import json
import re
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler
from select import select
from urllib.parse import parse_qs, unquote

MAX_BODY = 64 << 10
MAX_HEAD = 16 << 10
# Each connection has a thread. Who comes when all are taken is told so.
MAX_CONNECTIONS = 128
HEAD_SECONDS = 5
WRITE_SECONDS = 10
LINGER_SECONDS = 1
# The longest request takes 5 s, and an engine kills 10 s after SIGTERM.
GRACE_SECONDS = 8
MAX_PARAMETERS = 100

BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"
    b"Content-Length: 33\r\nConnection: close\r\n\r\n"
    b'{"error":"too many connections"}\n'
)


class Answer:
    """An HTTP answer: a text, or a value that becomes JSON."""

    def __init__(self, status, value, text=None, headers=None):
        self.status = status
        self.type = "application/json" if text is None else "text/plain; charset=utf-8"
        self.headers = headers or {}
        body = json.dumps(value, separators=(",", ":")) + "\n" if text is None else text
        self.body = body.encode()

    @staticmethod
    def error(status, message, headers=None):
        return Answer(status, {"error": message}, headers=headers)


class Server:
    """Answers by routes, a path's method and its function from parameters to an Answer."""

    def __init__(self, listener, routes):
        self._listener = listener
        self._routes = routes
        self._changed = threading.Condition()
        self._open = set()
        self._asking = set()  # those of _open that have not asked to the end

    @property
    def port(self):
        return self._listener.getsockname()[1]

    def run(self, stop):
        """Answers until stop can be read; returns whether all requests in flight were finished."""
        with self._listener:
            self._listener.setblocking(False)
            while stop not in select([self._listener, stop], [], [])[0]:
                try:
                    connection = self._listener.accept()[0]
                except OSError:
                    # The client has changed its mind, or there are no more file descriptors: then
                    # the listener stays readable, and asking at once would only burn time.
                    time.sleep(0.01)
                    continue
                connection.setblocking(True)
                self._begin(connection)
        with self._changed:
            # Nobody has asked anything on these yet, or not to the end. What has already arrived
            # can still be read, so a whole question that waits there gets its answer.
            for connection in self._asking:
                _hang_up(connection, socket.SHUT_RD)
            return self._changed.wait_for(lambda: not self._open, GRACE_SECONDS)

    def _begin(self, connection):
        with self._changed:
            free = len(self._open) < MAX_CONNECTIONS
            if free:
                self._open.add(connection)
                self._asking.add(connection)
        if free:
            try:
                threading.Thread(target=self._serve, args=[connection], daemon=True).start()
                return
            except RuntimeError:  # the container's limit of processes is reached
                self._forget(connection)
        with connection:
            try:
                connection.send(BUSY, socket.MSG_DONTWAIT)
                # Hanging up on what has not been read would lose the answer.
                connection.recv(MAX_BODY, socket.MSG_DONTWAIT)
            except OSError:
                pass

    def _serve(self, connection):
        try:
            with connection:
                _Handler(connection, None, self)
        except OSError:
            pass  # the client has gone, or does not take its answer
        finally:
            self._forget(connection)

    def _forget(self, connection):
        with self._changed:
            self._asking.discard(connection)
            self._open.discard(connection)
            self._changed.notify_all()

    def asked(self, connection):
        """Notes that the request has arrived: from now on it is in flight."""
        with self._changed:
            self._asking.discard(connection)

    def answer(self, method, target, headers):
        """Makes the answer to a request."""
        path, _, query = re.sub("^https?://[^/?]*", "", target).partition("?")
        route = self._routes.get(unquote(path))
        if route is None:
            return Answer.error(404, "no such path")
        allowed, handle = route
        if method != allowed and (method, allowed) != ("HEAD", "GET"):
            return Answer.error(405, "use " + allowed, {"Allow": allowed})
        length = headers.get("Content-Length", "0").strip()
        if not re.fullmatch("[0-9]+", length):
            return Answer.error(400, "Content-Length is no number")
        if len(length) > 9 or int(length) > MAX_BODY:
            return Answer.error(413, f"a request body may have {MAX_BODY} bytes")
        try:
            values = parse_qs(query, keep_blank_values=True, max_num_fields=MAX_PARAMETERS)
        except ValueError as e:
            return Answer.error(400, str(e))
        return handle(lambda name: values.get(name, [""])[0])


class _Handler(BaseHTTPRequestHandler):
    """Answers one request. A connection that were kept open would keep a thread."""

    protocol_version = "HTTP/1.1"
    # Said of a request line without a version, which HTTP 0.9 would answer without any header.
    default_request_version = "HTTP/1.1"
    wbufsize = -1

    def handle(self):
        self.requestline, self.request_version, self.command = "", "HTTP/1.1", ""
        self.headers = None
        head = read_head(self.connection, time.monotonic() + HEAD_SECONDS)
        self.server.asked(self.connection)
        self.connection.settimeout(WRITE_SECONDS)
        if head is None:
            self.send_error(431)
        elif head:
            self.rfile = io.BytesIO(head)
            self.handle_one_request()
        else:
            return
        self.wfile.flush()
        if self._more_may_come():
            self._linger()

    def _answer(self):
        try:
            answer = self.server.answer(self.command, self.path, self.headers)
        except Exception as e:  # of ours: the client learns that there is one, the log which
            print(f"service: {type(e).__name__}: {e}", file=sys.stderr, flush=True)
            answer = Answer.error(500, "an error of the service")
        self._send(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer

    def _send(self, answer):
        self.send_response_only(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Connection", "close")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def send_error(self, code, message=None, explain=None):
        self._send(Answer.error(code, message or self.responses[code][0]))

    def handle_expect_100(self):
        return True  # no handler reads a body, so the final answer can come at once

    def log_message(self, *_):
        pass

    def _more_may_come(self):
        return (
            self.headers is None  # it made no sense, so there is no knowing
            or "Transfer-Encoding" in self.headers
            or self.headers.get("Content-Length", "0") != "0"
        )

    def _linger(self):
        """Reads on for a little: hanging up in the middle of a body would lose the answer."""
        _hang_up(self.connection, socket.SHUT_WR)
        end = time.monotonic() + LINGER_SECONDS
        left = 2 * MAX_BODY
        while left > 0 and (seconds := end - time.monotonic()) > 0:
            self.connection.settimeout(seconds)
            got = len(self.connection.recv(MAX_BODY))
            left = left - got if got else 0


def read_head(connection, end):
    """Returns a request up to its empty line, nothing when it is not sent to the end in time, and
    None when it is too large."""
    head = b""
    while (seconds := end - time.monotonic()) > 0:
        connection.settimeout(seconds)
        try:
            more = connection.recv(4096)
        except TimeoutError:
            break
        if not more:
            break
        head = (head + more).lstrip(b"\r\n")  # RFC 9112, 2.2: empty lines may come first
        found = re.search(b"\r?\n\r?\n", head)
        if (found.end() if found else len(head)) > MAX_HEAD:
            return None
        if found:
            return head[: found.end()]
    return b""


def _hang_up(connection, how):
    try:
        connection.shutdown(how)
    except OSError:
        pass  # the other side has done so
