"""VULNERABLE BY DESIGN: the routes and their holes."""

import os
import signal
import subprocess
import tempfile
from threading import Timer

from service.server import Answer

MARK = "by design, for the hardening drill"
FOLDER = "/srv/files"
MAX_SHOWN = 8 << 10
DEADLINE_SECONDS = 5


def ping(host):
    """Pings a host. Flaw: the host is pasted into a shell's command line."""
    try:
        process = subprocess.Popen(
            ["sh", "-c", "ping -c 1 " + host],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except (OSError, ValueError) as e:
        return _failed(e)
    with process:
        # The whole group: what the shell has started may hold its output open.
        timer = Timer(DEADLINE_SECONDS, os.killpg, [process.pid, signal.SIGKILL])
        timer.start()
        try:
            return _shown(process.stdout)
        finally:
            timer.cancel()
            os.killpg(process.pid, signal.SIGKILL)


def show(name):
    """Shows a file. Flaw: the name may lead out of the folder."""
    try:
        with open(_path(name), "rb") as file:
            return _shown(file)
    except (OSError, ValueError) as e:
        return _failed(e)


def save(name, text):
    """Makes a text the content of a file. Flaw: the name may lead out of the folder, and what is
    there already is replaced."""
    path = _path(name)
    try:
        # Beside the file and renamed, as careful programs do: no reader sees half a file.
        with tempfile.NamedTemporaryFile(
            dir=os.path.dirname(path), prefix=".save-", delete=False
        ) as file:
            try:
                file.write(text.encode(errors="replace"))
                file.flush()
                os.chmod(file.name, 0o755)
                os.replace(file.name, path)
            except BaseException:
                os.unlink(file.name)
                raise
        return _answer(200, "output", path)
    except (OSError, ValueError) as e:
        return _failed(e)


def _path(name):
    return os.path.normpath(f"{FOLDER}/{name}")


def _shown(stream):
    return _answer(200, "output", stream.read(MAX_SHOWN).decode(errors="replace"))


def _failed(e):
    return _answer(500, "error", str(e))


def _answer(status, name, text):
    return Answer(status, {"vulnerable": MARK, name: text}, headers={"X-Vulnerable": MARK})


ROUTES = {
    "/drill/ping": ("GET", lambda parameter: ping(parameter("host"))),
    "/drill/file": ("GET", lambda parameter: show(parameter("name"))),
    "/drill/save": ("POST", lambda parameter: save(parameter("name"), parameter("text"))),
}
