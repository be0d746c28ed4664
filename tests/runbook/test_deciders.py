"""Who decides each criterion: the figures, or a person."""

from warroom.library import default_runbook, read_text
from warroom.runbook.deciders import decided_by
from warroom.runbook.model import Item, Runbook, Severity


def test_the_shipped_runbook_is_told_level_by_level() -> None:
    book = read_text(*default_runbook())
    found = list(decided_by(book, "tensafe.md"))
    assert [note.message.partition(":")[0] for note in found] == ["the triggers", "P1", "P2", "P3", "P4"]
    p2 = next(severity for severity in book.severities if severity.level == "P2")
    assert found[2].line == p2.criteria[0].line
    measured, _, people = found[2].message.partition("; by people ")
    assert "measured 'Error rate > 10%'" in measured
    assert all(repr(item.text) in (measured if "rate" in item.text or "P95" in item.text else people) for item in p2.criteria)


def test_a_level_of_people_alone_says_how_to_have_it_measured() -> None:
    book = Runbook(severities=(Severity(level="S1", rank=1, criteria=(Item(id="a", text="Customers shout", line=4),)),))
    (note,) = decided_by(book, "x.md")
    assert (note.line, note.level, note.message) == (4, "note", "S1: nothing measured; by people 'Customers shout'")
    assert "Error rate > 10%" in note.fix
    assert list(decided_by(Runbook(), "x.md")) == []
