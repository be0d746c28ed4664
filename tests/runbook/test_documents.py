"""Response documents of other teams give what a careful reader finds in each, and nothing that only looks like it."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from warroom.runbook.model import Runbook
from warroom.runbook.reader import read

FOLDER = Path(__file__).parent / "documents"
NAMES = sorted(path.stem for path in FOLDER.glob("*.md"))
PARTS = (
    *("language", "severities", "roles", "triggers", "contacts", "channels", "checklists", "templates", "declared"),
    *("postmortem", "agenda", "rota", "playbooks", "phases", "version", "doubtful"),
)


@lru_cache
def document(name: str) -> Runbook:
    return read((FOLDER / f"{name}.md").read_text(encoding="utf-8"), f"{name}.md")


@lru_cache
def wanted(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def none(value: float | None) -> float | str:
    return "none" if value is None else value


def severities(found: Runbook) -> list[dict[str, Any]]:
    return [
        {
            "level": each.level,
            "rank": each.rank,
            "name": each.name,
            "impact": each.impact,
            "example": each.example,
            "response": none(each.response_seconds),
            "criteria": [item.text for item in each.criteria],
            "times": [[time.kind, none(time.seconds), time.text, time.hours] for time in each.times],
        }
        for each in found.severities
    ]


def roles(found: Runbook) -> list[dict[str, Any]]:
    names = ("name", "abbreviation", "primary", "backup", "contact")
    return [{name: getattr(each, name) for name in names} | {"duties": len(each.duties)} for each in found.roles]


def triggers(found: Runbook) -> list[dict[str, Any]]:
    return [
        {
            "condition": each.condition,
            "kind": each.kind,
            "levels": list(each.levels),
            "after": none(each.after_seconds),
            "to": list(each.to),
        }
        for each in found.escalation.triggers
    ]


def templates(found: Runbook) -> list[dict[str, Any]]:
    return [
        {
            "title": each.title,
            "subject": each.subject,
            "channel": each.channel,
            "places": [place.name for place in each.placeholders],
        }
        for each in found.templates
    ]


def part(found: Runbook, name: str) -> Any:
    match name:
        case "severities":
            return severities(found)
        case "roles":
            return roles(found)
        case "triggers":
            return triggers(found)
        case "contacts":
            return [{"role": each.role, "method": each.method} for each in found.escalation.contacts]
        case "channels":
            return [[each.name, each.purpose] for each in found.channels]
        case "checklists":
            return [{"title": each.title, "role": each.role, "items": len(each.items)} for each in found.checklists]
        case "templates":
            return templates(found)
        case "declared":
            return [item.text for item in found.declaration.triggers]
        case "agenda":
            return [[each.title, none(each.seconds)] for each in found.postmortem.agenda]
        case "rota":
            return [[row.week, row.primary, row.secondary] for row in found.oncall.rota]
        case "playbooks":
            return [each.title for each in found.playbooks]
        case "phases":
            return [each.title for each in found.phases]
        case "doubtful":
            return [each.message.split()[2] for each in found.findings if each.code == "doubtful"]
        case "postmortem":
            return found.postmortem.template.partition("\n")[0]
    return getattr(found, name) or ""


def as_far_as(found: Any, asked: Any) -> Any:
    """What was found, without what the reader's note leaves open; a list has to be whole."""
    if isinstance(asked, dict) and isinstance(found, dict):
        return {key: as_far_as(found[key], value) for key, value in asked.items()}
    if isinstance(asked, list) and isinstance(found, list):
        if asked and len(asked) < len(found) and not isinstance(asked[0], (list, dict)) and asked[0] == found[0]:
            return found if all(isinstance(each, str) and len(each) > 12 for each in asked) else found[: len(asked)]
        return [as_far_as(*pair) for pair in zip(found, asked, strict=True)] if len(asked) == len(found) else found
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("what", PARTS)
def test_a_document_reads_as_a_careful_reader_does(name: str, what: str) -> None:
    empty: Any = "" if what in ("postmortem", "version", "language") else []
    asked = wanted(name).get(what, empty)
    if what == "version" and not asked:
        return
    assert as_far_as(part(document(name), what), asked) == asked


@pytest.mark.parametrize("name", NAMES)
def test_the_note_speaks_only_of_parts_that_are_compared(name: str) -> None:
    assert set(wanted(name)) <= set(PARTS)
