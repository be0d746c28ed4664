"""What the ticks imply, and why."""

import pytest

from core.books import BOOK, SILENT
from core.story import Story
from warroom.core.acts.checklists import Tick, Untick
from warroom.core.facts import states
from warroom.core.levels import levels_named
from warroom.core.severity import Suggestion, suggest, suggest_from, ticked_words
from warroom.runbook.model import Runbook, Severity


def test_the_worst_level_with_a_tick_and_the_others_beside_it() -> None:
    story = Story(BOOK)
    story.declares(0, severity=None)
    assert suggest(BOOK, story.incident) == Suggestion()
    story.does(1, Tick("p3.errors"))
    assert suggest(BOOK, story.incident) == Suggestion("P3", 3, ("Error rate 1-10% (ada)",))
    story.does(2, Tick("p1.down"), by="kim")
    story.does(3, Tick("p1.breach"), by="tom")
    found = suggest(BOOK, story.incident)
    assert (found.level, found.reasons) == ("P1", ("Everything is down (kim)", "Security breach confirmed (tom)"))
    assert found.also == ("P3",)
    for id in ("p1.down", "p1.breach"):
        story.does(4, Untick(id))
    assert suggest(BOOK, story.incident).level == "P3"


def test_other_ticks_speak_for_no_level() -> None:
    assert suggest_from(BOOK, frozenset({"d.down", "c.ack", "nix"})) == Suggestion()
    assert suggest_from(Runbook(), frozenset({"p1.down"})) == Suggestion()


def test_before_there_is_an_incident() -> None:
    assert suggest_from(BOOK, frozenset({"p2.errors"})) == Suggestion("P2", 2, ("Error rate > 10%",))


def test_words_of_ticks_outlive_the_item() -> None:
    story = Story(BOOK)
    story.declares(0)
    story.does(1, Tick("p1.down"))
    story.runbook = SILENT
    assert ticked_words(story.incident) == {"p1.down": "Everything is down"}


SEVS = Runbook(severities=tuple(Severity(level=f"SEV-{rank}", rank=rank) for rank in (1, 2, 3, 4)))
WORDS = Runbook(severities=(Severity(level="Critical", rank=1), Severity(level="Minor", rank=2)))


@pytest.mark.parametrize(
    ("book", "text", "levels"),
    [
        (BOOK, "If P1/P2: Declare incident, join war room", ("P1", "P2")),
        (BOOK, "Incident declaration (if P1/P2)", ("P1", "P2")),
        (BOOK, "If p3/p4: document in ticket", ("P3", "P4")),
        (BOOK, "Only for P1-P3", ("P1", "P2", "P3")),
        (BOOK, "P2 and above: page the manager", ("P1", "P2")),
        (BOOK, "P2+ only", ("P1", "P2")),
        (BOOK, "Check P95 latency", ()),
        (BOOK, "Ask about P10 and XP1", ()),
        (BOOK, "Form hypothesis", ()),
        (SEVS, "SEV-1 or SEV-2: open a bridge", ("SEV-1", "SEV-2")),
        (SEVS, "if sev-2 or higher", ("SEV-1", "SEV-2")),
        (WORDS, "Non-critical automation fails", ()),
        (WORDS, "A critical look at the logs", ()),
        (WORDS, "If critical: call the lead", ("Critical",)),
        (WORDS, "Call the lead (Critical only)", ("Critical",)),
        (Runbook(), "If P1: x", ()),
    ],
)
def test_levels_a_sentence_is_about(book: Runbook, text: str, levels: tuple[str, ...]) -> None:
    assert levels_named(book, text) == levels


@pytest.mark.parametrize(
    ("text", "condition", "is_stated"),
    [
        ("Security breach confirmed", "Data breach confirmed", True),
        ("Privacy violation (PII exposure)", "Data breach confirmed", True),
        ("Customer data leaked", "Data breach confirmed", True),
        ("Security breach suspected", "Data breach confirmed", False),
        ("Possible data breach", "Data breach confirmed", False),
        ("Data loss or corruption confirmed", "Data breach confirmed", False),
        ("Data integrity issue suspected", "Data breach confirmed", False),
        ("All customers affected", "Data breach confirmed", False),
        ("Revenue-impacting outage", "Regulatory impact", False),
        ("Significant customer impact (> 25% of users)", "Regulatory impact", False),
        ("Privacy/compliance violation detected", "Regulatory impact", True),
        ("Privacy violation (PII exposure)", "Regulatory impact", True),
        ("Security breach suspected", "Breach suspected", True),
        ("Payments failing", "Payment failing", True),
        ("Data loss confirmed", "Incident", False),
    ],
)
def test_which_tick_states_a_fact(text: str, condition: str, is_stated: bool) -> None:
    assert states(text, condition) is is_stated
