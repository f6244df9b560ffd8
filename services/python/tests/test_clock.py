import json
import unittest
from datetime import datetime, timezone
from unittest import mock

from service.clock import time_in

WINTER = datetime(2026, 1, 2, 3, 4, 5, 678, timezone.utc)


class ClockTest(unittest.TestCase):
    def test_knows_odd_offsets(self):
        for zone, time, offset in (
            ("Asia/Kathmandu", "2026-01-02T08:49:05+05:45", "+05:45"),
            ("America/St_Johns", "2026-01-01T23:34:05-03:30", "-03:30"),
            ("UTC", "2026-01-02T03:04:05+00:00", "+00:00"),
            ("", "2026-01-02T03:04:05+00:00", "+00:00"),
        ):
            with self.subTest(zone):
                answer = time_in(zone, WINTER)
                self.assertEqual(json.loads(answer.body), {"time": time, "offset": offset})

    def test_refuses_what_is_no_zone(self):
        for zone in (
            "Mars/Olympus",
            "Local",
            "Europe",
            "zone.tab",
            "../../etc/passwd",
            "/etc/localtime",
            "+02:00",
            "\n",
            "\0",
            "\udcff",
            "x" * 5000,
        ):
            with self.subTest(zone[:20]):
                answer = time_in(zone, WINTER)
                self.assertEqual(answer.status, 500)
                self.assertIn(b'{"error":"unknown time zone', answer.body)

    def test_refuses_what_it_may_not_read(self):
        with mock.patch("service.clock.ZoneInfo", side_effect=PermissionError):
            self.assertEqual(time_in("Europe/Berlin", WINTER).status, 500)
