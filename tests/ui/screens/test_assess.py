"""The quick assessment: opened by a key, run at once, stopped, run again and pinned."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

import pytest
from textual.pilot import Pilot

from hand import HandClock
from ui.console import RUNBOOK, HandRoom, console, declared, text_of, until
from warroom.core.acts import Refusal
from warroom.core.acts.evidence import Pin
from warroom.core.output import Ended, Output
from warroom.runbook.model import OnCall, QuickCommand
from warroom.ui.app import WarRoomApp
from warroom.ui.screens.assess import AssessScreen

COMMANDS = (
    QuickCommand(title="Check pods", command="kubectl get pods", line=1),
    QuickCommand(title="Check errors", command="kubectl logs x | grep -i error", line=2),
)
BOOK = RUNBOOK.__class__(title="TenSafe", severities=RUNBOOK.severities, oncall=OnCall(quick_assessment=COMMANDS))


@dataclass
class HandRunning:
    """A command that prints and ends when a test says so."""

    command: str
    said: Callable[[str], None]
    stopped: bool = False
    ended: "asyncio.Future[Output]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def stop(self) -> None:
        self.stopped = True

    async def output(self) -> Output:
        return await self.ended

    def ends(self, text: str = "", code: int = 0, *, ok: bool = True, ended: Ended = "exited", trouble: str = "") -> None:
        hash = sha256(text.encode()).hexdigest()
        self.ended.set_result(
            Output(command=self.command, ended=ended, ok=ok, exit_code=code, seconds=0.31, text=text, sha256=hash, trouble=trouble)
        )


class HandShell:
    def __init__(self) -> None:
        self.started: list[HandRunning] = []

    def start(self, command: str, said: Callable[[str], None] = lambda _: None) -> HandRunning:
        self.started.append(HandRunning(command, said))
        return self.started[-1]


@pytest.fixture
def shell() -> HandShell:
    return HandShell()


def opened(room: HandRoom, hand: HandClock, shell: HandShell | None) -> WarRoomApp:
    return console(room, hand, shell=shell)


async def assess(pilot: Pilot[None]) -> None:
    await pilot.press("A")
    await until(pilot, lambda: isinstance(pilot.app.screen, AssessScreen) and bool(pilot.app.screen.query("#output")))


async def test_one_key_runs_all_and_shows_what_they_say_as_it_comes(hand: HandClock, shell: HandShell) -> None:
    app = opened(HandRoom(declared(), BOOK), hand, shell)
    async with app.run_test(size=(120, 36)) as pilot:
        await assess(pilot)
        assert [one.command for one in shell.started] == ["kubectl get pods", "kubectl logs x | grep -i error"]
        first, second = shell.started
        first.said("NAME   READY\nweb-1  0/1\nhalf a li")
        await pilot.pause()
        shown = "\n".join(text_of(app, "#output Rows"))
        assert "▏ NAME   READY\n" in shown
        assert "half a li" not in shown
        first.said("ne\n")
        first.ends("NAME   READY\nweb-1  0/1\nhalf a line\n")
        second.ends("", 1)
        await until(pilot, lambda: "running" not in "\n".join(text_of(app, "#commands Rows")))
        assert "half a line" in "\n".join(text_of(app, "#output Rows"))
        listed = "\n".join(text_of(app, "#commands Rows"))
        assert "Check pods" in listed
        assert listed.count("✓ 0.3 s") == 2
        await pilot.press("down")
        await until(pilot, lambda: "the search found nothing" in "\n".join(text_of(app, "#output Rows")))


async def test_every_ending_has_its_glyph_and_word(hand: HandClock, shell: HandShell) -> None:
    app = opened(HandRoom(declared(), BOOK), hand, shell)
    async with app.run_test(size=(120, 36)) as pilot:
        await assess(pilot)
        shell.started[0].ends("Error from server\n", 1, ok=False)
        shell.started[1].ends(ended="not run", ok=False, trouble="kubectl is not on this machine: install it")
        await until(pilot, lambda: "✗ not run" in "\n".join(text_of(app, "#commands Rows")))
        assert "✗ exit 1, 0.3 s" in "\n".join(text_of(app, "#commands Rows"))
        assert "2 failed" in text_of(app, "#commands .head")[0]
        await pilot.press("down")
        await until(pilot, lambda: "kubectl is not on this machine" in "\n".join(text_of(app, "#output Rows")))
        await pilot.press("p")
        await pilot.pause()
        assert isinstance(app.room, HandRoom)
        assert app.room.asked == []  # what was not run is no evidence


async def test_p_pins_the_output_as_it_was(hand: HandClock, shell: HandShell) -> None:
    room = HandRoom(declared(), BOOK)
    app = opened(room, hand, shell)
    async with app.run_test(size=(120, 36)) as pilot:
        await assess(pilot)
        shell.started[0].ends("NAME\n")
        await until(pilot, lambda: "✓" in "\n".join(text_of(app, "#commands Rows")))
        await pilot.press("p")
        await until(pilot, lambda: bool(room.asked))
        assert room.asked == [Pin("output", "Check pods", "1 line, exit 0 after 0.3 s\n$ kubectl get pods\nNAME\n")]
        room.answer = Refusal("no incident is declared")
        await pilot.press("p")
        await until(pilot, lambda: len(room.asked) == 2)


async def test_stopped_and_run_again(hand: HandClock, shell: HandShell) -> None:
    app = opened(HandRoom(declared(), BOOK), hand, shell)
    async with app.run_test(size=(120, 36)) as pilot:
        await assess(pilot)
        await pilot.press("r")
        assert len(shell.started) == 2  # it still runs
        await pilot.press("x")
        assert [one.stopped for one in shell.started] == [True, False]
        shell.started[0].said("late words\n")
        shell.started[0].ends(ended="stopped", ok=False, code=130)
        await until(pilot, lambda: "– stopped" in "\n".join(text_of(app, "#commands Rows")))
        await pilot.press("r")
        await until(pilot, lambda: len(shell.started) == 3)
        assert shell.started[2].command == "kubectl get pods"
        shell.started[0].said("words of the run before\n")
        await pilot.pause()
        assert "words" not in "\n".join(text_of(app, "#output Rows"))
        shell.started[1].ends()
        shell.started[2].ends()
        await until(pilot, lambda: "\n".join(text_of(app, "#commands Rows")).count("✓") == 2)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: len(shell.started) == 5)


async def test_leaving_and_coming_back_runs_nothing_again(hand: HandClock, shell: HandShell) -> None:
    app = opened(HandRoom(declared(), BOOK), hand, shell)
    async with app.run_test(size=(120, 36)) as pilot:
        await assess(pilot)
        await pilot.press("A")
        await until(pilot, lambda: app.current_mode == "live")
        shell.started[0].said("said meanwhile\n")
        await assess(pilot)
        await until(pilot, lambda: "said meanwhile" in "\n".join(text_of(app, "#output Rows")))
        assert len(shell.started) == 2
        await pilot.press("escape")
        await until(pilot, lambda: app.current_mode == "live")


async def test_hostile_words_are_shown_and_do_nothing(hand: HandClock, shell: HandShell) -> None:
    app = opened(HandRoom(declared(), BOOK), hand, shell)
    async with app.run_test(size=(80, 24)) as pilot:
        await assess(pilot)
        shell.started[0].said("[ERROR] [/api/v1/train] \x1b[2J\x00\x07 \u202e漢字 " + "x" * 300 + "\n")
        await until(pilot, lambda: "[ERROR] [/api/v1/train]" in "\n".join(text_of(app, "#output Rows")))
        assert not any(sign in "\n".join(text_of(app, "#output Rows")) for sign in "\x1b\x00\x07\u202e")


async def test_a_runbook_without_one_and_a_console_without_a_shell(hand: HandClock, shell: HandShell) -> None:
    app = opened(HandRoom(declared()), hand, shell)
    async with app.run_test(size=(120, 36)) as pilot:
        await assess(pilot)
        assert "this runbook has no quick assessment" in "\n".join(text_of(app, "#commands Rows"))
    app = opened(HandRoom(declared(), BOOK), hand, None)
    async with app.run_test(size=(120, 36)) as pilot:
        await assess(pilot)
        assert "no commands can be run" in "\n".join(text_of(app, "#commands Rows"))


async def test_searching_in_an_output(hand: HandClock, shell: HandShell) -> None:
    app = opened(HandRoom(declared(), BOOK), hand, shell)
    async with app.run_test(size=(120, 36)) as pilot:
        await assess(pilot)
        shell.started[0].said("one\ntwo\nthree\n")
        await pilot.press("tab", "slash", "t", "h", "enter")
        await until(pilot, lambda: "one" not in "\n".join(text_of(app, "#output Rows")))
        assert "▏ three" in "\n".join(text_of(app, "#output Rows"))
