"""What people think is the cause: a board of hypotheses, as its entries add up."""

from datetime import datetime
from typing import Literal

import msgspec
from msgspec.structs import replace

from warroom.core.entries import HypothesisFact, HypothesisJudged, HypothesisOwned, HypothesisProposed, HypothesisSupported
from warroom.core.incident import Incident

HypothesisState = Literal["proposed", "testing", "refuted", "confirmed"]
STATES: tuple[HypothesisState, ...] = ("confirmed", "testing", "proposed", "refuted")
"""As the board is read: what counts most, first."""


class Hypothesis(msgspec.Struct, frozen=True, kw_only=True):
    """`evidence` and `against` are ids of entries; `reason` is why it is in its state."""

    id: str
    text: str
    by: str
    at: datetime
    state: HypothesisState = "proposed"
    owner: str = ""
    reason: str = ""
    since: datetime
    evidence: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


def hypotheses(incident: Incident) -> tuple[Hypothesis, ...]:
    """Confirmed ones first, then those under test, proposed, refuted; each oldest first."""
    found: dict[str, Hypothesis] = {}
    for entry in incident.hypotheses:
        fact = entry.fact
        if isinstance(fact, HypothesisProposed):
            amended = incident.amended.get(entry.id)
            text = getattr(amended.fact, "text", fact.text) if amended else fact.text
            at = incident.at(entry)
            found[entry.id] = Hypothesis(id=entry.id, text=text, by=entry.by, at=at, owner=fact.owner, since=at)
        elif isinstance(fact, HypothesisFact) and (about := found.get(fact.hypothesis)):
            found[about.id] = _with(about, fact, incident.at(entry))
    return tuple(sorted(found.values(), key=lambda one: STATES.index(one.state)))


def _with(about: Hypothesis, fact: HypothesisFact, at: datetime) -> Hypothesis:
    match fact:
        case HypothesisJudged():
            return replace(about, state=fact.state, reason=fact.reason, since=at)
        case HypothesisOwned():
            return replace(about, owner=fact.owner)
        case HypothesisSupported(against=True):
            return replace(about, against=(*about.against, fact.evidence))
        case HypothesisSupported():
            return replace(about, evidence=(*about.evidence, fact.evidence))
    return about


def root_cause(incident: Incident) -> str:
    """What is confirmed; empty: the cause is not known."""
    return "; ".join(one.text for one in hypotheses(incident) if one.state == "confirmed")
