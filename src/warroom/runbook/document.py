"""The token tree of a Markdown text as sections of blocks that know their lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from warroom.runbook import inlines
from warroom.runbook.asides import Aside, asides, only_code
from warroom.runbook.model import Counts
from warroom.runbook.wrappings import unwrapped

NESTING = 60
"""Lists and quotes deeper than this are not parsed; their lines stay prose."""
_NEWLINE = re.compile(r"\r\n?|\n")
_BOX = re.compile(r"(?:\[[ xX]\]|[☐☑□▢⬜])\s+")
_LETTER = re.compile(r"\s*([a-zA-Z])[.)]\s+")
_ASIDE = re.compile(r"\s*:?\s*(\([^()]*\))?\s*:?\s*")


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


def parse(text: str) -> Document:
    lines = _NEWLINE.split(text)
    front_end = _front_matter(lines)
    body = "\n".join([""] * front_end + unwrapped(lines[front_end:])).removeprefix("\ufeff")
    found = _tokens(body)
    never_closed = _open_fence(found, lines)
    if never_closed and (closed := _closed(body, never_closed)):
        found = _tokens(closed)
    root = _Tree(found, lines).sections()
    front = (line.split(":", 1) for line in lines[1 : max(front_end - 1, 1)] if re.match(r"\w[\w -]*:\s*\S", line))
    return Document(
        tuple(lines),
        {key.strip().lower(): value.strip().strip("'\"") for key, value in front},
        root,
        _counts(found),
        never_closed,
    )


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": NESTING}).enable("table")


def _tokens(body: str) -> list[Token]:
    try:
        return _parser().parse(body)
    except RecursionError:  # nested beyond reason, or called from deep inside another stack: all of it stays prose
        return []


def _closed(body: str, fence: int) -> str:
    """The text with that shell fence, which nothing closes, ended before the first heading after a blank line; empty: there is none.

    The mark takes the place of the blank line, so that no line moves.
    """
    lines = body.split("\n")
    opened = re.match(r"(\s*)(`{3,}|~{3,})\s*(bash|sh|shell|console|zsh)\b", lines[fence - 1])
    for number in range(fence, len(lines) - 1) if opened else ():
        if not lines[number].strip() and re.match(r"#{2,6} \S", lines[number + 1]):
            return "\n".join([*lines[:number], opened[1] + opened[2] if opened else "", *lines[number + 1 :]])
    return ""


def _front_matter(lines: Sequence[str]) -> int:
    """How many lines at the top are YAML between two rules; CommonMark would read them as a heading."""
    if not lines or lines[0].removeprefix("\ufeff").rstrip() != "---":
        return 0
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            return number + 1
        if line.strip() and not re.match(r"[\s#-]|\w[\w -]*:", line):
            return 0
    return 0


def _counts(found: Sequence[Token]) -> Counts:
    depth = headings = boxes = tables = nested = 0
    languages: list[str] = []
    for at, token in enumerate(found):
        if token.type in ("list_item_open", "list_item_close"):
            depth += token.nesting
        elif token.type == "heading_open":
            headings += 1
        elif token.type == "table_open":
            tables += 1
        elif token.type == "fence":
            languages.append(_language(token))
            nested += depth > 0
        elif token.type == "inline" and at > 1 and found[at - 2].type == "list_item_open" and _BOX.match(token.content + " "):
            boxes += 1
    return Counts(
        headings=headings,
        checkboxes=boxes,
        tables=tables,
        fences=len(languages),
        fences_bash=languages.count("bash"),
        fences_markdown=languages.count("markdown") + languages.count("md"),
        fences_plain=languages.count(""),
        fences_in_lists=nested,
    )


def _open_fence(found: Sequence[Token], lines: Sequence[str]) -> int | None:
    """In a list or a quote a fence ends with its item; only one that reaches the end of the file is told."""
    last = next((token for token in reversed(found) if token.type == "fence"), None)
    if last is None or not last.map or any(line.strip() for line in lines[last.map[1] :]):
        return None
    first, end = last.map
    closed = end - 1 > first and re.fullmatch(rf"[\s>]*{re.escape(last.markup)}+\s*", lines[end - 1])
    return None if closed else first + 1


def _language(token: Token) -> str:
    return next(iter(token.info.split()), "").lower()


class _Tree:
    """Reads the flat token list from left to right."""

    def __init__(self, tokens: Sequence[Token], lines: Sequence[str]) -> None:
        self.tokens = tokens
        self.lines = lines
        self.at = 0

    def sections(self) -> Section:
        root = here = Section("", 0, 1, 1)
        first = True
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.type == "heading_open":
                level, (line, end) = int(token.tag[1]), _lines(token)
                while here.level >= level and here.parent:
                    here = here.parent
                section = Section(inlines.plain(self.tokens[self.at + 1]), level, line, end, here, is_title=first and level == 1)
                here.children.append(section)
                here, first = section, False
                self.at += 3
            elif block := self.block():
                here.blocks.append(block)
        return root

    def block(self) -> Block | None:
        """The block that starts here; None for what has no words of its own or is left as prose."""
        token = self.tokens[self.at]
        self.at += 1
        line, end = _lines(token)
        match token.type:
            case "paragraph_open" | "heading_open":
                inline = self.tokens[self.at]
                self.at += 2
                lead, text = inlines.lead(inline), inlines.plain(inline)
                named = _title(lead, inline)
                paragraph = Paragraph(text, line, end, lead, inlines.links(inline), named, asides(inline, line), only_code(inline))
                return _boxes(paragraph, inline) or _lettered(paragraph, inline) or paragraph if token.level == 0 else paragraph
            case "fence":
                return Fence(_language(token), token.content, line, end)
            case "code_block":
                return Indented(token.content, line, end)
            case "bullet_list_open" | "ordered_list_open":
                return List(token.type.startswith("ordered"), tuple(self.items()), line, end)
            case "blockquote_open":
                return Quote(tuple(self.blocks("blockquote_close")), line, end)
            case "table_open":
                return self.table(line, end)
            case "html_block" if token.level == 0 and "<table" in token.content.lower():
                return self.html_table(line, end)
        return None

    def blocks(self, close: str) -> Iterator[Block]:
        while self.tokens[self.at].type != close:
            if block := self.block():
                yield block
        self.at += 1

    def items(self) -> Iterator[ListItem]:
        while self.tokens[self.at].type == "list_item_open":
            line, end = _lines(self.tokens[self.at])
            self.at += 1
            blocks = tuple(self.blocks("list_item_close"))
            first = blocks[0] if blocks and isinstance(blocks[0], Paragraph) else Paragraph("", line, line)
            box = _BOX.match(first.text + " ")
            text = first.text[box.end() :].strip() if box else first.text
            rest = tuple(map(self._prompted, blocks[1:] if first in blocks else blocks))
            yield ListItem(text, first.lead, line, first.end, end, box is not None, first.links, rest, first.asides)
        self.at += 1

    def _prompted(self, block: Block) -> Block:
        """Four blanks below an item are too few for code; a prompt says that it was meant as such."""
        if not isinstance(block, Paragraph) or not re.match(r"\s*\$ \S", self.lines[block.line - 1]):
            return block
        return Indented("".join(f"{line.strip()}\n" for line in self.lines[block.line - 1 : block.end - 1]), block.line, block.end)

    def table(self, line: int, end: int) -> Table:
        rows: list[Row] = []
        cells: list[str] = []
        pieces: list[tuple[str, ...]] = []
        while (token := self.tokens[self.at]).type != "table_close":
            if token.type == "inline":
                cells.append(inlines.plain(token))
                pieces.append(inlines.pieces(token))
            elif token.type == "tr_open":
                cells, pieces, (first, after) = [], [], _lines(token)
            elif token.type == "tr_close":
                rows.append(Row(tuple(cells), first, after, tuple(pieces)))
            self.at += 1
        self.at += 1
        return Table(rows[0].cells, tuple(rows[1:]), line, end, line + 2)

    def html_table(self, line: int, end: int) -> Table | None:
        """A table in HTML may have blank lines, after which the rest is another token."""
        last = end
        while self.at < len(self.tokens) and "</table" not in "\n".join(self.lines[line - 1 : last - 1]).lower():
            token = self.tokens[self.at]
            if token.type == "heading_open":
                break
            last = max(last, _lines(token)[1] if token.map else last)
            self.at += 1
        while self.at < len(self.tokens) and (self.tokens[self.at].level > 0 or self.tokens[self.at].nesting < 0):
            self.at += 1
        found = _Html(line)
        found.feed("\n".join(self.lines[line - 1 : last - 1]))
        found.close()
        rows = [row for row in found.rows if row.cells]
        if len(rows) < 2:
            return None
        return Table(rows[0].cells, tuple(rows[1:]), line, last, rows[0].end)


class _Html(HTMLParser):
    """The rows of the tables in a stretch of HTML."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.first = line - 1
        self.rows: list[Row] = []
        self._cells: list[tuple[str, ...]] = []
        self._begun = 0
        self._pieces: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._row()
            self._begun = self.first + self.getpos()[0]
        elif tag in ("td", "th"):
            self._cell()
            self._begun = self._begun or self.first + self.getpos()[0]
            self._pieces = [""]
        elif tag in ("br", "li", "p") and self._pieces is not None:
            self._pieces.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell()
        elif tag in ("tr", "table"):
            self._row()

    def handle_data(self, data: str) -> None:
        if self._pieces is not None:
            self._pieces[-1] += data

    def _cell(self) -> None:
        if self._pieces is not None:
            self._cells.append(tuple(piece for each in self._pieces if (piece := " ".join(each.replace("**", "").split()))))
        self._pieces = None

    def _row(self) -> None:
        self._cell()
        if self._cells:
            cells = tuple(" ".join(pieces) for pieces in self._cells)
            self.rows.append(Row(cells, self._begun, self.first + self.getpos()[0] + 1, tuple(self._cells)))
        self._cells, self._begun = [], 0


