"""Steps that really run: what is in the journal before and after, who is refused, and what no byte of the journal may hold."""

import asyncio
import fcntl
import os
import pty
import re
import signal
import subprocess
import sys
import termios
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from runner.desk import CLUSTER, DEBT, Desk, desk
from warroom.core.acts import Refusal
from warroom.core.acts.arming import Arm, Disarm
from warroom.core.acts.playbook import AnswerStep, StartStep
from warroom.core.entries import StepEnded, StepStarted
from warroom.core.ledger import debts, owed
from warroom.core.output import Output
from warroom.core.playbooks import state, unknown_runs
from warroom.core.prepared import Prepared, Said, Wanted
from warroom.runner import pin
from warroom.runner.alive import Alive
from warroom.runner.pin import PinnedShell, Target
from warroom.runner.shell import NotRun
from warroom.runner.steps import StepRunner

TOKEN = "ghp_" + "Ab1" * 12
FAKE = """#!/bin/sh
echo "$*" >>"$HOME/asked"
case "$*" in
  *"get secret"*) echo "password: hunter2-$(date +%N)" ;;
  *"get deployment api"*-o\\ json*) cat "$HOME/api.json" ;;
  *"get deployment"*) echo 'Error from server (NotFound): deployments.apps "gone" not found' >&2; exit 1 ;;
  *"get pods"*|*poddisruption*|*horizontal*) echo '{"items": []}' ;;
  *dry-run*) echo "deployment.apps/api scaled (server dry run)" ;;
  scale*) sed -i "s/\\"replicas\\": 3/\\"replicas\\": 1/" "$HOME/api.json"; echo "scaled, TOKEN" ;;
  stay*) exec 3>"$HOME/pipe"; echo "up" >&3; exec sleep 300 ;;
esac
""".replace("TOKEN", TOKEN)
API = """{"kind": "Deployment", "metadata": {"name": "api", "namespace": "tensafe", "uid": "u"},
"spec": {"replicas": 3, "selector": {"matchLabels": {"app": "api"}}, "template": {}}}"""
RUNBOOK = """# Ops

## Playbook: API down

1. **Set**
   ```bash
   WHO=world; GH=$(printf 'ghp_%s' REST)
   ```
2. **Use**
   ```bash
   echo "hello $WHO"; test "${#GH}" = 40 && echo there
   ```
3. **If needed - scale down**
   ```bash
   kubectl scale deployment api -n tensafe --replicas=1
   ```
4. **Secret**
   ```bash
   kubectl get secret db -o yaml
   ```
5. **Name**
   ```bash
   kubectl delete deployment <deployment_name>
   ```
6. **Say**
   ```bash
   echo "<word>" | grep -c '<word>'
   ```
7. **Fails**
   ```bash
   sh -c 'echo no >&2; exit 3'
   ```
8. **Look at Grafana**

   Nothing to run here.
""".replace("REST", TOKEN[4:])


@pytest.fixture
async def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    program = tmp_path / "kubectl"
    program.write_text(FAKE)
    program.chmod(0o755)
    (tmp_path / "api.json").write_text(API)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(pin, "find_kubectl", lambda _: program)
    async with desk(tmp_path, RUNBOOK) as opened:
        yield opened


async def run(made: Desk, wanted: Wanted, said: Said | None = None) -> Output:
    prepared = await made.runner.prepare(wanted)
    assert not prepared.refusal
    running = await made.runner.start(prepared, said or Said())
    assert not isinstance(running, Refusal), running.why
    return await running.output()


def step(number: int, **more: object) -> Wanted:
    return Wanted(playbook="API down", step=number, **more)  # type: ignore[arg-type]


def last(made: Desk) -> StepEnded:
    return [entry.fact for entry in made.incident.steps if isinstance(entry.fact, StepEnded)][-1]


def states(made: Desk) -> list[str]:
    playbook = made.room.runbook.playbooks[0]
    return [one.word for one in state(made.incident, "API down", playbook, made.clock.now())]


async def test_variables_of_one_block_live_on_and_secrets_among_them_only_in_memory(made: Desk) -> None:
    assert (await run(made, step(1))).ok
    assert last(made).sets == (("WHO", "world"),)
    assert (await run(made, step(2))).text == "hello world\nthere\n"
    assert states(made)[:2] == ["ok", "ok"]
    await made.leave()
    assert TOKEN.encode() not in made.bytes()


