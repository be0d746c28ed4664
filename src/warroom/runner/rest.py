"""What of an output is too long to be kept in memory: a file of the user's, with the whole of it."""

import os
import secrets
from pathlib import Path

LARGEST = 64_000_000
"""Characters; what comes after is not kept."""


class Rest:
    """Without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder, self._size = folder, 0
        self.path = ""
        """Where it is, once there is something."""

    def add(self, before: str, text: str) -> None:
        """`before` is what was printed until now, and opens the file. What cannot be written is left out: the output is marked as cut."""
        if self._folder is None or self._size > LARGEST:
            return
        try:
            if not self.path:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self.path = str(self._folder / f"{secrets.token_hex(8)}.txt")
            with open(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8", errors="replace") as file:
                file.write(before + text)
        except OSError:
            self._folder = None
        self._size += len(before) + len(text)
