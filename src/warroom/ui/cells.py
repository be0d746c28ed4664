"""Lines as styled pieces of text, measured and cut in terminal cells."""

from collections.abc import Iterable, Sequence
from typing import Literal, TypeGuard, cast

from rich.cells import cell_len

from warroom.ui.look import g

Seg = tuple[str, str]
"""Text and a style made of tokens, for example `("CrashLoopBackOff", "$bad bold")`. Never markup: foreign text is safe in it."""
Line = Sequence[Seg]
Align = Literal["<", ">"]


def measure(line: Iterable[Seg]) -> int:
    """Its width in cells."""
    return sum(cell_len(text) for text, _ in line)


def head_of(text: str, room: int) -> str:
    """As much of the start as `room` cells hold; a wide character is never halved."""
    if cell_len(text) <= room:
        return text
    taken = 0
    for n, char in enumerate(text):
        taken += cell_len(char)
        if taken > room:
            return text[:n]
    return text


def tail_of(text: str, room: int) -> str:
    """As much of the end as `room` cells hold."""
    return head_of(text[::-1], room)[::-1]


def clip(text: str, room: int) -> str:
    """Cut to `room` cells, with the mark of a cut."""
    if cell_len(text) <= room:
        return text
    mark = g["more"] if room > len(g["more"]) else ""
    return head_of(text, max(0, room - len(mark))).rstrip() + mark


def middle(text: str, room: int) -> str:
    """Cut in its middle: both ends of a name carry meaning, the end more."""
    if cell_len(text) <= room:
        return text
    room = max(0, room - len(g["more"]))
    last = tail_of(text, (room * 3 + 4) // 5)
    return head_of(text, room - cell_len(last)) + g["more"] + last


def is_seg(value: Seg | Line) -> TypeGuard[Seg]:
    return isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str)


def cell(value: Seg | Line, width: int, align: Align = "<") -> list[Seg]:
    """Cut or padded to exactly `width` cells."""
    line: Line = [value] if is_seg(value) else cast(Line, value)
    out, room = list[Seg](), max(0, width)
    have = measure(line)
    if have > room:
        mark = g["more"] if room > len(g["more"]) else ""
        room -= len(mark)
        for text, style in line:
            size = cell_len(text)
            if size > room or (size == room and mark):
                cut = head_of(text, room)
                out.append((cut + mark, style))
                room -= cell_len(cut)
                break
            out.append((text, style))
            room -= size
        return [*out, (" " * room, "")] if room else out
    pad = [(" " * (room - have), "")] if have < room else []
    return [*pad, *line] if align == ">" else [*line, *pad]


def ends(width: int, left: Line, right: Line) -> list[Seg]:
    """One line with something at both ends; the left gives way, and a cell stays between them."""
    room = measure(right)
    if not room:
        return cell(left, width)
    if room >= width:
        return cell(right, width)
    if measure(left) > width - room - 1:
        return [*cell(left, width - room - 1), (" ", ""), *right]
    return [*cell(left, width - room), *right]


def joined(facts: Iterable[Line], by: Seg = (" · ", "$soft")) -> list[Seg]:
    """Facts with the dot between them."""
    out = list[Seg]()
    for fact in facts:
        if fact:
            out += [*([(by[0] if g["dot"] == "·" else f" {g['dot']} ", by[1])] if out else []), *fact]
    return out


def wrap(text: str, room: int) -> list[str]:
    """Words in lines of at most `room` cells; a word longer than a line is broken."""
    room, lines, line = max(1, room), list[str](), ""
    for word in text.split():
        at = 0  # one scan, also of a word that is all there is
        while len(word) - at > 4 * room or cell_len(word[at:]) > room:
            if line:
                lines.append(line)
                line = ""
            cut = head_of(word[at : at + 4 * room], room) or word[at]
            lines.append(cut)
            at += len(cut)
        word = word[at:]
        if line and cell_len(line) + 1 + cell_len(word) > room:
            lines.append(line)
            line = word
        elif word:
            line = f"{line} {word}" if line else word
    return [*lines, line] if line or not lines else lines


def dimmed(line: Line) -> list[Seg]:
    """The same words as old ones: everything soft."""
    return [(text, "$soft on $lift" if "on $lift" in style else "$soft") for text, style in line]


def lit(line: Line) -> list[Seg]:
    """The same line under the cursor."""
    return [(text, style if " on $" in f" {style}" else f"{style} on $lift".strip()) for text, style in line]
