"""Files become runbooks; what cannot be read is told in one sentence."""

import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote

import msgspec

from warroom.runbook.folder import joined
from warroom.runbook.model import Finding, Related, Runbook
from warroom.runbook.verbs import Verbs, shipped

MOST_BYTES = 1_000_000
"""A larger file is refused: reading it would hold up the console for seconds."""
MOST_FILES = 2_000
MOST_OF_ALL = 20_000_000
SUFFIXES = (".md", ".markdown", ".mdown")
_NOT_THEIRS = ("node_modules", "vendor", "site-packages")
DEFAULT_NAME = "tensafe.md"
_LINK = re.compile(r"\]\(\s*<?(?!/|\w+:)([^)\s#<>{}]+)[^)]*\)")


class LibraryTrouble(Exception):
    """A runbook that cannot be had; the words say what to do."""


def load(*paths: Path, mapping: Mapping[str, str] | None = None) -> Runbook:
    """The runbook in these files and folders, with its related documents looked up; `mapping` as in `read`. Raises LibraryTrouble."""
    from warroom.runbook.reader import read

    books = files_of(paths)
    text = _text_of(books)
    name = str(books[0].path) if len(books) == 1 else name_of(paths)
    runbook = read(text, name, mapping) if mapping else read_text(text, name)
    folders = {each.name: each.path.parent for each in books}
    related = tuple(_looked_up(each, folders.get(each.file, books[0].path.parent)) for each in runbook.related)
    where = {each.name: str(each.path) for each in books}
    told = [msgspec.structs.replace(each, file=where.get(each.file, each.file)) for each in runbook.findings]
    links = [finding for each in books for finding in _dead_links(each.text, each.path)]
    missing = [finding for path in paths if path.is_dir() for finding in unread(path)]
    order = list(where.values())
    found = sorted([*told, *links], key=lambda each: (order.index(each.file) if each.file in order else -1, each.line))
    return msgspec.structs.replace(runbook, related=related, findings=(*missing, *found))


def _dead_links(text: str, path: Path) -> list[Finding]:
    """Links to files beside the runbook that are not there; what stands in a fence is no link."""
    found = []
    fence = ""
    for number, line in enumerate(text.split("\n"), 1):
        mark = line.lstrip()[:3]
        if mark in ("```", "~~~") and (not fence or mark == fence):
            fence = "" if fence else mark
        for target in _LINK.findall(line) if not fence else ():
            if _looked_up(Related(title="", target=unquote(target), line=number), path.parent).exists is False:
                message, fix = f"the link leads to {target}, which is not there", "correct the link, or add the file"
                found.append(Finding(file=str(path), line=number, level="warning", code="dead-link", message=message, fix=fix))
    return found


class Book(msgspec.Struct, frozen=True):
    """A file of the library: its name in there, where it lies, and what it says."""

    name: str
    path: Path
    text: str


def files_of(paths: Sequence[Path]) -> list[Book]:
    """Every file, folders opened; named by the path from the folder that they have in common. Raises LibraryTrouble."""
    if len(paths) == 1 and not paths[0].is_dir():
        return [Book(paths[0].name, paths[0], load_text(paths[0]))]
    top = folder_of(paths)
    found: dict[Path, str] = {}
    for path in paths:
        found |= dict(texts(path)) if path.is_dir() else {path: load_text(path)}
    if len(found) > MOST_FILES or sum(map(len, found.values())) > MOST_OF_ALL:
        raise LibraryTrouble(f"{name_of(paths)} is more Markdown than can be opened at once: name the runbooks alone")
    return [Book(os.path.relpath(path, top), path, text) for path, text in found.items()]


def open_text(paths: Sequence[Path]) -> str:
    """What `load` reads, as one text. Raises LibraryTrouble."""
    return _text_of(files_of(paths))


def _text_of(books: Sequence[Book]) -> str:
    return joined((each.name, each.text) for each in books) if len(books) > 1 else books[0].text


def stamp(paths: Sequence[Path]) -> tuple[tuple[str, int, int], ...]:
    """Tells whether one of the files was written, came or went; what cannot be looked at is left out."""
    found = []
    for path in paths:
        with suppress(OSError, LibraryTrouble):
            for each in _markdown(path) if path.is_dir() else [path]:
                of = each.stat()
                found.append((str(each), of.st_mtime_ns, of.st_size))
    return tuple(found)


