"""The palette: any place, act, theme or pod by its name."""

import pytest
from textual.pilot import Pilot

from hand import HandClock
from ui.console import HandFeed, HandRoom, console, declared, good, pod, text_of, until
from ui.night import Night
from ui.test_places import burst, place
from warroom.core.entries import RunbookText
from warroom.runbook.folder import joined
from warroom.ui import look
from warroom.ui.app import WarRoomApp
from warroom.ui.cards.help import HelpCard
from warroom.ui.cards.palette import PaletteCard
from warroom.ui.cards.quit import QuitCard
from warroom.ui.screens.playbooks import PlaybooksScreen
from warroom.ui.screens.timeline import TimelineScreen


def names(app: WarRoomApp) -> list[str]:
    assert isinstance(app.screen, PaletteCard)
    return [way.name for way in app.screen.ways()]


async def says(pilot: Pilot[None], text: str, *, enter: bool = True) -> None:
    app = pilot.app
    assert isinstance(app, WarRoomApp)
    burst(app, f":{text}" + ("\r" if enter else ""))
    await pilot.pause()
    await until(pilot, lambda: app.burst.idle)


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("pods", "pods"),
        ("po", "pods"),
        ("ev", "events"),
        ("events", "events"),
        ("deploy", "changes"),
        ("dp", "changes"),
        ("sev", "severity"),
        ("deadl", "deadlines"),
        ("tl", "timeline"),
        ("note", "TimelineScreen"),
        ("declare", "PodsPane"),
        ("level", "SeverityCard"),
        ("promise", "DeadlineCard"),
        ("role", "RolesCard"),
        ("ack", "ResponseCard"),
        ("phase", "ResponseCard"),
        ("restored", "ResponseCard"),
        ("resolve", "ResponseCard"),
        ("action", "ResponseCard"),
        ("help", "HelpCard"),
        ("quit", "QuitCard"),
        ("q", "QuitCard"),
    ],
)
async def test_a_word_leads_there(words: str, where: str) -> None:
    app = (await Night().declared()).console()
    async with app.run_test(size=(160, 48)) as pilot:
        if words == "declare":  # there is an incident: nothing is called so
            await says(pilot, words, enter=False)
            assert "declare" not in names(app)
            return
        await says(pilot, words)
        await until(pilot, lambda: place(app) == where)


async def test_declaring_is_there_when_nothing_is_declared() -> None:
    app = (await Night().open()).console()
    async with app.run_test(size=(120, 36)) as pilot:
        await says(pilot, "decl")
        await until(pilot, lambda: place(app) == "DeclareCard")


async def test_a_pod_is_found_by_a_part_of_its_name() -> None:
    app = (await Night().declared()).console()
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: bool(app.world.pods.value))
        await pilot.press("5")
        await says(pilot, "2lq7w")
        await until(pilot, lambda: place(app) == "pods")
        assert app.screen.query_one("#pods .body").cursor == "tensafe/tensafe-server-6b5f9c7d88-2lq7w"  # type: ignore[attr-defined]


async def test_a_note_is_kept_from_the_palette() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await says(pilot, "note [b]7 pods: gone[/b]")
        await until(pilot, lambda: night.kinds[-1] == "noted")
        assert night.room.incident.entries[-1].fact.text == "[b]7 pods: gone[/b]"  # type: ignore[union-attr]


@pytest.mark.parametrize(("words", "what"), [("ctx", "prod-eu-1"), ("ns", "tensafe")])
async def test_what_is_pinned_says_why_and_how_to_open_another(words: str, what: str) -> None:
    app = (await Night().declared()).console()
    async with app.run_test(size=(160, 48)) as pilot:
        await says(pilot, words)
        told = " ".join(" ".join(text_of(app, "#told")).split())
        assert what in told
        assert "pinned with inc-" in told
        assert "warroom --" in told
        assert isinstance(app.screen, PaletteCard)
        await pilot.press("escape")
        await until(pilot, lambda: place(app) == "pods")


