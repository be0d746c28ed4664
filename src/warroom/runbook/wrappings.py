"""What site generators wrap around Markdown is taken away, line by line, so that no line moves and none is read as code."""

import re
from collections.abc import Sequence

_FENCE = re.compile(r"[\s>]*(?:(?:[-*+]|\d+[.)])\s+)?(`{3,}|~{3,})(.*)$")
_ADMONITION = re.compile(r"\s*(?:!!!|\?\?\?\+?)\s+[\w-]+(?:\s+[\w-]+)*\s*(?:\"[^\"]*\")?\s*$")
_TAB = re.compile(r"\s*===[!+]*\s+[\"'](.*)[\"']\s*$")
_COLONS = re.compile(r"\s*:{3,}\s*(?:[\w-]+(?:\s*\[[^\]]*\])?(?:\s*\{[^}]*\})?(?:\s+[^\s:][^:]*)?)?\s*$")
_SHORTCODE = re.compile(r"\s*\{\{[<%][^{}]*[%>]\}\}")
_FOLD = re.compile(r"</?(?:details|summary)\b[^<>]*>\s*", re.IGNORECASE)


def unwrapped(lines: Sequence[str]) -> list[str]:
    """As many lines as there were: a wrapping's own line is empty, the text inside it stands where it would without it.

    Lines of a fence are left alone. The title of a fold (`<summary>`) or a tab (`===`) stays as a paragraph.
    """
    found: list[str] = []
    inside: list[int] = []
    """The indent of the text of each admonition around the line."""
    fence = fold = ""
    for line in lines:
        indent = _indent(line)
        while inside and line.strip() and indent < inside[-1]:
            inside.pop()
            fence = ""
        if inside:
            line = " " * (indent - 4 * len(inside)) + line.lstrip() if line.strip() else line
        if mark := _FENCE.match(line):
            if not fence:
                fence = mark[1] if "`" not in mark[2] else ""
            elif mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
        elif fence:
            pass
        elif _ADMONITION.match(line):
            inside.append(indent + 4)
            line = ""
        elif tab := _TAB.match(line):
            inside.append(indent + 4)
            line = " " * _indent(line) + tab[1]
        elif _COLONS.match(line) or _only_shortcodes(line):
            line = ""
        elif _FOLD.match(line.lstrip()) or line.rstrip().lower().endswith(("</summary>", "</details>")):
            fold = " " * _indent(line) if "<details" in line.lower() else fold
            rest = _FOLD.sub(" ", line).strip()
            line = fold + rest if rest else ""
        found.append(line)
    return found


def _only_shortcodes(line: str) -> bool:
    return "{{" in line and not _SHORTCODE.sub("", line).strip() and bool(_SHORTCODE.match(line))


def _indent(line: str) -> int:
    wide = line.expandtabs(4)
    return len(wide) - len(wide.lstrip())
