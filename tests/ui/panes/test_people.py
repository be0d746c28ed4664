"""The panes of what people decide and did: deadlines, check-lists, the timeline, the header, the keys."""

from datetime import UTC, datetime, timedelta

import pytest
from textual import events

from hand import T0
from ui.console import forward, text_of, until
from ui.night import Night
from warroom.core.acts.checklists import Tick
from warroom.core.acts.clocks import Snooze
from warroom.core.acts.incident import Acknowledge, Declare, Resolve, Restore
from warroom.core.acts.phases import SetPhase
from warroom.core.acts.severity import SetSeverity
from warroom.core.acts.timeline import AddAction, Amend, Note, Strike
from warroom.core.entries import Noted, Ticked, Unticked
from warroom.core.rota import on_call
from warroom.ui.app import WarRoomApp
from warroom.ui.bell import Bell, Due
from warroom.ui.cards.response import ResponseCard
from warroom.ui.cards.severity import SeverityCard
from warroom.ui.panes.severity import SeverityPane
from warroom.ui.panes.timeline import TimelinePane

HOSTILE = "[/x] [ERROR] [@click=app.quit]\x1b[2J\u202e監視"


def body(app: WarRoomApp, name: str) -> str:
    return "\n".join(text_of(app, f"#{name} .body"))


# Deadlines.


async def test_the_overdue_come_first_and_say_what_it_costs() -> None:
    night = await Night().declared(severity="P1", minutes=70)
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: "overdue" in body(app, "deadlines"))
        lines = text_of(app, "#deadlines .body")
        assert lines[0].lstrip().startswith("−")
        assert lines[1].split()[:2] == ["overdue", "so"]
        assert "overdue" in text_of(app, "#deadlines .head")[0]


async def test_an_upgrade_would_start_these() -> None:
    night = await Night().declared()
    await night.does(Acknowledge(), SetPhase(2))
    app = night.console()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("5")
        await until(pilot, lambda: "if this becomes P1, these start" in body(app, "deadlines"))
        assert "+30:00 ○ No progress on P1 in 30 min → Engineering Manager" in body(app, "deadlines")


async def test_the_whole_screen_tells_what_would_start_and_what_is_settled() -> None:
    night = await Night().declared()
    await night.does(Acknowledge(), SetPhase(2))
    app = night.console()
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.press("5", "z")
        await until(pilot, lambda: "if this becomes P1, these start" in body(app, "deadlines"))
        await until(pilot, lambda: "✗ Detection & Triage" in body(app, "deadlines"))


async def test_a_small_pane_keeps_the_names_of_what_is_due() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "Slack update" in body(app, "deadlines"))


async def test_a_wide_header_tells_roles_and_phases_and_what_missing_costs() -> None:
    night = await Night().declared()
    await night.does(SetPhase(2))
    app = night.console()
    async with app.run_test(size=(240, 60)) as pilot:
        await until(pilot, lambda: "Executive" in "".join(text_of(app, "#header")))
        head = "\n".join(text_of(app, "#header"))
        for told in (
            "@ roles, who answers",
            "✓ 1 Detection & Triage until",
            "◐ 2 Investigation until",
            "else #incident-comms promise broken",
        ):
            assert told in head


async def test_a_paused_deadline_says_why() -> None:
    night = await Night().declared()
    await night.does(Snooze("update", timedelta(minutes=10), HOSTILE))
    app = night.console()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("5")
        await until(pilot, lambda: "paused" in body(app, "deadlines"))
        assert "snoozed until 03:02 by ada: [/x] [ERROR]" in body(app, "deadlines")
        assert "\x1b" not in body(app, "deadlines")


async def test_a_deadline_turns_soon_and_overdue_in_place() -> None:
    night = await Night().declared(minutes=7)
    await night.does(Acknowledge())
    app = night.console()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("5")
        await until(pilot, lambda: "07:59" in body(app, "deadlines") or "08:00" in body(app, "deadlines"))
        await forward(pilot, night.clock, 330)
        await until(pilot, lambda: "soon" in body(app, "deadlines"))
        await forward(pilot, night.clock, 200)
        await until(pilot, lambda: "overdue" in body(app, "deadlines"))


