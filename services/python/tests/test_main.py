import os
import re
import signal
import socket
import subprocess
import sys
import unittest
from pathlib import Path
from unittest import mock

from service.main import is_healthy, listening, main, port_of
from service.server import Answer
from tests.running import Running

FOLDER = Path(__file__).parent.parent


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


class PortTest(unittest.TestCase):
    def test_defaults_to_8080(self):
        self.assertEqual(port_of(""), 8080)
        self.assertEqual(port_of("65535"), 65535)

    def test_refuses_what_is_no_port(self):
        for given in ("0", "65536", "-1", "http", "80 ", "999999999999", "\u0661"):
            with self.subTest(given), self.assertRaisesRegex(ValueError, re.escape(given)):
                port_of(given)


class HealthTest(unittest.TestCase):
    def test_follows_the_service(self):
        with Running() as running:
            self.assertTrue(is_healthy(running.port))
        self.assertFalse(is_healthy(running.port))

    def test_follows_the_answer(self):
        with Running({"/healthz": ("GET", lambda _: Answer.error(503, "ill"))}) as running:
            self.assertFalse(is_healthy(running.port))


class ProcessTest(unittest.TestCase):
    def start(self, *arguments, port):
        return subprocess.Popen(
            [sys.executable, "-m", "service", *arguments],
            cwd=FOLDER,
            env={**os.environ, "PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def test_ends_well_when_it_is_asked_to_stop(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number), self.start(port=free_port()) as process:
                self.assertIn("python service 1.0.0 listens on port", process.stdout.readline())
                process.send_signal(number)
                self.assertEqual(process.communicate(timeout=20), ("", ""))
                self.assertEqual(process.returncode, 0)

    def test_tells_its_health_by_the_exit_code(self):
        with Running() as running:
            for port, code in ((running.port, 0), (free_port(), 1)):
                with self.start("-health", port=port) as process:
                    process.communicate(timeout=20)
                self.assertEqual(process.returncode, code)

    def test_says_in_one_line_what_is_wrong_with_the_call(self):
        with listening(0) as taken:
            port = taken.getsockname()[1]
            for arguments, port, code, line in (
                ([], "http", 2, 'service: PORT is "http", not a number from 1 to 65535\n'),
                (["-x"], 1, 2, "service: the only argument is -health\n"),
                ([], port, 1, f"service: port {port}: Address already in use\n"),
            ):
                with self.subTest(line), self.start(*arguments, port=port) as process:
                    self.assertEqual(process.communicate(timeout=20), ("", line))
                    self.assertEqual(process.returncode, code)

    def test_takes_one_argument_only(self):
        with mock.patch("sys.stderr"):
            self.assertEqual(main(["-health", "-health"]), 2)
