"""Messages on the screen: filled, seen as bytes, sent with one key or two."""

from textual.pilot import Pilot
from textual.widgets import Input

from ui.console import forward, text_of, until
from ui.night import Night
from warroom.core.acts.hypotheses import AnswerTriage
from warroom.core.acts.messages import Send
from warroom.core.acts.people import TakeRole
from warroom.core.acts.sending import RecordFailed
from warroom.core.entries import MessageQueued
from warroom.core.messages import Message, Piece, fill, find_template
from warroom.core.outbox import outbox
from warroom.core.team import Person, Team
from warroom.runbook.model import Template
from warroom.ui.app import WarRoomApp
from warroom.ui.cards.why import WhyCard
from warroom.ui.panes.preview import written
from warroom.ui.screens.messages import MessagesScreen

TEAM = Team(people=(Person(name="Ada Park", login="ada", slack="U1"),), war_room="https://zoom.example/j/1")


async def night(**more: object) -> tuple[Night, WarRoomApp]:
    found = await Night().declared(**more)  # type: ignore[arg-type]
    await found.does(TakeRole("ic", "ada"), AnswerTriage("what", "jobs [with] a budget fail"), AnswerTriage("who", "R&D"))
    app = found.console()
    app.team, app.hand = TEAM, "ada@box"
    return found, app


async def opened(pilot: Pilot[None], app: WarRoomApp, title: str) -> MessagesScreen:
    await pilot.press("9")
    await until(pilot, lambda: isinstance(app.screen, MessagesScreen) and app.screen.list.is_mounted)
    screen = app.screen
    assert isinstance(screen, MessagesScreen)
    screen.open(title)
    await until(pilot, lambda: screen.made is not None and screen.made.name == title and not screen.list.has_focus_within)
    return screen


def shown(app: WarRoomApp) -> str:
    return "\n".join(text_of(app, "#preview Rows"))


async def test_every_message_has_its_state() -> None:
    found, app = await night()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("9")
        await until(pilot, lambda: isinstance(app.screen, MessagesScreen) and bool(app.screen.query("#messages Rows")))
        listed = "\n".join(text_of(app, "#messages Rows"))
        for said in ("Internal, Slack", "Incident Update      in 17:00", "Resolved                later", "not this case"):
            assert said in listed, listed
        await pilot.press("9")
        await until(pilot, lambda: app.current_mode == "live")
    assert "message_queued" not in found.kinds


async def test_what_is_sent_is_what_the_preview_shows() -> None:
    found, app = await night()
    async with app.run_test(size=(160, 48)) as pilot:
        screen = await opened(pilot, app, "Incident Declared")
        assert "jobs [with] a budget fail" in shown(app)
        assert "R&amp;D" in shown(app)
        assert screen.made is not None
        text = screen.made.text
        await pilot.press("enter")
        await until(pilot, lambda: "message_queued" in found.kinds)
        (one,) = outbox(found.room.incident)
        assert one.intent.text == text
        assert "<@U1>" in text
        await until(pilot, lambda: "asked to be sent" in shown(app))


async def test_unfilled_is_closed_until_it_is_filled_or_said_to_be_unknown() -> None:
    found, app = await night()
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await opened(pilot, app, "Incident Update")
        await pilot.press("enter")
        await until(pilot, lambda: "closed: 2 unfilled" in shown(app))
        assert "message_queued" not in found.kinds
        await pilot.press(*"[ERROR] q", "tab", *"rolling back")
        await until(pilot, lambda: screen.made is not None and not screen.made.unfilled)
        assert screen.made is not None
        assert "*What we know*: [ERROR] q\n*What we're doing*: rolling back" in screen.made.text
        await pilot.press("enter")
        await until(pilot, lambda: "message_queued" in found.kinds and screen.preview.has_focus_within)
        await until(pilot, lambda: len(screen.made.unfilled if screen.made else ()) == 2)
        assert all(field.value != "rolling back" for field in screen.form.query(Input))
        await pilot.press("escape")
        await pilot.press("U")
        await until(pilot, lambda: screen.made is not None and screen.made.text.count("unknown at this time") == 2)


