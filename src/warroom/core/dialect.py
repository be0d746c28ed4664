"""How a channel writes: Slack's own marks, its escapes and its mentions."""

import re
from typing import NamedTuple

from warroom.core.team import Team, folded

MENTION = re.compile(r"(?<![\w<&/.@])@([A-Za-z][\w.-]*\w|[A-Za-z])")
BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
EVERYBODY = frozenset(("here", "channel", "everyone"))


class Mentioned(NamedTuple):
    """A text with its mentions as Slack has them, and the names of which nobody knows the id."""

    text: str
    unknown: tuple[str, ...] = ()


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def bold(text: str) -> str:
    """`**x**` is `*x*` there."""
    return BOLD.sub(r"*\1*", text)


def mention(name: str, team: Team) -> str:
    """As Slack writes it; empty: nobody knows the id."""
    words = name.strip().lstrip("@")
    if words.casefold() in EVERYBODY:
        return f"<!{words.casefold()}>"
    group = next((id for group, id in team.groups.items() if folded(group) == folded(words)), "")
    if group:
        return f"<!subteam^{group}>"
    person = team.person(words)
    return f"<@{person.slack}>" if person and person.slack else ""


def mentioned(text: str, team: Team) -> Mentioned:
    """Of an escaped text. An address (`a@b.c`) is no mention."""
    unknown: list[str] = []

    def instead(match: re.Match[str]) -> str:
        found = mention(match[1], team)
        if not found:
            unknown.append(match[1])
        return found or match[0]

    return Mentioned(MENTION.sub(instead, text), tuple(dict.fromkeys(unknown)))
