"""The keys of everywhere, keys that arrive together, and the page that lists all of them."""

import asyncio
import pkgutil
from collections import deque
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.binding import Binding, BindingType
from textual.dom import DOMNode

if TYPE_CHECKING:
    from textual.app import App

PLACES = {"1": "metrics", "2": "pods", "3": "errors", "4": "events", "5": "deadlines", "6": "severity", "7": "timeline"}
"""The number row, in the order an incident runs; a digit whose place does not exist is no key."""
_SAYS = {
    "metrics": "the figures of the service, against the runbook; again: back to where you were",
    "pods": "what runs and what fails; again: back to where you were",
    "errors": "what the logs complain about, and of which release; again: back to where you were",
    "events": "what the cluster says about it; again: back to where you were",
    "deadlines": "what was promised, to whom, and what missing it costs; again: back to where you were",
    "severity": "how bad it is, by the runbook; again: the first response, the steps of the phase, and back",
    "timeline": "what people did and saw; again: the screen where it is written and corrected",
}
EVERYWHERE: list[BindingType] = [
    *(Binding(digit, f"go('{name}')", name, id=f"map.to_{name}", tooltip=_SAYS[name]) for digit, name in PLACES.items()),
    Binding(
        "f", "runbook", "runbook", show=False, id="map.runbook", tooltip="the runbook, where it says what is under the cursor; again: back"
    ),
    Binding(
        "A", "assess", "assess", show=False, id="map.assess", tooltip="the runbook's quick assessment: runs its reads at once; again: back"
    ),
    Binding(
        "B", "away", "since then", show=False, id="map.away", tooltip="what changed while you were away: said by itself when you come back"
    ),
    Binding(
        "T",
        "take_over",
        "take over",
        show=False,
        id="room.take_over",
        tooltip="where several type at one terminal: you go on alone, the others look",
    ),
    Binding(
        "8", "playbooks", "playbooks", id="map.playbooks", tooltip="the runbook's playbooks, step by step; again: back to where you were"
    ),
    Binding(
        "H",
        "place('handoff')",
        "hand over",
        show=False,
        id="map.handoff",
        tooltip="the brief for the next shift, its signatures; again: back",
    ),
    Binding("9", "messages", "messages", id="map.messages", tooltip="what is told to whom: fill, look, send; again: back"),
    Binding("0", "place('review')", "review", id="map.review", tooltip="the post-mortem, what it lacks, the meeting; again: back"),
    Binding("colon", "palette", "go", id="map.palette", tooltip="any place, act, theme or pod by its name"),
    Binding("question_mark", "help", "help", id="map.help", tooltip="what to do with the pane in an incident, and every key"),
    Binding(
        "ctrl+q", "leave", "quit", show=False, priority=True, id="room.quit", tooltip="leave, after naming the deadlines nobody will watch"
    ),
    Binding("ctrl+c", "interrupt", "quit", show=False, priority=True, id="room.interrupt", tooltip="twice: leave at once"),
]


class Alt(NamedTuple):
    """A key as Textual's table of sequences wants it."""

    value: str


def free_alt() -> None:
    """Alt with a digit chooses: Textual takes it for the sign that a Mac writes by it. A letter is known at once, not after a wait.

    Alt with f and b stay what they are in a field: a word on, a word back.
    """
    for sign in "0123456789acdeghijklmnopqrstuvwxyz":
        ANSI_SEQUENCES_KEYS[f"\x1b{sign}"] = (Alt(f"alt+{sign}"),)  # type: ignore[index]


def write_no_alt(event: events.Key) -> None:
    """Terminals send a letter along with alt; a field would write it before anybody sees the key."""
    if event.key.startswith("alt+"):
        event.character = None