async def test_its_moments_go_on_until_somebody_types_there() -> None:
    found, app = await night()
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await opened(pilot, app, "Incident Update")
        assert "00:16" in shown(app)
        await forward(pilot, found.clock, 60)
        await until(pilot, lambda: "00:17" in shown(app))
        assert screen.form.has_focus_within


async def test_the_public_takes_two_keys() -> None:
    found, app = await night()
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await opened(pilot, app, "Investigating")
        await pilot.press("enter")
        await until(pilot, lambda: "message_proposed" in found.kinds)
        await until(pilot, lambda: screen.preview.told.endswith("in 30 s with a reason"))
        await pilot.press("enter")  # alone: it asks why, and is too early
        await until(pilot, lambda: isinstance(app.screen, WhyCard))
        await pilot.press(*"nobody awake", "enter")
        await until(pilot, lambda: "waits for its second key" in getattr(app.screen, "trouble", ""))
        assert "message_queued" not in found.kinds
        await forward(pilot, found.clock, 31)
        await pilot.press("enter")
        await until(pilot, lambda: "message_queued" in found.kinds)
        fact = found.room.incident.sendings[0].fact
        assert isinstance(fact, MessageQueued)
        assert fact.against == "second key: nobody awake"


async def test_a_lie_asks_for_a_reason() -> None:
    found, app = await night()
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await opened(pilot, app, "Incident Update")
        await pilot.press(*"all systems are operating normally", "tab", *"none")
        await until(pilot, lambda: screen.made is not None and not screen.made.unfilled and bool(screen.doubts))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, WhyCard))
        assert "operating normally" in "\n".join(text_of(app, "#box .words"))
        await pilot.press(*"they are", "enter")
        await until(pilot, lambda: "message_queued" in found.kinds)


async def test_not_sent_stays_until_it_is_handled() -> None:
    found, app = await night()
    template = find_template(found.room.runbook, "incident declared")
    assert isinstance(template, Template)
    made = fill(template, found.room.incident, found.room.runbook, TEAM, found.clock.now())
    answer = await found.room.do(Send(made))
    assert isinstance(answer, tuple)
    await found.does(RecordFailed(answer[0].id, "[red]channel_not_found"))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("9")
        await until(pilot, lambda: isinstance(app.screen, MessagesScreen) and app.screen.list.is_mounted)
        screen = app.screen
        assert isinstance(screen, MessagesScreen)
        await until(pilot, lambda: "NOT SENT" in "\n".join(text_of(app, "#outbox Rows")))
        assert "[red]channel_not_found" in "\n".join(text_of(app, "#outbox Rows"))
        screen.outbox.focus()
        await pilot.press("r")
        await until(pilot, lambda: "message_retried" in found.kinds)
        await pilot.press("y")
        await until(pilot, lambda: "message_sent" in found.kinds)
        assert outbox(found.room.incident)[0].by_hand


async def test_it_fits_a_small_screen() -> None:
    _, app = await night()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, app, "Incident Update")
        assert screen.form.size.width > 70
        await pilot.press("escape")
        await until(pilot, lambda: screen.list.has_focus_within)
        assert "Incident Update" in "\n".join(text_of(app, "#messages Rows"))


def test_our_wrap_loses_no_byte_but_the_blank_at_its_end() -> None:
    text = ":rotating_light: INCIDENT DECLARED - P2\n\n  two  blanks " + "x" * 40 + " end"
    made = Message(name="m", service="slack", channel="#c", pieces=(Piece(text),))
    for width in range(10, 60):
        rows = ["".join(part for part, _ in line[2:]) for line in written(made, width)]
        assert all(len(row) <= width for row in rows)
        assert "".join("".join(rows).split()) == "".join(text.split())
