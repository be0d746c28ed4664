"""Keys become acts, and acts entries: each card on a real room."""

from datetime import timedelta

import pytest
from textual.pilot import Pilot

from hand import T0
from ui.console import text_of, until
from ui.night import TITLE, Night
from warroom.core.acts.checklists import Tick
from warroom.core.acts.incident import Acknowledge, Declare, Resolve
from warroom.core.acts.people import TakeRole
from warroom.core.entries import ActionAdded, Answered, Closed, Declared, Noted, PhaseSet, Restored, RoleSet, SeveritySet, Snoozed, Ticked
from warroom.ui.app import WarRoomApp
from warroom.ui.cards.card import Card
from warroom.ui.cards.deadline import DeadlineCard
from warroom.ui.cards.declare import DeclareCard
from warroom.ui.cards.response import ResponseCard
from warroom.ui.cards.roles import RolesCard
from warroom.ui.cards.severity import SeverityCard
from warroom.ui.widgets.blank import Blank

HOSTILE = "[/x] [ERROR] [@click=app.quit]\x1b[2J\u202e監視"


async def opened(pilot: Pilot[None], key: str, kind: type[Card]) -> None:
    await until(pilot, lambda: bool(app_of(pilot).world.cluster.value))
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.is_mounted)


def app_of(pilot: Pilot[None]) -> WarRoomApp:
    assert isinstance(pilot.app, WarRoomApp)
    return pilot.app


async def settled(pilot: Pilot[None], night: Night, kind: str) -> None:
    """The card has closed, and the newest entries have one of this kind."""
    await until(pilot, lambda: kind in night.kinds and not isinstance(pilot.app.screen, Card))


def told(app: WarRoomApp) -> str:
    return " ".join(" ".join(text_of(app, "#told")).split())


async def test_declaring_is_one_key_and_three_fields() -> None:
    night = await Night().open()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, "!", DeclareCard)
        assert app.screen.query_one("#title", Blank).value == "tensafe-server: 1 of 2 ready, CrashLoopBackOff since r42"
        await pilot.press(*"api down", "alt+2", "tab", "tab", *"-7m")
        await until(pilot, lambda: "02:45:18 UTC, 7 min ago" in "\n".join(text_of(app, "#began Words")))
        assert "Declare P2" in text_of(app, "#buttons")[0]
        await pilot.press("enter")
        await settled(pilot, night, "declared")
    incident = night.room.incident
    assert (incident.title, incident.severity, incident.alerted) == ("api down", "P2", T0 - timedelta(minutes=7))
    assert incident.cluster is not None
    assert incident.cluster.context == "prod-eu-1"
    assert incident.runbook == night.room.text


async def test_what_was_ticked_before_is_written_with_the_declaration() -> None:
    night = await Night().open()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: bool(app.world.cluster.value))
        await pilot.press("6", "x")
        await until(pilot, lambda: bool(app.draft))
        assert night.kinds == []
        assert "not declared for 00:00" in text_of(app, "#header")[3]
        await opened(pilot, "!", DeclareCard)
        await pilot.press("shift+tab", "j", "x", "enter")
        await settled(pilot, night, "declared")
        assert not app.draft
    ticked = [entry.fact.text for entry in night.room.incident.entries if isinstance(entry.fact, Ticked)]
    assert ticked == ["Service is completely unavailable", "Error rate exceeds 1% for 5+ minutes"]


async def test_a_wrong_time_is_told_in_place_and_nothing_typed_is_lost() -> None:
    night = await Night().open()
    app = night.console()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "!", DeclareCard)
        await pilot.press(*"api", "tab", "tab", *"yesterday", "enter")
        await until(pilot, lambda: "is no time" in told(app))
        assert app.screen.query_one("#title", Blank).value == "api"
        assert night.kinds == []
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, Card))
    assert night.kinds == []


async def test_a_journal_that_is_full_leaves_the_card_as_it_is() -> None:
    night = await Night().open()
    night.journal.full = True
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, "!", DeclareCard)
        await pilot.press(*"api", "enter")
        await until(pilot, lambda: "the disk is full" in told(app))
        assert app.screen.query_one("#title", Blank).value == "api"
        night.journal.full = False
        await pilot.press("enter")
        await settled(pilot, night, "declared")


