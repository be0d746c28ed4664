"""What programs and their verbs do: the table of `verbs.toml`, which a team may extend."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Generic, Literal, TypeVar

import msgspec

T = TypeVar("T")
Kind = Literal["read", "unknown", "mutate", "destroy"]
_CMDLET = re.compile(r"[A-Z][a-zA-Z]+-[A-Z]\w+")
ORDER: tuple[Kind, ...] = ("read", "unknown", "mutate", "destroy")
"""From harmless to worst."""


class When(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule that makes a call worse than its verb says; every condition that is given has to hold."""

    kind: Kind
    why: str
    verb: str = ""
    """A pattern for the words before the objects, for example `get|describe`."""
    word: str = ""
    """A pattern that one of the words matches."""
    flags: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    """Values of those flags that are harmless."""
    without: tuple[str, ...] = ()
    """Flags whose presence makes it harmless."""


class Program(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    also: tuple[str, ...] = ()
    """Other names of it."""
    kind: Kind = "unknown"
    """When no verb is listed that fits."""
    why: str = ""
    read: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    mutate: tuple[str, ...] = ()
    destroy: tuple[str, ...] = ()
    """Verbs, also of several words; `*` is any part of a word, `**` any words."""
    alone: tuple[str, ...] = ()
    """Verbs (empty: the program) that only read while no word follows them; with one they change something."""
    valued: tuple[str, ...] = ()
    """Flags that take the next word."""
    plain: tuple[str, ...] = ()
    """Flags that take none; needed where flags stand before the verb."""
    strict: bool = False
    """A flag that is neither makes the call unknown."""
    long: bool = False
    """Its flags are words after a single dash, so `-abc` is one flag."""
    fold: bool = False
    """Its verbs are the same in capitals."""
    raises: dict[str, Kind] = {}
    """Flags that make a call worse."""
    needs: tuple[str, ...] = ()
    """Without one of these flags the call is `otherwise`."""
    otherwise: Kind = "mutate"
    harmless: tuple[str, ...] = ()
    """Flags with which nothing is done: what would change is only shown."""
    when: tuple[When, ...] = ()
    lists: tuple[str, ...] = ()
    """Flags with which it only reads, without any verb."""
    prompts: bool = False
    """Without a verb it opens a prompt."""
    dashless: bool = False
    """The first word may be flags without their dash."""
    reads_as: Literal["", "shell", "sql", "mongo", "http", "sed", "awk", "find", "tee", "verbatim"] = ""
    code: tuple[str, ...] = ()
    """Flags whose value is text in the language of `reads_as`."""
    code_after: int = -1
    """Behind so many objects, every word is such text."""
    files: tuple[str, ...] = ()
    """Flags that name a file with such text."""
    wraps: int = -1
    """It runs the rest of its words, after so many of its own."""
    joined: bool = False
    """What it runs is joined and read by a shell again."""
    appends: bool = False
    """It adds words of its own to what it runs."""
    payload: dict[str, int] = {}
    """Verbs that run what follows `--`, or what follows so many words."""
    streams: dict[str, tuple[str, ...]] = {}
    """Verbs (empty: any) that never end with one of these flags; no flags: always."""
    ends: tuple[str, ...] = ()
    """Flags that make them end."""
    interactive: dict[str, tuple[str, ...]] = {}
    """Verbs that need a terminal, as with `streams`."""


class Verbs(msgspec.Struct, frozen=True, kw_only=True):
    programs: dict[str, Program] = {}
    functions: dict[str, Kind] = {}
    """Functions of SQL."""
    methods: tuple[str, ...] = ()
    """Methods of a MongoDB shell that only read."""

    def program(self, name: str) -> Program | None:
        found = self._by_name()
        return found.get(name) or (found.get(_cmdlets(name, _stars(Same(self)))) if _CMDLET.fullmatch(name) else None)

    def _by_name(self) -> Mapping[str, Program]:
        return _names(Same(self))

    def extended(self, text: str) -> "Verbs":
        """With another table over this one: its programs replace those of the same name, lists of verbs are added to them.

        Raises ValueError with one sentence when the text is no such table.
        """
        more = _parsed(text)
        programs = dict(self.programs)
        for name, program in more.programs.items():
            known = self.program(name)
            programs[name] = _merged(known, program) if known else program
            if known and name not in self.programs:
                first = next(key for key, value in self.programs.items() if value is known)
                programs[first] = msgspec.structs.replace(known, also=tuple(each for each in known.also if each != name))
        return Verbs(
            programs=programs,
            functions={**self.functions, **{name.lower(): kind for name, kind in more.functions.items()}},
            methods=self.methods + more.methods,
        )


class Same(Generic[T]):
    """Hangs an index on the identity of a table or a program."""

    def __init__(self, it: T) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.it is self.it


@cache
def _names(same: Same[Verbs]) -> Mapping[str, Program]:
    found: dict[str, Program] = {}
    for name, program in same.it.programs.items():
        for each in (*program.also, name):
            found.setdefault(each, program)
    return found


@cache
def _stars(same: Same[Verbs]) -> tuple[str, ...]:
    return tuple(name for name in _names(same) if name.endswith("-*"))


def _cmdlets(name: str, stars: Sequence[str]) -> str:
    """The entry for every cmdlet that begins as the name does."""
    return next((star for star in stars if name.startswith(star[:-1])), "")


@cache
def shipped() -> Verbs:
    """The table that ships with the console."""
    return _parsed(files("warroom.runbook").joinpath("verbs.toml").read_text(encoding="utf-8"))


def _parsed(text: str) -> Verbs:
    try:
        table = tomllib.loads(text)
        functions = {name.lower(): kind for kind, names in table.pop("sql", {}).items() for name in names}
        methods = table.pop("mongo-methods", {}).get("read", ())
        return msgspec.convert({"programs": table, "functions": functions, "methods": methods}, Verbs)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, AttributeError, TypeError) as problem:
        raise ValueError(f"the table of verbs is not understood: {' '.join(str(problem).split())}") from None


