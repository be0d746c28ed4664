"""A set of siblings that begin with labels of one family: what may be a document's severities."""

from dataclasses import dataclass, field
from itertools import pairwise

from warroom.runbook.document import Block, Row, Section, Table
from warroom.runbook.labels import Label
from warroom.runbook.times import Kind
from warroom.runbook.vocabulary import rank_word


@dataclass(frozen=True, slots=True)
class Entry:
    """One sibling: its label, its name, and what it says."""

    label: Label
    name: str
    text: str
    line: int
    end: int
    section: Section
    blocks: tuple[Block, ...] = ()
    row: Row | None = None
    column: int = 0


@dataclass(slots=True, eq=False)
class LevelSet:
    shape: str
    section: Section
    entries: list[Entry]
    line: int
    table: Table | None = None
    column: int = 0
    turned: bool = False
    label_row: Row | None = None
    kind: Kind | None = None
    """The time that the heading promises, for a list that has nothing else."""
    foreign: bool = False
    """It belongs to another part: escalation, playbooks, contacts."""
    score: float = 0.0
    reasons: list[str] = field(default_factory=list)

    @property
    def why(self) -> str:
        return " and ".join(self.reasons) or "of its labels"

    @property
    def upside_down(self) -> bool:
        """The names say that the highest number is the worst."""
        if self.entries[0].label.family in ("word", "phrase"):
            return False
        ranks = [(entry.label.number, found[0]) for entry in self.entries if (found := rank_word(entry.name))]
        ranks.sort()
        return len(ranks) > 1 and all(first[1] > second[1] for first, second in pairwise(ranks))
