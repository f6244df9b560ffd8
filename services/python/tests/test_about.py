import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from service import about


class AboutTest(unittest.TestCase):
    def test_names_the_process(self):
        told = about.about()
        self.assertEqual(told["track"], "python")
        self.assertEqual(told["pid"], os.getpid())
        self.assertEqual((told["uid"], told["gid"]), (os.getuid(), os.getgid()))
        self.assertEqual(told["groups"], os.getgroups())

    def test_does_not_trust_the_environment_for_the_name(self):
        with mock.patch.dict(os.environ, USER="somebody", LOGNAME="somebody"):
            self.assertIsNone(about.user_name(4_000_000))
        self.assertEqual(about.user_name(0), "root")

    def test_splits_the_status(self):
        text = "Name:\tapp\nCapEff:\t00000000a80425fb\nNoNewPrivs:\t1\nbroken\n"
        self.assertEqual(
            about.fields(text), {"Name": "app", "CapEff": "00000000a80425fb", "NoNewPrivs": "1"}
        )

    def test_tells_the_build_proof_if_there_is_one(self):
        with tempfile.TemporaryDirectory() as folder:
            proof = Path(folder, "build-proof")
            with mock.patch.object(about, "BUILD_PROOF", proof):
                self.assertIsNone(about.about()["buildProof"])
                proof.write_text("c0ffee\n")
                self.assertEqual(about.about()["buildProof"], "c0ffee")