class Burst:
    """Keys that arrive together, as over a slow line: what the first one opens gets the next ones.

    Textual hands each key to what has the focus when it arrives, and only afterwards looks whether an earlier one moved the
    focus: of `n` and a sentence in one packet the sentence would be taken for commands.
    """

    PATIENCE = 0.5
    """Seconds after which a screen that does not settle gets the next key all the same."""

    def __init__(self, app: "App[None]") -> None:
        self._app = app
        self._held = deque[events.Key]()
        self._next: events.Key | None = None
        self._task: asyncio.Task[None] | None = None
        self._waits = False

    def wait(self) -> None:
        """From now on every key waits."""
        self._waits = True

    def go_on(self) -> None:
        """What waited takes its turn."""
        self._waits = False
        self._hand_on()

    def holds(self, event: events.Key) -> bool:
        """Whether it has to wait; it comes again when it is its turn."""
        if self._waits:
            self._held.append(event)
            return True
        if event is self._next:
            self._next = None
        elif self._task is not None or self._held or self._next is not None:
            self._held.append(event)
            return True
        return False

    @property
    def idle(self) -> bool:
        """Whether every key that came has been answered."""
        return self._task is None and self._next is None and not self._held

    def settle(self) -> None:
        """A key was handed on: the next one waits until what it caused has happened."""
        self._task = asyncio.create_task(self._settled())

    async def _settled(self) -> None:
        try:
            async with asyncio.timeout(self.PATIENCE):
                for _ in range(2):  # the key's way up, then what its action asked for
                    focused = self._app.focused
                    for node in focused.ancestors_with_self if focused else (self._app.screen, self._app):
                        await _reached(node)
        except TimeoutError:
            pass
        finally:
            self._task = None
            self._hand_on()

    def _hand_on(self) -> None:
        if self._held:
            self._next = self._held.popleft()
            self._app.post_message(self._next)


async def _reached(node: DOMNode) -> None:
    """Everything that was sent to it before has been handled."""
    done = asyncio.Event()
    if node.call_later(done.set):
        await done.wait()


async def reached_app(app: "App[None]") -> None:
    """What widgets sent before has arrived."""
    focused = app.focused
    for node in focused.ancestors_with_self if focused else (app.screen, app):
        await _reached(node)


# The page of all keys.


def bindings_of(kind: type[DOMNode]) -> Sequence[Binding]:
    """Those that it adds itself, one for each key."""
    return list(Binding.make_bindings(kind.__dict__.get("BINDINGS", ())))


def contexts() -> Iterator[tuple[type[DOMNode], Sequence[Binding]]]:
    """Each of our kinds of node that has keys: what is everywhere, the screens, the panes, the cards, what they are made of."""
    package = import_module("warroom.ui")
    for module in pkgutil.walk_packages(package.__path__, "warroom.ui."):
        import_module(module.name)
    order = ("app", "screens", "panes", "cards", "widgets")
    found = {kind for kind in _kinds(DOMNode) if kind.__module__.startswith("warroom.ui.") and "BINDINGS" in kind.__dict__}

    def place(kind: type[DOMNode]) -> tuple[int, str, str]:
        return order.index(kind.__module__.split(".")[2]), kind.__module__, kind.__name__

    for kind in sorted(found, key=place):
        if own := bindings_of(kind):
            yield kind, own


def _kinds(kind: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for each in kind.__subclasses__():
        yield each
        yield from _kinds(each)


NAMES = {
    "question_mark": "?",
    "colon": ":",
    "comma": ",",
    "full_stop": ".",
    "slash": "/",
    "exclamation_mark": "!",
    "at": "@",
    "escape": "esc",
    "pagedown": "page down",
    "pageup": "page up",
    "plus": "+",
    "minus": "-",
}
HEAD = """# Keys

Generated from the bindings by `python -m warroom.ui.keys > docs/keys.md`; do not edit it by hand.
The number row is the map: a digit goes to its pane, the same digit again shows what more it has, then goes back to where one was.
While a field has the focus, only enter, esc, tab and keys with alt or ctrl act. Every key has an id, for a keymap of one's own.
"""


def spelled(key: str) -> str:
    """A key as people write it."""
    *held, last = key.split("+")
    if last.startswith("upper_"):
        last = last.removeprefix("upper_").upper()
    return "+".join([*held, NAMES.get(last, last)])


def page() -> str:
    """docs/keys.md."""
    out = [HEAD]
    for kind, own in contexts():
        where = kind.__module__.removeprefix("warroom.ui.").replace(".", "/")
        title = "Everywhere" if where == "app" else f"{kind.__name__} (`{where}.py`)"
        told = (kind.__doc__ or "").strip().splitlines()
        out += [
            f"## {title}",
            "",
            *([told[0], ""] if told and where != "app" else []),
            "| key | id | what | in an incident |",
            "|---|---|---|---|",
        ]
        grouped: dict[tuple[str, str], list[Binding]] = {}
        for binding in own:
            grouped.setdefault((binding.id or "", binding.action), []).append(binding)
        for (id, _), those in grouped.items():
            keys = ", ".join(f"`{spelled(each.key)}`" for each in those)
            out.append(f"| {keys} | `{id}` | {those[0].description} | {those[0].tooltip} |".replace("  ", " "))
        out.append("")
    return "\n".join(out)


if __name__ == "__main__":
    print(page(), end="")
