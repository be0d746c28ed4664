"""What is measured about each item: as this console sees it, else as the watch recorded it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from warroom.core.entries import Observed
from warroom.core.incident import Incident
from warroom.core.readings import Verdict


class Measured(NamedTuple):
    """`figure` is the value alone (`14.2 %`), where it is known; `since` when a breach began."""

    verdict: Literal["true", "false", "unknown"]
    evidence: str
    figure: str = ""
    stood: bool = False
    since: datetime | None = None

    @property
    def speaks(self) -> bool:
        """Whether it counts as met: what nobody measures any more has not been cleared."""
        return self.verdict == "true" or self.stood


def measured(incident: Incident, live: Sequence[Verdict] = ()) -> Mapping[str, Measured]:
    """By item. What this console does not know the watch may have written."""
    found = {id: _recorded(entry.fact) for id, entry in incident.measured.items() if isinstance(entry.fact, Observed)}
    for one in live:
        if one.verdict != "human" and (one.verdict != "unknown" or one.id not in found):
            found[one.id] = Measured(one.verdict, one.evidence, one.figure, one.stood, one.since)
    return found


def _recorded(fact: Observed) -> Measured:
    return Measured(fact.verdict or "unknown", evidence(fact), stood=fact.verdict == "unknown" and fact.was == "true")


def evidence(fact: Observed) -> str:
    """Of a verdict: its words without the criterion's."""
    return fact.evidence or fact.text
