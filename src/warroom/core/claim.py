"""A text of ours with what it is held against, and what may speak against it."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from warroom.core.entries import Ticked
from warroom.core.incident import Incident
from warroom.core.live import Live
from warroom.core.team import Team
from warroom.runbook.measures import thresholds
from warroom.runbook.model import Runbook


class Doubt(msgspec.Struct, frozen=True):
    """A claim, and the fact that speaks against it."""

    code: str
    claim: str
    fact: str

    @property
    def text(self) -> str:
        return f"{self.claim!r}: {self.fact}"


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """A text with what it is held against."""

    text: str
    name: str = ""
    channel: str = ""
    public: bool = False
    incident: Incident
    runbook: Runbook
    team: Team
    live: Live
    now: datetime

    def sentences(self) -> Iterator[str]:
        """Words that stand together; a line that is wrapped goes on, one with a label does not."""
        unwrapped = re.sub(r"(?<=[a-z,])\n(?=[a-z])", " ", self.text)
        for line in unwrapped.splitlines():
            yield from (part.strip() for part in re.split(r"(?<=[.!?;])\s+", line) if part.strip())


KINDS = {
    "errors": re.compile(r"\berror rates?\b|\berrors? (?:for|on|when)\b|\bfailed requests\b|\brequests (?:are )?fail", re.IGNORECASE),
    "latency": re.compile(r"\blatenc|\bslow(?!ly)|\btime-?outs?\b|\bp9[59]\b|\bresponse times?\b", re.IGNORECASE),
    "data": re.compile(r"\bdata (?:loss|integrity|corruption)|\bcorrupt|\blost data\b", re.IGNORECASE),
    "security": re.compile(r"\bsecurity\b|\bbreach|\bunauthori[sz]ed|\bleak(?:ed|s)?\b|\bexfiltrat", re.IGNORECASE),
}


def ticked(incident: Incident) -> Iterable[str]:
    return (entry.fact.text for entry in incident.ticks.values() if isinstance(entry.fact, Ticked))


def least(runbook: Runbook, what: str, otherwise: float) -> float:
    """Where a figure begins to count: the declaration's own bound."""
    bounds = [one.measure for one in thresholds(runbook, what) if one.rank == 0]
    return min((one.low.value for one in bounds if one.low is not None and one.unit in ("ratio", "s")), default=otherwise)
