"""The playbooks and their steps: what was done, what runs, and what asks for an answer."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from textual.binding import Binding
from textual.message import Message

from warroom.core.playbooks import Ranked, StepState, ranked, state
from warroom.ui.cells import Line, Seg, cell, clip, ends, wrap
from warroom.ui.look import foreign, g
from warroom.ui.panes.searched import SearchedPane
from warroom.ui.widgets.rows import Row
from warroom.ui.words import lasted, utc

FEW = 6
"""Playbooks that are all shown open; of more only those that are likely or under way."""


class Place(NamedTuple):
    """A step of a playbook by its number, from 1; 0: the playbook itself."""

    book: str
    step: int = 0

    @property
    def key(self) -> str:
        return f"{self.step}\n{self.book}"


def place(key: str) -> Place:
    number, _, book = key.partition("\n")
    return Place(book, int(number or 0))


class StepsPane(SearchedPane):
    """What fits the measurements stands first. Enter runs a step, and opens or closes a playbook."""

    label, digit = "playbooks", "8"
    BINDINGS = [
        Binding(
            "slash",
            "filter",
            "search",
            show=False,
            key_display="/",
            id="steps.search",
            tooltip="show the playbooks and steps that a regex finds; ! hides them",
        ),
    ]

    class Moved(Message):
        """Another step is under the cursor."""

    def __init__(self) -> None:
        super().__init__(id="steps")
        self.turned: dict[str, bool] = {}
        """Playbooks that somebody opened or closed."""
        self._ranked: tuple[tuple[object, ...], tuple[Ranked, ...]] = ((), ())
        self._states: tuple[tuple[object, ...], dict[str, tuple[StepState, ...]]] = ((), {})

    # What it shows.

    def books(self) -> Sequence[Ranked]:
        """The likely ones first; their order holds while somebody is in the list."""
        runbook, verdicts = self.runbook, self.world.verdicts.value
        made = (runbook, verdicts if not self.has_focus_within else None, self.incident.symptoms)
        old = self._ranked[0]
        if not old or old[0] is not made[0] or (made[1] is not None and old[1] is not made[1]) or old[2] != made[2]:
            self._ranked = (runbook, verdicts, made[2]), ranked(runbook, verdicts, self.incident.symptoms)
        return self._ranked[1]

    def states(self, book: Ranked) -> tuple[StepState, ...]:
        now = self.now or self.console.clock.now()
        made = (self.incident, self.runbook, int(now.timestamp()) // 60)
        if self._states[0] != made:
            self._states = made, {}
        if book.key not in self._states[1]:
            self._states[1][book.key] = state(self.incident, book.key, book.playbook, now)
        return self._states[1][book.key]

    def book(self, key: str) -> Ranked | None:
        return next((one for one in self.books() if one.key == key), None)

    def state_at(self, where: Place) -> StepState | None:
        book = self.book(where.book)
        return self.states(book)[where.step - 1] if book and 0 < where.step <= len(book.playbook.steps) else None

    @property
    def at(self) -> Place:
        return place(self.body.cursor)

    def is_open(self, book: Ranked) -> bool:
        """What somebody turned stays; else few are open, and of many the likely one and those that were begun."""
        if book.key in self.turned:
            return self.turned[book.key]
        books = self.books()
        begun = any(one.runs or one.answer or one.word != "todo" for one in self.states(book))
        return len(books) <= FEW or begun or bool(book.why and book is books[0])

    def go(self, where: Place) -> None:
        """Puts the cursor there, and opens its playbook."""
        self.filter = None
        self.turned[where.book] = True
        self.body.gather(max(20, self.body.size.width - 1), max(1, self.body.size.height))
        self.body.go(where.key)
        self.update()

    def turn(self, key: str) -> None:
        if (book := self.book(key)) is not None:
            self.turned[key] = not self.is_open(book)
            self.update()

    # How it looks.

    def facts(self) -> Sequence[Line]:
        books = self.books()
        steps = [one for book in books for one in self.states(book)] if len(books) <= 100 else []
        done = sum(one.word in ("ok", "skipped", "not applicable") for one in steps)
        running = sum(one.word == "running" for one in steps)
        unknown = sum(one.word == "unknown" for one in steps)
        return (
            [(str(len(books)), "$soft")] if books else (),
            [(f"{done} of {len(steps)} steps done", "$soft")] if steps else (),
            [(f"{running} running", "$ink")] if running else (),
            [(f"{g['unknown']} {unknown} unknown", "$soon bold")] if unknown else (),
            [(f"/{foreign(self.filter.words, 60)}", "$focus bold")] if self.filter else (),
            [("tab ", "$focus bold"), ("the step", "$soft")] if self.screen.has_class("-narrow") else (),
        )

    def shows_nothing(self) -> bool:
        return not self.books()

    def empty_words(self) -> Sequence[Line]:
        return [[("this runbook has no playbooks", "$ink")], [("give it a section with steps and shell fences", "$soft")]]

    def lines(self, width: int, height: int) -> Sequence[Row]:
        out = list[Row]()
        for book in self.books():
            found = self.states(book)
            if self.filter is not None:
                whole = self.filter.keeps(book.playbook.title)
                found = tuple(one for one in found if whole or self.filter.keeps(one.step.title))
                if not found and not whole:
                    continue
            opened = self.is_open(book) or self.filter is not None
            out += [Row()] if out and opened else []
            out += self._titled(book, opened, width)
            out += [Row(tuple(self._step(one, width)), Place(book.key, one.number).key) for one in found] if opened else []
        return out

    def _titled(self, book: Ranked, opened: bool, width: int) -> Iterable[Row]:
        found, key = self.states(book), Place(book.key).key
        over = sum(one.word in ("ok", "skipped", "not applicable") for one in found)
        lead: list[Seg] = [(f"{g['open' if opened else 'next']} ", "$soft"), (foreign(book.playbook.title), "$loud bold")]
        yield Row(tuple(ends(width, lead, [(f"{over} of {len(found)}", "$soft")])), key)
        if book.why:
            for part in wrap(foreign(f"fits {book.why}"), max(10, width - 4))[:2]:
                yield Row((("  ", ""), (f"{part}", "$soon")), key)

    def _step(self, one: StepState, width: int) -> Line:
        mark, style = self.mark(one)
        right = self._told(one)
        quiet = one.word in ("ok", "skipped", "not applicable")
        title = "$soft" if one.word == "not applicable" else "$ink" if quiet else "$loud" if one.word != "todo" else "$ink"
        words = foreign(one.step.title)
        room = width - 6 - len(str(one.number)) - sum(len(text) for text, _ in right) - (1 if right else 0)
        left: list[Seg] = [("  ", ""), (f"{mark} ", style), (f"{one.number} ", "$soft"), (clip(words, max(8, room)), title)]
        return ends(width, left, right) if right else cell(left, width)

    def mark(self, one: StepState) -> Seg:
        match one.word:
            case "running":
                return g["run"], "$ink"
            case "ok":
                return g["good"], "$good"
            case "failed":
                return g["bad"], "$bad bold"
            case "skipped":
                return g["skip"], "$soft"
            case "not applicable":
                return g["na"], "$soft"
            case "unknown":
                return g["unknown"], "$soon bold"
        return (g["unknown"], "$soon bold") if self._asked(one) else (g["todo"], "$soft")

    def _asked(self, one: StepState) -> bool:
        """A condition waits once what comes before it is over."""
        return one.asks and self.incident.open

    def _told(self, one: StepState) -> list[Seg]:
        """Its state as a word, and of what is over when and who."""
        who: list[Seg] = [(f"{utc(one.at, seconds=False)} {foreign(clip(one.by, 10))}", "$soft")] if one.at else []
        match one.word:
            case "running":
                spent = (self.now - one.at).total_seconds() if self.now and one.at else 0
                return [(f"running {lasted(spent)}", "$loud")]
            case "failed":
                run = next((run for run in reversed(one.runs) if run.state == "failed"), None)
                code = run.ended.exit_code if run and run.ended else None
                return [(f"failed, exit {code}" if code is not None else "failed", "$bad bold")]
            case "skipped":
                return [("skipped", "$soft")]
            case "not applicable":
                return [("not this case", "$soft")]
            case "unknown":
                return [("outcome unknown", "$soon bold")]
            case "ok":
                return [("done, said why", "$soft")] if one.reason else who
        if self._asked(one):
            return [("needs you", "$soon bold")]
        ran = len({run.command for run in one.runs if run.state == "ok" and run.command})
        return [(f"{ran} of {len(one.step.commands)} ran", "$soft")] if ran else []
