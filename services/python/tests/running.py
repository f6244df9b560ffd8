"""A service that runs in this process, on a port of its own."""

import http.client
import json
import socket
import threading

from service.main import listening
from service.routes import ROUTES
from service.server import Server


class Running:
    def __init__(self, routes=None):
        server = Server(listening(0), routes or ROUTES)
        self.port = server.port
        self._stop, self._wake = socket.socketpair()
        self._graceful = None
        self._thread = threading.Thread(target=self._run, args=[server])
        self._thread.start()

    def _run(self, server):
        self._graceful = server.run(self._stop)

    def stop(self):
        """Stops it and returns whether all requests in flight were finished."""
        self._wake.send(b"x")
        self._thread.join()
        self._stop.close()
        self._wake.close()
        return self._graceful

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._graceful is None:
            self.stop()

    def connect(self):
        """Returns a connection on which nothing has been said yet."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def raw(self, request):
        """Sends bytes and returns the bytes of the answer."""
        with self.connect() as connection:
            connection.sendall(request)
            answer = b""
            while more := connection.recv(65536):
                answer += more
            return answer

    def ask(self, method, target, body=None):
        """Returns the status, the headers and the text of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, target, body)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    def json(self, method, target, body=None):
        """Returns the status and the value of a JSON answer."""
        status, headers, text = self.ask(method, target, body)
        if headers["Content-Type"] != "application/json":
            raise AssertionError(f"{target} answers {headers['Content-Type']}")
        return status, json.loads(text)