async def test_a_change_needs_an_armed_console_and_a_yes(made: Desk) -> None:
    prepared = await made.runner.prepare(step(3))
    assert prepared.runs.endswith("--replicas=1 --current-replicas=3")
    assert (prepared.kind, prepared.asks, prepared.word) == ("mutate", "yes", "api")
    assert prepared.inverse == DEBT
    for said, why in ((Said(), "say yes"), (Said(yes=True), "arm it first"), (Said(name="other", arms=True), "not other")):
        refused = await made.runner.start(prepared, said)
        assert isinstance(refused, Refusal)
        assert why in refused.why
    assert made.incident.steps == ()
    assert not isinstance(await made.room.do(Arm(made.runner.console, "scale")), Refusal)
    output = await run(made, step(3), Said(yes=True))
    assert (output.ok, output.text) == (True, "scaled, [redacted]\n")
    (debt,) = owed(made.incident)
    assert (debt.inverse, debt.object, debt.certain) == (DEBT, "deployment/api", True)
    await made.room.do(Disarm(made.runner.console))
    again = await made.runner.start(await made.runner.prepare(step(3)), Said(yes=True))
    assert isinstance(again, Refusal)
    await made.leave()
    assert TOKEN.encode() not in made.bytes()


async def test_a_debt_is_repaid_by_its_inverse(made: Desk, tmp_path: Path) -> None:
    await run(made, step(3), Said(name="api", arms=True))
    prepared = await made.runner.undoing(owed(made.incident)[0].id)
    assert isinstance(prepared, Prepared)
    running = await made.runner.start(prepared, Said(name="api", arms=True))
    assert not isinstance(running, Refusal)
    assert (await running.output()).ok
    assert [debt.state for debt in debts(made.incident)] == ["repaid"]
    assert owed(made.incident) == ()


async def test_a_card_that_was_read_long_ago_is_no_consent(made: Desk, tmp_path: Path) -> None:
    prepared = await made.runner.prepare(step(3))
    (tmp_path / "api.json").write_text(API.replace('"replicas": 3', '"replicas": 7'))
    refused = await made.runner.start(prepared, Said(name="api", arms=True))
    assert isinstance(refused, Refusal)
    assert "changed since" in refused.why


async def test_what_shows_a_secret_asks_and_is_never_stored(made: Desk) -> None:
    prepared = await made.runner.prepare(step(4))
    assert (prepared.kind, prepared.secret, prepared.asks) == ("unknown", True, "yes")
    output = await run(made, step(4), Said(yes=True, arms=True))
    assert output.ok
    assert (last(made).excerpt, last(made).sha256, last(made).lines) == ("", "", 1)
    await made.leave()
    assert b"hunter2" not in made.bytes()


async def test_a_placeholder_is_asked_for_remembered_and_never_code(made: Desk, tmp_path: Path) -> None:
    unfilled = await made.runner.prepare(step(5))
    assert unfilled.refusal == "<deployment_name> is to be filled in"
    refused = await made.runner.prepare(step(5, values=(("deployment-name", "--all"),)))
    assert "begin with -" in refused.refusal
    hostile = "x'; touch $HOME/owned; echo '"
    quoted = await made.runner.prepare(step(6, values=(("word", hostile),)))
    assert "in this place" in quoted.refusal
    edited = step(6, text='echo "<word>"', values=(("WORD", hostile),))
    assert (await run(made, edited)).text == f"{hostile}\n"
    assert not (tmp_path / "owned").exists()
    assert made.incident.values["word"] == hostile
    assert (await made.runner.prepare(step(6, text='echo "<Word>"'))).refusal == ""


async def test_what_is_gone_is_told_before_anybody_types_its_name(made: Desk) -> None:
    prepared = await made.runner.prepare(step(5, values=(("deployment-name", "gone"),)))
    assert "NotFound" in prepared.refusal
    assert "give another deployment-name" in prepared.refusal


async def test_the_same_step_is_not_run_by_two(made: Desk) -> None:
    started = StepStarted(playbook="API down", step=2, command=1, runs="x", judged="read", limit=20.0, console="elsewhere/1")
    assert not isinstance(await made.room.do(StartStep(started), by="tom"), Refusal)
    refused = await made.runner.start(await made.runner.prepare(step(2, text="true")), Said())
    assert isinstance(refused, Refusal)
    assert refused.why.startswith("tom is running step 2 since")


async def test_a_failure_keeps_its_code_and_another_run_keeps_its_output(made: Desk) -> None:
    assert (await run(made, step(7))).exit_code == 3
    assert states(made)[6] == "failed"
    assert (last(made).excerpt, last(made).ok) == ("no\n", False)
    assert (await run(made, step(7, text="true"))).ok
    runs = state(made.incident, "API down", made.room.runbook.playbooks[0], made.clock.now())[6].runs
    assert [one.state for one in runs] == ["failed", "ok"]


async def test_an_unknown_runbook_is_trusted_once(made: Desk) -> None:
    made.trust.forget()
    prepared = await made.runner.prepare(step(2, text="true"))
    assert prepared.untrusted
    refused = await made.runner.start(prepared, Said())
    assert isinstance(refused, Refusal)
    assert "runbook trust" in refused.why
    await run(made, step(2, text="true"), Said(trusts=True))
    assert not (await made.runner.prepare(step(2, text="true"))).untrusted


