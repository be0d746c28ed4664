"""Nothing of TenSafe is a constant: change the Markdown, and the value follows."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from runbook.shelf import SHIPPED, book, changed
from warroom.runbook.model import Runbook, Value
from warroom.runbook.reader import read

Get = Callable[[Runbook], Any]


def fields(value: Value, names: str) -> tuple[Any, ...]:
    return tuple(getattr(value, name) for name in names.split())


def place(runbook: Runbook, number: int) -> tuple[Any, ...]:
    return fields(runbook.templates[0].placeholders[number], "name kind spelling")


CHANGES: tuple[tuple[str, str, Get, Any], ...] = (
    ("# TenSafe Incident Response Runbook", "# Bakery Emergencies", lambda r: r.title, "Bakery Emergencies"),
    ("**Version**: 1.0.0", "**Version**: 2.7", lambda r: r.version, "2.7"),
    ("**Last Updated**: 2026-02-03", "**Last Updated**: 4 March 2027", lambda r: r.updated, "2027-03-04"),
    ("**Document Owner**: Platform Operations Team", "**Owner**: Ovens", lambda r: r.owner, "Ovens"),
    (
        "An incident is whatever stops",
        "An incident means that somebody stops",
        lambda r: r.declaration.definition[:22],
        "An incident means that",
    ),
    (
        "| Incident Commander | On-call Engineer | Engineering Manager | PagerDuty |",
        "| Lead (IC) | Ann | Bob | #lead |",
        lambda r: (r.roles[0].name, r.roles[0].abbreviation, r.roles[0].primary, r.roles[0].backup, r.roles[0].contact),
        ("Lead", "IC", "Ann", "Bob", "#lead"),
    ),
    ("| War Room (Zoom) | Voice", "| Bridge | Voice", lambda r: r.channels[4].name, "Bridge"),
    (
        "| PagerDuty | Alert routing and escalation |\n",
        "",
        lambda r: [each.name for each in r.channels][:2],
        ["#incident-active (Slack)", "#incident-comms (Slack)"],
    ),
    (
        "- [ ] Error rate exceeds 1% for 5+ minutes",
        "- [ ] Error rate exceeds 3% for 9+ minutes",
        lambda r: r.declaration.triggers[1].text,
        "Error rate exceeds 3% for 9+ minutes",
    ),
    (
        "- [ ] Data integrity issue suspected\n",
        "- [ ] Data integrity issue suspected\n- [ ] Ovens cold\n",
        lambda r: (len(r.declaration.triggers), r.counts.checkboxes, r.lines),
        (8, 37, 636),
    ),
    ("Service: TenSafe Production", "Service: Ovens", lambda r: r.declaration.ways[0].text.splitlines()[-1], "Service: Ovens"),
    ("#### Option 3: Manual Declaration", "#### By shouting", lambda r: r.declaration.ways[2].title, "By shouting"),
    (
        "| **P2** | High | Major feature unavailable, significant degradation | 30 minutes | Training API down, 50%+ error rate |",
        "| **P2** | Loud | No bread | 2 hours | Oven 3 cold |",
        lambda r: [r.severities[1].name, r.severities[1].impact, r.severities[1].response_seconds, r.severities[1].example],
        ["Loud", "No bread", 7200, "Oven 3 cold"],
    ),
    ("| 15 minutes | API", "| Immediately | API", lambda r: r.severities[0].response_seconds, 0),
    (
        "| 24 hours | Dashboard",
        "| next sprint | Dashboard",
        lambda r: (r.severities[3].response_seconds, r.severities[3].times[0].text),
        (None, "next sprint"),
    ),
    (
        "| 4 hours | Metrics",
        "| 4 business hours | Metrics",
        lambda r: (r.severities[2].times[0].hours, r.severities[2].response_seconds),
        ("business", 14400),
    ),
    ("- [ ] Error rate > 10%", "- [ ] Error rate > 7%", lambda r: r.severities[1].criteria[1].text, "Error rate > 7%"),
    ("- [ ] Cosmetic issues\n", "", lambda r: len(r.severities[3].criteria), 4),
    (
        "1. **Acknowledge alerts** within 5 minutes",
        "1. **Acknowledge alerts** within 3 minutes",
        lambda r: r.oncall.responsibilities[0].text,
        "Acknowledge alerts within 3 minutes",
    ),
    (
        "| Odd weeks | Engineer A | Engineer B |",
        "| Odd weeks | Ann | Bob |\n| Week 53 | Cy | Ann |",
        lambda r: [(row.week, row.primary, row.secondary) for row in r.oncall.rota][:2],
        [("Odd weeks", "Ann", "Bob"), ("Week 53", "Cy", "Ann")],
    ),
    ("- [ ] Check Grafana dashboards for impact", "- [ ] Smell the oven", lambda r: r.oncall.checklist[1].text, "Smell the oven"),
    (
        "# Check recent events\nkubectl get events -n tensafe --sort-by='.lastTimestamp' | tail -20",
        "# Look at ovens\noven ls --hot\noven ps \\\n  --all",
        lambda r: [(quick.title, quick.command) for quick in r.oncall.quick_assessment][2:4],
        [("Look at ovens", "oven ls --hot"), ("Look at ovens", "oven ps \\\n  --all")],
    ),
    (
        "### Phase 1: Detection & Triage (0-15 minutes)",
        "### Phase 1: Smelling (0-20 minutes)",
        lambda r: (r.phases[0].title, r.phases[0].from_seconds, r.phases[0].to_seconds),
        ("Smelling", 0, 1200),
    ),
    (
        "### Phase 2: Investigation (15-60 minutes)",
        "### Phase 2: Investigation (20 min - 2 h)",
        lambda r: (r.phases[1].title, r.phases[1].from_seconds, r.phases[1].to_seconds),
        ("Investigation", 1200, 7200),
    ),
    (
        "### Phase 4: Resolution\n",
        "### Phase 4: Resolution (4 hours)\n",
        lambda r: (r.phases[3].title, r.phases[3].to_seconds),
        ("Resolution", 14400),
    ),
    (
        "   - What is broken?\n",
        "   - What smells?\n     - Where?\n",
        lambda r: [(step.text, step.depth) for step in r.phases[0].steps][2:4],
        [("What smells?", 1), ("Where?", 2)],
    ),
    ("#### Incident Update", "#### Second News", lambda r: r.templates[1].title, "Second News"),
    ("### Internal Notification (Slack)", "### To our own by e-mail", lambda r: [each.channel for each in r.templates][:3], ["email"] * 3),
    ("Title: Investigating elevated error rates", "Title: Cold ovens", lambda r: r.templates[3].subject, "Cold ovens"),
    (
        "INCIDENT DECLARED - P[1/2/3]",
        "INCIDENT DECLARED - P[1-4]",
        lambda r: place(r, 0),
        ("1-4", "choice", ("[1-4]",)),
    ),
    (
        "**Impact**: [Who/what is affected]\n**Status**",
        "**Impact**: [Bread]\n**Again**: [bread]\n**Status**",
        lambda r: place(r, 2),
        ("bread", "repeated", ("[Bread]", "[bread]")),
    ),
    (
        "| No response to P1 alert in 15 min | Auto-escalate to secondary |",
        "| Unanswered P2 page after 7 minutes | Wake up the baker, Ann and Bob/Cy |",
        lambda r: fields(r.escalation.triggers[0], "kind levels after_seconds to id"),
        ("no_response", ("P2",), 420, ("baker", "Ann", "Bob", "Cy"), "unanswered-p2-page-7-minutes"),
    ),
    (
        "| No progress on P1 in 30 min |",
        "| P1/P2 stuck for 45 min |",
        lambda r: fields(r.escalation.triggers[1], "kind levels after_seconds"),
        ("no_progress", ("P1", "P2"), 2700),
    ),
    (
        "| P1 duration > 1 hour |",
        "| P2 lasts longer than 90 minutes |",
        lambda r: fields(r.escalation.triggers[2], "kind levels after_seconds"),
        ("duration", ("P2",), 5400),
    ),
    (
        "| Data breach confirmed | Immediately escalate to Security + Legal |",
        "| Flour spilled | Immediately notify Cleaning |",
        lambda r: fields(r.escalation.triggers[4], "kind levels after_seconds to text"),
        ("fact", (), None, ("Cleaning",), "Immediately notify Cleaning"),
    ),
    (
        "| Legal | General Counsel | 1 hour | Phone |",
        "| Law | Ann | 2 hours | Pigeon |",
        lambda r: fields(r.escalation.contacts[6], "level role response_seconds method response"),
        ("Law", "Ann", 7200, "Pigeon", "2 hours"),
    ),
    ("- Specific help needed", "- Flour needed", lambda r: r.escalation.include[-1], "Flour needed"),
    ("# Post-Mortem: [Incident Title]", "# What we learned: [Incident Title]", lambda r: r.postmortem.template[:17], "# What we learned"),
    (
        "3. **Root cause discussion** (15 min)",
        "3. **Tasting** (25 min)",
        lambda r: (r.postmortem.agenda[2].title, r.postmortem.agenda[2].seconds),
        ("Tasting", 1500),
    ),
    ("### Playbook: High Error Rate", "### Playbook: Burnt Bread", lambda r: r.playbooks[1].title, "Burnt Bread"),
    (
        "4. **Restart problematic pods** (if identified)",
        "4. **Restart ovens** (when two are cold)",
        lambda r: (r.playbooks[1].steps[3].title, r.playbooks[1].steps[3].condition),
        ("Restart ovens (when two are cold)", "when two are cold"),
    ),
    (
        "3. **If recent deployment - rollback**",
        "3. **When bread is black: rollback**",
        lambda r: r.playbooks[0].steps[2].condition,
        "When bread is black",
    ),
    (
        "   kubectl delete pod <pod-name> -n tensafe",
        "   kubectl delete pod <oven> -n bakery\n   # and then\n   kubectl get pods -n bakery",
        lambda r: [command.command for command in r.playbooks[1].steps[3].commands],
        ["kubectl delete pod <oven> -n bakery", "kubectl get pods -n bakery"],
    ),
    (
        "- [MONITORING_ALERTS.md](MONITORING_ALERTS.md) - Alert definitions",
        "- [Smells](smells.md) - what they mean",
        lambda r: (r.related[1].title, r.related[1].target, r.related[1].text),
        ("Smells", "smells.md", "what they mean"),
    ),
    (
        "| 1.0.0 | 2026-02-03 | Platform Ops | Initial runbook |",
        "| 1.1.0 | 2026-03-03 | Ann | Ovens |\n| 1.0.0 | 2026-02-03 | Platform Ops | Initial runbook |",
        lambda r: fields(r.revisions[0], "version date author changes"),
        ("1.1.0", "2026-03-03", "Ann", "Ovens"),
    ),
)


@pytest.mark.parametrize(("old", "new", "get", "wanted"), CHANGES, ids=[old.strip()[:40] for old, *_ in CHANGES])
def test_a_changed_line_changes_its_value(old: str, new: str, get: Get, wanted: Any) -> None:
    assert get(changed((old, new))) == wanted
    assert get(book()) != wanted


@pytest.mark.parametrize("label", ["SEV-{}", "Sev {}", "S{}", "Priority {}"])
def test_levels_go_by_the_documents_own_labels(label: str) -> None:
    found = read(re.sub(r"\bP([1-4])\b", lambda match: label.format(match[1]), SHIPPED))
    assert [(each.level, each.rank, len(each.criteria)) for each in found.severities] == [
        (label.format(1), 1, 6),
        (label.format(2), 2, 6),
        (label.format(3), 3, 6),
        (label.format(4), 4, 5),
    ]
    assert [each.levels for each in found.escalation.triggers][:4] == [(label.format(1),)] * 4
    assert found.severity(label.format(2).upper()) == found.severities[1]


def test_the_order_of_rows_is_not_the_order_of_ranks() -> None:
    rows = [line for line in SHIPPED.splitlines() if line.startswith("| **P")]
    found = changed(("\n".join(rows), "\n".join(reversed(rows))))
    assert [(each.level, each.rank) for each in found.severities] == [("P1", 1), ("P2", 2), ("P3", 3), ("P4", 4)]
    assert found.severities[0].line > found.severities[3].line


def test_columns_may_stand_in_another_order() -> None:
    old = (
        "| Level | Role | Response Time | Contact Method |\n|-------|------|---------------|----------------|\n"
        "| L1 | On-Call Engineer | 5 minutes | PagerDuty |\n"
    )
    new = "| Contact Method | Response Time | Role | Level |\n|---|---|---|---|\n| PagerDuty | 5 minutes | On-Call Engineer | L1 |\n"
    assert changed((old, new)).escalation.contacts[0].role == "On-Call Engineer"
    assert changed((old, new)).escalation.contacts[0].response_seconds == 300
    assert changed((old, new)).escalation.contacts[0].method == "PagerDuty"


def test_sections_may_stand_in_another_order() -> None:
    lines = SHIPPED.splitlines(keepends=True)
    starts = [heading.line - 1 for heading in book().headings if heading.level == 2]
    sections = ["".join(lines[start:end]) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
    found = read("".join([*lines[: starts[0]], *reversed(sections)]))
    assert [(each.level, len(each.criteria)) for each in found.severities] == [("P1", 6), ("P2", 6), ("P3", 6), ("P4", 5)]
    assert [each.levels for each in found.escalation.triggers][:4] == [("P1",)] * 4
    assert (len(found.declaration.triggers), len(found.phases), len(found.templates), len(found.playbooks)) == (7, 5, 7, 3)
    assert {item.id for item in found.items()} == {item.id for item in book().items()}


@pytest.mark.parametrize(
    "heading", ["Escalation Triggers", "Key Contacts", "On-Call Rotation", "Communication Channels", "Severity Definitions"]
)
def test_a_table_is_known_by_its_shape_too(heading: str) -> None:
    found = changed((f"### {heading}\n", "### Anything\n"))
    assert (len(found.escalation.triggers), len(found.roles), len(found.oncall.rota), len(found.channels), len(found.severities)) == (
        6,
        4,
        3,
        5,
        4,
    )


def test_ids_hang_on_words_and_not_on_lines() -> None:
    moved = changed(("## Overview\n", "Some more words.\n\n- and\n- a list\n\n## Overview\n"))
    assert [item.id for item in moved.items()] == [item.id for item in book().items()]
    assert [item.line for item in moved.items()] == [item.line + 5 for item in book().items()]
    timed = changed(("(0-15 minutes)", "(0-25 minutes)"))
    assert [item.id for item in timed.items()] == [item.id for item in book().items()]
    reworded = changed(("- [ ] Cosmetic issues\n", "- [ ] Cosmetic troubles\n"))
    assert len({item.id for item in reworded.items()} ^ {item.id for item in book().items()}) == 2


def test_the_same_words_twice_in_one_section_are_two_items() -> None:
    found = changed(("- [ ] Cosmetic issues\n", "- [ ] Cosmetic issues\n- [ ] Cosmetic issues\n"))
    first, second = found.severities[3].criteria[:2]
    assert second.id == f"{first.id}-2"


def test_windows_line_ends_change_no_value() -> None:
    other = read(SHIPPED.replace("\n", "\r\n"))
    assert (other.severities, other.phases, other.playbooks, other.prose) == (
        book().severities,
        book().phases,
        book().playbooks,
        book().prose,
    )
    assert other.lines == book().lines
    assert other.sha256 != book().sha256
