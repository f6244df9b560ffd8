import json
import os
import tempfile
import unittest
from unittest import mock

from service.temporary import try_file


class TemporaryTest(unittest.TestCase):
    def test_leaves_nothing_behind(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, TMPDIR=folder):
            answer = try_file()
            self.assertEqual(answer.status, 200)
            self.assertEqual(os.path.dirname(json.loads(answer.body)["path"]), folder)
            self.assertEqual(os.listdir(folder), [])

    def test_fails_without_a_folder(self):
        with mock.patch.dict(os.environ, TMPDIR="/no/such/folder"):
            answer = try_file()
            self.assertEqual(answer.status, 500)
            self.assertIn("/no/such/folder", json.loads(answer.body)["error"])
