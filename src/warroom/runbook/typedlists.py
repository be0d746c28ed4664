"""Lists that were typed without the marks of one: boxes and letters at the start of lines."""

import re

from markdown_it.token import Token

from warroom.runbook import inlines
from warroom.runbook.document import List, ListItem, Paragraph

BOX = re.compile(r"(?:\[[ xX]\]|[☐☑□▢⬜])\s+")
_LETTER = re.compile(r"\s*([a-zA-Z])[.)]\s+")


def typed_list(paragraph: Paragraph, inline: Token) -> List | None:
    """The paragraph as a list, where its lines begin as items do."""
    return _boxes(paragraph, inline) or _lettered(paragraph, inline)


def _boxes(paragraph: Paragraph, inline: Token) -> List | None:
    """Lines that each begin with a box are a list, also without the marks of one."""
    return _begun(paragraph, inline, BOX, box=True) if BOX.match(paragraph.text + " ") else None


def _lettered(paragraph: Paragraph, inline: Token) -> List | None:
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
