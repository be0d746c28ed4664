"""Load, backups by name, a commander who is silent."""

from datetime import timedelta

from core.books import BOOK
from core.story import Story
from warroom.core.acts.incident import Restore
from warroom.core.acts.people import TakeRole
from warroom.core.acts.severity import SetSeverity
from warroom.core.acts.timeline import Note
from warroom.core.people import load, overloaded, proposals, silent_for, usual
from warroom.core.team import Person, Team
from warroom.library import default_runbook, read_text

RUNBOOK = read_text(default_runbook()[0])
TEAM = Team(
    people=(
        Person(name="Pia", titles=("Product Manager",)),
        Person(name="Sam", titles=("Senior Engineer",)),
        Person(name="Bob", titles=("Engineer B",)),
    )
)


def night(level: str = "P1") -> Story:
    story = Story(RUNBOOK)
    story.declares(0, severity=level)
    for role in ("ic", "communications", "technical"):
        story.does(1, TakeRole(role, "ada"))
    return story


def names(story: Story, minute: float, team: Team = TEAM) -> list[tuple[str, str]]:
    return [(one.role, one.person) for one in proposals(story.incident, RUNBOOK, team, story.at(minute))]


def test_three_roles_are_load() -> None:
    story = night()
    assert {person: len(roles) for person, roles in load(story.incident).items()} == {"ada": 3}
    story.does(2, TakeRole("technical", "tom"))
    assert overloaded(story.incident) == {}


def test_backups_are_proposed_by_name_after_ten_minutes_at_the_worst_level() -> None:
    story = night()
    assert names(story, 9) == []
    assert names(story, 10) == [("Communications Lead", "Pia"), ("Technical Lead", "Sam")]
    assert names(story, 10, Team()) == [("Communications Lead", "Product Manager"), ("Technical Lead", "Senior Engineer")]
    story.does(11, TakeRole("technical", "sam"))
    assert names(story, 12) == []


def test_below_the_worst_level_and_when_it_is_over_nobody_is_asked() -> None:
    story = night("P2")
    assert names(story, 60) == []
    story.does(61, SetSeverity("P1", "all"))
    assert names(story, 70) == []
    assert len(names(story, 71)) == 2
    story.does(72, Restore("rolled back"))
    assert names(story, 90) == []


def test_a_commander_who_writes_nothing_is_told() -> None:
    story = night()
    assert silent_for(story.incident, RUNBOOK, story.at(15.5)) is None
    assert silent_for(story.incident, RUNBOOK, story.at(16)) == timedelta(minutes=15)
    story.does(17, Note("still here"))
    assert silent_for(story.incident, RUNBOOK, story.at(31)) is None
    story.does(31, TakeRole("ic", "tom"), by="tom")
    assert silent_for(story.incident, RUNBOOK, story.at(40)) is None
    bare = Story(BOOK)
    bare.declares(0)
    assert silent_for(bare.incident, BOOK, bare.at(60)) is None


def test_the_usual_holder_is_a_person() -> None:
    story = night()
    assert usual(RUNBOOK.roles[0], RUNBOOK, TEAM, story.at(0)) == "Bob"
    assert usual(RUNBOOK.roles[0], RUNBOOK, Team(), story.at(0)) == "Engineer B"
