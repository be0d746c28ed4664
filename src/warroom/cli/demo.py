"""`warroom demo`: the console on a simulated cluster, in a temporary home that goes when it ends."""

import asyncio
import contextlib
import os
import queue
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import typer

from warroom.cli.flags import Flags
from warroom.cli.gameday import DEFAULT, Scenario, Seed, Speed
from warroom.cli.out import Failure, Mistake, say
from warroom.cli.verb import verb

STARTS_WITHIN = 30.0
ENDS_WITHIN = 5.0
PAGED_AFTER = timedelta(seconds=30)
"""So long after the scenario's first moment the drill's alert fired: early enough that a deadline is past when people arrive."""
AT_LEAST = timedelta(minutes=5, seconds=20)


def register(app: typer.Typer) -> None:
    @verb(app, "demo", "warroom demo", "warroom demo --speed 10 --seed 7")
    def demo(flags: Flags, scenario: Scenario = DEFAULT, speed: Speed = 1.0, seed: Seed = 0) -> None:
        """Open the console on a simulated cluster, in a drill under way."""
        from warroom.cli.compose import NOT_A_TERMINAL, run_console

        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise Mistake(NOT_A_TERMINAL.replace("the console", "the demo"))
        for sign in (signal.SIGHUP, signal.SIGTERM):  # a lost connection, too, must take the cluster along
            signal.signal(sign, lambda number, _: sys.exit(128 + number))
        with temporary_home() as home, simulated(home, scenario, speed, seed) as served:
            exports = join_exports(home, served)
            os.environ.update(exports)
            os.environ.pop("WARROOM_JOURNAL", None)
            inside = Flags.read({"runbook": flags.runbook, "user": flags.user})
            asyncio.run(begin(inside, scenario, served["accepted"]["incident"]))
            text = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in exports.items())
            (home / "join.sh").write_text(f"unset WARROOM_JOURNAL\n{text}")
            say(f"another terminal joins this drill with: . {shlex.quote(str(home / 'join.sh'))}\n{text}".rstrip())
            run_console(inside, joins=f". {shlex.quote(str(home / 'join.sh'))}\n{text}".rstrip())


@contextlib.contextmanager
def temporary_home() -> Iterator[Path]:
    home = Path(tempfile.mkdtemp(prefix="warroom-demo-"))
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def simulated(home: Path, scenario: str, speed: float, seed: int) -> Iterator[dict[str, Any]]:
    """A game day in a process of its own, ended with this one; gives its first line."""
    import msgspec

    words = [sys.executable, "-m", "warroom", "gameday", "--home", str(home), "--port", "0"]
    words += ["--scenario", scenario, "--speed", str(speed), "--seed", str(seed)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WARROOM_") and name != "KUBECONFIG"}
    with (home / "gameday.err").open("wb") as faults:
        child = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=faults,
            env=environment,
            start_new_session=True,  # a ctrl+c in the console is not for the cluster
        )
    lines: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=_drain, args=(child, lines, home / "gameday.ndjson"), daemon=True).start()
    try:
        try:
            first = lines.get(timeout=STARTS_WITHIN)
            served = msgspec.json.decode(first, type=dict[str, Any])
        except (queue.Empty, msgspec.DecodeError):
            said = (home / "gameday.err").read_text(errors="replace").strip().removeprefix("warroom: ")
            raise Failure(said.splitlines()[-1] if said else "the simulated cluster did not start: try `warroom gameday`") from None
        yield served
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _drain(child: "subprocess.Popen[bytes]", lines: "queue.Queue[bytes]", log: Path) -> None:
    """A pipe that nobody reads would stop the cluster. The end of it counts as a line, so that nobody waits for one."""
    assert child.stdout is not None
    with contextlib.suppress(OSError), log.open("wb") as file:
        for number, line in enumerate(child.stdout):
            if number == 0:
                lines.put(line)
            file.write(line)
            file.flush()
    lines.put(b"")


def join_exports(home: Path, served: dict[str, Any]) -> dict[str, str]:
    """What makes a process one of this drill."""
    services = {"WARROOM_PROMETHEUS_URL": served["prometheus"], "WARROOM_HEALTH_PUBLIC": served["health"]}
    accepted = served["accepted"]
    return {
        "WARROOM_HOME": str(home),
        "KUBECONFIG": str(served["kubeconfig"]),
        "WARROOM_CONTEXT": str(served["context"]),
        "WARROOM_NAMESPACE": str(served["namespace"]),
        **{name: str(address or "off") for name, address in services.items()},
        "WARROOM_PAGERDUTY_API": str(served["pagerduty"]),
        "WARROOM_PAGERDUTY_EVENTS_API": accepted["events"],
        "WARROOM_PAGERDUTY_FROM": accepted["from"],
        "WARROOM_PAGERDUTY_ROUTING_KEY": accepted["routing_key"],
        "WARROOM_SLACK_API": str(served["slack"]),
        "WARROOM_STATUSPAGE_API": str(served["statuspage"]),
        "WARROOM_STATUSPAGE_PAGE": accepted["page"],
        **{f"WARROOM_{name}_TOKEN": accepted["token"] for name in ("PAGERDUTY", "SLACK", "STATUSPAGE")},
    }


async def begin(flags: Flags, scenario: str, pagerduty: str = "") -> None:
    """The drill, declared in scenario time."""
    from warroom.cli.cluster import cluster_of
    from warroom.cli.drill import stage
    from warroom.cli.opened import own_runbook
    from warroom.clock import clock_of
    from warroom.gameday.scenario import read

    played = read(scenario)
    own, trouble = own_runbook(flags.settings)
    if trouble:
        raise trouble
    since = timedelta(seconds=-played.begins.seconds) - PAGED_AFTER
    await stage(
        flags.settings.journal_path,
        own,
        clock_of(flags.settings.home),
        title=played.title,
        cluster=cluster_of(flags.settings, own.text),
        alert=max(since, AT_LEAST),
        pagerduty=pagerduty,
    )
