"""What is measured stands in the severity pane apart from what people ticked; the header suggests, and nothing is set by itself."""

from datetime import timedelta
from typing import Any

from hand import T0, HandClock
from ui.console import PODS, HandFeed, HandRoom, console, declared, good, text_of, until
from warroom.core.acts.checklists import Tick
from warroom.core.acts.severity import SetSeverity
from warroom.core.entries import Entry, Observed, Ticked
from warroom.core.readings import Lease, Verdict
from warroom.ui.app import WarRoomApp
from warroom.ui.screens.live import LiveScreen
from warroom.ui.widgets.choice import Choice
from warroom.ui.widgets.rows import Rows

EVIDENCE = "error rate 14.2 % > 10 % for 5 min"


def verdict(id: str, said: Any, evidence: str = "", figure: str = "", level: str = "P2", stood: bool = False) -> Verdict:
    since = T0 - timedelta(minutes=5) if said == "true" else None
    return Verdict(
        id=id, criterion=id, section="", level=level, line=1, verdict=said, evidence=evidence, figure=figure, stood=stood, since=since
    )


BAD = (
    verdict("trigger/down", "false", "3 of 6 ready", "3 of 6 ready", level=""),
    verdict("p1/down", "false", "3 of 6 ready", "3 of 6 ready", level="P1"),
    verdict("p1/loss", "human", level="P1"),
    verdict("p2/errors", "true", EVIDENCE, "14.2 %"),
)


class Screen:
    """A console whose verdicts a test gives."""

    def __init__(self, room: HandRoom) -> None:
        self.room, self.hand = room, HandClock()
        self.feed = HandFeed("verdicts")
        self.app: WarRoomApp = console(room, self.hand, [HandFeed("pods", good(PODS)), self.feed])

    async def hears(self, pilot: Any, *verdicts: Verdict) -> None:
        self.feed.give(good(verdicts))
        await until(pilot, lambda: self.app.world.verdicts.value == verdicts)
        await pilot.pause()

    def on(self, item: str) -> None:
        """The cursor of the severity pane goes there."""
        assert isinstance(self.app.screen, LiveScreen)
        self.app.screen.action_pane("severity")
        self.app.screen.query_one("#severity Rows", Rows).go(item)


def line(app: WarRoomApp, words: str, selector: str = "#severity Rows") -> str:
    return next(row for row in text_of(app, selector) if words in row)


async def test_measured_ticks_have_no_brackets_and_stand_with_their_figure() -> None:
    screen = Screen(HandRoom(declared(severity=None, rank=None)))
    async with screen.app.run_test(size=(160, 48)) as pilot:
        await screen.hears(pilot, *BAD)
        assert line(screen.app, "Error rate > 10%").split() == ["◆", "Error", "rate", ">", "10%", "14.2", "%"]
        assert line(screen.app, "Complete outage").split() == ["◇", "Complete", "outage", "3", "of", "6", "ready"]
        assert line(screen.app, "Data loss").strip().startswith("[ ]")
        assert line(screen.app, "why P2").rstrip().endswith(EVIDENCE)


async def test_what_is_unknown_can_be_ticked() -> None:
    screen = Screen(HandRoom(declared(severity=None, rank=None)))
    async with screen.app.run_test(size=(160, 48)) as pilot:
        await screen.hears(pilot, verdict("p2/errors", "unknown", "error rate: no data yet"))
        assert line(screen.app, "Error rate > 10%").split() == ["[?]", "Error", "rate", ">", "10%", "no", "data"]
        screen.on("p2/errors")
        await pilot.press("x")
        assert screen.room.asked == [Tick("p2/errors")]


