"""The help: what to do with a pane in an incident, and the keys that work there."""

import pytest

from hand import HandClock
from ui.console import HandRoom, console, declared, text_of, until
from ui.night import Night
from ui.test_places import place
from warroom.ui.app import WarRoomApp
from warroom.ui.cards.help import HelpCard
from warroom.ui.help import ADVICE, help_rows
from warroom.ui.widgets.rows import Rows


def words(app: WarRoomApp) -> str:
    assert isinstance(app.screen, HelpCard)
    return "\n".join("".join(text for text, _ in row.line) for row in app.screen._rows(76, 99))


@pytest.mark.parametrize(("digit", "name"), [("2", "pods"), ("4", "events"), ("5", "deadlines"), ("6", "severity"), ("7", "timeline")])
async def test_each_pane_says_what_to_do_with_it(digit: str, name: str) -> None:
    app = (await Night().declared()).console()
    async with app.run_test(size=(120, 36)) as pilot:
        if digit != "2":
            await pilot.press(digit)
        await pilot.press("question_mark")
        told = " ".join(words(app).split())
        for sentence in ADVICE[name]:
            assert sentence in told
        assert "keys here" in told
        assert "keys everywhere" in told
        assert "any place, act, theme or pod by its name" in told


def test_every_sentence_is_plain_and_three_or_four_stand_for_a_pane() -> None:
    for sentences in ADVICE.values():
        assert 2 <= len(sentences) <= 4
        for sentence in sentences:
            assert sentence.endswith(".")
            assert len(sentence) < 130


async def test_every_pane_has_its_words() -> None:
    app = (await Night().declared()).console()
    async with app.run_test(size=(240, 60)) as pilot:
        from warroom.ui.panes.pane import Pane

        panes = {pane.id for pane in app.screen.query(Pane) if pane.digit or pane.id in ("peek", "changes")}
        await pilot.press("7", "7")
        panes |= {pane.id for pane in app.screen.query(Pane)} | {"editor"}
        await pilot.press("escape", "f")
        await until(pilot, lambda: bool(app.screen.query("#contents")))
        panes |= {pane.id for pane in app.screen.query(Pane)}
        await pilot.press("escape", "8")
        await until(pilot, lambda: bool(app.screen.query("#steps")))
        panes |= {pane.id for pane in app.screen.query(Pane)}
        assert panes == set(ADVICE)


async def test_it_scrolls_at_80x24_and_closes() -> None:
    app = (await Night().declared()).console()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        first = text_of(app, "#help")
        assert "Look here first" in "\n".join(first)
        await pilot.press("G")
        last = text_of(app, "#help")
        assert "leave" in "\n".join(last)
        assert first != last
        assert app.screen.query_one("#buttons").region.bottom <= 24
        await pilot.press("g", "j")
        assert text_of(app, "#help")[:4] == first[1:5]
        await pilot.press("question_mark")
        await until(pilot, lambda: place(app) == "pods")


async def test_another_terminal_is_told_how_to_join_a_drill(hand: HandClock) -> None:
    app = console(HandRoom(declared(drill=True)), hand, joins=". /tmp/x/join.sh\nexport WARROOM_HOME=/tmp/[b]x")
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("question_mark")
        assert "▏ export WARROOM_HOME=/tmp/[b]x" in words(app)
        assert "another terminal joins this drill" in words(app)


async def test_only_keys_that_work_now_are_there() -> None:
    app = (await Night().open()).console()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        told = "\n".join("".join(text for text, _ in row.line) for row in help_rows(app.screen, "", 100))
        assert "declare an incident" in told
        assert "change the severity" not in told
        app.screen.query_one("#pods Rows", Rows).focus()
