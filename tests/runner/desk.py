"""A console without a screen, on a kubectl that is a script; as a program it starts a change and stays."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from warroom.clock import SystemClock
from warroom.core.acts import Refusal
from warroom.core.acts.incident import Declare
from warroom.core.entries import RunbookText
from warroom.core.incident import Incident
from warroom.core.prepared import Said, Wanted
from warroom.core.readings import Cluster
from warroom.journal.sqlite import SqliteJournal
from warroom.room import Room
from warroom.runner import pin
from warroom.runner.alive import Alive
from warroom.runner.pin import PinnedShell, Target
from warroom.runner.steps import StepRunner
from warroom.runner.trust import Trust

CLUSTER = Cluster(context="prod", server="https://10.0.0.1:6443", namespaces=("tensafe",))
DEBT = "kubectl scale deployment api -n tensafe --replicas=3 --current-replicas=1"


class Forgetful(Trust):
    """Trusts everything until it forgets."""

    def __init__(self, file: Path) -> None:
        super().__init__(file, str)
        self._every = True

    def forget(self) -> None:
        self._every = False

    def trusts(self, text: str) -> bool:
        return self._every or super().trusts(text)


@dataclass
class Desk:
    room: Room
    runner: StepRunner
    shell: PinnedShell
    clock: SystemClock
    trust: Forgetful
    folder: Path

    @property
    def incident(self) -> Incident:
        return self.room.incident

    async def leave(self) -> None:
        await self.runner.close()

    def bytes(self) -> bytes:
        """Of everything that was written beside the journal."""
        return b"".join(file.read_bytes() for file in self.folder.rglob("journal*") if file.is_file())


@asynccontextmanager
async def desk(folder: Path, runbook: str, *, declared: bool = True) -> AsyncIterator[Desk]:
    folder.mkdir(exist_ok=True)
    clock, own = SystemClock(), RunbookText(text=runbook, sha256="a" * 64, file="ops.md")
    async with SqliteJournal.open(folder / "journal.sqlite", asyncio.sleep) as journal:
        room = await Room.open(journal, own, clock, "ada")
        if declared and not room.incident.id:
            await room.do(Declare("API down", own, cluster=CLUSTER))
        shell = PinnedShell(lambda: Target(CLUSTER, {"server": CLUSTER.server}, {}), ours=os.environ)
        trust = Forgetful(folder / "trusted")
        runner = StepRunner(room, shell, clock, Alive(folder / "journal.sqlite.runs"), trust)
        try:
            yield Desk(room, runner, shell, clock, trust, folder)
        finally:
            await runner.close()


async def stay(folder: Path, text: str) -> None:
    async with desk(folder, "") as made:
        prepared = await made.runner.prepare(Wanted(playbook="API down", step=3, command=1, text=text))
        running = await made.runner.start(prepared, Said(yes=True, arms=True))
        assert not isinstance(running, Refusal), running.why
        await running.output()


async def hand_over(folder: Path, text: str) -> None:
    async with desk(folder, "") as made:
        prepared = await made.runner.prepare(Wanted(playbook="API down", step=3, command=1, text=text))
        output = await made.runner.hand_over(prepared, Said(yes=True, arms=True))
        assert not isinstance(output, Refusal), output.why


if __name__ == "__main__":
    setattr(pin, "find_kubectl", lambda _: Path(sys.argv[1]) / "kubectl")  # noqa: B010
    asyncio.run((hand_over if "terminal" in sys.argv else stay)(Path(sys.argv[1]), sys.argv[2]))
