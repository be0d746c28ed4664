"""What a claim comes to: a ratio or a count, with every run it is the median of."""

import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PODS = 10_000


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `target` None: told beside another figure, and nothing is demanded of it."""

    name: str
    runs: tuple[float, ...]
    target: float | None = None
    unit: str = ""
    note: str = ""

    @property
    def value(self) -> float:
        return median(self.runs)

    @property
    def met(self) -> bool | None:
        return None if self.target is None else self.value <= self.target

    def shown(self, value: float) -> str:
        digits = f"{value:.0f}" if abs(value) >= 20 else f"{value:.1f}" if abs(value) >= 5 else f"{value:.2f}"
        return f"{digits} {self.unit}".strip()


class Unmet(Exception):
    """A claim cannot be measured here; its text says why."""