async def test_a_second_declaration_is_asked_about() -> None:
    night = await Night().open()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, "!", DeclareCard)
        await pilot.press(*"api slow")
        await night.does(Declare(title="api down", runbook=night.text), by="kim")
        await pilot.press("enter")
        await until(pilot, lambda: "is it the same incident?" in told(app))
        assert "The same, note it there" in text_of(app, "#buttons")[0]
        await pilot.press("enter")
        await settled(pilot, night, "noted")
    incident = night.room.incident
    assert incident.title == "api down"
    assert isinstance(incident.entries[-1].fact, Noted)
    assert incident.entries[-1].fact.text == "api slow"


async def test_another_incident_is_another_incident() -> None:
    night = await Night().open()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, "!", DeclareCard)
        await pilot.press(*"ledger stuck")
        await night.does(Declare(title="api down", runbook=night.text), by="kim")
        await pilot.press("enter")
        await until(pilot, lambda: "is it the same incident?" in told(app))
        await pilot.press("alt+a")
        await until(pilot, lambda: night.room.incident.title == "ledger stuck")


async def test_watch_only_and_drill() -> None:
    night = await Night().open()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, "!", DeclareCard)
        await pilot.press(*"a look", "alt+d", "alt+w")
        await settled(pilot, night, "closed")
    incident = night.room.incident
    assert incident.not_an_incident
    assert incident.drill
    assert incident.severity is None
    assert isinstance(incident.entries[-1].fact, Closed)


async def test_the_suggestion_is_accepted_with_what_it_starts() -> None:
    night = await Night().declared()
    await night.does(Tick("All customers"), by="kim")
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, "!", SeverityCard)
        body = "\n".join(row for words in app.screen.query("#box Words") for row in text_of_node(words))
        assert "P1 All customers affected (kim)" in body
        assert "P1 duration > 1 hour" in body
        assert "Set P1" in text_of(app, "#buttons")[0]
        await pilot.press("enter")
        await settled(pilot, night, "severity_set")
    fact = night.room.incident.severities[-1].fact
    assert isinstance(fact, SeveritySet)
    assert (fact.level, fact.reason) == ("P1", "All customers affected (kim)")


def text_of_node(words: object) -> list[str]:
    from warroom.ui.widgets.painted import Painted

    assert isinstance(words, Painted)
    return [words.render_line(y).text for y in range(words.size.height)]


async def test_another_level_wants_a_reason_and_takes_a_hostile_one() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "!", SeverityCard)
        await pilot.press("3", "enter")
        await until(pilot, lambda: "say why it is P3" in told(app))
        assert app.screen.focused is app.screen.query_one("#reason")
        await pilot.press(*"[/x] ok", "enter")
        await settled(pilot, night, "severity_set")
    fact = night.room.incident.severities[-1].fact
    assert isinstance(fact, SeveritySet)
    assert (fact.level, fact.reason) == ("P3", "[/x] ok")


async def test_a_role_is_taken_given_and_handed_back() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, "@", RolesCard)
        assert "Take Incident Commander" in text_of(app, "#buttons")[0]
        await pilot.press("enter")
        await until(pilot, lambda: night.room.incident.roles.get("Incident Commander") == "ada" and not isinstance(app.screen, Card))
        await opened(pilot, "@", RolesCard)
        await pilot.press("tab", *"mel")
        await until(pilot, lambda: "Give Communications Lead to mel" in text_of(app, "#buttons")[0])
        await pilot.press("enter")
        await until(pilot, lambda: night.room.incident.roles.get("Communications Lead") == "mel" and not isinstance(app.screen, Card))
        await opened(pilot, "@", RolesCard)
        await pilot.press("k", "k", "alt+h")
        await until(pilot, lambda: "Incident Commander" not in night.room.incident.roles)
    assert [type(entry.fact) for entry in night.room.incident.role_changes] == [RoleSet] * 3


async def test_the_second_who_takes_a_role_is_told() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, "@", RolesCard)
        await night.does(TakeRole("Incident Commander", "kim"), by="kim")
        await pilot.press("enter")
        await until(pilot, lambda: "Incident Commander is kim now, not free" in told(app))
        assert night.room.incident.roles["Incident Commander"] == "kim"
        assert "Take over Incident Commander" in text_of(app, "#buttons")[0]
        await pilot.press("enter")
        await until(pilot, lambda: night.room.incident.roles["Incident Commander"] == "ada")


