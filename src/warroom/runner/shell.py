"""A command in bash: in a group of its own, limited in time and size, and ended with the console."""

import asyncio
import hashlib
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from warroom.core.output import Ended, Output, is_ok
from warroom.runner.cleaned import Pieces, cleaned
from warroom.runner.rest import Rest

SHIM = Path(__file__).with_name("shim.py")
KEPT = 1_000_000
"""Characters of an output that are kept; the rest goes to a file."""
CHUNK = 64 * 1024
LINGERS = 3.0
"""Seconds for reading what was printed last, once the command has ended."""
ENDS_WITHIN = 8.0
"""Seconds that the shim has to end a group; it needs two for each of three signals."""
TRAP = """trap 'printf "%s" "${PIPESTATUS[*]}" >"$WR_STAGES"' EXIT"""
"""How each program of the last pipeline ended: of a pipeline bash tells one exit code alone."""
SETS = r'; printf "%s\0" {} >"$WR_SETS"'
"""And at last what the variables hold that later blocks want."""
TERMINAL = "WR_TERMINAL"
Said = Callable[[str], None]


def ignored(_: str) -> None:
    """For who does not want to hear what is said meanwhile."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A command as it will run. `folder` is its own, and goes with it; `secret` is removed also when the console is killed."""

    command: str
    environment: Mapping[str, str]
    folder: tempfile.TemporaryDirectory[str]
    secret: Path | None = None
    shown: str = ""
    """As people read it, where that is not as bash does."""
    keeps: tuple[str, ...] = ()
    """Variables whose values are wanted when it has ended."""
    record: Path | None = None
    """Where how it ended is written, also when nobody is there any more to hear it."""
    terminal: bool = False
    """It has the terminal of the console, and nothing of what it prints is kept."""


class NotRun(Exception):
    """Why a command does not run, in a sentence."""

    def __init__(self, why: str, command: str = "") -> None:
        super().__init__(why)
        self.command = command


@dataclass
class _Kept:
    """What was printed: the beginning, and where the rest is."""

    rest: Rest
    parts: list[str] = field(default_factory=list)
    size: int = 0
    truncated: bool = False

    def add(self, text: str) -> str:
        """What of it is still shown."""
        shown = text[: max(0, KEPT - self.size)]
        self.parts.append(shown)
        self.size += len(shown)
        if len(shown) < len(text):
            self.truncated = True
            self.rest.add("".join(self.parts) if not self.rest.path else "", text[len(shown) :])
        return shown

    @property
    def text(self) -> str:
        return "".join(self.parts)


