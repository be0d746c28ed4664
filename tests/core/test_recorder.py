"""Ten nights, told act by act, and what became of each clock: the table was worked out by hand from the runbook's rules.

The rules of the handbook (`books.py`): ack 5 min, first response 15 min (P1) or 30 (P2), no response 15 min, no progress 30 min,
a P1 longer than 1 h, updates every 15 min (P1) or 30 (P2), phases 0-15 and 15-60, post-mortem 48 h after restored.
A minute is written as it stands on the clock since the alert; `12.5` is 12 min 30 s.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from core.books import BOOK
from core.story import Story
from warroom.core.acts.checklists import Tick
from warroom.core.acts.clocks import Answer, Snooze
from warroom.core.acts.incident import Acknowledge, Close, Reopen, Resolve, Restore
from warroom.core.acts.phases import SetPhase
from warroom.core.acts.severity import SetSeverity
from warroom.core.acts.timeline import Move, Note, Strike
from warroom.core.recorder import recorder

Row = tuple[str, float, str, float]
"""The clock, the minute in which it was due, the verdict, and the seconds to spare; negative: late."""


def quick(story: Story) -> None:
    """All is done in time; closed after 40 min."""
    story.declares(2, alerted=0)
    story.does(3, Acknowledge())
    story.does(10, SetPhase(2))
    story.does(12, Answer("update", "sent"))
    story.does(20, Restore("errors are gone"))
    story.does(22, Resolve())
    story.does(40, Close())
    story.does(60 * 24, Answer("postmortem", "final"))


def late(story: Story) -> None:
    """Nobody answers for 16 min 30 s, updates are forgotten, it lasts 1 h 2 min."""
    story.declares(16.5, alerted=0)
    story.does(17, Acknowledge())
    story.does(40, Answer("update", "sent"))
    story.does(50, Note("found it", progress=True))
    story.does(61.5, Answer("trigger:hour", "told"))
    story.does(62, Restore("errors are gone"))
    story.does(63, Resolve())


def snoozed(story: Story) -> None:
    story.declares(0)
    story.does(1, Acknowledge())
    story.does(14, Snooze("update", timedelta(minutes=10), "on a call"), by="mel")  # until 24
    story.does(20, Answer("update", "sent"), by="mel")
    story.does(29, Snooze("trigger:stuck", timedelta(minutes=5), "test runs"))  # until 34
    story.does(36, Note("the test failed", progress=True))


def downgraded(story: Story) -> None:
    """P1 from 0 to 20, P2 from 20 to 50, P1 again: the hour of the P1 counts 20 + the time from 50 on."""
    story.declares(0)
    story.does(1, Acknowledge())
    story.does(20, SetSeverity("P2", "one region"))
    story.does(50, SetSeverity("P1", "all regions again"))
    story.does(89, Restore("errors are gone"))


def left_down(story: Story) -> None:
    """Downgraded for good and closed: the clocks of a P1 stood still."""
    story.declares(0)
    story.does(1, Acknowledge())
    story.does(10, SetSeverity("P3", "hardly anybody"))
    story.does(14, Resolve())
    story.does(15, Close())


def nothing(story: Story) -> None:
    story.declares(0, severity="P2")
    story.does(4, Close(not_an_incident=True))


def nothing_too_late(story: Story) -> None:
    """What was overdue before anybody found that it was nothing stays missed."""
    story.declares(7, severity="P2", alerted=0)
    story.does(8, Close(not_an_incident=True))


def reopened(story: Story) -> None:
    """Restored from 29 to 50; the P1 counts 29 min, then on from 50."""
    story.declares(0)
    story.does(1, Acknowledge())
    story.does(14, Answer("update", "sent"))
    story.does(28, Answer("update", "sent"))
    story.does(29, Restore("errors are gone"))
    story.does(31, Resolve())
    story.does(50, Reopen("they are back"))
    story.does(64, Answer("update", "sent"))
    story.does(79, Restore("errors are gone, truly"))


def corrected(story: Story) -> None:
    """Written down late, at the minute in which it happened; and a sent update that was none."""
    story.declares(0)
    story.does(9, Acknowledge(at=story.at(4)))
    (wrong,) = story.does(10, Answer("update", "sent"))
    (sent,) = story.does(26, Answer("update", "sent"))
    story.does(27, Strike(str(wrong.seq), "another channel"))
    story.does(28, Move(str(sent.seq), story.at(15)))


def breach(story: Story) -> None:
    """Told at once means in the second in which it is known."""
    story.declares(0)
    story.does(2, Acknowledge())
    story.does(5, Tick("p1.breach"))
    story.does(5.5, Answer("trigger:breach", "told", "Kim and Lee"))


SETTLED = 48 * 60
"""Minutes for the post-mortem."""
NIGHTS: list[tuple[Callable[[Story], None], float, list[Row]]] = [
    (
        quick,
        50 * 60,
        [
            ("ack", 5, "met", 120),
            ("phase:1", 15, "met", 300),
            ("respond", 15, "met", 780),
            ("trigger:silence", 15, "met", 720),
            ("update", 17, "met", 300),  # 15 min from the declaration at 2; sent at 12
            ("update", 27, "met", 300),  # from 12; resolved at 22
            ("trigger:stuck", 30, "met", 1200),  # the phase at 10 is progress
            ("trigger:stuck", 40, "met", 1200),  # from 10; restored at 20
            ("phase:2", 60, "met", 2400),
            ("trigger:hour", 60, "met", 2400),
            ("postmortem", 20 + SETTLED, "met", 60 * (20 + SETTLED - 24 * 60)),
        ],
    ),
    (
        late,
        63,
        [
            ("ack", 5, "missed", -720),
            ("phase:1", 15, "missed", -47 * 60),
            ("respond", 15, "missed", -90),
            ("trigger:silence", 15, "missed", -120),
            ("trigger:stuck", 30, "missed", -1200),
            ("update", 31.5, "missed", -510),
            ("update", 55, "missed", -480),
            ("phase:2", 60, "missed", -120),
            ("trigger:hour", 60, "missed", -90),
            ("trigger:stuck", 80, "met", 18 * 60),
            ("postmortem", 62 + SETTLED, "running", 60 * (SETTLED - 1)),
        ],
    ),
    (
        snoozed,
        36,
        [
            ("ack", 5, "met", 240),
            ("phase:1", 15, "missed", -21 * 60),
            ("respond", 15, "met", 900),
            ("trigger:silence", 15, "met", 840),
            ("update", 15, "excused", -300),  # sent at 20, within the snooze
            ("trigger:stuck", 30, "missed", -360),  # the snooze ended at 34, the progress came at 36
            ("update", 35, "missed", -60),
            ("phase:2", 60, "running", 24 * 60),
            ("trigger:hour", 60, "running", 24 * 60),
            ("trigger:stuck", 66, "running", 1800),
        ],
    ),
    (
        downgraded,
        89,
        [
            ("ack", 5, "met", 240),
            ("phase:1", 15, "missed", -74 * 60),
            ("respond", 15, "met", 900),
            ("trigger:silence", 15, "met", 840),
            ("update", 15, "missed", -74 * 60),
            ("trigger:stuck", 30, "met", 600),  # a change of severity is progress
            ("phase:2", 60, "missed", -29 * 60),
            ("trigger:stuck", 80, "excused", 1800),  # a P2 from 20 to 50: it stood still, all of it was left at 50
            ("trigger:stuck", 80, "missed", -540),  # from 50; restored at 89
            ("trigger:hour", 90, "met", 60),  # 20 min before the downgrade, 40 from 50 on
            ("postmortem", 89 + SETTLED, "running", 60 * SETTLED),
        ],
    ),
    (
        left_down,
        15,
        [
            ("ack", 5, "met", 240),
            ("phase:1", 15, "met", 60),
            ("respond", 15, "met", 900),
            ("trigger:silence", 15, "met", 840),
            ("update", 19, "met", 300),  # 10 of 15 min had been counted, a P3 promises none; resolved at 14
            ("trigger:stuck", 30, "met", 1200),
            ("trigger:stuck", 44, "met", 1800),  # began at 10 and stood still
            ("phase:2", 60, "met", 46 * 60),
            ("trigger:hour", 64, "met", 50 * 60),  # 10 of 60 min
            ("postmortem", 14 + SETTLED, "running", 60 * (SETTLED - 1)),
        ],
    ),
    (
        nothing,
        4,
        [
            ("ack", 5, "excused", 60),
            ("phase:1", 15, "excused", 11 * 60),
            ("respond", 30, "met", 1800),
            ("update", 30, "excused", 26 * 60),
            ("phase:2", 60, "excused", 56 * 60),
        ],
    ),
    (
        nothing_too_late,
        8,
        [
            ("ack", 5, "missed", -180),
            ("phase:1", 15, "excused", 7 * 60),
            ("respond", 30, "met", 23 * 60),
            ("update", 37, "excused", 29 * 60),
            ("phase:2", 60, "excused", 52 * 60),
        ],
    ),
    (
        reopened,
        79,
        [
            ("ack", 5, "met", 240),
            ("phase:1", 15, "missed", -14 * 60),
            ("respond", 15, "met", 900),
            ("trigger:silence", 15, "met", 840),
            ("update", 15, "met", 60),
            ("update", 29, "met", 60),
            ("update", 43, "met", 12 * 60),  # resolved at 31
            ("trigger:stuck", 51, "missed", -28 * 60),  # 29 of 30 min when it was restored, the last one from 50 on
            ("phase:2", 60, "met", 31 * 60),
            ("update", 65, "met", 60),  # from the reopening at 50
            ("update", 79, "running", 0),
            ("trigger:hour", 81, "met", 120),
            ("postmortem", 79 + SETTLED, "running", 60 * SETTLED),
        ],
    ),
    (
        corrected,
        28,
        [
            ("ack", 5, "met", 60),
            ("phase:1", 15, "missed", -13 * 60),
            ("respond", 15, "met", 900),
            ("trigger:silence", 15, "met", 11 * 60),
            ("update", 15, "met", 0),
            ("trigger:stuck", 30, "running", 120),
            ("update", 30, "running", 120),
            ("phase:2", 60, "running", 32 * 60),
            ("trigger:hour", 60, "running", 32 * 60),
        ],
    ),
    (
        breach,
        5.5,
        [
            ("ack", 5, "met", 180),
            ("trigger:breach", 5, "missed", -30),
            ("phase:1", 15, "running", 570),
            ("respond", 15, "met", 900),
            ("trigger:silence", 15, "met", 780),
            ("update", 15, "running", 570),
            ("trigger:stuck", 30, "running", 1470),
            ("phase:2", 60, "running", 3270),
            ("trigger:hour", 60, "running", 3270),
        ],
    ),
]


def told(story: Story, minute: float) -> list[Row]:
    found = recorder(BOOK, story.incident, story.at(minute))
    return [(one.id, (one.due - story.start).total_seconds() / 60, one.verdict, one.spare) for one in found]


@pytest.mark.parametrize(("night", "minute", "table"), NIGHTS, ids=[night.__name__ for night, _, _ in NIGHTS])
def test_every_clock_of_a_night(night: Callable[[Story], None], minute: float, table: list[Row]) -> None:
    story = Story(BOOK)
    night(story)
    assert told(story, minute) == table


@pytest.mark.parametrize("start", [datetime(2026, 12, 31, 23, 50, tzinfo=UTC), datetime(2027, 1, 3, 23, 59, 59, tzinfo=UTC)])
@pytest.mark.parametrize(("night", "minute", "table"), NIGHTS, ids=[night.__name__ for night, _, _ in NIGHTS])
def test_neither_a_new_year_nor_week_53_moves_a_clock(
    night: Callable[[Story], None], minute: float, table: list[Row], start: datetime
) -> None:
    story = Story(BOOK, start)
    night(story)
    assert told(story, minute) == table


def test_a_closed_incident_is_recorded_the_same_for_ever() -> None:
    story = Story(BOOK)
    left_down(story)
    of_the_night = [row for row in told(story, 16) if row[0] != "postmortem"]
    assert [row for row in told(story, 60 * 24 * 30) if row[0] != "postmortem"] == of_the_night


def test_it_says_because_of_what() -> None:
    story = Story(BOOK)
    snoozed(story)
    why = {(one.id, one.verdict): one.why for one in recorder(BOOK, story.incident, story.at(40))}
    assert why["update", "excused"] == "snoozed until 03:16:18 by mel: on a call; sent by mel 03:12:18"
    assert why["trigger:stuck", "missed"] == "the test failed by ada 03:28:18"


def test_a_rule_that_somebody_set_aside_is_excused() -> None:
    story = Story(BOOK)
    story.declares(0)
    story.does(10, Answer("trigger:silence", "not needed", "we are all here"))
    (one,) = [one for one in recorder(BOOK, story.incident, story.at(20)) if one.id == "trigger:silence"]
    assert (one.verdict, one.spare, one.why) == ("excused", 300, "not needed by ada 03:02: we are all here")


def test_nothing_of_nothing() -> None:
    assert recorder(BOOK, Story(BOOK).incident, Story(BOOK).at(0)) == ()