async def test_the_bell_rings_once_at_soon_and_once_at_zero_and_never_for_the_old() -> None:
    night = await Night().declared(minutes=7)
    await night.does(Acknowledge())
    bell, due, room = Bell(), Due(), night.room
    rings = [
        minute for minute in range(0, 20) if bell.rings(room.incident, due.at(room.runbook, room.incident, T0 + timedelta(minutes=minute)))
    ]
    assert rings == sorted(set(rings))
    assert 8 in rings
    late = Bell()
    for minute in (18, 19):
        assert not late.rings(room.incident, due.at(room.runbook, room.incident, T0 + timedelta(minutes=minute)))


async def test_the_console_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    night = await Night().declared(minutes=7)
    await night.does(Acknowledge())
    rung = list[datetime]()
    monkeypatch.setattr(WarRoomApp, "bell", lambda app: rung.append(app.clock.now()))
    app = night.console()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert rung == []
        await forward(pilot, night.clock, 480)
        assert len(rung) == 1
        await forward(pilot, night.clock, 2)
        assert len(rung) == 1


# Check-lists.


async def test_a_tick_and_its_taking_back_are_entries() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("6", "j", "j")
        await until(pilot, lambda: app.screen.query_one("#severity Rows").has_focus)
        pane = app.screen.query_one(SeverityPane)
        item = pane.under_cursor()
        assert item is not None
        await pilot.press("x")
        await until(pilot, lambda: item.id in app.incident.ticks)
        await until(pilot, lambda: "ada 02:52" in body(app, "severity"))
        await pilot.press("x")
        await until(pilot, lambda: item.id not in app.incident.ticks)
    kinds = [type(entry.fact) for entry in night.room.incident.entries[-2:]]
    assert kinds == [Ticked, Unticked]


async def test_six_again_shows_the_response_the_phase_and_the_levels() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        heads = list[str]()
        for _ in range(4):
            await pilot.press("6")
            await pilot.pause()
            heads.append(text_of(app, "#severity .head")[0])
        assert "6 severity" in heads[0]
        assert "6 initial response · 0 of 5" in heads[1]
        assert "6 phase 1, Detection & Triage" in heads[2]
        assert "6 severity" in heads[3]


async def test_the_other_branch_is_dim_and_not_removed() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("6", "6")
        await until(pilot, lambda: "not this case" in body(app, "severity"))
        assert "If P3/P4: Begin troubleshooting" in body(app, "severity")
        await night.does(SetSeverity("P3", "smaller than thought"))
        await until(pilot, lambda: any("If P1/P2" in line and "not this case" in line for line in text_of(app, "#severity .body")))


async def test_the_next_step_offers_its_card_and_runs_nothing() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("full_stop")
        await until(pilot, lambda: isinstance(app.screen, ResponseCard))
        assert "acknowledged" not in night.kinds
        await pilot.press("enter")
        await until(pilot, lambda: "acknowledged" in night.kinds and not isinstance(app.screen, ResponseCard))
        await pilot.press("full_stop")
        await until(pilot, lambda: app.screen.query_one(SeverityPane).view == "response")
        item = app.screen.query_one(SeverityPane).under_cursor()
        assert item is not None
        assert item.text == "Check Grafana dashboards for impact"


async def test_enter_accepts_the_suggestion_by_its_card() -> None:
    night = await Night().declared()
    await night.does(Tick("All customers"))
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: "suggests P1" in text_of(app, "#severity .head")[0])
        await pilot.press("6", "j", "enter")
        await until(pilot, lambda: isinstance(app.screen, SeverityCard))


async def test_a_closed_level_opens_with_enter() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("6")
        await until(pilot, lambda: "P4" in body(app, "severity"))
        before = body(app, "severity")
        assert "Major feature completely unavailable" in before
        await pilot.press("enter")
        await until(pilot, lambda: "Complete service unavailability" in body(app, "severity"))


