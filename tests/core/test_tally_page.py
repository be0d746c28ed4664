"""Every example of docs/tally.md says what happens."""

import re
from pathlib import Path

import pytest

from warroom.core.tally import Source, Tallies, kinds, ledger, stream, tallies, tree

PAGE = (Path(__file__).parents[2] / "docs" / "tally.md").read_text()
EXAMPLES = re.findall(r"```log\n(.*?)```\n```tally\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("log", "told"), EXAMPLES)
def test_an_example_is_tallied_as_it_says(log: str, told: str) -> None:
    tallies = Tallies(budget=None)
    tallies.read(Source("page"), log.encode(), None)
    tallies.end_all()
    assert sorted(f"{pattern.count} {pattern.text}" for pattern in tallies.snapshot(None).patterns) == sorted(told.splitlines())


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == PAGE.count("```log") == 3


def test_the_budgets_are_those_of_the_code() -> None:
    budgets = {
        "looks at a line of a new kind": tallies.BUDGET * kinds.LOOKS,
        "messages folded": tallies.BUDGET,
        "patterns": tallies.MOST,
        "templates with one beginning": tree.LEAF,
        "bytes of a line": stream.LONGEST,
    }
    for name, number in budgets.items():
        assert re.search(rf"^\| {name} \| {number:,}\b", PAGE, re.MULTILINE), name
    assert f"{Tallies.SLICE // 1024} KiB of lines" in PAGE
    assert ledger.FORGOTTEN == 8
    assert tree.AGREE == 0.75