async def test_the_oldest_overdue_deadline_is_answered() -> None:
    night = await Night().declared(severity="P1", minutes=70)
    await night.does(Acknowledge())
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, "comma", DeadlineCard)
        card = app.screen
        assert isinstance(card, DeadlineCard)
        wanted = card.wanted
        await pilot.press("2", "tab", *"reached her", "enter")
        await settled(pilot, night, "answered")
    fact = night.room.incident.answers[-1].fact
    assert isinstance(fact, Answered)
    assert (fact.deadline, fact.outcome, fact.text) == (wanted, "not needed", "reached her")
    assert wanted == "phase:1"


async def test_a_deadline_waits_only_with_a_reason() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(app.world.cluster.value))
        await pilot.press("5")
        await until(pilot, lambda: bool(app.screen.query_one("#deadlines Rows").has_focus))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DeadlineCard))
        await pilot.press("alt+s", "enter")
        await until(pilot, lambda: "say why it can wait" in told(app))
        await pilot.press(*"in a call", "enter")
        await settled(pilot, night, "snoozed")
    fact = night.room.incident.snoozes[-1].fact
    assert isinstance(fact, Snoozed)
    assert (fact.reason, fact.until) == ("in a call", T0 + timedelta(minutes=15))


async def response(pilot: Pilot[None], move: str) -> None:
    await opened(pilot, "R", ResponseCard)
    card = pilot.app.screen
    assert isinstance(card, ResponseCard)
    card.menu.go(move)
    await pilot.pause()


async def test_a_response_from_acknowledged_to_closed() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await response(pilot, "ack")
        await pilot.press("enter")
        await settled(pilot, night, "acknowledged")
        await response(pilot, "next")
        await pilot.press("enter")
        await settled(pilot, night, "phase_set")
        await response(pilot, "restored")
        await pilot.press("enter", *"rollback is through", "tab", *"-2m", "enter")
        await settled(pilot, night, "restored")
        await response(pilot, "resolve")
        await pilot.press("enter", *"all good", "enter")
        await settled(pilot, night, "resolved")
        await response(pilot, "close")
        await pilot.press("enter")
        await settled(pilot, night, "closed")
        await response(pilot, "reopen")
        await pilot.press("enter", *"again", "enter")
        await settled(pilot, night, "reopened")
    facts = [entry.fact for entry in night.room.incident.entries]
    assert PhaseSet(phase=1, title=night.room.runbook.phases[0].title) in facts
    assert Restored(reason="rollback is through") in facts
    assert night.room.incident.state == "declared"


async def test_an_action_item_with_a_wrong_date_stays_in_the_card() -> None:
    night = await Night().declared()
    await night.does(Resolve())
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await response(pilot, "action")
        await pilot.press("enter", *"alert on lag", "tab", *"kim", "tab", *"soon", "enter")
        await until(pilot, lambda: "'soon' is no date" in told(app))
        await pilot.press("ctrl+u", *"2026-02-17", "enter")
        await settled(pilot, night, "action_added")
    fact = night.room.incident.actions[-1].fact
    assert fact == ActionAdded(text="alert on lag", owner="kim", due="2026-02-17")


@pytest.mark.parametrize("key", ["!", "@", "R", "comma"])
@pytest.mark.parametrize("size", [(80, 23), (120, 36)])
async def test_hostile_words_are_text_in_every_card_and_the_header_stays(key: str, size: tuple[int, int]) -> None:
    night = await Night().declared(title=HOSTILE)
    await night.does(TakeRole("Incident Commander", HOSTILE), by=HOSTILE)
    app = night.console()
    async with app.run_test(size=size) as pilot:
        await opened(pilot, key, Card)
        header = "\n".join(text_of(app, "#header"))
        assert "[/x] [ERROR]" in header
        assert "\x1b" not in header
        assert "\u202e" not in header
        assert app.screen.query_one("#box").region.bottom <= size[1]
        assert app.screen.query_one("#buttons").region.bottom < size[1]
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, Card))
    assert night.kinds[-1] == "role_set"


async def test_a_card_cannot_be_answered_twice() -> None:
    night = await Night().open()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, "!", DeclareCard)
        card = app.screen
        assert isinstance(card, DeclareCard)
        await pilot.press(*"api")
        card.action_answer()
        card.action_answer()
        card.action_cancel()
        await settled(pilot, night, "declared")
    assert night.kinds == ["declared"]
    assert len(night.room.incidents) == 1


async def test_the_declaration_carries_the_runbook_that_holds() -> None:
    night = await Night().declared()
    declared = night.room.incident.entries[0].fact
    assert isinstance(declared, Declared)
    assert declared.title == TITLE
