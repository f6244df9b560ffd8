import hashlib
import json
import socket
import ssl
import threading
import time
import unittest
from unittest import mock

from service import fetch


class Peer:
    """A server that does one thing with each connection, in a thread of its own."""

    def __init__(self, handle):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._handle = handle
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                connection = self._listener.accept()[0]
            except OSError:
                return
            with connection:
                try:
                    self._handle(connection)
                except OSError:
                    pass  # the service has hung up

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # Closing alone would leave the thread in accept.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def saying(*texts):
    def handle(connection):
        connection.recv(4096)
        for text in texts:
            connection.sendall(text)

    return handle


class Bare(socket.socket):
    def do_handshake(self):
        pass


class NoTls:
    """In place of a context of ssl: no certificate can be made with the standard library."""

    @staticmethod
    def wrap_socket(plain, **_):
        timeout = plain.gettimeout()
        bare = Bare(fileno=plain.detach())
        bare.settimeout(timeout)
        return bare


class FetchTest(unittest.TestCase):
    def get(self, peer, path="/", seconds=10):
        with mock.patch("ssl.create_default_context", return_value=NoTls):
            answer = fetch.fetch(f"https://127.0.0.1:{peer.port}{path}", seconds)
        return answer.status, json.loads(answer.body)

    def fails(self, url, kind, seconds=10):
        answer = fetch.fetch(url, seconds)
        told = json.loads(answer.body)
        self.assertEqual((answer.status, told["kind"]), (502, kind), told)
        self.assertTrue(told["error"])

    def test_reports_status_and_hash(self):
        with Peer(saying(b"HTTP/1.1 418 Teapot\r\n\r\nshort and stout")) as peer:
            expected = {
                "status": 418,
                "bodySha256": hashlib.sha256(b"short and stout").hexdigest(),
            }
            self.assertEqual(self.get(peer), (200, expected))

    def test_asks_for_what_it_was_told(self):
        asked = []

        def handle(connection):
            asked.append(connection.recv(4096).decode())
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

        with Peer(handle) as peer:
            for path, line in (("/a%20b?c=d&e", "/a%20b?c=d&e"), ("", "/"), ("/\xfc#x", "/%C3%BC")):
                self.assertEqual(self.get(peer, path)[0], 200)
                self.assertIn(f"GET {line} HTTP/1.1\r\n", asked[-1])
                self.assertIn(f"Host: 127.0.0.1:{peer.port}\r\n", asked[-1])

    def test_reads_one_mebibyte_only(self):
        def handle(connection):
            saying(b"HTTP/1.1 200 OK\r\n\r\n")(connection)
            while True:
                connection.sendall(b"x" * 65536)

        with Peer(handle) as peer:
            digest = hashlib.sha256(b"x" * fetch.MAX_BYTES).hexdigest()
            self.assertEqual(self.get(peer)[1], {"status": 200, "bodySha256": digest})

    def test_does_not_follow_redirects(self):
        answer = b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\n\r\n"
        with Peer(saying(answer)) as peer:
            self.assertEqual(self.get(peer)[1]["status"], 302)

    def test_knows_an_answer_that_is_none(self):
        for text in (b"", b"SSH-2.0\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"):
            with self.subTest(text), Peer(saying(text)) as peer:
                self.assertEqual(self.get(peer)[1]["kind"], "connect")

    def test_verifies_with_the_roots_of_the_system(self):
        with Peer(saying(b"")) as peer:
            with mock.patch("ssl.create_default_context", wraps=ssl.create_default_context) as made:
                self.fails(f"https://127.0.0.1:{peer.port}", "tls")
            made.assert_called_once_with()
        context = ssl.create_default_context()
        self.assertEqual((context.verify_mode, context.check_hostname), (ssl.CERT_REQUIRED, True))

    def test_knows_that_the_other_side_speaks_no_tls(self):
        for text in (b"HTTP/1.1 400 Bad Request\r\n\r\n", b""):
            with self.subTest(text), Peer(saying(text)) as peer:
                self.fails(f"https://127.0.0.1:{peer.port}", "tls")

    def test_knows_a_bad_url(self):
        for url in (
            "",
            "http://127.0.0.1",
            "https://",
            "https://[",
            "https://127.0.0.1:http",
            "https://127.0.0.1:65536",
            "https://127.0.0.1:0",
            "https://127.0.0.1/\r\nHost: other",
            "file:///etc/passwd",
            "a b",
        ):
            with self.subTest(url):
                self.fails(url, "bad-url")

    def test_knows_an_unknown_name(self):
        # Too long a name is refused without asking a name server, which a build may not reach.
        self.fails("https://" + "long." * 60 + "invalid", "dns")
        self.fails("https://" + "x" * 64 + ".invalid", "dns")

    def test_knows_a_closed_port(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.fails(f"https://127.0.0.1:{port}", "connect")

    def test_gives_up_on_who_is_silent(self):
        # Accepted by the system and by nobody else.
        with socket.create_server(("127.0.0.1", 0)) as silent:
            self.fails(f"https://127.0.0.1:{silent.getsockname()[1]}", "connect", seconds=0.2)

    def test_gives_up_on_who_drips(self):
        dropped = threading.Event()

        def drip(connection):
            saying(b"HTTP/1.1 200 OK\r\n\r\n")(connection)
            try:
                while True:
                    connection.sendall(b"x")
                    time.sleep(0.05)
            except OSError:
                dropped.set()

        with Peer(drip) as peer:
            self.assertEqual(self.get(peer, seconds=0.5)[1]["kind"], "connect")
            self.assertTrue(dropped.wait(20), "the connection is still read")

    def test_bounds_the_fetches_at_the_same_time(self):
        with mock.patch.object(fetch, "_places", threading.BoundedSemaphore(1)) as places:
            places.acquire()
            self.fails("https://127.0.0.1:1", "connect", seconds=0.1)
            places.release()
            self.fails("https://127.0.0.1:1", "connect")
            self.assertTrue(places.acquire(timeout=20), "the place is free again")
