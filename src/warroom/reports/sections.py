"""The sections of a written document, and how much of each is still to be filled."""

import re

import msgspec

from warroom.reports.postmortem import TO_WRITE
from warroom.reports.rewritten import ANEW, CELL

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")


class Section(msgspec.Struct, frozen=True):
    """`line` counts from 0; `blanks` and `conflicts` are those of it and of all below it."""

    title: str
    depth: int
    line: int
    blanks: int = 0
    conflicts: int = 0


def sections(text: str) -> tuple[Section, ...]:
    """In their order. What stands before the first heading below the title is the title's."""
    found: list[Section] = []
    fence = ""
    for n, line in enumerate(text.split("\n")):
        if mark := _FENCE.match(line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        elif not fence and (heading := _HEADING.match(line)):
            found.append(Section(heading[2], len(heading[1]), n))
            continue
        blanks, conflicts = line.count(TO_WRITE), line.count(CELL.strip()) + (line == ANEW)
        if found and (blanks or conflicts):
            found = _counted(found, blanks, conflicts)
    return tuple(found)


def _counted(found: list[Section], blanks: int, conflicts: int) -> list[Section]:
    """Added to the last section, and to each that it is below of; the document's title is above none."""
    depth, counted = 99, list(found)
    for n in range(len(found) - 1, -1, -1):
        one = found[n]
        if one.depth < depth and (one.depth > 1 or n == len(found) - 1):
            counted[n] = msgspec.structs.replace(one, blanks=one.blanks + blanks, conflicts=one.conflicts + conflicts)
            depth = one.depth
    return counted


def blank_lines(text: str) -> tuple[int, ...]:
    """Lines, from 0, on which something is still to be written or decided."""
    return tuple(n for n, line in enumerate(text.split("\n")) if n and (TO_WRITE in line or CELL.strip() in line or line == ANEW))
