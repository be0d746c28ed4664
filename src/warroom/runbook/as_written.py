"""Commands that would not run as they are written, each with the version that would; and what is still to be written."""

import re
from collections.abc import Iterator

from warroom.runbook.fences import placeholders
from warroom.runbook.model import Command, Found, Runbook
from warroom.runbook.shell import INCOMPLETE, read_script

_BLANK_AFTER = re.compile(r"\\[ \t]+(?=\n|$)")
_OPTION_BELOW = re.compile(r"(?<![\\|&({\s])[ \t]*\n(?=[ \t]*--?[a-zA-Z])")
_QUOTES = str.maketrans("“”„‘’", '"""\'\'')
_SAYS_NOTHING = re.compile(r"\w{1,2}|x+|y+|foo|bar|name|value|values|something|some-\w+|placeholder|replace-?me|your-\w|todo|tbd|\.+")
_GIVEN = re.compile(
    r"HOME|USER|LOGNAME|(?:OLD)?PWD|PATH|SHELL|HOSTNAME|TERM|LANG|EDITOR|TMPDIR|KUBECONFIG|RANDOM|SECONDS|E?UID|PPID|PIPESTATUS|BASH\w*"
)
"""Variables that a shell has by itself."""
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


def bare_placeholder(runbook: Runbook) -> Iterator[Found]:
    """A place to fill whose name says nothing, in a step that says no more."""
    told = set[str]()
    for book in runbook.playbooks:
        for step in book.steps:
            for each in step.commands:
                for place in placeholders(each.command):
                    spelling = place.spelling[0]
                    if (
                        _SAYS_NOTHING.fullmatch(place.name)
                        and not _mentions(f"{step.title} {step.prose}", spelling)
                        and spelling not in told
                    ):
                        told.add(spelling)
                        yield each.line, f"nothing says what {spelling} stands for", "name it after what it is, for example <pod-name>"


def unset_variable(runbook: Runbook) -> Iterator[Found]:
    """A variable that no command sets and no sentence tells of: the shell would take nothing for it."""
    commands = list(_commands(runbook))
    said = "\n".join(
        [prose.text for prose in runbook.prose] + [f"{step.title} {step.prose}" for book in runbook.playbooks for step in book.steps]
    )
    told = set[str]()
    for each in commands if any("$" in each.command for each in commands) else ():
        for name in _variables(each.command) - told:
            sets = re.compile(rf"(?<![\w$]){re.escape(name)}=|\b(?:for|read(?: -\w+)*|mapfile(?: -\w+)*) {re.escape(name)}\b")
            if not _GIVEN.fullmatch(name) and not any(sets.search(one.command) for one in commands) and not _mentions(said, name):
                told.add(name)
                yield (
                    each.line,
                    f"the variable ${name} is set nowhere in the playbooks",
                    f"set it in an earlier command, or write <{name.lower().replace('_', '-')}> for a value that is asked for",
                )


def _variables(command: str) -> set[str]:
    calls = read_script(command).calls
    return {
        name
        for call in calls
        for word in (*call.words, *(value for _, value in call.assigns))
        for name in word.names
        if name.isidentifier()
    }


def _mentions(text: str, name: str) -> bool:
    return bool(re.search(rf"(?<![\w$<{{]){re.escape(name)}(?![\w>}}])", text))


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
