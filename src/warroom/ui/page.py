"""A Markdown text as lines to read: which of them are headings, code or tables, and where a link leads."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote

from warroom.runbook.folder import parts
from warroom.runbook.model import Heading

Kind = Literal["text", "heading", "fence", "code", "table", "file"]
_NEWLINE = re.compile(r"\r\n?|\n")
_ATX = re.compile(r" {0,3}(#{1,6})(?:\s+(.*?))?\s*#*\s*$")
_FENCE = re.compile(r"\s*(?:[-*+>]\s+|\d+[.)]\s+)*(`{3,}|~{3,})")
_LINK = re.compile(r"\]\(\s*<?([^)\s<>]+)")
_NO_LETTER = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Spot:
    """One line as it is written; `number` is the one in its own file."""

    number: int
    text: str
    kind: Kind
    file: str = ""


@dataclass(frozen=True)
class Page:
    """A text of one file, or of the several files of a folder one after the other."""

    name: str
    spots: tuple[Spot, ...] = ()
    headings: tuple[tuple[int, int, str], ...] = ()
    """Index of the line, depth and words."""
    _places: dict[tuple[str, int], int] = field(default_factory=dict)
    _anchors: dict[str, int] = field(default_factory=dict)

    def index(self, line: int, file: str = "") -> int | None:
        """Where a line of a file is; a file that is told by its path is found by its end."""
        found = self._places.get((file, line))
        if found is None and file:
            ends = (at for (name, number), at in self._places.items() if number == line and name and file.endswith(f"/{name}"))
            found = next(ends, None)
        return self._places.get(("", line)) if found is None else found

    def section(self, index: int) -> str:
        """The words of the heading that a line is under."""
        above = [words for at, _, words in self.headings if at <= index]
        return above[-1] if above else ""

    def target(self, index: int) -> str:
        """Where the first link of a line leads; empty: it has none."""
        found = _LINK.search(self.spots[index].text) if 0 <= index < len(self.spots) else None
        return unquote(found.group(1)) if found and self.spots[index].kind not in ("code", "fence") else ""

    def anchor(self, target: str) -> int | None:
        """The line of a heading that `#target` names."""
        return self._anchors.get(target.removeprefix("#").casefold())


def page(name: str, text: str, headings: Iterable[Heading] | None = None) -> Page:
    """`headings` are those that the reader found; without them a line with `#` in front is one."""
    known = None if headings is None else {(each.file, each.line): each for each in headings}
    files = parts(text)
    spots = list[Spot]()
    marks = list[tuple[int, int, str]]()
    places = dict[tuple[str, int], int]()
    for file, content in files or [("", text)]:
        if files:
            spots.append(Spot(0, file, "file", file))
        for number, (line, kind) in enumerate(_lines(content), 1):
            where = places[file, number] = len(spots)
            found = _ATX.match(line) if kind == "text" else None
            if known is None:
                heading = (len(found.group(1)), found.group(2) or "") if found else None
            else:
                mark = known.get((file, number))
                heading = (mark.level, mark.title) if mark else None
            if heading:
                marks.append((where, *heading))
            spots.append(Spot(number, line, "heading" if heading else kind, file))
    return Page(name, tuple(spots), tuple(marks), places, _anchors_of(marks))


def _lines(text: str) -> Iterable[tuple[str, Kind]]:
    fence = ""
    lines = _NEWLINE.split(text)
    for line in lines[:-1] if lines[-1] == "" else lines:
        found = _FENCE.match(line)
        mark = found.group(1) if found else ""
        if fence:
            closes = mark[:1] == fence[0] and len(mark) >= len(fence) and line.strip() == mark
            yield line, "fence" if closes else "code"
            fence = "" if closes else fence
        elif mark and not (mark[0] == "`" and "`" in line.split(mark, 1)[1]):
            fence = mark
            yield line, "fence"
        else:
            yield line, "table" if line.lstrip().startswith("|") else "text"


def _anchors_of(marks: Sequence[tuple[int, int, str]]) -> dict[str, int]:
    """As forges make them; the second of two equal ones ends in -1."""
    found = dict[str, int]()
    for at, _, words in marks:
        plain = _NO_LETTER.sub("", words.strip().casefold()).replace(" ", "-")
        name, again = plain, 0
        while name in found:
            again += 1
            name = f"{plain}-{again}"
        found[name] = at
    return found
