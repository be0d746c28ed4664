"""Lines that give a name and its value: `**Impact:** …`, `- Owner: …`, a table of two columns."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from warroom.runbook.document import Block, Fence, List, ListItem, Paragraph, Table

_KEYED = re.compile(
    r"^[\s>]*(?:[-*+]\s+|\d+[.)]\s+)?(\*\*|__)?\s*([^*_:|`<>]{2,48}?)\s*(?(1)(?:[:：]\s*\1|\1\s*[:：]|\1\s+[-–—])|[:：])(?!//)\s*(.*)$"
)
_YAML_KEY = re.compile(r"([A-Za-z][\w -]{1,40}):(?:\s+(.*))?$")
_YAML_ITEM = re.compile(r"\s*-\s+(.*\w.*)$")
_MARKS = re.compile(r"\*\*|__|`")


@dataclass(frozen=True, slots=True)
class Pair:
    key: str
    value: str
    line: int
    end: int
    bold: bool
    items: tuple[ListItem, ...] = ()
    """The list that follows the key, when it has one."""


def keyed(text: str) -> tuple[str, str, bool] | None:
    """A key, its value, and whether the key is bold."""
    found = _KEYED.match(text)
    if found and (found[1] or ". " not in found[2]):
        return found[2].strip(), _MARKS.sub("", found[3]).strip(), bool(found[1])
    return None


def pairs(blocks: Sequence[Block], lines: Sequence[str]) -> Iterator[Pair | Block]:
    """The pairs of the blocks, and whatever is none as it is."""
    waiting: Pair | None = None
    for block in blocks:
        if isinstance(block, List) and waiting and not waiting.value:
            yield Pair(waiting.key, "", waiting.line, waiting.end, waiting.bold, block.items)
            waiting = None
            continue
        if waiting:
            yield waiting
            waiting = None
        if isinstance(block, Paragraph):
            found = list(_of_paragraph(block, lines))
            last = found[-1] if found else None
            if isinstance(last, Pair) and not last.value:
                waiting = last
                found.pop()
            yield from found
        elif isinstance(block, Table) and len(block.header) == 2:
            yield from _of_table(block)
        elif isinstance(block, List):
            yield from _of_list(block)
        elif isinstance(block, Fence) and (keys := _of_fence(block)):
            yield from keys
        else:
            yield block
    if waiting:
        yield waiting


def _of_paragraph(block: Paragraph, lines: Sequence[str]) -> Iterator[Pair | Block]:
    numbers = range(block.line, block.end)
    found = [keyed(lines[number - 1]) for number in numbers]
    if not any(found) or not (found[0] or all(found[1:])):
        yield block
        return
    text: list[str] = []
    for number, pair in zip(numbers, found, strict=True):
        if pair:
            key, value, bold = pair
            yield Pair(key, value, number, number + 1, bold)
        elif not text and number == block.line:
            text.append(lines[number - 1])
            yield Paragraph(_MARKS.sub("", lines[number - 1]).strip(), number, number + 1, block.lead)


def _of_fence(block: Fence) -> list[Pair]:
    """A few keys in YAML, or lines that look like it; empty when it is anything else."""
    if block.language not in ("yaml", "yml", "text", ""):
        return []
    found: list[Pair] = []
    for number, line in enumerate(block.text.rstrip("\n").split("\n"), block.line + 1):
        if match := _YAML_KEY.match(line):
            value = (match[2] or "").strip().strip("'\"")
            found.append(Pair(match[1].replace("_", " "), "" if value in ("|", ">") else value, number, number + 1, True))
        elif found and (item := _YAML_ITEM.match(line)):
            text = item[1].strip().strip("'\"")
            last = found[-1]
            more = ListItem(text, "", number, number + 1, number + 1, False, (), ())
            found[-1] = Pair(last.key, last.value, last.line, last.end, True, (*last.items, more))
        elif line.strip():
            return []
    return found


def _of_table(block: Table) -> Iterator[Pair]:
    if any(block.header) and len(block.header[0].split()) < 5 and all(block.header):
        yield Pair(block.header[0], block.header[1], block.line, block.line + 1, True)
    for row in block.rows:
        if len(row.cells) > 1 and row.cells[0]:
            yield Pair(row.cells[0].rstrip(":"), row.cells[1], row.line, row.end, True)


def _of_list(block: List) -> Iterator[Pair | Block]:
    found = [pair_of(entry) for entry in block.items]
    if sum(each is not None for each in found) * 2 < len(found):
        yield block
        return
    for entry, pair in zip(block.items, found, strict=True):
        yield pair or List(block.ordered, (entry,), entry.line, entry.end)


def pair_of(entry: ListItem) -> Pair | None:
    nested = tuple(item for block in entry.blocks if isinstance(block, List) for item in block.items)
    if entry.lead and entry.text.startswith(entry.lead):
        rest = entry.text[len(entry.lead) :]
        if entry.lead.endswith(":") or re.match(r"\s*(:|[-–—]\s)", rest) or (not rest.strip() and nested):
            return Pair(entry.lead.rstrip(": "), rest.strip().lstrip(":–—- "), entry.line, entry.text_end, True, nested)
    if (found := keyed(entry.text)) and (found[1] or nested):
        return Pair(found[0], found[1], entry.line, entry.text_end, False, nested)
    return None


def texts(items: Iterable[ListItem]) -> Iterator[str]:
    for entry in items:
        yield entry.text
