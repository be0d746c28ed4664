"""What the rules need from the machine."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import msgspec

from warroom.core.entries import Entry
from warroom.core.logs import LogPart
from warroom.core.output import Output
from warroom.core.prepared import Prepared, Said, Wanted
from warroom.core.readings import Lease, Reading, Tried

if TYPE_CHECKING:
    from warroom.core.acts import Refusal
    from warroom.core.outbox import Intent, Service
    from warroom.runbook.classes import Judgement

T = TypeVar("T", covariant=True)
Sleep = Callable[[float], Awaitable[None]]


class Clock(Protocol):
    """Tells the time of the incident: the system's, or a scenario's that runs faster."""

    def now(self) -> datetime:
        """UTC."""
        ...

    def of(self, real: datetime) -> datetime:
        """A stamp that the world made in real time, as this clock's time."""
        ...

    def real(self, moment: datetime) -> datetime:
        """The way back: a moment of this clock in the world's time."""
        ...


class Feed(Protocol[T]):
    @property
    def field(self) -> str:
        """The field of World that it fills."""
        ...

    def readings(self) -> AsyncIterator[Reading[T]]: ...


AnyFeed = Feed[Any]


class RawLogs(Protocol):
    """The logs of the pods that are read, as their containers wrote them."""

    def containers(self, pod: str) -> tuple[str, ...]:
        """Of the pod with this key, those that do the work first; empty when there is no such pod any more."""
        ...

    def read(self, pod: str, container: str, *, previous: bool = False, tail: int = 1000) -> AsyncIterator[LogPart]:
        """Its last `tail` lines, then what it writes, through restarts and lost connections, until nobody iterates any more.

        A part comes at most ten times a second. `previous`: the run before the last restart, which ends after its last line;
        without one the trouble says so.
        """
        ...


class Present(msgspec.Struct, frozen=True):
    """A console, or `warroom watch`, that is open now."""

    id: str
    holder: str
    """Who and where: `ada@bastion`."""
    sees: bool = False
    """Whether it reads a cluster."""


class Leases(Protocol):
    """Gives the watch to one of all that ask."""

    async def ask(self, me: Present, now: datetime, *, wants: bool = True, least: int = 0) -> Lease: ...

    def leave(self, me: Present) -> None: ...


class Senders(Protocol):
    """Lets one process of all send for a service at a time, and knows what was begun: also by one that was killed meanwhile."""

    async def hold(self, service: str, me: Present, now: datetime) -> bool:
        """Takes or keeps the turn; False: another has it."""
        ...

    async def release(self, me: Present, service: str = "") -> None:
        """Of one service, or of all."""
        ...

    async def begin(self, id: str, now: datetime) -> None:
        """From here on nobody knows whether the service has it, until `note` says so."""
        ...

    async def note(self, tried: Tried) -> None: ...

    async def tries(self) -> dict[str, Tried]: ...


class JournalTrouble(Exception):
    """The journal could not be read or written, and nothing was changed. Its text is advice.

    `mistake`: what was named is no journal that its user can read, rather than that one has failed.
    """

    def __init__(self, advice: str, *, mistake: bool = False) -> None:
        super().__init__(advice)
        self.mistake = mistake


class Journal(Protocol):
    """Entries under the numbers 1, 2, 3 without a gap, each chained to the one before."""

    async def read(self, after: int) -> Sequence[Entry]:
        """The entries with a higher number, in order."""
        ...

    async def append(self, entries: Sequence[Entry], after: int) -> bool:
        """All durable when it returns True; none written, and False, when `after` is not the newest number.

        The journal numbers and chains them: `seq`, `prev` and `hash` of what it is given are ignored.
        """
        ...

    def follow(self) -> AsyncIterator[int]:
        """The newest number: once now, and again whenever it may have grown, whoever wrote."""
        ...


class Evidence(Protocol):
    """Texts that are too long for an entry."""

    async def keep(self, text: str) -> str:
        """Durable when it returns, under the name that it returns: its SHA-256. Raises JournalTrouble."""
        ...

    async def read(self, name: str) -> str: ...


