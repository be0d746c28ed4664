"""When the terminal rings: a deadline that turns soon, and one that is over."""

from datetime import datetime

from warroom.core.deadlines import deadlines
from warroom.core.incident import Incident
from warroom.runbook.model import Runbook


class Bell:
    """Rings once for each moment. What was soon or over when it first looked is old news."""

    def __init__(self) -> None:
        self._told = set[tuple[str, str, datetime, str]]()
        self._looked = False
        self._second = -1

    def rings(self, runbook: Runbook, incident: Incident, now: datetime) -> bool:
        if int(now.timestamp()) == self._second:
            return False
        self._second = int(now.timestamp())
        known = len(self._told)
        for one in deadlines(runbook, incident, now):
            if one.state == "due" or one.soon:
                self._told.add((incident.id, one.id, one.due, one.state))
        first, self._looked = not self._looked, True
        return not first and len(self._told) > known
