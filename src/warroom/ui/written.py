"""Words in as many rows as they need: sentences, a label with what belongs to it, commands with our mark where we break them."""

from collections.abc import Iterator, Sequence

from warroom.ui.cells import Line, Seg, clip, measure, wrap
from warroom.ui.look import foreign, g
from warroom.ui.widgets.rows import Row

LABEL = 12
"""Cells of a label."""


def rows(text: str, width: int, style: str) -> Iterator[Row]:
    for part in wrap(foreign(text), max(10, width)):
        yield Row(((part, style),))


def wrapped(line: Line, width: int, lead: int = 2) -> Iterator[Row]:
    """A line of several pieces in as many rows as it needs; the last piece is the long one."""
    *short, (text, style) = line
    taken = measure(short)
    first, *rest = wrap(text, max(10, width - taken))
    yield Row((*short, (first, style)))
    for part in wrap(" ".join(rest), max(10, width - lead)) if rest else ():
        yield Row(((" " * lead, ""), (part, style)))


def said(label: str, line: Line, width: int, key: str) -> Iterator[Row]:
    """A label, and beside it as many rows as it needs."""
    head: Seg = (f"{label:<{LABEL}}", "$soft")
    out, at = [list[Seg]()], 0
    room = max(10, width - LABEL)
    for text, style in line:
        for n, word in enumerate(text.split(" ")):
            piece = word if n == 0 else f" {word}"
            size = measure([(piece, "")])
            if at + size > room and at:
                out.append([])
                at, piece = 0, piece.lstrip()
                size = measure([(piece, "")])
            out[-1].append((clip(piece, room), style))
            at += size
    for n, row in enumerate(out):
        yield Row((head if n == 0 else (" " * LABEL, ""), *row), key)


def labelled(label: str, command: str, width: int, style: str, key: str, *, known: bool = True) -> Iterator[Row]:
    """A command as it is, line by line; where we break one stands our mark."""
    room = max(12, width - LABEL - 2)
    first = True
    for text in _foreign_lines(command):
        parts = _broken(text, room)
        for n, part in enumerate(parts):
            head: Seg = (f"{label if first else '':<{LABEL}}", "$soft")
            end: Seg = (f" {g['mark']}" if n < len(parts) - 1 else "", "$soft")
            yield Row((head, (part, style if known else style.replace("$loud bold", "$ink")), end), key)
            first = False


def _foreign_lines(command: str) -> Sequence[str]:
    return [foreign(line.expandtabs(4), 20_000) for line in command.splitlines()] or [""]


def _broken(text: str, room: int) -> Sequence[str]:
    """Broken at blanks, of which none is lost."""
    out, line = list[str](), ""
    for word in text.split(" "):
        grown = f"{line} {word}" if line else word
        if measure([(grown, "")]) <= room or not line.strip():
            line = grown
        else:
            out.append(line)
            line = f"  {word}"
    return [part for long in [*out, line] for part in ([long[n : n + room] for n in range(0, len(long), room)] or [""])]
