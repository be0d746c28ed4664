"""The timeline's own screen: written, reworded, struck, moved, and nothing lost."""

from datetime import timedelta

import pytest
from textual.pilot import Pilot

from hand import T0
from ui.console import text_of, until
from ui.night import Night
from ui.test_places import burst, goes, place
from warroom.core.acts import Act
from warroom.core.acts.evidence import Pin
from warroom.core.acts.timeline import Amend, Move, Note, Strike
from warroom.core.entries import Amended, Moved, Noted, Struck
from warroom.ui.app import WarRoomApp
from warroom.ui.panes.editor import EditorPane
from warroom.ui.screens.evidence import EvidenceScreen


async def opened(pilot: Pilot[None]) -> None:
    await goes(pilot, "7", "7")
    assert isinstance(pilot.app, WarRoomApp)
    assert place(pilot.app) == "TimelineScreen"


def editor(app: WarRoomApp) -> EditorPane:
    return app.screen.query_one(EditorPane)


def said(app: WarRoomApp) -> str:
    """The line below the field."""
    return app.screen.query("#editor .line").last().render_line(0).text


def listed(app: WarRoomApp) -> str:
    return "\n".join(text_of(app, "#history .body"))


async def night(*acts: Act) -> Night:
    found = await Night().declared()
    await found.does(*acts)
    return found


async def rewrites(pilot: Pilot[None], text: str) -> None:
    """In the place of what stands in the editor."""
    assert isinstance(pilot.app, WarRoomApp)
    editor(pilot.app).words.select_all()
    await pilot.press("backspace")
    burst(pilot.app, text)
    await until(pilot, lambda: editor(pilot.app).words.text == text)  # type: ignore[arg-type]


async def test_a_note_costs_one_key_and_its_words() -> None:
    found = await night()
    app = found.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        burst(app, "nrolled back\r")
        await until(pilot, lambda: found.kinds[-1] == "noted")
        await until(pilot, lambda: "rolled back" in listed(app))
        assert editor(app).words.text == ""
        assert not editor(app).has_focus_within


@pytest.mark.parametrize(
    ("typed", "minutes", "text"), [("-7m pods fell over", 7, "pods fell over"), ("02:41 first page", 11.3, "first page")]
)
async def test_a_time_in_front_is_when_it_happened(typed: str, minutes: float, text: str) -> None:
    found = await night()
    app = found.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        await pilot.press("n")
        burst(app, typed)
        await until(pilot, lambda: editor(app).words.text == typed)
        at = T0 - timedelta(minutes=minutes)
        assert f"at {at:%H:%M:%S}" in said(app)
        await pilot.press("enter")
        await until(pilot, lambda: found.kinds[-1] == "noted")
        entry = found.room.incident.entries[-1]
        assert isinstance(entry.fact, Noted)
        assert (entry.fact.text, entry.at) == (text, at)
        assert entry.recorded_at == T0


async def test_ctrl_t_puts_the_time_in_front_and_alt_p_counts_as_progress() -> None:
    found = await night()
    app = found.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        burst(app, "nfound it")
        await until(pilot, lambda: editor(app).words.text == "found it")
        await pilot.press("ctrl+t", "alt+p", "enter")
        await until(pilot, lambda: found.kinds[-1] == "noted")
        fact = found.room.incident.entries[-1].fact
        assert isinstance(fact, Noted)
        assert (fact.text, fact.progress) == ("found it", True)
        assert not editor(app).progress


async def test_two_lines_are_one_entry() -> None:
    found = await night()
    app = found.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        burst(app, "none")
        await pilot.press("ctrl+j", *"two", "enter")
        await until(pilot, lambda: found.kinds[-1] == "noted")
        assert found.room.incident.entries[-1].fact.text == "one\ntwo"  # type: ignore[union-attr]


async def test_an_amended_entry_keeps_its_first_text() -> None:
    found = await night(Note("only jobs with a budget fail"))
    app = found.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        await pilot.press("a")
        assert editor(app).words.text == "only jobs with a budget fail"
        assert "amend 3, ada 02:52:18   the first text stays readable" in "\n".join(text_of(app, "#editor .line"))
        burst(app, " above 8.0\r")
        await until(pilot, lambda: found.kinds[-1] == "amended")
        fact = found.room.incident.entries[-1].fact
        assert isinstance(fact, Amended)
        assert fact.text == "only jobs with a budget fail above 8.0"
        await until(pilot, lambda: "amends" in listed(app))
        assert "only jobs with a budget fail  amended by" in listed(app)


async def test_a_struck_entry_stays_and_says_why() -> None:
    found = await night(Note("restarted the database"))
    app = found.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        burst(app, "Xwrong cluster\r")
        await until(pilot, lambda: found.kinds[-1] == "struck")
        fact = found.room.incident.entries[-1].fact
        assert isinstance(fact, Struck)
        await until(pilot, lambda: "struck by ada: wrong cluster" in listed(app))
        assert "restarted the database" in listed(app)
        assert "1 struck" in text_of(app, "#history .head")[0]


async def test_an_entry_moves_in_time() -> None:
    found = await night(Note("paged L2"))
    app = found.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        await pilot.press("M")
        assert editor(app).words.text == "2026-02-03T02:52:18Z"
        await rewrites(pilot, "02:47")
        await pilot.press("enter")
        await until(pilot, lambda: found.kinds[-1] == "moved")
        fact = found.room.incident.entries[-1].fact
        assert isinstance(fact, Moved)
        await until(pilot, lambda: "moved from 02:52:18, ada" in listed(app))


