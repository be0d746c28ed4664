"""Handing over on the screen: the brief is read, one signs, then the other."""

from datetime import timedelta

from hand import T0, HandClock
from ui.console import HandRoom, console, declared, text_of, until
from warroom.core.acts.handover import Accept, HandOver
from warroom.core.entries import Entry, HandedOver
from warroom.core.incident import Incident
from warroom.ui.screens.handoff import HandoffScreen


def offered(to: str, by: str = "ada") -> Incident:
    fact = HandedOver(to=to, roles=("Incident Commander",), why="end of shift")
    entry = Entry(id="e9", incident="INC-0142", at=T0 - timedelta(minutes=1), recorded_at=T0, by=by, fact=fact, kind="handed_over", seq=1)
    return declared(handoff=entry, handoffs=(entry,))


async def test_the_brief_is_one_key_away_and_back(hand: HandClock) -> None:
    app = console(HandRoom(declared()), hand)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("H")
        await until(pilot, lambda: isinstance(app.screen, HandoffScreen))
        shown = "\n".join(text_of(app, "#brief Rows"))
        for said in (
            "P2 High",
            "tensafe-server failing since release 2.8.1",
            "nobody has acknowledged the alert",
            "Incident Commander ada",
        ):
            assert said in shown, said
        assert "nobody hands over now" in "\n".join(text_of(app, "#signatures Rows"))
        await pilot.press("H")
        await until(pilot, lambda: app.current_mode == "live")


async def test_the_first_signature(hand: HandClock) -> None:
    room = HandRoom(declared())
    app = console(room, hand)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("H")
        await until(pilot, lambda: isinstance(app.screen, HandoffScreen))
        await pilot.press("enter")  # nothing waits for a signature
        await pilot.press("h")
        await until(pilot, lambda: bool(app.screen.query("#to")))
        assert "ada hands over Incident Commander" in "\n".join(text_of(app, "#box .words"))
        await pilot.press(*"kim", "tab", *"tired", "enter")
        await until(pilot, lambda: bool(room.asked))
        assert room.asked == [HandOver("kim", "tired")]


async def test_the_second_signature_is_only_for_whom_it_names(hand: HandClock) -> None:
    for to in ("kim", "ada"):
        room = HandRoom(offered(to, "tom"))
        app = console(room, hand)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.press("H")
            await until(pilot, lambda: isinstance(app.screen, HandoffScreen))  # noqa: B023
            shown = "\n".join(text_of(app, "#signatures Rows"))
            assert "not signed: tom commands" in shown
            await pilot.press("enter")
            await pilot.pause()
            if to == "kim":
                assert isinstance(app.screen, HandoffScreen)
                continue
            await until(pilot, lambda: bool(app.screen.query("#broken")))  # noqa: B023
            await pilot.press(*"jobs", "enter")
            await until(pilot, lambda: bool(room.asked))  # noqa: B023
            assert room.asked == [Accept("jobs")]


async def test_it_is_copied_as_markdown(hand: HandClock) -> None:
    kept = list[str]()

    def keep(text: str) -> str:
        kept.append(text)
        return "/home/ada/brief"

    app = console(HandRoom(declared()), hand, keep_copy=keep)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("H")
        await until(pilot, lambda: isinstance(app.screen, HandoffScreen))
        await pilot.press("c")
        await until(pilot, lambda: bool(kept))
    assert kept[0].startswith("# Handoff: tensafe-server failing since release 2.8.1\n")


async def test_before_an_incident_there_is_nothing_to_hand_over(hand: HandClock) -> None:
    app = console(HandRoom(), hand)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("H")
        await until(pilot, lambda: isinstance(app.screen, HandoffScreen))
        assert "nothing to hand over" in "\n".join(text_of(app, "#brief Rows"))
        await pilot.press("h", "c")
        await pilot.pause()
        assert isinstance(app.screen, HandoffScreen)
