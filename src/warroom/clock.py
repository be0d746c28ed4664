"""The system's clock, and the scenario's that runs faster: the only places that ask the time."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from warroom.core.ports import Clock


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def of(self, real: datetime) -> datetime:
        return real

    def real(self, moment: datetime) -> datetime:
        return moment


class ScenarioClock:
    """Scenario time is real time at `epoch`, and from there `speed` times as fast, also backwards."""

    def __init__(self, epoch: datetime, speed: float) -> None:
        self.epoch, self.speed = epoch, speed

    def now(self) -> datetime:
        return self.of(datetime.now(UTC))

    def of(self, real: datetime) -> datetime:
        return self.epoch + (real - self.epoch) * self.speed

    def real(self, moment: datetime) -> datetime:
        return self.epoch + (moment - self.epoch) / self.speed


class ClockTrouble(Exception):
    """The home's clock cannot be read; its text is advice."""


class _Scenario(msgspec.Struct):
    epoch: datetime
    speed: float


def clock_of(home: Path) -> Clock:
    """The clock that every process of this home shares: the scenario's where `clock.json` says so, else the system's."""
    path = home / "clock.json"
    try:
        written = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return SystemClock()
    except OSError as error:
        raise ClockTrouble(f"{path} cannot be read ({error.strerror}): repair it, or choose another WARROOM_HOME") from error
    try:
        scenario = msgspec.json.decode(written, type=_Scenario)
    except msgspec.DecodeError as error:
        raise ClockTrouble(f"{path} is no scenario clock ({error}): start the game day again, or remove the file") from error
    if scenario.epoch.tzinfo is None or not 0 < scenario.speed <= 10_000:
        raise ClockTrouble(
            f"{path} needs an epoch with its zone and a speed above 0 and up to 10,000: start the game day again, or remove the file"
        )
    return ScenarioClock(scenario.epoch.astimezone(UTC), scenario.speed)
