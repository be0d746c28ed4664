"""The runbook's file was written during the incident: told in the header, read in a card, adopted by enter alone."""

from msgspec.structs import replace
from textual.pilot import Pilot

from ui.cards.test_cards import app_of, opened, settled
from ui.console import text_of, until
from ui.night import Night
from warroom.core.adoption import Written
from warroom.core.readings import Reading
from warroom.ui.cards.adopt import AdoptCard
from warroom.ui.messages import FeedRead


async def told_of(pilot: Pilot[None], night: Night) -> Written:
    text = night.room.text
    found = Written(replace(text, text=text.text + "\n[/x] a line\n", sha256="9" * 64), difference=("@@ -1 +1 @@", "+[/x] a line"), added=1)
    await until(pilot, lambda: bool(app_of(pilot).world.cluster.value))
    app_of(pilot).post_message(FeedRead("written", Reading(found, night.clock.now())))
    await until(pilot, lambda: "runbook written" in "\n".join(text_of(app_of(pilot), "#header")))
    return found


async def test_enter_goes_by_the_new_text() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(160, 48)) as pilot:
        found = await told_of(pilot, night)
        await opened(pilot, "U", AdoptCard)
        words = "\n".join(text_of(app, "#box Words"))
        assert "lines new: 1, gone: 0" in words
        assert "+[/x] a line" in words
        await pilot.press("enter")
        await settled(pilot, night, "runbook_adopted")
    assert night.room.incident.runbook == found.text


async def test_escape_stays_with_what_holds() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(160, 48)) as pilot:
        await told_of(pilot, night)
        holds = night.room.incident.runbook
        await opened(pilot, "U", AdoptCard)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, AdoptCard))
    assert night.room.incident.runbook == holds
    assert "runbook_adopted" not in night.kinds
