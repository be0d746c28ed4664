"""Which consoles are alive: each holds a lock on a file, which the system lets go of however the console ends."""

import fcntl
import os
import re
import secrets
import socket
from contextlib import suppress
from pathlib import Path


class Alive:
    """`folder` is the same for everybody who shares a journal. Nothing is on disk before the first command runs."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._file = folder, -1
        self.name = f"{_host()}/{secrets.token_hex(4)}"

    def begin(self) -> None:
        """From now on others see that we are here. Raises OSError."""
        if self._file < 0:
            self._folder.mkdir(mode=0o770, parents=True, exist_ok=True)
            self._file = os.open(self._path(self.name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def end(self) -> None:
        if self._file >= 0:
            with suppress(OSError):
                self._path(self.name).unlink()
            os.close(self._file)
            self._file = -1

    def record(self, run: str) -> Path:
        """The file for how a run ends, which is there also when its console is not."""
        return self._path(f"{run}.run")

    def is_gone(self, name: str) -> bool:
        """Whether that console has surely ended; one of another machine may be alive."""
        if name == self.name or name.partition("/")[0] != _host():
            return False
        try:
            file = os.open(self._path(name), os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        finally:
            os.close(file)
        return True

    def _path(self, name: str) -> Path:
        return self._folder / re.sub(r"[^\w.-]", "-", name)


def _host() -> str:
    return socket.gethostname() or "here"
