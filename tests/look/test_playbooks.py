"""How the playbooks look: a step that asks, temporary changes, a form, and the blast radius."""

from collections.abc import Callable
from itertools import count

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from core.story import Story
from hand import HandClock
from look.scene import ALERTED, RUNBOOK, feeds, incident, settled
from ui.console import HandRoom, console, until
from ui.runner import HandRunner
from ui.screens.test_playbooks import DELETE, UNDO, shown
from warroom.core.acts.arming import Arm
from warroom.core.acts.playbook import AnswerStep, EndStep, FinishStep, SkipStep, StartStep
from warroom.core.entries import StepEnded, StepStarted
from warroom.core.incident import Incident
from warroom.ui.app import WarRoomApp
from warroom.ui.cards.blast import BlastCard
from warroom.ui.cards.fill import FillCard
from warroom.ui.panes.steps import Place
from warroom.ui.screens.playbooks import PlaybooksScreen

Compare = Callable[..., bool]
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 48)], ids=["80x24", "120x36", "160x48"])
DOWN, ERRORS, DATABASE = "API Completely Down", "High Error Rate", "Database Connection Issues"
PODS = """NAME                             READY   STATUS             RESTARTS   AGE
tensafe-server-6b5f9c7d88-2lq7w  1/1     Running            0          6d
tensafe-server-7d9f8b6c4d-x2v9k  0/1     CrashLoopBackOff   6          20m
[ERROR] \x1b[31m[/api/v1/train]\x07 \u202e
"""


def walked(*, armed: bool = False) -> Incident:
    """Sixteen minutes in: three playbooks under way, one change owed, one paid."""
    story = Story(RUNBOOK, ALERTED)
    story.entries, story._numbers = list(incident().entries), count(900)

    def ran(minute: float, book: str, step: int, runs: str, text: str, by: str, *, command: int = 1, ok: bool = True, **more: str) -> None:
        kind = "mutate" if more else "read"
        fact = StepStarted(
            playbook=book, step=step, command=command, runs=runs, judged=kind, limit=20.0, console="x", **more  # type: ignore[arg-type]
        )  # fmt: skip
        if more:
            story.does(minute - 0.1, Arm("x", "capacity"), by=by)
        run = story.does(minute, StartStep(fact), by=by)[0].id
        end = StepEnded(
            playbook=book,
            step=step,
            run=run,
            ok=ok,
            exit_code=0 if ok else 1,
            seconds=1.1,
            sha256="91bc" * 16,
            excerpt=text,
            lines=len(text.splitlines()),
            inverse=more.get("inverse", "") if ok else "",
        )
        story.does(minute + 0.05, EndStep(end), by=by)

    ran(4.5, DATABASE, 3, "kubectl scale deployment tensafe-worker -n tensafe --replicas=4 --current-replicas=2", "scaled\n", "tom",
        object="deployment/tensafe-worker",
        inverse="kubectl scale deployment tensafe-worker -n tensafe --replicas=2 --current-replicas=4")  # fmt: skip
    ran(8.0, ERRORS, 1, "kubectl logs -l app", "  183 KeyError: 'dp_epsilon'\n", "ada")
    story.does(9.0, FinishStep(ERRORS, 2, "only /api/v1/train"), by="ada")
    story.does(9.5, SkipStep(ERRORS, 3, "no metrics API"), by="ada")
    ran(11.0, DOWN, 1, "curl -v https://api.tensafe.dev/health", "< HTTP/2 502\n< content-length: 0\n", "tom", ok=False)
    ran(11.2, DOWN, 1, "kubectl get pods -n tensafe", PODS, "tom", command=2)
    ran(14.0, DOWN, 2, "kubectl rollout history deployment/tensafe-server -n tensafe", "REVISION\n41\n42\n", "tom")
    story.does(15.0, AnswerStep(DATABASE, 3, "yes"), by="tom")
    fact = StepStarted(playbook=DATABASE, step=2, command=1, runs="psql", judged="read", limit=20.0, console="y")
    story.does(16.0, StartStep(fact), by="tom")
    if armed:
        story.does(16.0, Arm("console-1", "rolling back"))
    return story.incident


def opened(size: tuple[int, int], *, armed: bool = False) -> tuple[WarRoomApp, HandRunner]:
    room = HandRoom(walked(armed=armed), RUNBOOK)
    runner = HandRunner(room, **{"rollout undo": UNDO, "delete pod": DELETE})  # type: ignore[arg-type]
    return console(room, HandClock(), feeds(), runner=runner), runner


async def to(app: WarRoomApp, pilot: Pilot[None], book: str, step: int) -> None:
    await until(pilot, lambda: settled(app))
    await pilot.press("8")
    await until(pilot, lambda: isinstance(app.screen, PlaybooksScreen) and "API" in shown(app, "#steps Rows"))
    assert isinstance(app.screen, PlaybooksScreen)
    app.screen.go(Place(book, step))
    screen = app.screen
    await until(pilot, lambda: len(screen._known()) == len(commands_of(book, step)) and not screen.step.waits)


def commands_of(book: str, step: int) -> tuple[object, ...]:
    found = next(one for one in RUNBOOK.playbooks if one.title == book)
    return found.steps[step - 1].commands


@SIZES
def test_a_step_that_asks(snap_compare: Compare, size: tuple[int, int]) -> None:
    app, _ = opened(size)

    async def shows(pilot: Pilot[None]) -> None:
        await to(app, pilot, DOWN, 3)
        if size[0] < 100:
            await pilot.press("tab")
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=shows)


@pytest.mark.parametrize("size", [(80, 24), (160, 48)], ids=["80x24", "160x48"])
def test_the_list_and_an_output(snap_compare: Compare, size: tuple[int, int]) -> None:
    app, _ = opened(size)

    async def shows(pilot: Pilot[None]) -> None:
        await to(app, pilot, DOWN, 1)
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=shows)


@SIZES
def test_the_blast_radius(snap_compare: Compare, size: tuple[int, int]) -> None:
    app, runner = opened(size, armed=True)
    assert UNDO.blast is not None
    warned = replace(UNDO.blast, warnings=("this would roll forward, to the release that was rolled back at 02:51",))
    runner.changes["rollout undo"] = replace(UNDO, asks="name", word="tensafe-server", blast=warned)

    async def shows(pilot: Pilot[None]) -> None:
        await to(app, pilot, DOWN, 3)
        app.push_screen(BlastCard(await runner.prepare(runner.asked[-1])))
        await until(pilot, lambda: isinstance(app.screen, BlastCard) and app.screen.is_mounted)
        await pilot.press(*"tensafe-ser")
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=shows)


@pytest.mark.parametrize("size", [(80, 24), (160, 48)], ids=["80x24", "160x48"])
def test_the_form(snap_compare: Compare, size: tuple[int, int]) -> None:
    app, runner = opened(size)

    async def shows(pilot: Pilot[None]) -> None:
        await to(app, pilot, ERRORS, 4)
        app.push_screen(FillCard(await runner.prepare(runner.asked[-1]), edits=True))
        await until(pilot, lambda: isinstance(app.screen, FillCard) and app.screen.is_mounted)
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=shows)