def _lines(token: Token) -> tuple[int, int]:
    first, end = token.map or (0, 0)
    return first + 1, end + 1


def _title(lead: str, inline: Token) -> str:
    """The first line of a paragraph, where it is bold and says no more than a name and something in brackets."""
    if not lead:
        return ""
    first = next((at for at, child in enumerate(inline.children or ()) if child.type in ("softbreak", "hardbreak")), None)
    text = inlines.plain(Token("inline", "", 0, children=(inline.children or [])[:first]))
    rest = text[len(lead) :] if text.startswith(lead) else None
    if rest is None or not _ASIDE.fullmatch(rest) or len(text) > 90 or text.endswith((".", "!", ",")):
        return ""
    return text.strip().rstrip(":").strip()


def _boxes(paragraph: Paragraph, inline: Token) -> "List | None":
    """Lines that each begin with a box are a list, also without the marks of one."""
    return _begun(paragraph, inline, _BOX, box=True) if _BOX.match(paragraph.text + " ") else None


def _lettered(paragraph: Paragraph, inline: Token) -> "List | None":
    """`a) …`, `b) …`: letters in their order are numbers."""
    if not _LETTER.match(paragraph.text):
        return None
    found = _begun(paragraph, inline, _LETTER, box=False)
    letters = [_LETTER.match(line) for line in inline.content.split("\n")]
    order = [each[1].lower() for each in letters if each]
    return found if order == [chr(ord("a") + number) for number in range(len(order))] and len(order) > 1 else None


def _begun(paragraph: Paragraph, inline: Token, mark: re.Pattern[str], *, box: bool) -> List:
    """A list whose items begin where a line begins with the mark."""
    entries: list[list[Token]] = [[]]
    starts = [paragraph.line]
    number = paragraph.line
    children = inline.children or []
    for at, child in enumerate(children):
        if child.type in ("softbreak", "hardbreak"):
            number += 1
            if at + 1 < len(children) and mark.match(children[at + 1].content + " "):
                entries.append([])
                starts.append(number)
                continue
        entries[-1].append(child)
    items = []
    for start, end, tokens in zip(starts, [*starts[1:], paragraph.end], entries, strict=True):
        text = inlines.plain(Token("inline", "", 0, children=tokens))
        found = mark.match(text + " ")
        items.append(ListItem(text[found.end() :].strip() if found else text, "", start, end, end, box, (), ()))
    return List(not box, tuple(items), paragraph.line, paragraph.end)
