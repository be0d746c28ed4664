"""What goes to the room, and what comes back from it."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from warroom.core.acts import Refusal
from warroom.core.ports import Company, JournalTrouble
from warroom.ui.look import foreign
from warroom.ui.messages import Asked

if TYPE_CHECKING:
    from warroom.ui.app import WarRoomApp


class Desk:
    """Acts are done in order; the incident is followed, also through a journal that cannot be read for a while."""

    PATIENCE = 1.0
    """Seconds until a journal that could not be read is tried again."""
    TOLD = 30.0
    """Seconds for which its trouble is told in full; the header keeps it in short."""

    def __init__(self, app: "WarRoomApp") -> None:
        self._app = app
        self.acts: asyncio.Queue[Asked] = asyncio.Queue()
        self.refusals = 0

    async def follow(self) -> None:
        """What is on the screen stays there, and says that it is not kept any more."""
        while True:
            try:
                async for incident in self._app.room.follow():
                    self._app.journal_trouble = ""
                    self._app.incident = incident
                return
            except JournalTrouble as trouble:
                if self._app.journal_trouble != str(trouble):
                    self._app.journal_trouble = str(trouble)
                    self._app.notify(
                        foreign(str(trouble), 2000), title="nothing is kept", severity="error", timeout=self.TOLD, markup=False
                    )
            await asyncio.sleep(self.PATIENCE)

    async def work(self) -> None:
        """One at a time and in order, beside the handlers: one that awaited the journal would hold back the next key."""
        while True:
            asked = await self.acts.get()
            try:
                decision = await self._app.room.do(asked.act, by=await self._author(asked.pressed))
            except JournalTrouble as trouble:
                decision = Refusal(str(trouble))
            self.refusals += isinstance(decision, Refusal)
            if asked.reply is not None:
                asked.reply(decision)
            elif isinstance(decision, Refusal):
                self._app.notify(foreign(decision.why), title="not done", severity="warning", markup=False)
            self.acts.task_done()

    async def _author(self, pressed: float) -> str:
        """Where several share the terminal, whoever pressed the key; else the one who opened the console."""
        company = self._app.company
        return "" if company is None else await company.author(pressed)

    async def take_over(self, company: Company, pressed: float) -> None:
        name = await company.take_over(pressed)
        told = f"{name} goes on alone: the others look" if name else "two were active in the same second: press it once more"
        self._app.notify(foreign(told), title="take over", markup=False)

    async def told_of_keys(self, keys: Mapping[str, str]) -> None:
        """A keymap that cannot work as it is written is told at the start, not in the middle of a night."""
        from warroom.ui.keymap import troubles

        for trouble in await asyncio.to_thread(troubles, keys):
            self._app.notify(foreign(trouble), title="your keys", severity="warning", timeout=self.TOLD, markup=False)

    async def cleared(self) -> bool:
        """Waits for all that was asked for; whether none of it was refused."""
        before = self.refusals
        await self.acts.join()
        return self.refusals == before