def _merged(known: Program, more: Program) -> Program:
    """Words of the later table leave the lists of the earlier one, so that a verb has one class."""
    said = {verb for kind in ORDER for verb in getattr(more, kind)}
    changes: dict[str, object] = {}
    for name in Program.__struct_fields__:
        mine, theirs = getattr(known, name), getattr(more, name)
        if name in ORDER:
            changes[name] = tuple(verb for verb in mine if verb not in said) + theirs
        elif isinstance(theirs, tuple):
            changes[name] = mine + theirs
        elif isinstance(theirs, dict):
            changes[name] = {**mine, **theirs}
        elif theirs != getattr(Program(), name):
            changes[name] = theirs
    return msgspec.structs.replace(known, **changes)


def phrases(program: Program, first: str) -> Sequence[tuple[Kind, str]]:
    """The verbs of the program that may fit words of which this is the first."""
    every = _by_first_word(Same(program))
    return (*every.get(first, ()), *every.get("*", ()))


@cache
def _by_first_word(same: Same[Program]) -> Mapping[str, Sequence[tuple[Kind, str]]]:
    """Those whose first word has a star stand under `*`."""
    found: dict[str, list[tuple[Kind, str]]] = {}
    for kind in ORDER:
        for phrase in getattr(same.it, kind):
            first = phrase.split()[0]
            found.setdefault("*" if "*" in first else first, []).append((kind, phrase))
    return found


def fits(phrase: str, words: tuple[str, ...]) -> int:
    """How many letters of the phrase the first words spell; -1: none."""
    parts = phrase.split()
    if len(parts) > 1 and parts[0] == "**":
        return len(parts[1]) if any(_word(parts[1]).fullmatch(word) for word in words) else -1
    if len(parts) > len(words):
        return -1
    if all(_word(part).fullmatch(word) for part, word in zip(parts, words, strict=False)):
        return sum(len(part.replace("*", "")) for part in parts) + 100 * len(parts)
    return -1


@cache
def _word(part: str) -> re.Pattern[str]:
    return re.compile(re.escape(part).replace(r"\*", ".*"))
