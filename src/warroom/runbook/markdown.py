"""A Markdown text becomes a document: sections of blocks that know their lines."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from warroom.runbook import inlines
from warroom.runbook.asides import asides, only_code
from warroom.runbook.document import Block, Document, Fence, Indented, List, ListItem, Paragraph, Quote, Row, Section, Table
from warroom.runbook.htmltable import HtmlRows
from warroom.runbook.model import Counts
from warroom.runbook.typedlists import BOX, typed_list
from warroom.runbook.wrappings import unwrapped

NESTING = 60
"""Lists and quotes deeper than this are not parsed; their lines stay prose."""
_NEWLINE = re.compile(r"\r\n?|\n")
_ASIDE = re.compile(r"\s*:?\s*(\([^()]*\))?\s*:?\s*")


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
        elif token.type == "inline" and at > 1 and found[at - 2].type == "list_item_open" and BOX.match(token.content + " "):
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
                return typed_list(paragraph, inline) or paragraph if token.level == 0 else paragraph
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
            box = BOX.match(first.text + " ")
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
        found = HtmlRows(line)
        found.feed("\n".join(self.lines[line - 1 : last - 1]))
        found.close()
        rows = [row for row in found.rows if row.cells]
        if len(rows) < 2:
            return None
        return Table(rows[0].cells, tuple(rows[1:]), line, last, rows[0].end)


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
