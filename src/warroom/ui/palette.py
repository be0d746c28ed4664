"""What the palette can do: every place, act, theme and pod by its name."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from warroom.core.acts.timeline import Note
from warroom.core.playbooks import playbook_key
from warroom.core.pods import by_trouble
from warroom.ui import look
from warroom.ui.cards.deck import fits
from warroom.ui.cards.response import moves
from warroom.ui.keys import PLACES
from warroom.ui.messages import Asked

if TYPE_CHECKING:
    from warroom.ui.app import WarRoomApp

MOST = 12
Doing = Callable[[], Awaitable[None] | None]


@dataclass(frozen=True, slots=True)
class Way:
    """One thing to do: what is typed for it, what it means, and other words for it. Without `do` it only tells."""

    name: str
    what: str
    do: Doing | None = None
    also: tuple[str, ...] = ()


ALSO = {
    "metrics": ("figures", "latency", "prometheus", "plot"),
    "errors": ("error logs", "logs", "tally", "patterns"),
    "pods": ("po", "pod"),
    "events": ("ev", "event"),
    "deadlines": ("dl", "deadline", "promises"),
    "severity": ("sev", "criteria", "checklist"),
    "timeline": ("tl",),
}
SAYS = {
    "metrics": "the figures of the service, against the runbook",
    "pods": "what runs and what fails",
    "errors": "what the logs complain about, and of which release",
    "events": "what the cluster says about it",
    "deadlines": "what was promised and what missing it costs",
    "severity": "how bad it is, by the runbook",
    "timeline": "what people did and saw",
}
ACTS: tuple[tuple[str, tuple[str, ...], str, str, tuple[str, ...]], ...] = (
    ("declare", (), "declare", "declare an incident: title, level, since when", ("incident", "new")),
    ("severity", (), "level", "change the severity, with a reason", ("severity set", "upgrade", "downgrade")),
    ("deadline", (), "promise", "what meets the oldest overdue deadline, else the next", ("answer", "snooze", "due")),
    ("roles", (), "role", "who does what: take it, hand it over", ("roles", "commander", "ic")),
    ("hypotheses", (), "hypothesis", "what may be the cause: propose, test, refute, confirm", ("hypotheses", "root cause", "why")),
    ("call", (), "call", "a call by phone: the number, what to say, how it went", ("phone", "telephone", "escalate")),
    ("response", ("ack",), "ack", "the alert is answered", ("acknowledge",)),
    ("response", ("next",), "phase", "go to another phase of the response", ("phases",)),
    ("response", ("restored",), "restored", "the service works again, and what shows it", ("restore", "fixed")),
    ("response", ("resolve",), "resolve", "the cause is gone", ("resolved",)),
    ("response", ("close",), "close", "the incident is over", ("closed",)),
    ("response", ("reopen",), "reopen", "it is not over: every clock goes on", ()),
    ("response", ("action",), "action", "something to do after the incident", ("action item", "todo")),
)
"""The card, what it is opened on, and how it is called here."""


def ways(app: "WarRoomApp") -> Iterator[Way]:
    """Everything that can be done now, the likeliest first; pods are found by `pods_named`."""
    for name in PLACES.values():
        yield Way(name, SAYS[name], lambda name=name: app.places.go(name), ALSO[name])  # type: ignore[misc]
    yield Way(
        "changes", "what was rolled out lately", lambda: app.places.go("changes"), ("deploy", "dp", "deployments", "deployment", "rollouts")
    )
    yield Way("runbook", "the text of the runbook, and the documents it leads to", app.places.runbook, ("document", "documents"))
    yield Way("findings", "what is doubtful in the runbook, and what to do about it", app.places.findings, ("lint", "runbook lint"))
    yield Way("playbooks", "the runbook's playbooks, step by step", app.places.playbooks, ("playbook", "pb", "steps", "run"))
    yield Way(
        "review", "the post-mortem, what it lacks, the meeting", partial(app.places.turn, "review"), ("post-mortem", "postmortem", "agenda")
    )
    yield Way(
        "handoff", "the brief for the next shift, its signatures", partial(app.places.turn, "handoff"), ("hand over", "brief", "shift")
    )
    yield Way("assess", "run the runbook's quick assessment: it only reads", app.places.assess, ("assessment", "quick assessment", "check"))
    yield Way("messages", "what is told to whom: fill, look, send", app.places.messages, ("message", "update", "slack", "comms", "outbox"))
    yield from _acts(app)
    yield Way("quit", "after naming the deadlines nobody will watch", app.action_leave, ("q", "q!", "exit", "quit!"))
    yield Way("help", "what to do with the pane, and every key", app.action_help, ("h", "?", "keys"))
    for choice in ("dark", "light", "contrast", "ansi16", "mono"):
        yield Way(f"theme {choice}", _THEMES[choice], lambda choice=choice: app.set_look(theme=choice), ("colours", "colors"))  # type: ignore[misc]
    yield Way("ascii", "draw with ASCII alone, or with all glyphs again", lambda: app.set_look(ascii=not look.in_ascii()), ("unicode",))
    yield Way("ctx", _pinned(app, "context"), also=("context", "contexts", "use"))
    yield Way("ns", _pinned(app, "namespace"), also=("namespace", "namespaces"))


_THEMES = {
    "dark": "for a dark terminal",
    "light": "for a light terminal",
    "contrast": "high contrast",
    "ansi16": "the sixteen colours of the terminal",
    "mono": "no colour at all",
}


def _acts(app: "WarRoomApp") -> Iterator[Way]:
    incident = app.incident
    can = {move.key for move in moves(app.room.runbook, incident, app.now or app.clock.now())}
    for card, about, name, what, also in ACTS:
        if fits(card, incident) and can.issuperset(about):
            yield Way(name, what, lambda card=card, about=about: app.action_card(card, *about), also)  # type: ignore[misc]
    if incident.open:
        yield Way("arm", "let this console change something for 15 minutes; armed: make it safe", app.action_arm, ("disarm", "safe"))
        yield Way("next", "the next step of the runbook; opens it, runs nothing", app.action_step, ("step", "next step"))
    if incident.id:
        yield Way("note", "write what happened; `note TEXT` keeps it at once", app.places.note, ("notes", "timeline screen", "amend"))


def _pinned(app: "WarRoomApp", what: str) -> str:
    cluster = app.incident.cluster or app.world.cluster.value
    flag = "--context NAME" if what == "context" else "--namespace NAME"
    if cluster is None:
        return f"no cluster is known yet: quit, and open one with `warroom {flag}`"
    here = cluster.context if what == "context" else ", ".join(cluster.namespaces)
    if app.incident.open:
        return f"{here}, pinned with {app.incident.id}: for another one open `warroom {flag}` in another terminal"
    return f"{here}: what is read is told in the header and does not change under you; quit, and open `warroom {flag}`"


def found(app: "WarRoomApp", query: str) -> Sequence[Way]:
    """The ways that fit what was typed, the best first."""
    words = query.split()
    if len(words) > 1 and words[0] == "note" and app.incident.id:
        text = query.split(maxsplit=1)[1]
        return [Way("note", f"keep “{text}”" if not look.in_ascii() else f'keep "{text}"', lambda: _keep(app, text))]
    lowered = query.casefold().split()
    scored = [(score, n, way) for n, way in enumerate(ways(app)) if (score := fit(way, lowered)) is not None]
    return (
        [way for _, _, way in sorted(scored, key=lambda each: each[:2])][:MOST] + playbooks_named(app, lowered) + pods_named(app, lowered)
    )


def _keep(app: "WarRoomApp", text: str) -> None:
    app.post_message(Asked(Note(text)))


def playbooks_named(app: "WarRoomApp", words: Sequence[str]) -> list[Way]:
    """Playbooks whose name has every word, also inside an alert's name; those that begin with the first word come first."""
    if words and words[0] in ("playbook", "playbooks", "pb"):
        words = words[1:]
    if not words or max(map(len, words)) < 2:
        return []
    hits = [book for book in app.room.runbook.playbooks if all(word in f"{book.title} {book.file}".casefold() for word in words)]
    hits.sort(key=lambda book: not book.title.casefold().startswith(words[0]))
    return [
        Way(
            book.title,
            f"a playbook, {len(book.steps)} steps" + (f", of {book.file}" if book.file else ""),
            lambda book=book: app.places.step(playbook_key(app.room.runbook, book)),  # type: ignore[misc]
        )
        for book in hits[:MOST]
    ]


def pods_named(app: "WarRoomApp", words: Sequence[str]) -> list[Way]:
    """Pods whose name has every word; of one letter there are too many."""
    if words and words[0] in ("pod", "po", "pods"):
        words = words[1:]
    if not words or max(map(len, words)) < 2:
        return []
    hits = [pod for pod in app.world.pods.value if all(word in pod.name.casefold() for word in words)]
    return [Way(pod.name, "a pod", lambda key=pod.key: app.places.pod(key)) for pod in by_trouble(hits)[:MOST]]  # type: ignore[misc]


def fit(way: Way, words: Sequence[str]) -> int | None:
    """How well it fits, 0 best; None: some word does not fit at all."""
    if " ".join(words) in (way.name, *way.also):
        return 0
    total = 1
    for word in words:
        best = min((score for name in (way.name, *way.also) if (score := _near(word, name)) is not None), default=None)
        if best is None:
            return None
        total += best
    return total


def _near(word: str, name: str) -> int | None:
    parts = name.casefold().split()
    if word in parts:
        return 0
    if any(part.startswith(word) for part in parts):
        return 1
    if word in name:
        return 3
    letters = iter(name)
    return 6 if len(word) > 2 and all(letter in letters for letter in word) else None