async def test_a_tick_whose_item_is_gone_stays_in_sight() -> None:
    night = await Night().declared()
    ticked = night.room.runbook.severities[0].criteria[0]
    await night.does(Tick(ticked.id))
    app = night.console()
    async with app.run_test(size=(160, 48)) as pilot:
        pane = app.screen.query_one(SeverityPane)
        await until(pilot, lambda: ticked.text in body(app, "severity"))
        entry = app.incident.ticks[ticked.id]
        object.__setattr__(app.incident, "ticks", {"gone": entry})
        pane.update()
        await pilot.pause()
        assert "not in the runbook" in "\n".join("".join(text for text, _ in row.line) for row in pane.lines(60, 40))


async def test_somebody_elses_declaration_takes_the_draft_along() -> None:
    night = await Night().open()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("6", "x")
        await until(pilot, lambda: bool(app.draft))
        (item,) = app.draft
        await night.does(Declare(title="api down", runbook=night.text), by="kim")
        await until(pilot, lambda: item in app.incident.ticks)
        assert not app.draft
        assert app.incident.ticks[item].by == "ada"


# The timeline and its line.


async def test_n_writes_a_note_from_anywhere_and_a_time_may_stand_in_front() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", *"-7m rolled back [/x]", "enter")
        await until(pilot, lambda: "noted" in night.kinds)
        await until(pilot, lambda: "02:45:18 ○ ada      rolled back [/x]" in body(app, "timeline"))
        assert app.screen.query_one(TimelinePane).note.value == ""
    entry = night.room.incident.entries[-1]
    assert entry.fact == Noted(text="rolled back [/x]")
    assert entry.at == T0 - timedelta(minutes=7)


async def test_a_note_that_is_not_kept_comes_back() -> None:
    night = await Night().declared()
    night.journal.full = True
    app = night.console()
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        pane = app.screen.query_one(TimelinePane)
        night.journal.free.clear()
        await pilot.press("n", *"one", "enter", *"two")
        assert pane.note.value == "two"
        night.journal.free.set()
        await until(pilot, lambda: "1 not kept" in text_of(app, "#timeline .head")[0])
        assert pane.note.value == "two"
        night.journal.full = False
        await pilot.press("enter")
        await until(pilot, lambda: pane.note.value == "one")
        await pilot.press("enter")
        await until(pilot, lambda: night.kinds[-2:] == ["noted", "noted"])


async def test_esc_leaves_the_line_and_its_words_and_alt_p_counts_as_progress() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        pane = app.screen.query_one(TimelinePane)
        await pilot.press("n", *"half a", "escape")
        await until(pilot, lambda: pane.body.has_focus)
        assert pane.note.value == "half a"
        await pilot.press("n", *" thought", "alt+p")
        await until(pilot, lambda: "[✓] progress" in text_of(app, "#note-mark")[0])
        await pilot.press("enter")
        await until(pilot, lambda: "noted" in night.kinds)
    assert night.room.incident.entries[-1].fact == Noted(text="half a thought", progress=True)


async def test_pasted_lines_stay_whole_and_harmless() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("n")
        pane = app.screen.query_one(TimelinePane)
        pane.note.post_message(events.Paste("first\nsecond \x1b[2J\u202e"))
        await until(pilot, lambda: bool(pane.note.value))
        assert pane.note.value == "first second ␛[2J�"


async def test_corrections_are_beside_what_they_correct() -> None:
    night = await Night().declared()
    await night.does(Note(HOSTILE), Note("wrong cluster"), Note("3 of 6"))
    seq = {getattr(entry.fact, "text", ""): str(entry.seq) for entry in night.room.incident.entries}
    await night.does(Strike(seq["wrong cluster"], "was staging"), Amend(seq["3 of 6"], "2 of 6"), by="kim")
    app = night.console()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("7")
        await until(pilot, lambda: "struck by kim: was staging" in body(app, "timeline"))
        assert "amended by" in body(app, "timeline")
        assert "[/x] [ERROR] [@click=app.quit]␛[2J�監視" in body(app, "timeline")