class Running(Protocol):
    """A command under way."""

    def stop(self) -> None:
        """Ends it and all that it started."""
        ...

    async def output(self) -> Output:
        """When it has ended."""
        ...


class Shell(Protocol):
    """Runs commands on the pinned cluster; what it will not run ends at once, and its output says why."""

    def start(self, command: str, said: Callable[[str], None] = ...) -> Running:
        """`said` gets what it prints as it comes, ready to be shown."""
        ...


class Runner(Protocol):
    """Runs the steps of playbooks, and writes into the journal what it does: the screen and the command line only ask."""

    @property
    def console(self) -> str:
        """What this console is called in Arm and StepStarted."""
        ...

    def judge(self, command: str) -> "Judgement":
        """What a command would do, without looking at the cluster: `kind`, `why`, `interactive`, `streams`."""
        ...

    async def prepare(self, wanted: Wanted) -> Prepared:
        """What it will really be. Where it would change something the cluster is asked, so it takes seconds; nothing is changed."""
        ...

    async def undoing(self, debt: str) -> "Prepared | Refusal":
        """The inverse of a temporary change, prepared like any other command."""
        ...

    async def checking(self, run: str) -> "Prepared | Refusal":
        """A command that only reads, and shows how what a run with an unknown outcome would change is now."""
        ...

    async def start(self, prepared: Prepared, said: Said, heard: Callable[[str], None] = ...) -> "Running | Refusal":
        """The start is in the journal when this returns, the end before `output` returns. What changes something is prepared anew
        and refused where that came out differently: a card that was read long ago is no consent. `heard` gets what it prints."""
        ...

    async def hand_over(self, prepared: Prepared, said: Said) -> "Output | Refusal":
        """Runs an interactive command on the terminal of this process, which the caller has cleared (`App.suspend`)."""
        ...

    async def find_lost(self) -> None:
        """Writes down each run whose console is gone: once, when a console opens."""
        ...


class Company(Protocol):
    """Those who share this console's terminal."""

    async def author(self, at: float) -> str:
        """Who pressed the key that came `at` seconds since 1970; `unsure: …` when it cannot be told, empty when there is but one."""
        ...

    async def take_over(self, at: float) -> str:
        """The others only look from now on; whose key it was, or empty when that is not certain."""
        ...


class Sent(msgspec.Struct, frozen=True):
    """It is there. `reference` is what the service calls it; `text` what was really done, where that is more than saying the text."""

    reference: str = ""
    text: str = ""


class Failed(msgspec.Struct, frozen=True):
    """It is not there, or nobody knows. `final`: trying again cannot help before somebody changes something.

    `unsure`: the service may have done it, or may still do it.
    """

    why: str
    final: bool = False
    unsure: bool = False
    after: float = 0.0
    """Seconds that the service asks to wait."""


class Channel(Protocol):
    """A service that carries pages or messages. No call raises for what a network can do, and each ends in time."""

    @property
    def service(self) -> "Service": ...

    @property
    def address(self) -> str:
        """Where it sends to."""
        ...

    def knows_again(self, intent: "Intent") -> bool:
        """Whether the service itself makes one of it when it is sent twice."""
        ...

    async def send(self, intent: "Intent") -> Sent | Failed: ...

    async def find(self, intent: "Intent") -> Sent | Failed | None:
        """Reads back whether it is there; None: it is not."""
        ...


class Papers(Protocol):
    """The post-mortem of an incident as a file that people edit; `text` is what the journal has to say now."""

    def path(self, incident: str) -> str: ...

    async def shown(self, incident: str, text: str) -> str:
        """What would stand in the file if it were written now: edits stay."""
        ...

    async def written(self, incident: str, text: str, pictures: Mapping[str, str]) -> "str | Refusal":
        """The file's path, once it is written, with the pictures beside it by their names."""
        ...

    async def edited(self, incident: str) -> "Refusal | None":
        """Opens it in the user's editor, which takes the terminal, and returns when that is left."""
        ...