async def test_themes_and_glyphs_change_at_once() -> None:
    app = (await Night().declared()).console()
    async with app.run_test(size=(120, 36)) as pilot:
        for name in ("light", "contrast", "ansi16", "mono", "dark"):
            await says(pilot, f"theme {name}")
            await until(pilot, lambda name=name: app.theme == f"room-{name}")  # type: ignore[misc]
        await says(pilot, "ascii")
        await until(pilot, look.in_ascii)
        await pilot.pause()
        assert "\n".join(text_of(app, "#header") + text_of(app, "#keys") + text_of(app, "#pods .head")).isascii()
        await says(pilot, "ascii")
        await until(pilot, lambda: not look.in_ascii())


async def test_what_is_called_nothing_is_told_and_stays() -> None:
    app = (await Night().declared()).console()
    async with app.run_test(size=(120, 36)) as pilot:
        await says(pilot, "xyzzy [/b]")
        assert "nothing is called 'xyzzy [/b]'" in "\n".join(text_of(app, "#told"))
        await pilot.press(*["backspace"] * 10)
        assert len(names(app)) > 5
        await pilot.press("down", "down", "up", "tab")
        assert app.screen.query_one("#line").value == f"{names(app)[0]} "  # type: ignore[attr-defined]
        await pilot.press("escape")
        await until(pilot, lambda: place(app) == "pods")


async def test_reopening_is_there_only_when_there_is_something_to_reopen() -> None:
    app = (await Night().declared()).console()
    async with app.run_test(size=(120, 36)) as pilot:
        await says(pilot, "reopen", enter=False)
        assert "reopen" not in names(app)


async def test_hostile_names_are_text(hand: HandClock) -> None:
    name = "api[/x][@click=app.quit]\x1b[2J"
    app = console(HandRoom(declared()), hand, [HandFeed("pods", good((pod(name),)))])
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: bool(app.world.pods.value))
        await says(pilot, "api[/x]", enter=False)
        assert "api[/x][@click=app.quit]␛[2J" in "\n".join(text_of(app, "#matches"))


async def test_it_opens_on_every_screen_but_not_in_a_field() -> None:
    app = (await Night().declared()).console()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("7", "7")
        assert isinstance(app.screen, TimelineScreen)
        await says(pilot, "help")
        await until(pilot, lambda: isinstance(app.screen, HelpCard))
        await pilot.press("escape", "n", "colon", "question_mark")
        await until(pilot, lambda: app.screen.query_one("#words").text == ":?")  # type: ignore[attr-defined]
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, QuitCard))


FOLDER = joined(
    (f"alerts/{name}.md", f"# {name}\n\n## Meaning\n\nBad.\n\n## Mitigation\n\n1. Look\n2. Wait\n")
    for name in ("QueueFull", "DiskFull", "OvenCold[/b]")
)


@pytest.mark.parametrize(
    ("words", "found"), [("queuef", ["QueueFull"]), ("playbook full", ["QueueFull", "DiskFull"]), ("full dis", ["DiskFull"])]
)
async def test_a_playbook_is_found_by_the_name_of_its_alert_and_its_words(words: str, found: list[str]) -> None:
    text = RunbookText(text=FOLDER, sha256="1" * 64, file="alerts")
    app = (await Night(text).declared(severity=None)).console()
    async with app.run_test(size=(120, 36)) as pilot:
        await says(pilot, words, enter=False)
        assert names(app) == found
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, PlaybooksScreen) and bool(app.screen.query("#outputs")))
        await until(pilot, lambda: app.screen.steps.at.book == found[0])  # type: ignore[attr-defined]


async def test_the_name_of_a_playbook_is_foreign_text() -> None:
    text = RunbookText(text=FOLDER, sha256="1" * 64, file="alerts")
    app = (await Night(text).declared(severity=None)).console()
    async with app.run_test(size=(120, 36)) as pilot:
        await says(pilot, "oven", enter=False)
        assert "OvenCold[/b]" in "\n".join(text_of(app, "#matches"))
