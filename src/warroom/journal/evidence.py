"""Long evidence: each text in a file of its own beside the journal, named by its hash."""

import asyncio
import os
import stat
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from warroom.core.ports import JournalTrouble


def folder_of(journal: Path) -> Path:
    return journal.with_name(f"{journal.name}.evidence")


class EvidenceFolder:
    """Of one journal. What it says it keeps survives a lost power supply."""

    def __init__(self, journal: Path) -> None:
        self._folder = folder_of(journal)

    async def keep(self, text: str) -> str:
        """Durable when it returns, under the SHA-256 that it returns. Raises JournalTrouble."""
        try:
            return await asyncio.to_thread(self._keep, text.encode(errors="replace"))
        except OSError as error:
            raise JournalTrouble(
                f"the evidence cannot be kept in {self._folder} ({error.strerror}): nothing was pinned; make room or make it writable"
            ) from error

    def keep_now(self, text: str) -> str:
        """`keep`, for whoever has nothing else to do meanwhile."""
        return self._keep(text.encode(errors="replace"))

    async def read(self, name: str) -> str:
        """The whole text. Raises JournalTrouble where it is gone or is not what was kept."""
        return await asyncio.to_thread(self._read, name)

    def _read(self, name: str) -> str:
        path = self._folder / name
        try:
            kept = path.read_bytes()
        except OSError as error:
            raise JournalTrouble(
                f"the evidence {path} cannot be read ({error.strerror}): the entry has its beginning and its hash"
            ) from error
        if sha256(kept).hexdigest() != name:
            raise JournalTrouble(f"the evidence {path} is not what was pinned: its hash differs")
        return kept.decode(errors="replace")

    def _keep(self, text: bytes) -> str:
        name = sha256(text).hexdigest()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.is_whole(name):
            return name
        # For the group where the journal's directory is a group's (setgid).
        mode = 0o660 if self._folder.stat().st_mode & stat.S_ISGID else 0o600
        file, written = tempfile.mkstemp(dir=self._folder)
        try:
            with open(file, "wb") as out:
                os.fchmod(file, mode)
                out.write(text)
                out.flush()
                os.fsync(file)
            os.replace(written, self._folder / name)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(written)
            raise
        _sync(self._folder)
        return name

    def is_whole(self, name: str) -> bool:
        with suppress(OSError):
            return sha256((self._folder / name).read_bytes()).hexdigest() == name
        return False

    def remove(self, name: str) -> None:
        with suppress(FileNotFoundError):
            os.unlink(self._folder / name)


def _sync(folder: Path) -> None:
    """The new name, too, must be on the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
