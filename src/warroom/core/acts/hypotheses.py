"""Hypotheses proposed, tested, refuted, confirmed; and the questions of triage answered."""

from dataclasses import dataclass
from datetime import datetime

from warroom.core.acts import Decision, Refusal, unless_open
from warroom.core.entries import (
    Draft,
    HypothesisJudged,
    HypothesisOwned,
    HypothesisProposed,
    HypothesisSupported,
    TriageAnswered,
)
from warroom.core.hypotheses import Hypothesis, HypothesisState, hypotheses
from warroom.core.incident import Incident
from warroom.core.triage import KINDS, answer
from warroom.runbook.model import Runbook


def find_hypothesis(incident: Incident, reference: str) -> Hypothesis | Refusal:
    """By the id or number of its entry, or the start of its text where only one begins so."""
    board, wanted = hypotheses(incident), " ".join(reference.casefold().split())
    entry = incident.entry(reference.strip())
    exact = [one for one in board if entry is not None and one.id == entry.id]
    found = exact or [one for one in board if wanted and one.text.casefold().startswith(wanted)]
    if len(found) == 1:
        return found[0]
    numbers = {one.id: entry.seq for one in board if (entry := incident.entry(one.id))}
    known = "; ".join(f"{numbers.get(one.id)} ({one.text})" for one in board) or "none"
    return Refusal(f"{reference!r} is {'more than one hypothesis' if found else 'no hypothesis'}: the board has {known}")


@dataclass(frozen=True, slots=True)
class Propose:
    text: str
    owner: str = ""

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        text = " ".join(self.text.split())
        if not text:
            return Refusal("the hypothesis is empty: say what you think is the cause")
        if same := next((one for one in hypotheses(incident) if one.text.casefold() == text.casefold()), None):
            return Refusal(f"{same.by} proposed that at {same.at:%H:%M} UTC: it is {same.state}", mistake=False)
        return (Draft(HypothesisProposed(text=text, owner=" ".join(self.owner.split())), now),)


@dataclass(frozen=True, slots=True)
class Judge:
    """What is refuted or confirmed says why; a refuted one can be taken up again."""

    hypothesis: str
    state: HypothesisState
    reason: str = ""

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        found = find_hypothesis(incident, self.hypothesis)
        if isinstance(found, Refusal):
            return found
        if found.state == self.state:
            return Refusal(f"{found.text!r} is {found.state} already", mistake=False)
        reason = self.reason.strip()
        if self.state in ("refuted", "confirmed") and not (reason or found.evidence or found.against):
            return Refusal(f"say what shows it (`--reason`), or add evidence first: {self.state} is what others will build on")
        judged = HypothesisJudged(hypothesis=found.id, state=self.state, text=found.text, reason=reason)
        nobody = self.state == "testing" and not found.owner
        owned = [Draft(HypothesisOwned(hypothesis=found.id, owner=by, text=found.text), now)] if nobody else []
        return (Draft(judged, now), *owned)


@dataclass(frozen=True, slots=True)
class Own:
    """`owner` empty: nobody looks into it any more."""

    hypothesis: str
    owner: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        found = find_hypothesis(incident, self.hypothesis)
        if isinstance(found, Refusal):
            return found
        owner = " ".join(self.owner.split())
        if owner == found.owner:
            return Refusal(f"{owner or 'nobody'} looks into it already", mistake=False)
        return (Draft(HypothesisOwned(hypothesis=found.id, owner=owner, text=found.text), now),)


@dataclass(frozen=True, slots=True)
class Support:
    """`evidence` is an entry, by its number or id."""

    hypothesis: str
    evidence: str
    against: bool = False

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        found = find_hypothesis(incident, self.hypothesis)
        if isinstance(found, Refusal):
            return found
        entry = incident.entry(self.evidence.strip())
        if entry is None:
            return Refusal(f"no entry {self.evidence} is in this incident: pin it first, or name its number (`warroom timeline --all`)")
        if entry.id in (*found.evidence, *found.against):
            return Refusal(f"entry {self.evidence} is evidence there already", mistake=False)
        fact = HypothesisSupported(hypothesis=found.id, evidence=entry.id, against=self.against, text=found.text)
        return (Draft(fact, now),)


@dataclass(frozen=True, slots=True)
class AnswerTriage:
    """What is broken, who is affected, how far it reaches: what every message and report says from then on."""

    question: str
    text: str

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        text = " ".join(self.text.split())
        match self.question:
            case "what" | "who" | "blast-radius" as question:
                if not text:
                    return Refusal(f"the answer is empty: say {question} in a few words")
                if text == answer(incident, question):
                    return Refusal(f"{question} is {text!r} already", mistake=False)
                return (Draft(TriageAnswered(question=question, text=text), now),)
        return Refusal(f"{self.question!r} is no question of triage: it asks {', '.join(KINDS)}")
