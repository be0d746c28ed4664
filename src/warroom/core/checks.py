"""Health endpoints: how each of them answers, over all that were asked."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from warroom.core.readings import Health


class Check(msgspec.Struct, frozen=True):
    """One endpoint, of the pods or at the public address. The answers that are worst come first."""

    key: str
    endpoint: str
    public: bool
    answers: tuple[Health, ...]

    @property
    def well(self) -> int:
        return sum(map(is_well, self.answers))

    @property
    def at(self) -> datetime:
        """When the oldest of the answers came."""
        return min(answer.at for answer in self.answers)

    @property
    def slowest(self) -> float | None:
        """Seconds, of those that answered."""
        return max((answer.seconds for answer in self.answers if answer.status is not None), default=None)


def is_well(answer: Health) -> bool:
    return answer.status is not None and 200 <= answer.status < 400


def is_public(answer: Health) -> bool:
    return "://" in answer.target


def checks(answers: Iterable[Health]) -> tuple[Check, ...]:
    """By endpoint, in the order in which they were asked; the public address apart from the pods."""
    found: dict[tuple[bool, str], list[Health]] = {}
    for answer in answers:
        found.setdefault((is_public(answer), answer.target if is_public(answer) else answer.endpoint), []).append(answer)
    return tuple(
        Check(
            key=f"{'public' if public else 'pods'} {name}",
            endpoint=those[0].endpoint,
            public=public,
            answers=tuple(sorted(those, key=lambda one: (is_well(one), one.status is not None, -one.seconds, one.target))),
        )
        for (public, name), those in found.items()
    )


def worst(check: Check) -> str:
    """What is wrong with the worst answer: `503`, `timed out`; empty: nothing is."""
    answer = check.answers[0]
    return "" if is_well(answer) else str(answer.status) if answer.status is not None else answer.trouble or "no answer"
