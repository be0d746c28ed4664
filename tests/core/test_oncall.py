"""Who is on call: the rota by ISO weeks, holidays, overrides, PagerDuty's own schedule."""

from datetime import UTC, date, datetime, timedelta

import pytest

from warroom.core.oncall import Scheduled, duties, next_change, resolve, warnings
from warroom.core.rota import doubled, on_call
from warroom.core.team import Holiday, Override, Person, Team, change_over, faults
from warroom.library import default_runbook, read_text
from warroom.runbook.model import Runbook

ADA = Person(name="Ada Park", login="ada", titles=("Engineer A",), phone="+49 1", slack="U1", pagerduty="P1")
BOB = Person(name="Bob Roy", titles=("Engineer B",), pagerduty="P2")
KIM = Person(name="Kim Oh", titles=("Engineer C",))
EVA = Person(name="Eva Ng", titles=("Engineering Manager",))
TEAM = Team(people=(ADA, BOB, KIM, EVA))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def book() -> Runbook:
    return read_text(default_runbook()[0])


def names(book: Runbook, team: Team, when: str) -> list[str]:
    return [one.called for one in duties(book, team, utc(when))]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2026-02-03T03:00", ["Bob Roy", "Kim Oh"]),  # week 6
        ("2026-02-02T08:59", ["Ada Park", "Bob Roy"]),  # still week 5
        ("2026-02-02T09:00", ["Bob Roy", "Kim Oh"]),
        ("2026-12-27T12:00", ["Bob Roy", "Kim Oh"]),  # week 52
        ("2026-12-28T09:00", ["Ada Park", "Bob Roy"]),  # week 53
        ("2027-01-01T12:00", ["Ada Park", "Bob Roy"]),  # still 2026-W53
        ("2027-01-04T09:00", ["Ada Park", "Bob Roy"]),  # week 1: again
        ("2027-01-11T09:00", ["Bob Roy", "Kim Oh"]),
    ],
)
def test_the_week_decides(book: Runbook, when: str, expected: list[str]) -> None:
    assert names(book, TEAM, when) == expected


@pytest.mark.parametrize(("when", "told"), [("2026-11-29T12:00", False), ("2026-11-30T12:00", True), ("2027-01-03T12:00", True)])
def test_a_doubled_week_is_told_four_weeks_ahead(book: Runbook, when: str, told: bool) -> None:
    found = warnings(book, TEAM, utc(when))
    assert bool(found) == told
    if told:
        assert "weeks 53 and 01 are both odd: Ada Park is primary two weeks running, until 2027-01-11 09:00" in found[0]


@pytest.mark.parametrize("year", [2032, 2037])
def test_it_happens_again_in_other_years(book: Runbook, year: int) -> None:
    watch = doubled(book, utc(f"{year}-12-15T12:00"))
    assert watch is not None
    assert watch.week == 53


def test_a_change_over_of_ones_own(book: Runbook) -> None:
    team = Team(people=TEAM.people, change_over="Wed 17:30")
    assert change_over(team) == timedelta(days=2, hours=17, minutes=30)
    assert names(book, team, "2026-02-04T17:29") == ["Ada Park", "Bob Roy"]
    assert names(book, team, "2026-02-04T17:30") == ["Bob Roy", "Kim Oh"]
    watch = on_call(book, utc("2026-02-04T17:30"), timedelta(days=2, hours=17, minutes=30))
    assert watch is not None
    assert watch.until == utc("2026-02-11T17:30")


def test_summer_time_changes_nothing(book: Runbook) -> None:
    berlin = datetime.fromisoformat("2026-03-30T10:59:59+02:00")
    assert [one.called for one in duties(book, TEAM, berlin)] == ["Ada Park", "Bob Roy"]
    assert [one.called for one in duties(book, TEAM, berlin + timedelta(seconds=1))] == ["Bob Roy", "Kim Oh"]


def test_holidays_go_to_a_volunteer_and_a_backup(book: Runbook) -> None:
    team = Team(people=TEAM.people, holidays=(Holiday(date=date(2026, 12, 25), name="Christmas", volunteer="kim"),))
    assert names(book, team, "2026-12-25T00:00") == ["Kim Oh", "Eva Ng"]
    assert names(book, team, "2026-12-26T00:00") == ["Bob Roy", "Kim Oh"]
    assert next_change(book, team, utc("2026-12-24T12:00")) == utc("2026-12-25T00:00")


def test_a_holiday_without_a_volunteer_is_an_alarm_two_weeks_ahead(book: Runbook) -> None:
    team = Team(people=TEAM.people, holidays=(Holiday(date=date(2026, 5, 1), name="May Day"),))
    assert warnings(book, team, utc("2026-04-16T23:00")) == ()
    assert "nobody has volunteered for May Day on 2026-05-01" in warnings(book, team, utc("2026-04-17T01:00"))[0]
    assert names(book, team, "2026-05-01T10:00") == ["Bob Roy", "Eva Ng"]  # the rota goes on


def test_who_stands_in_counts_most(book: Runbook) -> None:
    stands = Override(start=utc("2026-02-03T00:00"), end=utc("2026-02-04T00:00"), primary="kim oh", why="swap", by="eva")
    team = Team(people=TEAM.people, overrides=(stands,), holidays=(Holiday(date=date(2026, 2, 3), volunteer="Ada Park"),))
    found = duties(book, team, utc("2026-02-03T10:00"))
    assert [(one.called, one.source) for one in found] == [("Kim Oh", "override"), ("Eva Ng", "holiday")]
    assert found[0].why == "stands in, swap (arranged by eva)"
    assert names(book, team, "2026-02-04T00:00") == ["Bob Roy", "Kim Oh"]


def test_pagerduty_is_the_truth_and_the_difference_is_told(book: Runbook) -> None:
    theirs = (Scheduled(level=1, name="A. Park", id="P1"), Scheduled(level=2, name="Kim Oh"))
    now = utc("2026-02-03T10:00")
    assert [(one.called, one.source) for one in duties(book, TEAM, now, theirs)] == [("Ada Park", "pagerduty"), ("Kim Oh", "pagerduty")]
    (told,) = warnings(book, TEAM, now, theirs)
    assert told.startswith("PagerDuty has Ada Park as primary, our rota Bob Roy")


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("On-call Engineer", "Bob Roy"),
        ("On-Call Engineer", "Bob Roy"),
        ("Secondary On-Call", "Kim Oh"),
        ("secondary", "Kim Oh"),
        ("Engineering Manager", "Eva Ng"),
        ("ada", "Ada Park"),
        ("CTO", None),
    ],
)
def test_words_of_the_runbook_are_people(book: Runbook, words: str, who: str | None) -> None:
    found = resolve(words, book, TEAM, utc("2026-02-03T10:00"))
    assert (found.called if found else None) == who


def test_without_a_team_file_the_runbooks_words_stay(book: Runbook) -> None:
    assert names(book, Team(), "2026-02-03T10:00") == ["Engineer B", "Engineer C"]
    assert duties(Runbook(), Team(), utc("2026-02-03T10:00")) == ()


def test_what_cannot_be_meant_is_advice() -> None:
    backwards = Override(start=utc("2026-02-04T00:00"), end=utc("2026-02-03T00:00"))
    found = faults(Team(change_over="noon", overrides=(backwards,), people=(ADA, Person(name="Al", titles=("engineer-a",)))))
    assert len(found) == 4
    assert any("'engineer a' is Ada Park and Al" in one for one in found)
    assert faults(TEAM) == ()