def folder_of(paths: Sequence[Path]) -> Path:
    """The folder in which the files lie, also where they lie in several below it."""
    folders = [str((path if path.is_dir() else path.parent).absolute()) for path in paths]
    return (paths[0] if paths[0].is_dir() else paths[0].parent) if len(paths) == 1 else Path(os.path.commonpath(folders))


def name_of(paths: Sequence[Path]) -> str:
    return ", ".join(path.name for path in paths)


def load_text(path: Path) -> str:
    """The file's text as it is, so that its SHA-256 is the file's. Raises LibraryTrouble."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise LibraryTrouble(f"{path} does not exist: name a Markdown file with --runbook, or leave it away for the shipped one") from None
    except OSError as problem:
        raise LibraryTrouble(f"{path} cannot be read ({problem.strerror}): check the file and its permissions") from None
    if len(content) > MOST_BYTES:
        raise LibraryTrouble(f"{path} is larger than {MOST_BYTES // 1_000_000} MB: name the runbook alone, without what it links to")
    try:
        return content.decode()
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise LibraryTrouble(f"{path}, line {line}: this is not UTF-8 text: save the file as UTF-8") from None


def texts(folder: Path) -> list[tuple[Path, str]]:
    """Every Markdown file of the folder that can be read, by name. Raises LibraryTrouble."""
    found: list[tuple[Path, str]] = []
    size = 0
    for path in _markdown(folder):
        try:
            text = load_text(path)
        except LibraryTrouble:
            continue  # `unread` tells of it
        size += len(text)
        if size > MOST_OF_ALL or len(found) == MOST_FILES:
            raise LibraryTrouble(f"{folder} has more Markdown than can be opened at once: name the folder that has the runbooks alone")
        found.append((path, text))
    if not found:
        raise LibraryTrouble(f"{folder} has no Markdown file that can be read: name a Markdown file, or a folder that has some")
    return found


def unread(folder: Path) -> list[Finding]:
    """A finding for each Markdown file of the folder that cannot be read."""
    found = []
    for path in _markdown(folder):
        try:
            load_text(path)
        except LibraryTrouble as trouble:
            found.append(Finding(file=str(path), line=1, level="error", code="unreadable", message=str(trouble)))
    return found


def _markdown(folder: Path) -> list[Path]:
    """A link is not followed, and what begins with a dot is left alone."""
    found = []
    waiting = [folder]
    try:
        while waiting:
            here = waiting.pop()
            for each in here.iterdir():
                if each.name.startswith(".") or each.name in _NOT_THEIRS or each.is_symlink():
                    continue
                if each.is_dir():
                    waiting.append(each)
                elif each.suffix.lower() in SUFFIXES:
                    found.append(each)
    except OSError as problem:
        raise LibraryTrouble(f"{folder} cannot be read ({problem.strerror}): check the folder and its permissions") from None
    return sorted(found)


def load_verbs(path: Path, *, optional: bool = False) -> Verbs:
    """The table of verbs with a team's own over it. Raises LibraryTrouble."""
    if optional and not path.exists():
        return shipped()
    try:
        return shipped().extended(load_text(path))
    except ValueError as problem:
        raise LibraryTrouble(f"{path}: {problem}; see verbs.toml of the console for its form") from None


@lru_cache(maxsize=16)
def read_text(text: str, file: str = "runbook.md") -> Runbook:
    """`read`, once per text: every fold of an incident asks for the runbook that it carries."""
    from warroom.runbook.reader import read

    return read(text, file)


def default_runbook() -> tuple[str, str]:
    """Text and name of the runbook that ships with the console."""
    return files("warroom.runbook").joinpath(DEFAULT_NAME).read_bytes().decode(), DEFAULT_NAME


def _looked_up(related: Related, folder: Path) -> Related:
    """A web address is not looked for."""
    target = related.target.split("#")[0].split("?")[0]
    if not target or "://" in target or target.startswith("mailto:"):
        return related
    try:
        exists = (folder / target).exists()
    except (OSError, ValueError):  # a name that no file can have
        exists = False
    return msgspec.structs.replace(related, exists=exists)
