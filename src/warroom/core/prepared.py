"""A command before it runs: what it will really be, what it would change, what speaks against it, and what has to be said first."""

from datetime import datetime
from typing import Literal

import msgspec

from warroom.runbook.verbs import Kind

Asks = Literal["nothing", "yes", "name"]
"""Nothing: it only reads. Yes: the card, and one key. Name: the card, and the typed word `Prepared.word`."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody is about to run: a command of a step, or one that belongs to a step."""

    playbook: str
    step: int
    command: int = 1
    """From 1; 0: none of the step's commands."""
    text: str = ""
    """Edited for this run; empty: as the runbook has it."""
    values: tuple[tuple[str, str], ...] = ()
    """What placeholders stand for in this run, by any of their spellings; what the incident remembers need not be given."""
    pays: str = ""
    """The debt that it repays."""
    selected: str = ""
    """The pod under the cursor: the first candidate."""


class Candidate(msgspec.Struct, frozen=True):
    """`why` it is offered: `CrashLoopBackOff, 6 restarts`, `selected`."""

    value: str
    why: str = ""


class Blank(msgspec.Struct, frozen=True, kw_only=True):
    """A placeholder, with all its spellings; `value` is empty while nothing was said, `trouble` why the value cannot stand there."""

    name: str
    spelling: tuple[str, ...]
    value: str = ""
    trouble: str = ""
    candidates: tuple[Candidate, ...] = ()


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """Ready pods at one time of the change: between `least` and `most` of `wanted`."""

    when: Literal["now", "during", "after"]
    least: int
    most: int
    wanted: int
    words: str = ""
    """`never below today's 3`."""


class Blast(msgspec.Struct, frozen=True, kw_only=True):
    """The blast radius: what is known of it. Sentences without markup, ready for a line each."""

    title: str
    """`Roll back deployment/tensafe-server from r42 to r41`."""
    object: str = ""
    """`deployment/tensafe-server`; empty: what it changes cannot be foreseen."""
    context: str = ""
    namespace: str = ""
    effects: tuple[str, ...] = ()
    dry_run: str = ""
    """What the server said to it, empty: it was not asked."""
    accepted: bool | None = None
    at: datetime | None = None
    """When it was asked."""
    diff: tuple[str, ...] = ()
    """Lines that begin with `- ` or `+ `."""
    ready: tuple[Ready, ...] = ()
    warnings: tuple[str, ...] = ()
    """The serious ones first."""
    serious: int = 0
    """How many of them are: with one the name has to be typed."""
    calm: tuple[str, ...] = ()
    """What was looked for and is not so: `no autoscaler`."""


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """`refusal` is why it will not run at all; with blanks unfilled it says which."""

    wanted: Wanted
    written: str
    """As the runbook has it."""
    runs: str
    """As it will run, with the values in it."""
    kind: Kind
    why: str
    title: str = ""
    """Of the step."""
    added: tuple[str, ...] = ()
    """What we put into it, each with why."""
    blanks: tuple[Blank, ...] = ()
    interactive: bool = False
    """It needs the terminal: `Runner.hand_over`."""
    streams: bool = False
    """It ends only when it is stopped."""
    secret: bool = False
    """What it prints is shown and never stored."""
    asks: Asks = "nothing"
    word: str = ""
    """What has to be typed, or given with `--yes-i-mean`."""
    untrusted: bool = False
    """Nobody on this machine has trusted this runbook yet: asked once, before anything else."""
    refusal: str = ""
    blast: Blast | None = None
    """None for what only reads."""
    inverse: str = ""
    """What undoes it; empty: nothing is known that does."""
    then: str = ""
    """What is worth watching afterwards: `kubectl rollout status …`, run as a command 0 of the step."""

    @property
    def changes(self) -> bool:
        return self.kind != "read"


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """The answers. `arms` arms for this one run: the command line's `--yes-i-mean`."""

    yes: bool = False
    name: str = ""
    trusts: bool = False
    arms: bool = False