async def test_a_refusal_keeps_what_was_typed() -> None:
    found = await night(Note("paged L2"))
    app = found.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        await pilot.press("M")
        await rewrites(pilot, "half past")
        before = found.kinds
        await pilot.press("enter")
        await until(pilot, lambda: "✗" in said(app))
        assert editor(app).words.text == "half past"
        assert found.kinds == before
        await pilot.press("escape", "X", "enter")
        await until(pilot, lambda: not editor(app).words.read_only)
        assert found.kinds == before
        assert editor(app).doing == "strike"


async def test_a_failed_append_keeps_what_was_typed_and_is_tried_again() -> None:
    found = await night()
    app = found.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        found.journal.full = True
        burst(app, "nthe disk fills\r")
        await until(pilot, lambda: "the disk is full" in said(app))
        assert editor(app).words.text == "the disk fills"
        assert editor(app).has_focus_within
        found.journal.full = False
        await pilot.press("enter")
        await until(pilot, lambda: found.kinds[-1] == "noted")


async def test_what_was_begun_is_there_again_note_and_correction_alike() -> None:
    found = await night(Note("paged L2"))
    app = found.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        burst(app, "nrolled ba")
        await until(pilot, lambda: editor(app).words.text == "rolled ba")
        await pilot.press("escape", "a")
        burst(app, ", nobody")
        await until(pilot, lambda: editor(app).words.text == "paged L2, nobody")
        await pilot.press("escape")
        assert await goes(pilot, "2", "7", "7") == ["pods", "timeline", "TimelineScreen"]
        assert "not kept yet" in said(app)
        await pilot.press("n")
        assert editor(app).words.text == "rolled ba"
        await pilot.press("escape", "a")
        assert editor(app).words.text == "paged L2, nobody"
        await pilot.press("enter")
        await until(pilot, lambda: found.kinds[-1] == "amended")
        assert editor(app).words.text == "rolled ba"


async def test_nobody_elses_entry_takes_the_cursor_or_the_field() -> None:
    found = await night(Note("mine"))
    app = found.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        cursor = app.screen.query_one("#history .body").cursor  # type: ignore[attr-defined]
        await found.does(Note("another console's"), by="tom")
        await until(pilot, lambda: "another console's" in listed(app))
        assert app.screen.query_one("#history .body").cursor == cursor  # type: ignore[attr-defined]
        burst(app, "nhalf a")
        await until(pilot, lambda: editor(app).words.text == "half a")
        await found.does(Note("a third"), by="tom")
        await until(pilot, lambda: "a third" in listed(app))
        assert editor(app).words.text == "half a"
        assert editor(app).has_focus_within


async def test_hostile_words_are_words() -> None:
    found = await night(Note("[/x] [@click=app.quit]go[/] \x1b]0;t\x07 \x1b[2J \u202e 监控"))
    app = found.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        assert "[/x] [@click=app.quit]go[/] ␛]0;t␇ ␛[2J \ufffd 监控" in listed(app)
        await pilot.press("a")
        burst(app, "!\r")
        await until(pilot, lambda: found.kinds[-1] == "amended")


async def test_long_words_wrap_and_none_is_lost() -> None:
    text = " ".join(f"word{n}" for n in range(120))
    found = await night(Note(text))
    app = found.console()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert " ".join(listed(app).split()).endswith("word119")
        assert editor(app).size.height >= 5
        await pilot.press("n")
        for line in app.screen.query("#editor .line"):
            assert line.size.height == 1
        assert app.screen.query_one("#keys").region.bottom == 24


async def test_without_an_incident_it_says_so_and_nothing_is_written() -> None:
    found = await Night().open()
    app = found.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        assert "the timeline begins when an incident is declared" in listed(app)
        await pilot.press("n", "a", "X", "M")
        assert not editor(app).has_focus_within


CORRECTED = (Note("only jobs with a DP budget fail, plain jobs pass"), Note("restarted the database"), Note("paged L2, Engineer B"))


async def corrected() -> Night:
    """One amended, one struck, one moved."""
    found = await night(*CORRECTED)
    first, second, third = (entry.id for entry in found.room.incident.entries[-3:])
    await found.does(Amend(first, "only jobs with a DP budget above 8.0 fail"), by="tom")
    await found.does(Strike(second, "wrong cluster"), by="kim")
    await found.does(Move(third, T0 - timedelta(minutes=4)), by="tom")
    return found


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_every_correction_stands_beside_what_it_corrects(size: tuple[int, int]) -> None:
    app = (await corrected()).console()
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        flat = " ".join(listed(app).split())
        assert "paged L2, Engineer B moved from 02:52:18, tom" in flat
        assert "restarted the database struck by kim: wrong cluster" in flat
        assert "amended by 6" in flat
        assert "amends 3" in flat
        assert text_of(app, "#history .head")[0].count("amended") == 1


async def test_evidence_shows_its_second_line_and_enter_all_of_it() -> None:
    found = await night(Pin("output", "Check pods", "2 lines, exit 0\n$ kubectl get pods\n" + "".join(f"line {n}\n" for n in range(400))))
    app = found.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        await until(pilot, lambda: "output Check pods: 2 lines, exit 0" in listed(app))
        assert "▏ $ kubectl get pods" in listed(app)
        assert "line 3" not in listed(app)
        await pilot.press("G", "enter")
        await until(pilot, lambda: isinstance(app.screen, EvidenceScreen))
        await until(pilot, lambda: "line 3" in "\n".join(text_of(app, "#output Rows")))
        assert "◆ output Check pods" in text_of(app, "#output .head")[0]
        await pilot.press("escape")
        await until(pilot, lambda: place(app) == "TimelineScreen")
