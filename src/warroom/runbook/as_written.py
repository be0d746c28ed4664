"""Commands that would not run as they are written, each with the version that would; and what is still to be written."""

import re
from collections.abc import Iterator

from warroom.runbook.model import Command, Runbook
from warroom.runbook.shell import INCOMPLETE, read_script

Found = tuple[int, str, str]
_BLANK_AFTER = re.compile(r"\\[ \t]+(?=\n|$)")
_OPTION_BELOW = re.compile(r"(?<![\\|&({\s])[ \t]*\n(?=[ \t]*--?[a-zA-Z])")
_QUOTES = str.maketrans("“”„‘’", '"""\'\'')
_DASH = re.compile(r"(?<=\s)[–—](?=\w)")
_TO_WRITE = re.compile(
    r"<(?:insert|add|describe|fill in|todo|tbd)\b[^<>\n]*>|^[^\w\n]*(?:TODO|TBD|FIXME)\b.*", re.IGNORECASE | re.MULTILINE
)


def blank_after_backslash(runbook: Runbook) -> Iterator[Found]:
    for each in _commands(runbook):
        if found := _BLANK_AFTER.search(each.command):
            yield (
                each.line + each.command.count("\n", 0, found.start()),
                "a blank after the backslash ends the command here",
                f"write `{fixed(each.command)}`",
            )


def wrapped(runbook: Runbook) -> Iterator[Found]:
    for each in _commands(runbook):
        if not re.search(r"<<|['\"]", each.command) and (found := _OPTION_BELOW.search(each.command)):
            yield (
                each.line + each.command.count("\n", 0, found.start()),
                "the command goes on in the next line without a backslash, so the shell would run half of it",
                f"write `{fixed(each.command)}`",
            )


def smart_quotes(runbook: Runbook) -> Iterator[Found]:
    for each in _commands(runbook):
        if each.command.translate(_QUOTES) != each.command or _DASH.search(each.command):
            yield each.line, "these are quotes or dashes of a text, which the shell takes for letters", f"write `{fixed(each.command)}`"


def incomplete(runbook: Runbook) -> Iterator[Found]:
    for each in _commands(runbook):
        if read_script(each.command).trouble == INCOMPLETE:
            yield (
                each.line,
                f"{INCOMPLETE}, so nobody can tell what it would do",
                "close what is open (a quote, a bracket, a loop), or tag the fence as text",
            )


def to_be_written(runbook: Runbook) -> Iterator[Found]:
    for prose in runbook.prose:
        for found in _TO_WRITE.finditer(prose.text):
            line = prose.line + prose.text.count("\n", 0, found.start())
            yield line, f"{found[0].strip()!r} is still to be written", "write it, or take the line away"


def fixed(command: str) -> str:
    """The command as it was probably meant, on one line unless it has a here-document or a quote over lines."""
    straight = _DASH.sub(lambda dash: "-" if re.match(r"\w\b", command[dash.end() :]) else "--", command.translate(_QUOTES))
    whole = _BLANK_AFTER.sub(r"\\", straight)
    if not re.search(r"<<|['\"]", whole):
        whole = _OPTION_BELOW.sub(" \\\\\n", whole)
    return re.sub(r"\s*\\\n\s*", " ", whole)


def _commands(runbook: Runbook) -> Iterator[Command]:
    for book in runbook.playbooks:
        for step in book.steps:
            yield from step.commands
