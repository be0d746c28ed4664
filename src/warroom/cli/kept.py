"""Runbooks as they were read, kept beside the journal: reading one takes longer than all else that a console needs for its first frame."""

import hashlib
import os
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import msgspec

import warroom.runbook
from warroom.core.entries import RunbookText
from warroom.room import read_cached as read_cached
from warroom.runbook.model import Runbook

MOST = 16
"""Files; the oldest go."""
READERS = ("markdown_it", "tree_sitter", "tree_sitter_bash")


class KeptRunbooks:
    """Reads a text once for all consoles of a home. What is kept holds only for the very text and the very reader."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[RunbookText, Runbook] = {}

    def read(self, text: RunbookText) -> Runbook:
        if text not in self._known:
            self._known[text] = self._kept(text)
        return self._known[text]

    def _kept(self, text: RunbookText) -> Runbook:
        file = self._folder / f"{hashlib.sha256(_reader() + msgspec.json.encode(text)).hexdigest()}.msgpack"
        with suppress(OSError, msgspec.DecodeError):
            return msgspec.msgpack.decode(file.read_bytes(), type=Runbook)
        runbook = read_cached(text)
        with suppress(OSError):  # it is read anew next time
            self._keep(file, msgspec.msgpack.encode(runbook))
        return runbook

    def _keep(self, file: Path, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(content)
        fresh.replace(file)
        for old in sorted(self._folder.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)[MOST:]:
            old.unlink()


def _reader() -> bytes:
    """Becomes another when the reader, or what it reads with, does."""
    ours = sorted(path for path in Path(warroom.runbook.__path__[0]).rglob("*") if path.suffix in (".py", ".toml"))
    theirs = [Path(spec.origin) for name in READERS if (spec := find_spec(name)) and spec.origin]
    stamps = [(path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in [*ours, *theirs]]
    return repr((sys.version, stamps)).encode()
