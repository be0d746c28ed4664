"""Keys of one's own: they act, the last row names them, and what they take away is told at the start."""

from ui.console import text_of, until
from ui.night import Night
from warroom.ui.keymap import troubles


async def test_another_key_does_the_same_and_is_named() -> None:
    night = await Night().declared()
    app = night.console(keys={"map.palette": "ctrl+p", "answer.step": "N"})
    async with app.run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: bool(app.world.cluster.value))
        await until(pilot, lambda: "N next step" in text_of(app, "#keys")[0])
        await pilot.press("colon")
        assert not app.screen.is_modal
        await pilot.press("ctrl+p")
        await until(pilot, lambda: app.screen.is_modal)


async def test_a_keymap_that_cannot_work_is_told() -> None:
    night = await Night().open()
    app = night.console(keys={"map.helpp": "F1"})
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: any("there is no map.helpp, but map.help" in one.message for one in app._notifications))


def test_clashes_are_named_with_both_sides() -> None:
    assert troubles({}) == ()
    assert troubles({"map.help": "f1"}) == ()
    (told,) = troubles({"map.palette": "T"})
    assert told.startswith("T is both ")
    assert "map.palette" in told
    assert "room.take_over" in told
    assert troubles({"map.palette": "T", "room.take_over": "colon"}) == ()
