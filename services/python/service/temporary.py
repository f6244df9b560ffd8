"""Proves that temporary files work where the system keeps them."""

import os
import tempfile

from service.server import Answer

CONTENT = b"three images, one service\n"


def try_file():
    """Writes a file, reads it back and deletes it."""
    # tempfile's own choice would fall back to other folders, even to the current one.
    folder = os.environ.get("TMPDIR") or "/tmp"
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix="diet-", suffix=".tmp") as file:
            file.write(CONTENT)
            file.flush()
            with open(file.name, "rb") as again:
                if again.read() != CONTENT:
                    return Answer.error(500, f"{file.name} reads back differently")
        return Answer(200, {"path": file.name})
    except OSError as e:
        return Answer.error(500, str(e))
