"""Deadlines of this second, and when the terminal rings for one."""

from datetime import datetime

from warroom.core.deadlines import Deadline, deadlines
from warroom.core.incident import Incident
from warroom.runbook.model import Runbook


class Due:
    """Many show the same deadlines; they are worked out once for an incident and a second."""

    def __init__(self) -> None:
        self._incident, self._second = Incident(), -1
        self._found: tuple[Deadline, ...] = ()

    def at(self, runbook: Runbook, incident: Incident, now: datetime) -> tuple[Deadline, ...]:
        second = int(now.timestamp())
        if incident is not self._incident or second != self._second:
            self._incident, self._second = incident, second
            self._found = deadlines(runbook, incident, now)
        return self._found


class Bell:
    """Rings once when a deadline turns soon and once when it is over; what was so when it first looked is old news."""

    def __init__(self) -> None:
        self._told = set[tuple[str, str, datetime, str]]()
        self._looked = False

    def rings(self, incident: Incident, found: tuple[Deadline, ...]) -> bool:
        known = len(self._told)
        self._told |= {(incident.id, one.id, one.due, one.state) for one in found if one.state == "due" or one.soon}
        first, self._looked = not self._looked, True
        return not first and len(self._told) > known
