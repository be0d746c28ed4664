"""Playbooks on the screen: opened, walked, asked, run, stopped, undone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from msgspec.structs import replace
from textual.pilot import Pilot

from ui.console import text_of, until
from ui.night import Night
from ui.runner import HandRun, HandRunner
from warroom.core.acts.arming import Arm
from warroom.core.acts.playbook import AnswerStep, FinishStep
from warroom.core.entries import Armed, StepAnswered, StepEnded, StepSkipped, StepStarted
from warroom.core.ledger import owed
from warroom.core.output import Output
from warroom.core.prepared import Blank, Blast, Candidate, Prepared, Ready, Said, Wanted
from warroom.ui.app import WarRoomApp
from warroom.ui.cards.arm import ArmCard
from warroom.ui.cards.blast import BlastCard
from warroom.ui.cards.confirm import ConfirmCard
from warroom.ui.cards.fill import FillCard
from warroom.ui.cards.why import WhyCard
from warroom.ui.panes.steps import Place
from warroom.ui.screens.playbooks import PlaybooksScreen

DOWN, ERRORS = "API Completely Down", "High Error Rate"
INVERSE = "kubectl rollout undo deployment/tensafe-server -n tensafe --to-revision=42"
UNDO = Prepared(
    wanted=Wanted(playbook="", step=0),
    written="",
    runs="kubectl rollout undo deployment/tensafe-server -n tensafe --to-revision=41",
    kind="mutate",
    why="it rolls a deployment back",
    added=("the revision: a second undo would bring 2.8.1 back",),
    asks="yes",
    blast=Blast(
        title="Roll back deployment/tensafe-server from r42 to r41",
        object="deployment/tensafe-server",
        context="prod-eu-1",
        namespace="tensafe",
        effects=("3 pods of r42 are replaced by 3 of r41",),
        dry_run="accepted",
        accepted=True,
        diff=("- image: tensafe/server:2.8.1", "+ image: tensafe/server:2.8.0"),
        ready=(Ready(when="now", least=3, most=3, wanted=6), Ready(when="after", least=6, most=6, wanted=6)),
        calm=("no autoscaler", "not paused"),
    ),
    inverse=INVERSE,
)
DELETE = Prepared(
    wanted=Wanted(playbook="", step=0),
    written="",
    runs="kubectl delete pod <pod-name> -n tensafe",
    kind="destroy",
    why="it deletes",
    asks="name",
    word="tensafe-server-x2v9k",
    blanks=(
        Blank(
            name="pod-name",
            spelling=("<pod-name>",),
            candidates=(Candidate("tensafe-server-x2v9k", "CrashLoopBackOff"), Candidate("tensafe-server-2lq7w", "")),
        ),
    ),
    blast=Blast(title="Delete pod/tensafe-server-x2v9k", object="pod/tensafe-server-x2v9k", warnings=("it is the only pod that is ready",)),
)


@asynccontextmanager
async def opened(
    night: Night, size: tuple[int, int] = (160, 48), *, changes: dict[str, Prepared] | None = None, **options: Any
) -> AsyncIterator[tuple[WarRoomApp, Pilot[None], HandRunner]]:
    given = {"rollout undo": UNDO, "delete pod": DELETE} if changes is None else changes
    runner = HandRunner(night.room, **given)
    app = night.console(runner=runner, **options)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.press("8")
        await until(pilot, lambda: isinstance(app.screen, PlaybooksScreen) and bool(app.screen.query("#outputs")))
        await until(pilot, lambda: "API" in shown(app, "#steps Rows"))
        yield app, pilot, runner


def shown(app: WarRoomApp, selector: str) -> str:
    return "\n".join(text_of(app, selector))


async def at(app: WarRoomApp, pilot: Pilot[None], book: str, step: int) -> None:
    assert isinstance(app.screen, PlaybooksScreen)
    app.screen.go(Place(book, step))
    wanted = Place(book, step)
    await until(pilot, lambda: (app.screen.steps.at, app.screen.step.step and app.screen.step.step.number) == (wanted, step))  # type: ignore[attr-defined]


async def on_top(app: WarRoomApp, pilot: Pilot[None], kind: type) -> None:
    await until(pilot, lambda: isinstance(app.screen, kind) and app.screen.is_mounted)


async def test_the_playbooks_of_the_runbook_are_listed_with_their_steps() -> None:
    night = await Night().declared()
    async with opened(night) as (app, pilot, _):
        steps = shown(app, "#steps Rows")
        assert "▾ API Completely Down" in steps
        assert "1 Verify outage" in steps
        assert "? 3 If recent deployment - rollback" in steps
        assert "needs you" in steps
        assert "0 of 13 steps done" in shown(app, "#steps .head")
        await pilot.press("8")
        await until(pilot, lambda: app.current_mode == "live")


async def test_enter_runs_a_step_and_its_output_comes_as_it_is_printed() -> None:
    night = await Night().declared()
    async with opened(night) as (app, pilot, runner):
        await at(app, pilot, DOWN, 1)
        await pilot.press("enter")
        await until(pilot, lambda: len(runner.runs) == 1)
        assert runner.runs[0].prepared.runs == "curl -v https://api.tensafe.dev/health"
        runner.runs[0].heard("< HTTP/2 502\n")
        await until(pilot, lambda: "▏ < HTTP/2 502" in shown(app, "#outputs Rows"))
        assert "◐ 1 Verify outage" in shown(app, "#steps Rows")
        assert "running" in shown(app, "#steps Rows")
        await runner.runs[0].ends("< HTTP/2 502\n")
        await until(pilot, lambda: len(runner.runs) == 2)  # the second command of the step follows the first
        await runner.runs[1].ends("NAME READY\n")
        await until(pilot, lambda: "✓ 1 Verify outage" in shown(app, "#steps Rows"))
        assert "✓ curl exit 0" in shown(app, "#outputs Rows")
        assert "▏ NAME READY" in shown(app, "#outputs Rows")
        await pilot.press("enter")
        await until(pilot, lambda: "r runs it again" in shown(app, "#step Rows"))
        await pilot.press("r")
        await until(pilot, lambda: len(runner.runs) == 3)
        await until(pilot, lambda: "o 1 older" in shown(app, "#outputs .head"))


async def test_where_all_of_a_step_only_reads_a_failure_is_a_finding_and_the_rest_is_read() -> None:
    night = await Night().declared()
    async with opened(night) as (app, pilot, runner):
        await at(app, pilot, DOWN, 1)
        await pilot.press("enter")
        await until(pilot, lambda: len(runner.runs) == 1)
        await runner.runs[0].ends("", 7, ok=False)
        await until(pilot, lambda: len(runner.runs) == 2)
        await runner.runs[1].ends("NAME\n")
        await until(pilot, lambda: "failed, exit 7" in shown(app, "#steps Rows"))
        assert "✗ curl exit 7" in shown(app, "#outputs Rows")


async def test_several_steps_run_at_once_and_one_is_stopped() -> None:
    night = await Night().declared()
    async with opened(night) as (app, pilot, runner):
        await at(app, pilot, DOWN, 1)
        await pilot.press("enter")
        await at(app, pilot, DOWN, 2)
        await pilot.press("enter")
        await until(pilot, lambda: len(runner.runs) == 2)
        await until(pilot, lambda: "2 running" in shown(app, "#steps .head"))
        await pilot.press("enter")
        await until(pilot, lambda: "runs it already" in shown(app, "#step Rows"))
        await pilot.press("x")
        assert [run.stopped for run in runner.runs] == [False, True]


async def test_a_condition_is_asked_with_what_is_measured_and_the_answer_is_an_entry() -> None:
    night = await Night().declared()
    async with opened(night) as (app, pilot, runner):
        await at(app, pilot, DOWN, 3)
        step = shown(app, "#step Rows")
        assert "If recent deployment?" in step
        assert "◆ measured: yes. revision 42 of tensafe-server rolled out at 02:31:18, 5 min 0 s before the start" in step
        assert "changed: 2.8.0 → 2.8.1" in step
        await pilot.press("enter")
        await until(pilot, lambda: "answer first" in shown(app, "#step Rows"))
        await pilot.press("y")
        await until(pilot, lambda: "answered yes, ada" in shown(app, "#step Rows"))
        assert isinstance(night.room.incident.entries[-1].fact, StepAnswered)
        assert "· 4 If not deployment" in shown(app, "#steps Rows")
        assert "not this case" in shown(app, "#steps Rows")
        assert not runner.runs


async def test_a_change_wants_arms_then_the_card_and_is_owed_and_undone() -> None:
    night = await Night().declared()
    async with opened(night) as (app, pilot, runner):
        await night.does(AnswerStep(DOWN, 3, "yes"))
        await at(app, pilot, DOWN, 3)
        await until(pilot, lambda: "--to-revision=41" in shown(app, "#step Rows"))
        assert "needs ARMED (W)" in shown(app, "#step Rows")
        await pilot.press("enter")
        await on_top(app, pilot, ArmCard)
        await pilot.press(*"roll back", "enter")
        await on_top(app, pilot, BlastCard)
        assert isinstance(night.room.incident.entries[-1].fact, Armed)
        await until(pilot, lambda: "ARMED 15:00 left" in shown(app, "#header"))
        card = shown(app, "Words")
        assert "Roll back deployment/tensafe-server from r42 to r41" in card
        assert "● ● ● ✗ ✗ ✗  3 of 6" in card
        assert "+ image: tensafe/server:2.8.0" in card
        assert "accepted" in card
        await pilot.press("enter")  # the default is Cancel
        await on_top(app, pilot, PlaybooksScreen)
        assert not runner.runs
        await pilot.press("enter")
        await on_top(app, pilot, BlastCard)
        await pilot.press("alt+y")
        await until(pilot, lambda: len(runner.runs) == 1)
        assert runner.runs[0].said.yes
        await runner.runs[0].ends("deployment.apps/tensafe-server rolled back\n")
        await until(pilot, lambda: "▲ 1 owed" in shown(app, "#ledger .head"))
        assert "▲ 1 owed" in shown(app, "#header")
        assert "--to-revision=42" in shown(app, "#ledger Rows").replace("\n", "")
        await pilot.press("u")
        await on_top(app, pilot, BlastCard)
        await pilot.press("alt+y")
        await until(pilot, lambda: len(runner.runs) == 2)
        assert runner.runs[1].prepared.runs == INVERSE
        await runner.runs[1].ends("rolled back\n")
        await until(pilot, lambda: "✓ paid deployment/tensafe-server" in shown(app, "#ledger Rows"))
        assert not owed(night.room.incident)


async def test_w_arms_and_makes_safe_again_and_read_only_never() -> None:
    night = await Night().declared()
    async with opened(night) as (app, pilot, runner):
        await pilot.press("W")
        await on_top(app, pilot, ArmCard)
        await pilot.press("enter")
        await until(pilot, lambda: "say why this console" in shown(app, "#told"))
        await pilot.press(*"because", "enter")
        await until(pilot, lambda: "ARMED" in shown(app, "#header"))
        await pilot.press("W")
        await until(pilot, lambda: "SAFE" in shown(app, "#header"))
    async with opened(night, read_only=True) as (app, pilot, runner):
        await night.does(AnswerStep(DOWN, 3, "yes"))
        await pilot.press("W")
        await pilot.pause()
        assert isinstance(app.screen, PlaybooksScreen)
        await at(app, pilot, DOWN, 3)
        await pilot.press("enter")
        await until(pilot, lambda: "can never be armed" in shown(app, "#step Rows"))
        assert not runner.runs


async def test_placeholders_are_filled_from_what_is_there_and_a_name_is_typed() -> None:
    night = await Night().declared()
    async with opened(night) as (app, pilot, runner):
        await night.does(AnswerStep(ERRORS, 4, "yes"), Arm("console-1", "restart"))
        await at(app, pilot, ERRORS, 4)
        await pilot.press("enter")
        await on_top(app, pilot, FillCard)
        card = shown(app, "#candidates")
        assert "alt+1 tensafe-server-x2v9k  CrashLoopBackOff" in card
        await pilot.press("alt+2", "alt+1", "enter")
        await on_top(app, pilot, BlastCard)
        assert runner.asked[-1].values == (("pod-name", "tensafe-server-x2v9k"),)
        assert "it is the only pod that is ready" in shown(app, "Words")
        await pilot.press("enter")
        await on_top(app, pilot, PlaybooksScreen)  # an empty field is Cancel
        await pilot.press("enter")
        await on_top(app, pilot, FillCard)
        await pilot.press("enter")
        await on_top(app, pilot, BlastCard)
        await pilot.press("alt+y", *"tensafe-server", "enter")
        await until(pilot, lambda: "nothing was run" in shown(app, "#told"))
        assert not runner.runs
        await pilot.press("end", *"-x2v9k", "enter")
        await until(pilot, lambda: len(runner.runs) == 1)
        assert runner.runs[0].said.name == "tensafe-server-x2v9k"
        assert runner.runs[0].prepared.runs == "kubectl delete pod tensafe-server-x2v9k -n tensafe"


async def test_a_step_is_skipped_done_by_hand_and_edited() -> None:
    night = await Night().declared()
    async with opened(night) as (app, pilot, runner):
        await at(app, pilot, DOWN, 2)
        await pilot.press("S")
        await on_top(app, pilot, WhyCard)
        await pilot.press("enter")
        await until(pilot, lambda: "say why it is skipped" in shown(app, "#told"))
        await pilot.press(*"known", "enter")
        await until(pilot, lambda: "– 2 Check for recent" in shown(app, "#steps Rows"))
        assert isinstance(night.room.incident.entries[-1].fact, StepSkipped)
        await at(app, pilot, ERRORS, 2)
        assert "Review Grafana dashboard by endpoint" in shown(app, "#step Rows")
        await pilot.press("enter")
        await on_top(app, pilot, WhyCard)
        await pilot.press(*"only train", "enter")
        await until(pilot, lambda: "done, said why" in shown(app, "#steps Rows"))
        await at(app, pilot, ERRORS, 3)
        await pilot.press("e")
        await on_top(app, pilot, FillCard)
        await pilot.press(*" --sort-by=cpu", "enter")
        await until(pilot, lambda: len(runner.runs) == 1)
        assert runner.runs[0].prepared.runs == "kubectl top pods -n tensafe --sort-by=cpu"


async def test_what_a_start_is_refused_for_is_told() -> None:
    night = await Night().declared()
    async with opened(night) as (app, pilot, runner):
        runner.refusal = "tom is running step 2 since 02:50:01 UTC: wait for it"
        await at(app, pilot, DOWN, 2)
        await pilot.press("enter")
        await until(pilot, lambda: "tom is running step 2" in shown(app, "#step Rows"))


async def test_an_untrusted_runbook_is_asked_about_once() -> None:
    night = await Night().declared()
    history = Prepared(wanted=UNDO.wanted, written="", runs="kubectl rollout history x", kind="read", why="it only reads", untrusted=True)
    async with opened(night, changes={"rollout history": history}) as (app, pilot, runner):
        await at(app, pilot, DOWN, 2)
        await pilot.press("enter")
        await on_top(app, pilot, ConfirmCard)
        await pilot.press("escape")
        await on_top(app, pilot, PlaybooksScreen)
        assert not runner.runs
        await pilot.press("enter")
        await on_top(app, pilot, ConfirmCard)
        await pilot.press("alt+y")
        await until(pilot, lambda: len(runner.runs) == 1)
        assert runner.runs[0].said.trusts


async def test_a_dry_run_changes_nothing_and_needs_no_arms() -> None:
    night = await Night().declared()
    async with opened(night) as (app, pilot, runner):
        await night.does(AnswerStep(DOWN, 3, "yes"))
        await at(app, pilot, DOWN, 3)
        await pilot.press("D")
        await on_top(app, pilot, BlastCard)
        await pilot.press("alt+y")
        await pilot.press("enter")
        await on_top(app, pilot, PlaybooksScreen)
        assert not runner.runs


async def test_an_unknown_outcome_is_told_and_looked_into() -> None:
    night = await Night().declared()
    started = StepStarted(
        playbook=DOWN, step=2, title="Check", command=1, runs="kubectl rollout history x", judged="read", limit=20.0, console="dead"
    )
    from warroom.core.acts.playbook import EndStep, StartStep

    await night.does(StartStep(started))
    run = night.room.incident.steps[-1].id
    await night.does(EndStep(StepEnded(playbook=DOWN, step=2, run=run, ended="lost")))
    async with opened(night) as (app, pilot, runner):
        assert runner.looked == 1
        await until(pilot, lambda: "? 2 Check for recent" in shown(app, "#steps Rows"))
        assert "outcome unknown" in shown(app, "#steps Rows")
        await pilot.press("escape")
        await until(pilot, lambda: app.current_mode == "live")
        await pilot.press("full_stop")
        await until(pilot, lambda: app.current_mode == "playbooks")
        await until(pilot, lambda: "nobody saw it end" in shown(app, "#step Rows"))
        await pilot.press("enter")
        await until(pilot, lambda: len(runner.runs) == 1)
        assert runner.runs[0].prepared.runs == "kubectl get pods"


async def test_the_next_step_is_that_of_the_playbook_and_opens_from_anywhere() -> None:
    night = await Night().declared()
    await night.does(FinishStep(DOWN, 1, "seen"))
    async with opened(night) as (app, pilot, _):
        await pilot.press("escape")
        await until(pilot, lambda: app.current_mode == "live")
        assert "API Completely Down, step 2" in shown(app, "#header")
        await pilot.press("full_stop")
        await until(pilot, lambda: app.current_mode == "playbooks" and "step 2 of 5" in shown(app, "#step .head"))


async def test_an_interactive_command_gets_the_terminal() -> None:
    night = await Night().declared()
    shell = replace(UNDO, kind="read", asks="nothing", blast=None, inverse="", interactive=True)
    async with opened(night, changes={"rollout history": shell}) as (app, pilot, runner):
        app.suspend = _nothing  # type: ignore[method-assign]
        await at(app, pilot, DOWN, 2)
        await pilot.press("enter")
        await until(pilot, lambda: len(runner.handed) == 1)
        assert not runner.runs


def _nothing() -> Any:
    from contextlib import nullcontext

    return nullcontext()


async def test_small_screens_show_one_of_four() -> None:
    night = await Night().declared()
    async with opened(night, (80, 24)) as (app, pilot, _):
        await at(app, pilot, DOWN, 3)
        assert not app.screen.query_one("#about").display
        await pilot.press("tab")
        await until(pilot, lambda: app.screen.query_one("#step").region.height > 10)
        assert "If recent deployment?" in shown(app, "#step Rows")
        assert not app.screen.query_one("#walk").display
        await pilot.press("tab")
        await until(pilot, lambda: app.screen.query_one("#outputs").region.height > 10)
        await pilot.press("tab")
        await until(pilot, lambda: app.screen.query_one("#ledger").region.height > 10)
        await pilot.press("tab")
        await until(pilot, lambda: app.screen.query_one("#steps").region.height > 10)


async def test_an_output_is_pinned_and_a_command_copied() -> None:
    night = await Night().declared()
    async with opened(night) as (app, pilot, runner):
        await at(app, pilot, DOWN, 2)
        await pilot.press("enter")
        await until(pilot, lambda: len(runner.runs) == 1)
        await runner.runs[0].ends("REVISION\n41\n42\n")
        await until(pilot, lambda: "✓ 2 Check" in shown(app, "#steps Rows"))
        await pilot.press("p")
        await until(pilot, lambda: bool(night.room.incident.pinned))
        await pilot.press("c")
        await until(pilot, lambda: app.clipboard == "kubectl rollout history deployment/tensafe-server -n tensafe")


async def test_a_card_that_is_ready_late_interrupts_nobody() -> None:
    night = await Night().declared()
    async with opened(night) as (app, pilot, runner):
        await night.does(AnswerStep(DOWN, 3, "yes"), Arm("console-1", "roll back"))
        await at(app, pilot, DOWN, 3)
        await until(pilot, lambda: "--to-revision=41" in shown(app, "#step Rows"))
        runner.free.clear()
        asked = len(runner.asked)
        await pilot.press("enter")
        await until(pilot, lambda: len(runner.asked) > asked)
        await pilot.press("escape")
        await until(pilot, lambda: app.current_mode == "live")
        runner.free.set()
        await pilot.press("8")
        await until(pilot, lambda: "you went elsewhere" in shown(app, "#step Rows"))
        assert not runner.runs


async def test_what_a_console_prints_that_only_looks_is_shown_all_the_same() -> None:
    night = await Night().declared()
    async with opened(night, read_only=True) as (app, pilot, runner):
        running = HandRun(await runner.prepare(Wanted(playbook=DOWN, step=2)), Said(), "", night.room, lambda _: None)

        async def start(prepared: Prepared, said: Said, heard: Any = None) -> HandRun:
            heard("REVISION\n42\n")
            return running

        runner.start = start  # type: ignore[method-assign]
        await at(app, pilot, DOWN, 2)
        await pilot.press("enter")
        await until(pilot, lambda: "▏ REVISION" in shown(app, "#outputs Rows"))
        assert "not written down: this console only looks" in shown(app, "#outputs Rows")
        assert not night.room.incident.steps
        running.ended.set_result(Output(command="x", ok=True, exit_code=0, text="REVISION\n42\n"))
        await until(pilot, lambda: "✓" in shown(app, "#outputs Rows"))