async def test_a_hand_that_disagrees_stands_beside_the_measurement() -> None:
    tick = Entry(
        id="e", incident="INC-0142", at=T0, recorded_at=T0, by="tom", fact=Ticked(item="p2/errors", text="Error rate > 10%"), kind="ticked"
    )
    screen = Screen(HandRoom(declared(ticks={"p2/errors": tick})))
    async with screen.app.run_test(size=(160, 48)) as pilot:
        await screen.hears(pilot, verdict("p2/errors", "false", "error rate 0.4 %, not > 10 %", "0.4 %"))
        row = line(screen.app, "[✓] Error rate > 10%")
        assert "tom" in row
        assert row.rstrip().endswith("but 0.4 %")


async def test_what_the_watch_recorded_is_shown_where_nothing_is_measured_here() -> None:
    fact = Observed(what="verdict", key="k", about="p2/errors", verdict="true", evidence=EVIDENCE)
    entry = Entry(id="e", incident="INC-0142", at=T0, recorded_at=T0, by="watch", fact=fact, kind="observed")
    screen = Screen(HandRoom(declared(severity=None, rank=None, measured={"p2/errors": entry}, met={"p2/errors": entry})))
    async with screen.app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        assert line(screen.app, "Error rate > 10%").split() == ["◆", "Error", "rate", ">", "10%", "met"]
        assert EVIDENCE in line(screen.app, "why P2")


async def test_the_header_suggests_a_worse_level_and_one_key_opens_the_card_on_it() -> None:
    screen = Screen(HandRoom(declared(severity=None, rank=None)))
    async with screen.app.run_test(size=(160, 48)) as pilot:
        await screen.hears(pilot, *BAD)
        assert any("suggests  P2 " in row and "! sets it" in row for row in text_of(screen.app, "#header"))
        assert screen.room.asked == []
        await pilot.press("exclamation_mark")
        await until(pilot, lambda: bool(screen.app.screen.is_modal))
        await pilot.press("enter")
        await until(pilot, lambda: bool(screen.room.asked))
        assert screen.room.asked == [SetSeverity("P2", EVIDENCE)]


async def test_a_milder_measurement_suggests_nothing_once_a_level_is_set() -> None:
    screen = Screen(HandRoom(declared(severity="P1", rank=1)))
    async with screen.app.run_test(size=(160, 48)) as pilot:
        await screen.hears(pilot, *BAD)
        assert not any("suggests" in row for row in text_of(screen.app, "#header"))
        assert "it is P1 by hand" in line(screen.app, "x ticks")


async def test_before_an_incident_the_facts_suggest_and_say_for_how_long_nothing_was_declared() -> None:
    screen = Screen(HandRoom())
    async with screen.app.run_test(size=(160, 48)) as pilot:
        assert any("1 triggers to watch" in row for row in text_of(screen.app, "#header"))
        await screen.hears(pilot, *BAD)
        header = "\n".join(text_of(screen.app, "#header"))
        assert "suggests  P2 HIGH " in header
        assert EVIDENCE in header
        assert "not declared for 05:00" in header
        screen.on("p2/errors")
        await pilot.press("x")
        assert dict(screen.app.draft) == {}
        await pilot.press("exclamation_mark")
        await until(pilot, lambda: bool(screen.app.screen.is_modal))
        assert screen.app.screen.query_one("#level", Choice).value == "P2"


async def test_the_header_says_who_is_on_watch() -> None:
    room, hand, feed = HandRoom(declared()), HandClock(), HandFeed("watch")
    app = console(room, hand, [HandFeed("pods", good(PODS)), feed])
    async with app.run_test(size=(160, 48)) as pilot:
        assert "on watch" not in text_of(app, "#header")[0]
        for lease, words in (
            (Lease(3, "ada@bastion", mine=True, consoles=2), "read-only  on watch"),
            (Lease(4, "kim@laptop", mine=False, consoles=2), "kim on watch"),
            (Lease(0, "", mine=False, consoles=1), "nobody on watch"),
        ):
            feed.give(good(lease))
            await until(pilot, lambda lease=lease: app.world.watch.value == lease)  # type: ignore[misc]
            assert words in text_of(app, "#header")[0]
