"""The runs of a container one after the other: when each began and ended, to the microsecond."""

from dataclasses import dataclass
from datetime import datetime

from warroom.gameday.agenda import moment
from warroom.gameday.resources import Json


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of a pod's containers. `ended` is None while it runs; `fault` names what killed it."""

    number: int
    started: datetime
    ended: datetime | None = None
    fault: str = ""


@dataclass(slots=True)
class Attempts:
    """Of one pod: no more are remembered than can be read."""

    current: Attempt | None = None
    previous: Attempt | None = None

    def start(self, number: int, at: datetime) -> None:
        self.previous, self.current = self.current, Attempt(number, at)

    def end(self, at: datetime, fault: str) -> None:
        if self.current is not None:
            self.current = Attempt(self.current.number, self.current.started, at, fault)


def attempts_of(pod: Json) -> Attempts:
    """As the status tells them: for pods that were there before anybody watched."""
    status = pod["status"].get("containerStatuses", [{}])[0]
    number = status.get("restartCount", 0)
    state = status.get("state", {})
    last = status.get("lastState", {}).get("terminated")
    return Attempts(
        current=_read(number, state.get("running") or state.get("terminated")),
        previous=_read(number - 1, last),
    )


def _read(number: int, state: Json | None) -> Attempt | None:
    if state is None:
        return None
    ended = moment(state["finishedAt"]) if "finishedAt" in state else None
    return Attempt(number, moment(state["startedAt"]), ended)
