"""`runbook show --json` has the promised shape, also of an empty document."""

import json
from typing import Any

import pytest

from runbook.shelf import TEXTS
from warroom.runbook.reader import read
from warroom.runbook.show import show

SHAPE: dict[str, Any] = {
    "counts": "headings checkboxes tables fences fences_bash fences_markdown fences_plain fences_in_lists",
    "roles[]": "name abbreviation primary backup contact duties line",
    "channels[]": "name purpose line",
    "declaration": "triggers ways",
    "declaration.triggers[]": "id text line",
    "declaration.ways[]": "title text line",
    "severities[]": "level rank name impact example response_seconds times criteria line",
    "severities[].times[]": "kind seconds text hours",
    "severities[].criteria[]": "id text line",
    "oncall": "responsibilities rota checklist quick_assessment",
    "oncall.responsibilities[]": "id text line",
    "oncall.rota[]": "week primary secondary line",
    "oncall.checklist[]": "id text line",
    "oncall.quick_assessment[]": "title command line",
    "phases[]": "title from_seconds to_seconds steps line",
    "phases[].steps[]": "id text line depth",
    "checklists[]": "title role phase items line",
    "templates[]": "title channel subject body placeholders line",
    "templates[].placeholders[]": "name kind spelling",
    "escalation": "triggers contacts",
    "escalation.triggers[]": "id condition levels after_seconds to text line",
    "escalation.contacts[]": "level role response_seconds method line",
    "postmortem": "template agenda",
    "postmortem.agenda[]": "title seconds",
    "playbooks[]": "title line steps",
    "playbooks[].steps[]": "title line condition prose owner seconds commands",
    "related[]": "title target exists line",
    "prose[]": "heading line text",
    "findings[]": "file line level code message fix",
}


def under(value: Any, path: str) -> list[Any]:
    found = [value]
    for part in path.split("."):
        found = [each[part.removesuffix("[]")] for each in found]
        if part.endswith("[]"):
            found = [each for many in found for each in many]
    return found


@pytest.mark.parametrize("text", [*TEXTS.values(), ""])
def test_the_shape(text: str) -> None:
    shown = json.loads(json.dumps(show(read(text))))
    assert {"title", "version", "updated", "owner", "sha256", "lines", "language", "revisions"} <= set(shown)
    for path, names in SHAPE.items():
        for each in under(shown, path):
            assert set(names.split()) <= set(each), path
        assert not text or path == "checklists[]" or under(shown, path), path


def test_what_is_missing_is_null_or_empty() -> None:
    shown = show(read(""))
    assert {name for name, value in shown.items() if value and name not in ("sha256", "language", "findings")} == {
        "counts",
        "declaration",
        "oncall",
        "escalation",
        "postmortem",
    }
    assert shown["version"] is None
