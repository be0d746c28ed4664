"""Runbooks as they were read, kept beside the journal: reading one takes longer than all else that a console needs for its first frame."""

import hashlib
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import msgspec

import warroom.runbook
from warroom.core.entries import RunbookText
from warroom.room import read_cached as read_cached
from warroom.runbook.folder import is_several
from warroom.runbook.model import Runbook

MOST = 16
"""Runbooks; the oldest go."""
MOST_PARTS = 4_000
"""Files of folders; where one of five hundred is changed, the others are not read again."""
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
        key = _reader() + msgspec.json.encode(text)
        return _kept(self._folder, key, lambda: self._several(text) if is_several(text.text) else read_cached(text), MOST)

    def _several(self, text: RunbookText) -> Runbook:
        """Each file is kept by itself too."""
        from warroom.runbook.reader import read

        reader = _reader()
        parts = self._folder.with_name(f"{self._folder.name}-parts")

        def read_part(part: str, name: str, mapping: Mapping[str, str]) -> Runbook:
            key = reader + msgspec.json.encode((part, name, sorted(mapping.items())))
            return _kept(parts, key, lambda: read(part, name, mapping), 0)

        runbook = read(text.text, text.file, dict(text.mapping or ()), read_part)
        _forget(parts, MOST_PARTS)
        return runbook


def _kept(folder: Path, key: bytes, read: Callable[[], Runbook], most: int) -> Runbook:
    """As it was kept under that key, else read and kept; `most` 0: nothing is forgotten for it."""
    file = folder / f"{hashlib.sha256(key).hexdigest()}.msgpack"
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.msgpack.decode(file.read_bytes(), type=Runbook)
    runbook = read()
    with suppress(OSError):  # it is read anew next time
        _keep(file, msgspec.msgpack.encode(runbook))
        if most:
            _forget(folder, most)
    return runbook


def _keep(file: Path, content: bytes) -> None:
    file.parent.mkdir(mode=0o700, exist_ok=True)
    fresh = file.with_suffix(f".{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
    fresh.replace(file)


def _forget(folder: Path, most: int) -> None:
    with suppress(OSError):
        for old in sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)[most:]:
            old.unlink()


def _reader() -> bytes:
    """Becomes another when the reader, or what it reads with, does."""
    ours = sorted(path for path in Path(warroom.runbook.__path__[0]).rglob("*") if path.suffix in (".py", ".toml"))
    theirs = [Path(spec.origin) for name in READERS if (spec := find_spec(name)) and spec.origin]
    stamps = [(path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in [*ours, *theirs]]
    return repr((sys.version, stamps)).encode()