class Running:
    """A command under way. `plan` may take its time, and may raise NotRun."""

    def __init__(
        self, command: str, plan: Callable[[], Awaitable[Plan]], limit: float | None, outputs: Path | None, said: Said = ignored
    ) -> None:
        """`limit` None: until it ends, or is stopped."""
        self._command, self._plan, self._limit, self._said = command, plan, limit, said
        self.sets: dict[str, str] = {}
        """The variables that the plan keeps, once it has ended."""
        self._kept = _Kept(Rest(outputs))
        self._stopped = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    def stop(self) -> None:
        """Ends it: SIGINT, then TERM, then KILL."""
        self._stopped.set()

    def cancel(self) -> None:
        """The same, when nobody wants to know any more how it ended."""
        self._task.cancel()

    async def output(self) -> Output:
        """When it has ended; one who waits no longer does not end it."""
        return await asyncio.shield(self._task)

    async def _run(self) -> Output:
        try:
            plan = await self._plan()
        except NotRun as why:
            return Output(command=why.command or self._command, ended="not run", trouble=str(why))
        try:
            return await self._in(plan)
        finally:
            await asyncio.to_thread(plan.folder.cleanup)

    async def _in(self, plan: Plan) -> Output:
        folder, loop = Path(plan.folder.name), asyncio.get_running_loop()
        stages, record, sets = folder / "stages", plan.record or folder / "record", folder / "sets"
        life, hold = socket.socketpair()
        began = loop.time()
        words = ["bash", "--noprofile", "--norc", "-o", "pipefail", "-c", f"{trap(plan.keeps)}\n{plan.command}"]
        own = {"WR_STAGES": str(stages), "WR_SETS": str(sets), **({TERMINAL: "1"} if plan.terminal else {})}
        stdin, output = (None, None) if plan.terminal else (asyncio.subprocess.DEVNULL, asyncio.subprocess.PIPE)
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-I", "-S", str(SHIM), str(life.fileno()), str(record), str(plan.secret or ""), *words,
                stdin=stdin,
                stdout=output,
                stderr=None if plan.terminal else asyncio.subprocess.STDOUT,
                pass_fds=(life.fileno(),),
                start_new_session=not plan.terminal,  # else keys are for the console, and no child asks for a password
                env={**plan.environment, **own},
            )  # fmt: skip
        except OSError as error:
            hold.close()
            return Output(command=plan.command, ended="not run", trouble=f"bash could not be started: {error.strerror}")
        finally:
            life.close()
        with hold:
            ended = await self._until_end(process, hold, record)
        seconds, code = loop.time() - began, process.returncode
        if code is None or code < 0:  # the shim itself was killed
            code = 128 - (code or -signal.SIGKILL)
        self.sets = await asyncio.to_thread(_sets, plan.keeps, sets)
        return await asyncio.to_thread(self._told, plan, ended, code, seconds, stages)

    async def _until_end(self, process: asyncio.subprocess.Process, hold: socket.socket, record: Path) -> Ended:
        """Also when the console leaves meanwhile, it is the shim that ends the group: `hold` may not close before."""
        hold.setblocking(False)
        gone = asyncio.create_task(asyncio.get_running_loop().sock_recv(hold, 1))  # the shim never writes: it has ended
        reading, stopping = asyncio.create_task(self._read(process)), asyncio.create_task(self._stopped.wait())
        ended: Ended = "exited"
        try:
            await asyncio.wait({gone, stopping}, timeout=self._limit, return_when=asyncio.FIRST_COMPLETED)
            if not gone.done():
                ended = "stopped" if stopping.done() else "too long"
        finally:
            hold.shutdown(socket.SHUT_WR)
            await asyncio.wait({gone}, timeout=ENDS_WITHIN)
            if not gone.done() or not _recorded_exit(record):
                _kill(process, record)
            await asyncio.wait({reading}, timeout=LINGERS)
            with suppress(TimeoutError):  # what escaped from its group may hold the pipe open
                await asyncio.wait_for(process.wait(), LINGERS)
            for task in (reading, gone, stopping):
                task.cancel()
            await asyncio.gather(reading, gone, stopping, return_exceptions=True)
        return ended

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        pieces = Pieces()
        while True:
            chunk = await process.stdout.read(CHUNK)
            for piece in pieces.feed(chunk, last=not chunk):
                if shown := self._kept.add(await asyncio.to_thread(cleaned, piece)):
                    self._said(shown)
            if not chunk:
                return

    def _told(self, plan: Plan, ended: Ended, code: int, seconds: float, stages: Path) -> Output:
        from warroom.core.reach import programs

        codes: list[int] = []
        with suppress(OSError, ValueError):
            codes = [int(word) for word in stages.read_text().split()]
        text = self._kept.text
        return Output(
            command=plan.shown or plan.command,
            ended=ended,
            ok=ended == "exited" and is_ok(code, codes, programs(plan.command)),
            exit_code=code,
            seconds=round(seconds, 3),
            text=text,
            truncated=self._kept.truncated,
            rest=self._kept.rest.path,
            sha256=hashlib.sha256(text.encode(errors="replace")).hexdigest(),
            trouble=self._trouble(ended),
        )

    def _trouble(self, ended: Ended) -> str:
        if ended == "too long":
            return f"it was stopped after {self._limit:g} s"
        return "it was stopped by hand" if ended == "stopped" else ""


def trap(keeps: tuple[str, ...]) -> str:
    """What bash does at the end. The names were read as names of variables, so they are no code."""
    sets = SETS.format(" ".join(f'"${{{name}-}}"' for name in keeps)) if keeps else ""
    return TRAP.replace("' EXIT", f"{sets}' EXIT")


def _sets(keeps: tuple[str, ...], file: Path) -> dict[str, str]:
    with suppress(OSError):
        values = file.read_bytes().decode(errors="replace").split("\0")
        return {name: value for name, value in zip(keeps, values, strict=False) if value}
    return {}


def _recorded_exit(record: Path) -> bool:
    return record.exists() and "exit" in record.read_text(errors="replace")


def _kill(process: asyncio.subprocess.Process, record: Path) -> None:
    """The shim did not do its work: what it recorded says which group it was."""
    with suppress(ProcessLookupError):
        process.kill()
    words = record.read_text(errors="replace").split() if record.exists() else []
    if words[:1] == ["group"] and "exit" not in words:
        with suppress(ProcessLookupError, PermissionError, ValueError):
            os.killpg(int(words[1]), signal.SIGKILL)


def private_folder() -> tempfile.TemporaryDirectory[str]:
    """For its owner alone."""
    return tempfile.TemporaryDirectory(prefix="warroom-run-", ignore_cleanup_errors=True)


def bash() -> str | None:
    return shutil.which("bash")
