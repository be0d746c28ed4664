"""`warroom gameday`: the simulated cluster alone."""

import asyncio
import contextlib
import signal
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Literal

import typer

from warroom.cli.flags import Flags
from warroom.cli.out import Failure, say_json
from warroom.cli.verb import verb

Scenario = Annotated[str, typer.Option("--scenario", metavar="NAME|FILE", help="What happens: a shipped scenario, or a TOML file.")]
Speed = Annotated[float, typer.Option("--speed", metavar="N", help="How many times as fast as real time.")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="The same seed gives the same run.")]
DEFAULT = "bad-release"


def register(app: typer.Typer) -> None:
    @verb(app, "gameday", "warroom gameday", "warroom gameday --scenario bad-release --speed 10 --seed 7")
    def gameday(
        flags: Flags,
        scenario: Scenario = DEFAULT,
        speed: Speed = 1.0,
        seed: Seed = 0,
        port: Annotated[int, typer.Option("--port", metavar="N", help="The API server's port; 0: a free one.", min=0, max=65535)] = 0,
        fill: Annotated[int, typer.Option("--fill", metavar="N", help="So many quiet pods more, in a namespace of their own.", min=0)] = 0,
        prometheus: Annotated[
            Literal["simulated", "real"],
            typer.Option("--prometheus", metavar="simulated|real", help="real: start an installed Prometheus that scrapes the service."),
        ] = "simulated",
        home: Annotated[Path | None, typer.Option("--home", metavar="DIR", help="For its files; default: a new temporary one.")] = None,
    ) -> None:
        """Serve a simulated cluster on loopback until interrupted."""
        with contextlib.ExitStack() as stack:
            folder = home or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="warroom-gameday-")))
            asyncio.run(play(folder.absolute(), scenario, speed, seed, port, fill, prometheus == "real"))


async def play(home: Path, scenario: str, speed: float, seed: int, port: int, fill: int, real: bool = False) -> None:
    """The first line is where it is, each following one what happens; SIGTERM ends it as it should, ctrl+c with 130."""
    from warroom.clock import SystemClock
    from warroom.gameday.realprometheus import NoPrometheus
    from warroom.gameday.serve import serve

    told: list[dict[str, str]] = []
    begun, ended = asyncio.Event(), asyncio.Event()

    def tell(happening: dict[str, str]) -> None:
        if not begun.is_set():
            told.append(happening)
            return
        try:
            print_line(happening)
        except BrokenPipeError:  # whoever started it is gone
            ended.set()

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    try:
        async with serve(
            home, scenario, clock=SystemClock().now, speed=speed, seed=seed, port=port, fill=fill, real=real, on_event=tell
        ) as served:
            print_line(served.facts())
            begun.set()
            for happening in told:  # what the scenario begins with comes before there is an address
                print_line(happening)
            await ended.wait()
    except NoPrometheus as trouble:
        raise Failure(str(trouble)) from trouble
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Failure(f"port {port} of 127.0.0.1 cannot be used ({error.strerror or error}): give another --port, or 0") from error


def print_line(value: object) -> None:
    say_json(value)
    sys.stdout.flush()
