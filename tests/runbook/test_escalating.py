"""Sentences that say who is told, and after how long: as an order, or as what a tool does."""

import pytest

from warroom.runbook.reader import read

LEVELS = "## Severity\n\n| Severity | Description | Response time |\n|---|---|---|\n| SEV1 | down | 5 min |\n| SEV2 | bad | 30 min |\n\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("If nobody answers in 15 minutes, page the secondary.", [(900.0, ("secondary",), ())]),
        ("If nobody answers in 15 minutes, PagerDuty pages the secondary.", [(900.0, ("secondary",), ())]),
        ("After 30 minutes it pages the engineering manager.", [(1800.0, ("engineering manager",), ())]),
        ("After 5 minutes Opsgenie will automatically notify the backup.", [(300.0, ("backup",), ())]),
        ("For SEV1 lasting longer than 2 hours, call the CTO.", [(7200.0, ("CTO",), ("SEV1",))]),
        ("If they do not answer within 5 minutes it notifies the lead. It is strict.", [(300.0, ("lead",), ())]),
        ("Our policy is strict. PagerDuty is our tool.", []),
    ],
)
def test_sentences(text: str, found: list[tuple[float, tuple[str, ...], tuple[str, ...]]]) -> None:
    triggers = read(f"# On-call\n\n{LEVELS}## Escalation\n\n{text}\n", "x.md").escalation.triggers
    assert [(one.after_seconds, one.to, one.levels) for one in triggers] == found


def test_a_command_structure_names_roles() -> None:
    text = "# Outages\n\n## Command structure\n\n* Incident Commander: decides\n* Ops lead: changes the system\n* Communications: talks\n"
    assert [role.name for role in read(text, "x.md").roles] == ["Incident Commander", "Ops lead", "Communications"]