async def test_closing_the_console_stops_what_runs_and_says_so(made: Desk) -> None:
    prepared = await made.runner.prepare(step(2, text="sleep 300"))
    running = await made.runner.start(prepared, Said(arms=True))
    assert not isinstance(running, Refusal)
    await made.runner.close()
    assert (last(made).ended, last(made).ok) == ("stopped", False)


async def test_without_an_incident_reads_run_and_nothing_else(made: Desk, tmp_path: Path) -> None:
    async with desk(tmp_path / "other", RUNBOOK, declared=False) as other:
        assert (await run(other, step(2, text="echo hi"))).text == "hi\n"
        refused = await other.runner.start(await other.runner.prepare(step(3)), Said(name="api", arms=True))
        assert isinstance(refused, Refusal)
        assert "no incident is open" in refused.why


async def test_a_killed_console_leaves_an_unknown_outcome_and_no_child(made: Desk, tmp_path: Path) -> None:
    """The console is another process, which dies with a change under way; the next one says so."""
    os.mkfifo(tmp_path / "pipe")
    console = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("desk.py")), str(tmp_path), "kubectl stay"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        with await asyncio.to_thread(open, tmp_path / "pipe", "rb") as pipe:
            assert await asyncio.to_thread(pipe.readline) == b"up\n"
            await made.room.do(AnswerStep("API down", 3, "yes"))  # reads what the other console wrote
            await made.runner.find_lost()
            assert unknown_runs(made.incident, made.clock.now()) == ()
            console.send_signal(signal.SIGKILL)
            await asyncio.to_thread(console.wait)
            assert await asyncio.to_thread(pipe.read) == b""  # the child is gone, too
        await made.runner.find_lost()
    finally:
        console.kill()
    (lost,) = unknown_runs(made.incident, made.clock.now())
    assert lost.ended is not None
    assert re.search(r"the console that ran it is gone(, and ended it \(exit \d+\))?: look whether", lost.ended.trouble)
    assert states(made)[2] == "unknown"


async def test_a_terminal_is_handed_over_and_nothing_of_it_is_kept(made: Desk, tmp_path: Path) -> None:
    """The console is a process on a terminal of its own, on which a person types."""
    ours, theirs = pty.openpty()
    console = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("desk.py")), str(tmp_path), "read -r word; echo got $word $(tty)", "terminal"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    os.close(theirs)
    try:
        os.write(ours, b"hunter2\n")
        said = await asyncio.to_thread(read_all, ours)
        assert await asyncio.to_thread(console.wait) == 0, said
    finally:
        console.kill()
        os.close(ours)
    assert "got hunter2 /dev/pts/" in said
    await made.room.do(AnswerStep("API down", 3, "yes"))  # reads what the other console wrote
    started = next(entry.fact for entry in made.incident.steps if isinstance(entry.fact, StepStarted))
    assert started.by_hand
    assert (last(made).ok, last(made).excerpt, last(made).lines) == (True, "", 0)
    await made.leave()
    assert b"got hunter2" not in made.bytes()


def read_all(terminal: int) -> str:
    """Until nobody has the other side any more, which is an error on a terminal."""
    parts = []
    with suppress(OSError):
        while part := os.read(terminal, 4096):
            parts.append(part)
    return b"".join(parts).decode()


async def test_a_table_of_verbs_that_is_broken_lets_nothing_through(made: Desk, tmp_path: Path) -> None:
    def broken() -> None:
        raise NotRun("verbs.toml is broken")

    shell = PinnedShell(lambda: Target(CLUSTER, {}, {}), verbs=broken)
    assert (shell.judge("kubectl get pods").kind, shell.judge("kubectl get pods").why) == ("unknown", "verbs.toml is broken")


async def test_an_answer_of_a_server_that_is_an_error_is_one(made: Desk, tmp_path: Path) -> None:
    (tmp_path / "curl").write_text("#!/bin/sh\nprintf '* Connected\\n> GET / HTTP/1.1\\n< HTTP/2 502 \\n'\n")
    (tmp_path / "curl").chmod(0o755)
    output = await run(made, step(2, text=f"PATH={tmp_path} curl -v http://localhost/"), Said(yes=True, arms=True))
    assert (output.ok, output.exit_code, output.trouble) == (False, 0, "curl answered 502")
    assert states(made)[1] == "failed"


async def test_a_console_that_only_looks_runs_reads_and_writes_nothing(made: Desk) -> None:
    looker = StepRunner(made.room, made.shell, made.clock, Alive(made.folder / "journal.runs"), made.trust, looks=True)
    running = await looker.start(await looker.prepare(step(2, text="echo hi")), Said())
    assert not isinstance(running, Refusal)
    assert (await running.output()).text == "hi\n"
    refused = await looker.start(await looker.prepare(step(3)), Said(name="api", arms=True))
    assert isinstance(refused, Refusal)
    assert "--read-only" in refused.why
    assert made.incident.steps == ()