# The header and the keys.


async def test_the_header_says_who_is_on_call_and_what_is_not_declared() -> None:
    night = await Night().open()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: "on call Engineer B, secondary Engineer C, change-over Mon 09:00 UTC" in text_of(app, "#header")[3])
        app.draft = {night.room.runbook.severities[1].criteria[1].id: T0 - timedelta(seconds=178)}
        await until(pilot, lambda: "suggests  P2 HIGH" in text_of(app, "#header")[2])
        assert "Error rate > 10%" in text_of(app, "#header")[3]
        assert "not declared for 02:58" in text_of(app, "#header")[3]


async def test_restored_keeps_the_severity_and_counts_to_the_postmortem() -> None:
    night = await Night().declared()
    await night.does(Acknowledge(), Restore("rolled back"), Resolve())
    app = night.console()
    async with app.run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: "resolved 02:52 after 16:00" in text_of(app, "#header")[3])
        header = "\n".join(text_of(app, "#header"))
        assert "HIGH" in header
        assert "Post-mortem" in header


@pytest.mark.parametrize("size", [(80, 24), (100, 36), (120, 36), (160, 48)])
async def test_the_place_is_never_cut_in_a_drill(size: tuple[int, int]) -> None:
    night = await Night().declared(severity="P1", minutes=62, drill=True)
    app = night.console()
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: "DRILL" in text_of(app, "#header")[0])
        first = text_of(app, "#header")[0].replace(" / ", "/")
        assert "prod-eu-1/tensafe " in first
        assert "SAFE" in first


async def test_the_bar_shows_only_what_works_now() -> None:
    night = await Night().open()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: "! declare" in text_of(app, "#keys")[0])
        assert "keep promise" not in text_of(app, "#keys")[0]
        await night.does(Declare(title="api down", runbook=night.text))
        await until(pilot, lambda: ", keep promise  . next step  n note" in text_of(app, "#keys")[0])
        assert "declare" not in text_of(app, "#keys")[0]
        assert "@ roles  R response" in text_of(app, "#keys")[0]
        await pilot.press("n")
        await until(pilot, lambda: "esc leave" in text_of(app, "#keys")[0])
        assert "roles" not in text_of(app, "#keys")[0]


async def test_a_calm_night_says_what_is_still_owed() -> None:
    night = await Night().declared(title="pool exhausted [/x]")
    await night.does(AddAction("alert on lag [b]", "kim", "2026-01-25"))
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        quiet = app.screen.query_one("#quiet")
        await until(pilot, lambda: bool(app.world.cluster.value))
        assert not quiet.display
        rows = "\n".join("".join(text for text, _ in row.line) for row in app.screen.query_one("#quiet").lines(51, 30))  # type: ignore[attr-defined]
        assert "now  Engineer B  secondary Engineer C" in rows
        assert "kim, 9 d late" in rows
        assert "alert on lag [b]" in rows
        assert "16 findings" in rows
        assert "pool exhauste…" in rows


@pytest.mark.parametrize(
    ("when", "week", "primary", "then"),
    [
        (datetime(2026, 2, 3, 2, tzinfo=UTC), 6, "Engineer B", "Engineer A"),
        (datetime(2026, 2, 9, 8, 59, tzinfo=UTC), 6, "Engineer B", "Engineer A"),
        (datetime(2026, 2, 9, 9, tzinfo=UTC), 7, "Engineer A", "Engineer B"),
        (datetime(2027, 1, 1, 12, tzinfo=UTC), 53, "Engineer A", "Engineer A"),
        (datetime(2027, 1, 4, 9, tzinfo=UTC), 1, "Engineer A", "Engineer B"),
    ],
)
async def test_the_rota_goes_by_iso_weeks(when: datetime, week: int, primary: str, then: str) -> None:
    night = await Night().open()
    watch = on_call(night.room.runbook, when)
    assert watch is not None
    assert (watch.week, watch.row.primary, watch.next.primary) == (week, primary, then)
    assert watch.until > when
