"""What a post-mortem asks for and the journal can answer: figures from measurements, causes from hypotheses, each with its source."""

import re
from datetime import datetime

from warroom.core.hypotheses import hypotheses, root_cause
from warroom.core.impact import downtime, failed_requests
from warroom.core.incident import Incident
from warroom.core.triage import answer, impact, summary
from warroom.reports.times import lasted
from warroom.reports.words import markdown
from warroom.runbook.model import Runbook

FACTORS = re.compile(r"contributing (?:factors?|causes?)")
SUMMARY = re.compile(r"summary|abstract|overview|tl;?dr")


class Computed:
    """Values are ready for Markdown; None: the journal does not know."""

    def __init__(self, incident: Incident, runbook: Runbook, now: datetime) -> None:
        self._incident, self._runbook, self._now = incident, runbook, now

    def bullet(self, words: str) -> str | None:
        """In the place of a line like `[Y] requests failed`."""
        text = words.casefold()
        if re.search(r"customers? (?:were )?(?:affected|impacted)|affected (?:customers|users)|users? affected", text):
            said = answer(self._incident, "who")
            return f"{markdown(said)} _(as answered in triage)_" if said else None
        if re.search(r"requests? (?:failed|errored|lost)|failed requests", text):
            return self._failed()
        if re.search(r"minutes? of (?:downtime|outage|unavailability)|downtime", text):
            return self._down()
        return None

    def _failed(self) -> str | None:
        found = failed_requests(self._incident, self._now)
        if found is None:
            return None
        return f"{found.requests:,} requests failed _(computed: error rate x traffic, {found.minutes} of {found.whole} min are known)_"

    def _down(self) -> str | None:
        found = downtime(self._runbook, self._incident, self._now)
        if found is None:
            return None
        criteria = markdown("; ".join(found.criteria))
        return f"{found.minutes:,} minutes of downtime _(computed: measured as met: {criteria})_"

    def cause(self) -> str | None:
        return markdown(root_cause(self._incident)) or None

    def factors(self) -> list[str]:
        """What else is confirmed, and what was ruled out."""
        found = hypotheses(self._incident)
        confirmed = [markdown(one.text) for one in found if one.state == "confirmed"]
        out = [
            f"ruled out: {markdown(one.text)}{f' ({markdown(one.reason)})' if one.reason else ''}"
            for one in found
            if one.state == "refuted"
        ]
        return [*confirmed[1:], *out]

    def draft(self) -> str:
        """Of a summary: what happened, to whom, for how long, and how it ended, as far as anybody has said."""
        incident = self._incident
        said = [summary(incident), impact(incident), incident.symptoms]
        length = lasted(incident.elapsed(self._now))
        ended = f"restored after {length}" if incident.restored else f"not restored after {length}"
        level = incident.severity or ""
        cause = root_cause(incident)
        parts = [
            *dict.fromkeys(" ".join(part.split()) for part in said if part.strip()),
            f"cause: {cause}" if cause else "",
            f"{level} {ended}".strip(),
        ]
        return markdown("; ".join(part for part in parts if part))
