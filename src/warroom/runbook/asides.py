"""What may be a command inside a sentence: code in backquotes, and lines of their own below a colon."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

_RUN = re.compile(r"(?:[:→—–]|\b(?:run|running|runs|execute|executing|try|type|enter|issue|command|call))[\s*_]*$", re.IGNORECASE)
_WITH = re.compile(r"\b(?:use|using|with|via|by|do)[\s*_]*$", re.IGNORECASE)
_PROMPT = re.compile(r"^[$#]\s+")
LONG = 3
"""Words that a command has at least where it is only named in passing."""


@dataclass(frozen=True, slots=True)
class Aside:
    text: str
    line: int
    bare: bool = False
    """It has no marks: what follows a colon, in the same line or in lines of its own."""


@dataclass(slots=True)
class _Line:
    number: int
    said: str = ""
    codes: list[tuple[str, str]] = field(default_factory=list)
    """Each code with what is said before it."""


def asides(inline: Token, first: int) -> tuple[Aside, ...]:
    """`first` is the line on which the sentence begins."""
    found: list[Aside] = []
    before = ""
    for line in _lines(inline, first):
        for code, said in line.codes:
            sentence = said or (before if not line.said.replace(code, "", 1).strip(" $#") else "")
            size = len(code.split())
            leads = not said and size >= LONG
            if size > 1 and (_RUN.search(sentence) or leads or (size >= LONG and _WITH.search(sentence))):
                found.append(Aside(code, line.number))
        if not line.codes and (bare := line.said if before.rstrip().endswith(":") else line.said.rpartition(": ")[2]).strip():
            found.append(Aside(bare.strip(), line.number, bare=True))
        below = bool(found) and found[-1].line == line.number and found[-1].text == line.said.strip()
        before = before if below else line.said
    return tuple(found)


def only_code(inline: Token) -> str:
    """The code of a paragraph that is nothing else, a line for each of its own; empty: it has other words."""
    lines = [""]
    for child in inline.children or ():
        if child.type in ("softbreak", "hardbreak"):
            lines.append("")
        elif child.type == "code_inline" and not lines[-1]:
            lines[-1] = child.content
        elif child.content.strip() or child.type != "text":
            return ""
    return "\n".join(lines) if any(lines) else ""


def _lines(inline: Token, first: int) -> Sequence[_Line]:
    lines = [_Line(first)]
    for child in inline.children or ():
        here = lines[-1]
        if child.type in ("softbreak", "hardbreak"):
            lines.append(_Line(here.number + 1))
        elif child.type == "code_inline":
            here.codes.append((_PROMPT.sub("", child.content), here.said.strip()))
            here.said += child.content
        else:
            here.said += child.content
    return lines
