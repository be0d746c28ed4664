"""The examples of docs/runbook-format.md are true."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from warroom.runbook.reader import read
from warroom.runbook.show import show

PAGE = (Path(__file__).parents[2] / "docs" / "runbook-format.md").read_text()
EXAMPLES = re.findall(r"^## (.*?)$(?:(?!^## ).)*?^````markdown\n(.*?)^````\n````json\n(.*?)^````", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("text", "wanted"), [(text, wanted) for _, text, wanted in EXAMPLES], ids=[title for title, *_ in EXAMPLES])
def test_an_example_gives_what_the_page_says(text: str, wanted: str) -> None:
    assert part(show(read(text)), json.loads(wanted)) == json.loads(wanted)


def test_every_example_is_run() -> None:
    assert len(EXAMPLES) == PAGE.count("````markdown\n") == 30


def part(found: Any, wanted: Any) -> Any:
    """As much of what was found as the page speaks of; a list has to be whole."""
    if isinstance(wanted, dict):
        return {key: part(found[key], value) for key, value in wanted.items()}
    if isinstance(wanted, list) and len(wanted) == len(found):
        return [part(*pair) for pair in zip(found, wanted, strict=True)]
    return list(found) if isinstance(found, tuple) else found
