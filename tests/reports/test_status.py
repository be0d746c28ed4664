"""The incident as JSON and as text."""

import msgspec
from hypothesis import given, settings

from core.books import BOOK, SILENT
from core.story import Story
from core.strategies import stories
from warroom.core.acts.checklists import Tick
from warroom.core.acts.incident import Close, PinCluster, Reopen, Resolve, Restore
from warroom.core.acts.people import TakeRole
from warroom.core.acts.timeline import Amend, Move, Note, Strike
from warroom.core.incident import Incident
from warroom.core.readings import Cluster
from warroom.reports.status import (
    deadlines_text,
    entry_json,
    incident_json,
    status_line,
    status_text,
    timeline_json,
    timeline_text,
)
from warroom.reports.words import width

INCIDENT = """id title drill severity rank suggested phase state detected alerted acknowledged declared restored resolved closed
    elapsed_seconds roles ticks deadlines debts promises entries runbook cluster"""
DEADLINE = "id title owner consequence due left_seconds state line"
ENTRY = "seq id kind at recorded_at by text body amends struck hash"


def night() -> Story:
    story = Story(BOOK)
    story.declares(2, title="API down", severity="P2", alerted=0)
    story.does(3, Tick("p1.down"), by="kim")
    story.does(4, TakeRole("ic", "ada"))
    story.does(5, PinCluster(Cluster(context="prod", server="https://a", namespaces=("tensafe",), ca="c")))
    return story


def test_an_incident_has_every_field_of_the_contract() -> None:
    story = night()
    found = incident_json(story.incident, BOOK, story.at(10))
    assert found is not None
    assert set(INCIDENT.split()) <= set(found)
    assert found | {"deadlines": [], "promises": []} == found | {
        "id": "inc-260203-aaaaa",
        "title": "API down",
        "drill": False,
        "severity": "P2",
        "rank": 2,
        "suggested": {"severity": "P1", "reasons": ["Everything is down (kim)"]},
        "phase": 0,
        "state": "declared",
        "alerted": "2026-02-03T02:52:18Z",
        "detected": "2026-02-03T02:52:18Z",
        "declared": "2026-02-03T02:54:18Z",
        "acknowledged": None,
        "restored": None,
        "resolved": None,
        "closed": None,
        "elapsed_seconds": 600,
        "roles": {"Incident Commander": "ada"},
        "ticks": [{"id": "p1.down", "by": "kim", "at": "2026-02-03T02:55:18Z"}],
        "debts": [],
        "entries": 5,
        "runbook": {"sha256": "a" * 64, "version": "1.0.0", "title": "Handbook"},
        "cluster": {"context": "prod", "server": "https://a", "namespaces": ["tensafe"]},
        "deadlines": [],
        "promises": [],
    }
    assert found["promises"] == [{"text": "Slack update", "due": "2026-02-03T03:24:18Z"}]
    assert all(set(DEADLINE.split()) <= set(deadline) for deadline in found["deadlines"])
    assert found["deadlines"][0] | {"why": ""} == {
        "id": "ack",
        "title": "Acknowledge the alert",
        "owner": "ada",
        "consequence": "secondary is next",
        "due": "2026-02-03T02:57:18Z",
        "left_seconds": -300,
        "state": "due",
        "line": 50,
        "to": [],
        "why": "",
    }


def test_nothing_declared_is_null() -> None:
    story = Story(BOOK)
    assert incident_json(Incident(), BOOK, story.at(0)) is None
    assert status_line(Incident(), BOOK, story.at(0)) == "no incident"
    assert status_text(Incident(), BOOK, story.at(0)) == "no incident is declared"


