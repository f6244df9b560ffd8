"""The routes of the service contract."""

import re
import time

from service.about import about
from service.clock import time_in
from service.fetch import fetch
from service.server import Answer
from service.temporary import try_file

MAX_SLOW_MILLIS = 5_000


def slow(parameter):
    """Answers after so many milliseconds, so that a graceful stop can be watched."""
    millis = parameter("ms")
    if not re.fullmatch("[0-9]{1,9}", millis):
        return Answer.error(400, "ms must be a number of milliseconds")
    pause = min(int(millis), MAX_SLOW_MILLIS)
    time.sleep(pause / 1000)
    return Answer(200, {"sleptMillis": pause})


ROUTES = {
    "/": ("GET", lambda _: Answer(200, about())),
    "/healthz": ("GET", lambda _: Answer(200, None, text="ok")),
    "/fetch": ("GET", lambda parameter: fetch(parameter("url"))),
    "/slow": ("GET", slow),
    "/time": ("GET", lambda parameter: time_in(parameter("tz"))),
    "/tmp": ("POST", lambda _: try_file()),
}
