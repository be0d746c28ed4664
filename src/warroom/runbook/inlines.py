"""The words of a run of Markdown, without their marks."""

import re

from markdown_it.token import Token

_BREAK = re.compile(r"</?(br|b|i|em|strong|sub|sup|u|code|ul|ol|li|p|span|font|div|center)(\s[^<>]*)?/?>", re.IGNORECASE)
_SIGN = re.compile(r"\s*[^\w\s!-~]\S{0,3}\s*")
"""An emoji."""


def plain(inline: Token) -> str:
    """The words without their marks; a line break is a blank."""
    return " ".join(" ".join(pieces(inline)).split())


def pieces(inline: Token) -> tuple[str, ...]:
    """The words as the breaks and bullets of HTML divide them."""
    parts = [""]
    for child in inline.children or ():
        if child.type in ("softbreak", "hardbreak"):
            parts[-1] += " "
        elif child.type == "html_inline" and (found := _BREAK.fullmatch(child.content)):
            if found[1].lower() in ("br", "li", "p", "div", "ul", "ol"):
                parts.append("")
        else:
            parts[-1] += child.content
    return tuple(piece for part in parts if (piece := " ".join(part.split())))


def lead(inline: Token) -> str:
    """The bold words at its start, with the sign before them."""
    children = [child for child in inline.children or () if child.type != "text" or child.content.strip()]
    sign = ""
    if len(children) > 1 and children[0].type == "text" and _SIGN.fullmatch(children[0].content):
        sign, children = children[0].content, children[1:]
    if not children or children[0].type != "strong_open":
        return ""
    words = []
    for child in children[1:]:
        if child.type == "strong_close":
            break
        words.append(" " if child.type == "softbreak" else child.content)
    return " ".join("".join([sign, *words]).split())


def links(inline: Token) -> tuple[tuple[str, str], ...]:
    """Words and target of each."""
    found: list[tuple[str, str]] = []
    words: list[str] | None = None
    target = ""
    for child in inline.children or ():
        if child.type == "link_open":
            words, target = [], str(child.attrs.get("href", ""))
        elif child.type == "link_close" and words is not None:
            found.append((" ".join("".join(words).split()), target))
            words = None
        elif words is not None:
            words.append(child.content or " ")
    return tuple(found)
