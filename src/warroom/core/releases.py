"""Of which release something is: rollouts by the hash that pods and logs carry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from warroom.core.changes import is_new
from warroom.core.readings import Deployment, Pattern

Shares = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Releases:
    """`numbers` of revisions by pod-template-hash; `new` are those that came last, around the start of the incident or since."""

    numbers: Mapping[str, int] = field(default_factory=dict)
    new: frozenset[str] = frozenset()

    @classmethod
    def of(cls, deployments: Iterable[Deployment], start: datetime | None) -> "Releases":
        numbers, new = dict[str, int](), set[str]()
        for one in deployments:
            for revision in one.revisions:
                numbers[revision.template_hash] = revision.number
                if is_new(revision, one, start):
                    new.add(revision.template_hash)
        numbers.pop("", None)
        return cls(numbers, frozenset(new - {""}))

    def most(self, pattern: Pattern) -> tuple[int, float] | None:
        """The revision that most events of a pattern come from, and its share; None: no release is known for them."""
        known = [(hash, count) for hash, count in pattern.revisions if hash in self.numbers]
        if not known or not pattern.count:
            return None
        hash, count = max(known, key=lambda each: each[1])
        return self.numbers[hash], count / pattern.count

    def from_new(self, patterns: Iterable[Pattern]) -> tuple[float, frozenset[int]]:
        """Which share of all events comes from new releases, and the numbers of those that have one."""
        total, mine, numbers = 0, 0, set[int]()
        for pattern in patterns:
            total += pattern.count
            for hash, count in pattern.revisions:
                if hash in self.new and count:
                    mine += count
                    numbers.add(self.numbers[hash])
        return (mine / total if total else 0.0), frozenset(numbers)
