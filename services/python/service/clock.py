"""Tells the time in a zone of the time zone database."""

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from service.server import Answer


def time_in(name, instant=None):
    """Answers with the instant, by default now, in that zone, or in UTC when the name is empty."""
    try:
        # UTC needs no database, and an image without one shall not fail for it.
        zone = timezone.utc if name in ("", "UTC") else ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # Not there, no name of a zone, or the name of something else that is there.
        return Answer.error(500, "unknown time zone " + name)
    there = (instant or datetime.now(timezone.utc)).astimezone(zone)
    text = there.isoformat(timespec="seconds")
    return Answer(200, {"time": text, "offset": text[len("2026-01-02T03:04:05") :]})
