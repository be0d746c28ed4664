"""Which triggers and criteria are measured and which are a human's, as notes of a check."""

from collections.abc import Iterator, Sequence

from warroom.runbook.measures import measures
from warroom.runbook.model import Finding, Item, Runbook


def decided_by(runbook: Runbook, file: str) -> Iterator[Finding]:
    """One note for the triggers, and one for each level that has criteria."""
    read = frozenset(measures(runbook))
    if triggers := runbook.declaration.triggers:
        yield _note(file, triggers[0].line, "the triggers", triggers, read)
    for severity in runbook.severities:
        if severity.criteria:
            yield _note(severity.file or file, severity.criteria[0].line, severity.level, severity.criteria, read)


def _note(file: str, line: int, name: str, items: Sequence[Item], read: frozenset[str]) -> Finding:
    measured, others = [item.text for item in items if item.id in read], [item.text for item in items if item.id not in read]
    sides = [f"measured {_quoted(measured)}" if measured else "nothing measured", f"by people {_quoted(others)}" if others else ""]
    return Finding(
        file=file,
        line=line,
        level="note",
        code="decided-by",
        message=f"{name}: {'; '.join(side for side in sides if side)}",
        fix="a figure with its bound is measured: 'Error rate > 10%', 'P95 latency > 2 s for 5 minutes'" if not measured else "",
    )


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(repr(text) for text in texts)
