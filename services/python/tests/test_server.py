import threading
import time
import unittest
from unittest import mock

from service import server
from service.server import Answer
from tests.running import Running

OK = {"/ok": ("GET", lambda _: Answer(200, None, text="ok"))}


def broken(_):
    raise LookupError("of no interest to a client")


class RoutesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.running = Running()
        cls.addClassCleanup(cls.running.stop)

    def test_healthz_says_ok(self):
        status, headers, text = self.running.ask("GET", "/healthz")
        self.assertEqual((status, text), (200, "ok"))
        self.assertEqual(headers["Content-Type"], "text/plain; charset=utf-8")

    def test_head_has_no_body(self):
        answer = self.running.raw(b"HEAD /healthz HTTP/1.1\r\n\r\n")
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 OK\r\n"), answer)
        self.assertIn(b"\r\nContent-Length: 2\r\n", answer)
        self.assertTrue(answer.endswith(b"\r\n\r\n"), answer)

    def test_tells_about_itself(self):
        self.assertEqual(self.running.json("GET", "/")[1]["track"], "python")

    def test_tells_the_time(self):
        status, answer = self.running.json("GET", "/time?tz=Asia%2FKathmandu")
        self.assertEqual((status, answer["offset"]), (200, "+05:45"))

    def test_writes_a_temporary_file(self):
        self.assertEqual(self.running.json("POST", "/tmp", "text")[0], 200)

    def test_fetches(self):
        status, answer = self.running.json("GET", "/fetch?url=file:///etc/passwd")
        self.assertEqual((status, answer["kind"]), (502, "bad-url"))

    def test_slow_takes_its_time(self):
        begin = time.monotonic()
        self.assertEqual(self.running.json("GET", "/slow?ms=120"), (200, {"sleptMillis": 120}))
        self.assertGreaterEqual(time.monotonic() - begin, 0.12)

    def test_errors_are_json(self):
        for method, target, body, expected in (
            ("GET", "/nowhere", None, 404),
            ("GET", "/healthz/", None, 404),
            ("GET", "/tmp", None, 405),
            ("POST", "/healthz", "", 405),
            ("BREW", "/healthz", None, 501),
            ("GET", "/slow?ms=soon", None, 400),
            ("GET", "/slow?ms=-1", None, 400),
            ("GET", "/slow", None, 400),
            ("GET", "/healthz?" + "&" * 200, None, 400),
            ("GET", "/time?tz=Mars/Olympus", None, 500),
            ("POST", "/tmp", "x" * (server.MAX_BODY + 1), 413),
            ("POST", "/tmp", "x" * (8 * server.MAX_BODY), 413),
        ):
            with self.subTest(f"{method} {target[:30]}"):
                status, answer = self.running.json(method, target, body)
                self.assertEqual(status, expected)
                self.assertTrue(answer["error"])

    def test_says_which_method_is_allowed(self):
        self.assertEqual(self.running.ask("GET", "/tmp")[1]["Allow"], "POST")


class RequestTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.running = Running({**OK, "/broken": ("GET", broken)})
        cls.addClassCleanup(cls.running.stop)

    def status(self, request):
        first, second, _ = self.running.raw(request).split(b" ", 2)
        self.assertEqual(first, b"HTTP/1.1")
        return int(second)

    def test_reads_what_is_odd_but_right(self):
        for request in (
            b"\r\n\r\nGET /ok HTTP/1.1\r\n\r\n",
            b"GET /ok HTTP/1.0\nHost: x\n\n",
            b"GET /ok\r\n\r\n",
            b"GET http://host/ok HTTP/1.1\r\n\r\n",
            b"GET /%6Fk?&&=&x HTTP/1.1\r\n\r\n",
            b"GET /ok HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n",
            b"GET /ok HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        ):
            with self.subTest(request):
                self.assertEqual(self.status(request), 200)

    def test_refuses_what_makes_no_sense(self):
        for request in (
            b"\0\xff\r\n\r\n",
            b"GET /ok HTTP/1.1 more\r\n\r\n",
            b"GET /ok FTP/1.1\r\n\r\n",
            b"POST /ok\r\n\r\n",
            b"GET /ok HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            b"GET /ok HTTP/1.1\r\nContent-Length: \xb2\r\n\r\n",
        ):
            with self.subTest(request):
                self.assertEqual(self.status(request), 400)

    def test_refuses_too_much(self):
        large = b"x" * server.MAX_HEAD
        for request in (
            b"GET /" + large + b" HTTP/1.1\r\n\r\n",
            b"GET /ok HTTP/1.1\r\nName: " + large + b"\r\n\r\n",
            b"GET /ok HTTP/1.1\r\n" + b"N: v\r\n" * 200 + b"\r\n",
            large * 4,
        ):
            with self.subTest(request[:20]):
                self.assertEqual(self.status(request), 431)

    def test_says_nothing_to_half_a_request(self):
        with mock.patch.object(server, "HEAD_SECONDS", 0.2):
            self.assertEqual(self.running.raw(b"GET /ok HTTP/1.1\r\nHost:"), b"")

    def test_does_not_tell_a_client_what_broke(self):
        with mock.patch("sys.stderr") as log:
            status, answer = self.running.json("GET", "/broken")
        self.assertEqual((status, answer), (500, {"error": "an error of the service"}))
        self.assertIn("LookupError", str(log.write.call_args_list))


class LimitsTest(unittest.TestCase):
    def test_says_so_when_too_many_come(self):
        with mock.patch.object(server, "MAX_CONNECTIONS", 2), Running(OK) as running:
            with running.connect(), running.connect():
                answer = running.raw(b"")
                self.assertTrue(answer.startswith(b"HTTP/1.1 503 "), answer)
                head, body = answer.split(b"\r\n\r\n")
                self.assertIn(b"Content-Length: %d\r\n" % len(body), head)

    def test_says_so_when_no_thread_can_be_had(self):
        with Running(OK) as running:
            with mock.patch("threading.Thread.start", side_effect=RuntimeError):
                self.assertIn(b" 503 ", running.raw(b""))
            self.assertEqual(running.ask("GET", "/ok")[0], 200)

    def test_outlives_a_flood_of_half_requests(self):
        with mock.patch.object(server, "HEAD_SECONDS", 0.5), Running(OK) as running:
            flood = [running.connect() for _ in range(2 * server.MAX_CONNECTIONS)]
            try:
                for connection in flood[: server.MAX_CONNECTIONS]:
                    connection.send(b"GET /ok HT")
                threads = threading.active_count()
                self.assertLess(threads, server.MAX_CONNECTIONS + 10)
                end = time.monotonic() + 20
                while running.ask("GET", "/ok")[0] != 200:
                    self.assertLess(time.monotonic(), end)
            finally:
                for connection in flood:
                    connection.close()


class StopTest(unittest.TestCase):
    def test_finishes_the_request_in_flight(self):
        begun = threading.Event()
        finish = threading.Event()

        def slow(_):
            begun.set()
            finish.wait(20)
            return Answer(200, {"done": True})

        running = Running({"/slow": ("GET", slow)})
        answers = []
        client = threading.Thread(target=lambda: answers.append(running.json("GET", "/slow")))
        client.start()
        begun.wait(20)
        threading.Timer(0.3, finish.set).start()
        self.assertTrue(running.stop())
        client.join()
        self.assertEqual(answers, [(200, {"done": True})])

    def test_says_that_a_request_was_not_finished(self):
        begun, finish = threading.Event(), threading.Event()

        def slow(_):
            begun.set()
            finish.wait(20)
            return Answer(200, {})

        running = Running({"/slow": ("GET", slow)})
        with running.connect() as client, mock.patch.object(server, "GRACE_SECONDS", 0.2):
            client.sendall(b"GET /slow HTTP/1.1\r\n\r\n")
            begun.wait(20)
            self.assertFalse(running.stop())
            finish.set()

    def test_does_not_wait_for_those_who_have_not_asked(self):
        running = Running(OK)
        with mock.patch.object(server, "HEAD_SECONDS", 60):
            with running.connect(), running.connect() as half:
                half.sendall(b"GET /ok HTTP/1.1\r\nHost:")
                time.sleep(0.2)
                self.assertTrue(running.stop())

    def test_closes_the_door(self):
        with Running(OK) as running:
            running.stop()
            with self.assertRaises(ConnectionRefusedError):
                running.connect()
