"""The review on the screen: what is whole, what is not, its file, and the meeting."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from core.story import Story
from hand import T0, HandClock
from look.scene import RUNBOOK
from ui.console import HandRoom, console, forward, text_of, until
from warroom.core.acts import Refusal
from warroom.core.acts.incident import Declare
from warroom.core.acts.timeline import Badly
from warroom.core.entries import RunbookText
from warroom.core.incident import Incident
from warroom.runbook.model import AgendaItem
from warroom.ui.screens.review import ReviewScreen

BOOK = replace(
    RUNBOOK,
    postmortem=replace(
        RUNBOOK.postmortem, agenda=(AgendaItem(title="Review timeline", seconds=600), AgendaItem(title="What went well", seconds=300))
    ),
)


def incident() -> Incident:
    story = Story(BOOK, T0)
    text = RunbookText(text="# TenSafe\n", sha256="a" * 64, file="tensafe.md")
    story.does(-10, Declare(title="API down", runbook=text, severity="P1"))
    story.does(-5, Badly("nobody had access"))
    return story.incident


@dataclass
class HandPapers:
    """A file that a test edits."""

    added: str = ""
    said: list[str] = field(default_factory=list)

    def path(self, incident: str) -> str:
        return f"/home/ada/{incident}.md"

    async def shown(self, incident: str, text: str) -> str:
        return text.replace("## Executive Summary", f"## Executive Summary\n\n{self.added}") if self.added else text

    async def written(self, incident: str, text: str, pictures: Mapping[str, str]) -> str | Refusal:
        self.said.append(text)
        return self.path(incident)

    async def edited(self, incident: str) -> Refusal | None:
        return None


async def test_what_is_whole_and_what_is_not(hand: HandClock) -> None:
    app = console(HandRoom(incident(), BOOK), hand)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("0")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen) and bool(app.screen.document.text))
        listed = text_of(app, "#sections Rows")
        told = {line.split("  ")[0].strip(" ▌▲✓"): line.split()[-1] for line in listed if line.strip()}
        assert told["What Could Be Improved"] == "whole"
        assert told["Impact"] == "fill"
        assert "edited" not in text_of(app, "#document .head")[0]
        await pilot.press("0")
        await until(pilot, lambda: app.current_mode == "live")


async def test_the_document_follows_the_cursor_and_tab_finds_the_next_blank(hand: HandClock) -> None:
    app = console(HandRoom(incident(), BOOK), hand)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("0")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen) and bool(app.screen.document.text))
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        while screen.list.at is None or screen.list.at.title != "Impact":
            await pilot.press("down")
            await pilot.pause()
        await until(pilot, lambda: text_of(app, "#document Rows")[0].strip() == "## Impact")
        await pilot.press("tab")
        await until(pilot, lambda: "customers affected" in text_of(app, "#document Rows")[0])


async def test_what_people_wrote_is_shown_and_written(hand: HandClock) -> None:
    papers = HandPapers(added="A release broke it.")
    app = console(HandRoom(incident(), BOOK), hand)
    app.papers = papers
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("0")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen) and bool(app.screen.document.text))
        assert isinstance(app.screen, ReviewScreen)
        assert "A release broke it." in app.screen.document.text
        assert "edits are kept" in text_of(app, "#document .head")[0]
        await pilot.press("x")
        await until(pilot, lambda: bool(papers.said))
        assert "A release broke it." not in papers.said[0]  # what the room has to say; the file merges


async def test_the_meeting_has_a_timer_for_each_item(hand: HandClock) -> None:
    room = HandRoom(incident(), BOOK)
    app = console(room, hand)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("0")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen) and bool(app.screen.document.text))
        await pilot.press("a")
        await forward(pilot, hand, 90)
        assert "08:30" in "\n".join(text_of(app, "#agenda Rows"))
        await pilot.press("a")
        await forward(pilot, hand, 301)
        assert "-00:01" in "\n".join(text_of(app, "#agenda Rows"))
        await pilot.press("n")
        await until(pilot, lambda: bool(app.screen.query("#moves")))
        assert "▌went well" in "\n".join(text_of(app, "#moves"))


async def test_without_an_incident_there_is_nothing_to_review(hand: HandClock) -> None:
    app = console(HandRoom(), hand)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("0")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        assert "no incident to write about" in "\n".join(text_of(app, "#sections Rows"))
        await pilot.press("x", "e", "c", "a", "tab")
        await pilot.pause()
        assert isinstance(app.screen, ReviewScreen)
