"""What to do now."""

from msgspec.structs import replace

from core.books import BOOK, SILENT, item
from core.story import Story
from warroom.core.acts import Act
from warroom.core.acts.checklists import Tick
from warroom.core.acts.incident import Acknowledge, Close
from warroom.core.acts.phases import SetPhase
from warroom.core.acts.severity import SetSeverity
from warroom.core.incident import Incident
from warroom.core.steps import acknowledges, applies, next_step


def test_a_night_step_by_step() -> None:
    story = Story(BOOK)
    assert next_step(BOOK, story.incident) is None
    story.declares(0, severity="P2")
    seen = list[tuple[str, str]]()
    while (step := next_step(BOOK, story.incident)) is not None and len(seen) < 20:
        seen.append((step.title, step.where))
        story.does(len(seen), Tick(step.item.id) if step.item else SetPhase(story.incident.phase + 1 or 1))
        if step.item is None and story.incident.phase == 1:
            story.does(len(seen), SetPhase(2))
    assert seen == [
        ("Acknowledge the alert in PagerDuty", "initial response, 1 of 5"),
        ("Review recent changes", "initial response, 2 of 5"),
        ("Assess severity level", "initial response, 3 of 5"),
        ("If P1/P2: Declare incident, join war room", "initial response, 4 of 5"),
        ("Assemble response team", "phase 1, Detection & Triage"),
        ("Phase 2: Investigation", "phase 1 is done"),
        ("Form hypothesis", "phase 2, Investigation"),
        ("Phase 3: Mitigation", "phase 2 is done"),
        ("Implement mitigation", "phase 3, Mitigation"),
        ("Phase 4: Post-Incident", "phase 3 is done"),
        ("Conduct post-mortem (within 48 hours for P1/P2)", "phase 4, Post-Incident"),
    ]


def test_the_other_branch_is_not_this_case_until_the_level_changes() -> None:
    story = Story(BOOK)
    story.declares(0, severity="P3")
    worse, milder = BOOK.oncall.checklist[3:5]
    assert (applies(BOOK, story.incident, worse), applies(BOOK, story.incident, milder)) == (False, True)
    for id in ("c.ack", "c.changes", "c.severity", "c.milder"):
        story.does(1, Tick(id))
    step = next_step(BOOK, story.incident)
    assert step is not None
    assert step.where.startswith("phase 1")
    story.does(2, SetSeverity("P1", "worse"))
    assert (applies(BOOK, story.incident, worse), applies(BOOK, story.incident, milder)) == (True, False)
    step = next_step(BOOK, story.incident)
    assert step is not None
    assert step.item == worse


def test_without_a_level_branches_wait_for_it() -> None:
    story = Story(BOOK)
    story.declares(0, severity=None)
    assert all(applies(BOOK, story.incident, item) for item in BOOK.oncall.checklist)
    acts: list[Act] = [Acknowledge(), Tick("c.changes"), Tick("c.severity")]
    for act in acts:
        story.does(1, act)
    step = next_step(BOOK, story.incident)
    assert step is not None
    assert (step.title, step.item) == ("Set the severity", None)


def test_optional_items_and_a_closed_incident_are_no_next_step() -> None:
    book = replace(BOOK, oncall=replace(BOOK.oncall, checklist=(replace(BOOK.oncall.checklist[1], optional=True),)))
    story = Story(book)
    story.declares(0)
    step = next_step(book, story.incident)
    assert step is not None
    assert step.where.startswith("phase 1")
    story.does(1, Close(not_an_incident=True))
    assert next_step(book, story.incident) is None


def test_a_runbook_without_steps() -> None:
    assert next_step(SILENT, Incident(id="x", severity="P1")) is None


def test_what_asks_to_acknowledge() -> None:
    assert acknowledges(item("a", "Acknowledge the alert in PagerDuty"))
    assert acknowledges(item("a", "Ack the page"))
    assert not acknowledges(item("a", "Back up the alert rules"))
    assert not acknowledges(item("a", "Check that someone acknowledged the alert"))