def test_entries_with_their_corrections() -> None:
    story = night()
    (note,) = story.does(6, Note("plain jobs\npass"), by="tom")
    (amendment,) = story.does(7, Amend(note.id, "plain jobs pass, DP jobs fail"), by="tom")
    story.does(8, Move(note.id, story.at(5.5)))
    story.does(9, Strike(note.id, "wrong cluster"))
    first, second = (entry_json(entry, story.incident) for entry in (note, amendment))
    assert all(set(ENTRY.split()) <= set(found) for found in (first, second))
    assert first == {
        "seq": 6,
        "id": "e00006",
        "incident": "inc-260203-aaaaa",
        "kind": "noted",
        "at": "2026-02-03T02:57:48Z",
        "recorded_at": "2026-02-03T02:58:18Z",
        "by": "tom",
        "text": "plain jobs\npass",
        "body": {"text": "plain jobs\npass"},
        "amends": None,
        "amended_by": amendment.id,
        "struck": True,
        "moved_from": "2026-02-03T02:58:18Z",
        "hash": f"{6:064x}",
    }
    assert (second["text"], second["amends"], second["struck"]) == ("plain jobs pass, DP jobs fail", note.id, False)
    assert len(timeline_json(story.incident, every=True)) == 9
    assert [found["kind"] for found in timeline_json(story.incident)] == ["declared", "ticked", "role_set", "noted", "amended"]


def test_text_for_people() -> None:
    story = night()
    story.does(6, Note("looking"))
    assert status_text(story.incident, BOOK, story.at(10)).splitlines() == [
        "P2 High: API down",
        "inc-260203-aaaaa · declared · alerted 2026-02-03 02:52 UTC · elapsed 10:00 · 6 entries",
        "phase none yet",
        "cluster prod / tensafe",
        "suggests P1: Everything is down (kim)",
        "roles: Incident Commander ada",
        "next: Acknowledge the alert in PagerDuty (initial response, 1 of 5)",
        "1 overdue",
        "   -05:00  Acknowledge the alert (ada), overdue, so secondary is next",
        "    05:00  Detection & Triage, 0-15 min (ada), else phase 1 is overdue, say why",
        "    22:00  Slack update (Communications Lead), else #news promise broken",
        "    50:00  Investigation, 15-60 min (ada), else phase 2 is overdue, say why",
        "02:54 ada: declared P2, API down",
        "02:55 kim: ticked Everything is down",
        "02:56 ada: took Incident Commander",
        "02:58 ada: looking",
    ]
    assert status_line(story.incident, BOOK, story.at(3)) == "P2 API down · 03:00 · 02:00 Acknowledge the alert"
    assert timeline_text(story.incident).splitlines()[:2] == ["2026-02-03", "   1  02:54:18  ada       declared P2, API down"]
    assert deadlines_text(story.deadlines(10)).splitlines()[0] == (
        "    -05:00 02:57 due     ack      Acknowledge the alert, ada, else secondary is next"
    )


def test_a_bar_after_the_service_is_back() -> None:
    story = night()
    story.does(9, Restore("back"))
    assert status_line(story.incident, SILENT, story.at(10)) == "P2 API down · monitoring · 22:00 Update"
    story.does(10, Resolve())
    story.does(11, Close())
    assert status_line(story.incident, BOOK, story.at(12)).startswith("P2 API down · closed · 47:57:00 Post-mortem")
    story.does(13, Reopen("back again"))
    assert "elapsed 14:00" in status_text(story.incident, BOOK, story.at(14))


@settings(deadline=None)
@given(stories())
def test_any_story_fits_its_lines(story: Story) -> None:
    now = story.at(600)
    assert width(status_line(story.incident, BOOK, now)) <= 60
    rows = status_text(story.incident, BOOK, now, 80).split("\n")
    assert len(rows) <= 20
    assert all(width(row) <= 80 for row in rows)
    rows = [row.replace("\N{ZERO WIDTH JOINER}", "") for row in (*rows, *timeline_text(story.incident, every=True).split("\n"))]
    assert all(row.isprintable() for row in rows)
    assert msgspec.json.encode(incident_json(story.incident, BOOK, now))
    assert msgspec.json.encode(timeline_json(story.incident, every=True))
