"""A document as values: sections of blocks that know their lines; lines count from 1."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from warroom.runbook.asides import Aside
from warroom.runbook.model import Counts


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    line: int
    end: int
    """The first line after it; lines count from 1."""
    lead: str = ""
    """The bold words at its start."""
    links: tuple[tuple[str, str], ...] = ()
    title: str = ""
    """Its first line, where that is bold and names what follows."""
    asides: tuple[Aside, ...] = ()
    code: str = ""
    """Its text without the backquotes, where it is code and nothing else."""


@dataclass(frozen=True, slots=True)
class Fence:
    language: str
    text: str
    line: int
    end: int


@dataclass(frozen=True, slots=True)
class Indented:
    """Text that four blanks set apart; only a playbook asks whether it is commands."""

    text: str
    line: int
    end: int


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[str, ...]
    line: int
    end: int
    pieces: tuple[tuple[str, ...], ...] = ()
    """Each cell's text as its line breaks and bullets divide it."""


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    line: int
    end: int
    header_end: int
    """The first line after the header and its rule."""


@dataclass(frozen=True, slots=True)
class ListItem:
    text: str
    lead: str
    line: int
    text_end: int
    end: int
    box: bool
    links: tuple[tuple[str, str], ...]
    blocks: "tuple[Block, ...]"
    """What follows the item's first paragraph."""
    asides: tuple[Aside, ...] = ()


@dataclass(frozen=True, slots=True)
class List:
    ordered: bool
    items: tuple[ListItem, ...]
    line: int
    end: int


@dataclass(frozen=True, slots=True)
class Quote:
    blocks: "tuple[Block, ...]"
    line: int
    end: int


Block = Paragraph | Fence | Indented | Table | List | Quote


@dataclass(slots=True, eq=False)
class Section:
    heading: str
    level: int
    line: int
    end: int
    """The first line after the heading."""
    parent: "Section | None" = None
    is_title: bool = False
    """The document's own title says nothing about the sections below it."""
    blocks: list[Block] = field(default_factory=list)
    children: "list[Section]" = field(default_factory=list)
    _before: dict[int, Paragraph] | None = None

    @property
    def path(self) -> tuple[str, ...]:
        above = self.parent.path if self.parent else ()
        return above if self.is_title or not self.heading else (*above, self.heading)

    def walk(self) -> "Iterator[Section]":
        yield self
        for child in self.children:
            yield from child.walk()

    def ancestors(self) -> "Iterator[Section]":
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    def says(self, pattern: re.Pattern[str]) -> float:
        """How clearly the headings say it: 2 its own, 1 one above it, 0 none."""
        if not self.is_title and pattern.search(self.heading):
            return 2.0
        return 1.0 if any(not above.is_title and pattern.search(above.heading) for above in self.ancestors()) else 0.0

    def paragraph_before(self, block: Block) -> Paragraph | None:
        """The paragraph right before a block of this section, which often names it."""
        if self._before is None:
            self._before = {after.line: before for before, after in pairwise(self.blocks) if isinstance(before, Paragraph)}
        return self._before.get(block.line)

    def parts(self) -> "list[Section]":
        """What bold lines divide the section into, each as if the line were a heading; empty when there are none."""
        found: list[Section] = []
        for block in self.blocks:
            if isinstance(block, Paragraph) and block.title:
                found.append(Section(block.lead.rstrip(": "), self.level + 1, block.line, block.line + 1, self))
            if found:
                found[-1].blocks.append(block)
        return found

    def lists(self) -> list[List]:
        return [block for block in self.blocks if isinstance(block, List)]

    def tables(self) -> list[Table]:
        return [block for block in self.blocks if isinstance(block, Table)]

    def fences(self) -> list[Fence]:
        return [block for block in self.blocks if isinstance(block, Fence)]

    def paragraphs(self) -> list[Paragraph]:
        return [block for block in self.blocks if isinstance(block, Paragraph)]


@dataclass(frozen=True, slots=True)
class Document:
    lines: tuple[str, ...]
    front: dict[str, str]
    """The keys of a YAML front matter that stand on one line."""
    root: Section
    counts: Counts
    open_fence: int | None
    """The line of a fence that nothing closes: it has swallowed all that follows."""

    def sections(self) -> Iterator[Section]:
        yield from self.root.walk()
