"""Who comes back after five minutes is told what changed; B tells it again."""

from datetime import timedelta

from textual.pilot import Pilot

from ui.console import until
from ui.night import Night
from warroom.core.acts.severity import SetSeverity
from warroom.core.acts.timeline import Note


def notices(pilot: Pilot[None]) -> list[str]:
    return [f"{one.title}: {one.message}" for one in pilot.app._notifications]


async def test_coming_back_tells_and_b_tells_again() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: bool(app.world.cluster.value))
        await pilot.press("B")
        assert "nobody was away" in notices(pilot)[-1]
        await night.does(SetSeverity("P1", "worse"), by="bo")
        await night.does(Note("[/x] look at the [red]database[/]"), by="bo")
        await until(pilot, lambda: app.incident.severity == "P1")
        await pilot.press("2")
        assert len(notices(pilot)) == 1, "five minutes had not passed"

        await night.does(Note("the budget ledger is locked"), by="bo")
        await until(pilot, lambda: app.incident.seq == night.room.incident.seq)
        night.clock._now += timedelta(minutes=6)
        await night.does(SetSeverity("P2", "better"), by="bo")
        await until(pilot, lambda: app.incident.severity == "P2")
        await pilot.press("4")
        told = notices(pilot)[-1]
        assert told.startswith("while you were away")
        assert "severity P1 → P2, by bo" in told
        await pilot.press("B")
        assert notices(pilot)[-1] == told
