import json
import os
import tempfile
import unittest
from unittest import mock
from urllib.parse import quote

from drill import routes
from service.routes import ROUTES
from tests.running import Running

UP = "../../../.."


class DrillTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def file(self, content):
        path = os.path.join(self.folder, "file")
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
        return path

    def told(self, answer, status):
        value = json.loads(answer.body)
        self.assertEqual(answer.status, status, value)
        self.assertEqual(value["vulnerable"], routes.MARK)
        self.assertEqual(answer.headers["X-Vulnerable"], routes.MARK)
        return value["output" if status == 200 else "error"]

    def test_is_there_beside_the_contract(self):
        with Running({**ROUTES, **routes.ROUTES}) as running:
            injected = quote("; echo x-$((17*23))")
            status, headers, text = running.ask("GET", "/drill/ping?host=" + injected)
            self.assertEqual(status, 200)
            self.assertIn("x-391", text)
            self.assertIn("by design", headers["X-Vulnerable"])
            self.assertEqual(running.ask("GET", "/healthz")[0], 200)

    def test_the_release_has_no_hole(self):
        with Running() as running:
            self.assertEqual(running.ask("GET", "/drill/file?name=x")[0], 404)

    def test_ping_runs_what_is_injected(self):
        self.assertIn("x-391", self.told(routes.ping("; echo x-$((17*23))"), 200))

    def test_ping_needs_a_shell(self):
        with mock.patch.dict(os.environ, PATH=self.folder):
            self.assertIn("sh", self.told(routes.ping("; echo x"), 500))

    def test_ping_is_bounded(self):
        with mock.patch.object(routes, "DEADLINE_SECONDS", 0.3):
            self.told(routes.ping("; sleep 600"), 200)
        self.assertEqual(len(self.told(routes.ping("; yes"), 200)), routes.MAX_SHOWN)

    def test_file_leads_anywhere(self):
        path = self.file("out of bounds")
        self.assertEqual(self.told(routes.show(UP + path), 200), "out of bounds")

    def test_file_shows_only_a_beginning(self):
        path = self.file("x" * (routes.MAX_SHOWN + 1))
        self.assertEqual(self.told(routes.show(UP + path), 200), "x" * routes.MAX_SHOWN)

    def test_file_tells_why_it_cannot(self):
        for name in ("none", "\0"):
            self.assertTrue(self.told(routes.show(name), 500))

    def test_save_replaces_what_it_may(self):
        path = self.file("before")
        self.assertEqual(self.told(routes.save(UP + path, "after"), 200), path)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), "after")
        self.assertEqual(os.listdir(self.folder), ["file"])
        self.assertTrue(os.access(path, os.X_OK))

    def test_save_tells_why_it_cannot(self):
        self.assertTrue(self.told(routes.save(UP + "/no/such/folder/file", "x"), 500))
        # A folder is not replaced by a file, and nothing stays beside it.
        folder = os.path.join(self.folder, "folder")
        os.mkdir(folder)
        self.assertTrue(self.told(routes.save(UP + folder, "x"), 500))
        self.assertEqual(os.listdir(self.folder), ["folder"])
