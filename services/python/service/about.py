"""What the service tells about its own process; None stands for what the system does not tell."""

import os
import pwd
from pathlib import Path

from service import VERSION

# The SHA-256, in hex, of a secret that the build was handed.
BUILD_PROOF = Path(__file__).with_name("build-proof")


def about():
    status = fields(_text(Path("/proc/self/status")))
    flag = status.get("NoNewPrivs")
    return {
        "track": "python",
        "version": VERSION,
        "pid": os.getpid(),
        "uid": os.getuid(),
        "gid": os.getgid(),
        "groups": os.getgroups(),
        "user": user_name(os.getuid()),
        "capEff": status.get("CapEff"),
        "noNewPrivs": None if flag is None else flag == "1",
        "buildProof": _text(BUILD_PROOF).strip() or None,
    }


def user_name(uid):
    """Returns the name that the system gives to a user id; $USER, which all may set, is none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return None


def fields(status):
    """Splits the "Key:\\tvalue" lines of /proc/<pid>/status, see proc(5)."""
    pairs = (line.partition(":") for line in status.splitlines())
    return {key: value.strip() for key, colon, value in pairs if colon}


def _text(file):
    try:
        return file.read_text(encoding="latin-1")
    except OSError:
        return ""
