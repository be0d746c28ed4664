"""The TenSafe runbook gives every count and value that the console stands on."""

import hashlib
from collections import Counter

import msgspec
import pytest

from runbook.shelf import TEXTS, book
from warroom.runbook.model import Runbook

pytestmark = pytest.mark.parametrize("name", TEXTS)


def test_the_document(name: str) -> None:
    found = book(name)
    assert (found.title, found.version, found.updated) == ("TenSafe Incident Response Runbook", "1.0.0", "2026-02-03")
    assert found.owner == "Platform Operations Team"
    assert (found.lines, found.language) == (635, "en")
    assert found.sha256 == hashlib.sha256(TEXTS[name].encode()).hexdigest()
    assert msgspec.to_builtins(found.counts) == {
        "headings": 53,
        "checkboxes": 36,
        "tables": 7,
        "fences": 25,
        "fences_bash": 15,
        "fences_markdown": 1,
        "fences_plain": 9,
        "fences_in_lists": 12,
    }
    assert len(found.headings) == 53
    assert len(found.columns) == 7


def test_the_declaration(name: str) -> None:
    declaration = book(name).declaration
    assert declaration.definition.startswith("An incident is ")
    assert declaration.definition.endswith(".")
    assert len(declaration.triggers) == 7
    assert declaration.triggers[1].text == "Error rate exceeds 1% for 5+ minutes"
    assert [(way.title, way.line) for way in declaration.ways] == [
        ("Option 1: PagerDuty", 64),
        ("Option 2: Slack", 71),
        ("Option 3: Manual Declaration", 79),
    ]
    assert declaration.ways[1].text == "/incident create\nTitle: [Brief description]\nSeverity: P1/P2/P3/P4"


def test_the_severities(name: str) -> None:
    severities = book(name).severities
    assert [(each.level, each.rank, each.name, each.response_seconds, len(each.criteria)) for each in severities] == [
        ("P1", 1, "Critical", 900, 6),
        ("P2", 2, "High", 1800, 6),
        ("P3", 3, "Medium", 14400, 6),
        ("P4", 4, "Low", 86400, 5),
    ]
    assert severities[1].example == "Training API down, 50%+ error rate"
    assert severities[1].criteria[1].text == "Error rate > 10%"
    assert severities[1].criteria[1].id == "p2-high.error-rate-10.9c83"
    assert severities[1].criteria[1].line == 115
    assert [(time.kind, time.text, time.hours) for time in severities[2].times] == [("respond", "4 hours", "any")]


def test_people_and_channels(name: str) -> None:
    found = book(name)
    assert [(role.name, role.primary, role.backup, role.contact) for role in found.roles] == [
        ("Incident Commander", "On-call Engineer", "Engineering Manager", "PagerDuty"),
        ("Communications Lead", "On-call Engineer", "Product Manager", "Slack #incident-comms"),
        ("Technical Lead", "On-call Engineer", "Senior Engineer", "PagerDuty"),
        ("Executive Sponsor", "VP Engineering", "CTO", "Emergency hotline"),
    ]
    assert [channel.name for channel in found.channels] == [
        "PagerDuty",
        "#incident-active (Slack)",
        "#incident-comms (Slack)",
        "Status Page",
        "War Room (Zoom)",
    ]


def test_on_call(name: str) -> None:
    oncall = book(name).oncall
    assert oncall.responsibilities[0].text == "Acknowledge alerts within 5 minutes"
    assert (len(oncall.responsibilities), len(oncall.checklist)) == (5, 6)
    assert [(row.week, row.primary, row.secondary) for row in oncall.rota] == [
        ("Odd weeks", "Engineer A", "Engineer B"),
        ("Even weeks", "Engineer B", "Engineer C"),
        ("Holidays", "Volunteer + compensation", "Manager backup"),
    ]
    assert [quick.title for quick in oncall.quick_assessment] == [
        "Check service status",
        "Check service status",
        "Check recent events",
        "Check error logs",
        "Check health endpoints",
        "Check metrics",
    ]
    assert (oncall.quick_assessment[1].command, oncall.quick_assessment[1].line) == ("kubectl get deployments -n tensafe", 174)


def test_the_phases(name: str) -> None:
    phases = book(name).phases
    assert [(phase.title, phase.from_seconds, phase.to_seconds, len(phase.steps)) for phase in phases] == [
        ("Detection & Triage", 0, 900, 8),
        ("Investigation", 900, 3600, 11),
        ("Mitigation", None, None, 7),
        ("Resolution", None, None, 5),
        ("Post-Incident", None, None, 5),
    ]
    assert [(step.text, step.depth) for step in phases[0].steps[1:4]] == [
        ("Initial assessment", 0),
        ("What is broken?", 1),
        ("Who is affected?", 1),
    ]


def test_the_templates(name: str) -> None:
    templates = book(name).templates
    assert [(each.title, each.channel, each.subject) for each in templates] == [
        ("Incident Declared", "slack", ""),
        ("Incident Update", "slack", ""),
        ("Incident Resolved", "slack", ""),
        ("Investigating", "statuspage", "Investigating elevated error rates"),
        ("Identified", "statuspage", "Issue identified - Implementing fix"),
        ("Resolved", "statuspage", "Resolved - Service restored"),
        ("Customer Email Template (P1 Only)", "email", "TenSafe Service Incident - [Date]"),
    ]
    assert [(place.name, place.kind) for place in templates[0].placeholders] == [
        ("1/2/3", "choice"),
        ("brief description of the issue", "free"),
        ("who/what is affected", "free"),
        ("name", "auto"),
        ("link if p1/p2", "conditional"),
        ("15/30", "choice"),
    ]
    assert [place.name for place in templates[1].placeholders][:3] == ["x", "hh:mm elapsed", "investigating/mitigating/monitoring"]
    mail = templates[6].placeholders
    assert len(mail) == 9
    assert (mail[0].name, mail[0].kind, mail[0].spelling) == ("date", "repeated", ("[Date]", "[date]"))


def test_the_escalation(name: str) -> None:
    escalation = book(name).escalation
    assert [(each.id, each.kind, each.levels, each.after_seconds, each.to) for each in escalation.triggers] == [
        ("no-response-p1-15-min", "no_response", ("P1",), 900, ("secondary",)),
        ("no-progress-p1-30-min", "no_progress", ("P1",), 1800, ("Engineering Manager",)),
        ("p1-duration-1-hour", "duration", ("P1",), 3600, ("VP Engineering",)),
        ("p1-duration-2-hours", "duration", ("P1",), 7200, ("CTO",)),
        ("data-breach-confirmed", "fact", (), None, ("Security", "Legal")),
        ("regulatory-impact", "fact", (), None, ("Compliance", "Legal")),
    ]
    assert [(each.level, each.role, each.response_seconds, each.method) for each in escalation.contacts] == [
        ("L1", "On-Call Engineer", 300, "PagerDuty"),
        ("L2", "Secondary On-Call", 600, "PagerDuty"),
        ("L3", "Engineering Manager", 900, "PagerDuty + Phone"),
        ("L4", "VP Engineering", 1800, "Phone"),
        ("L5", "CTO", 1800, "Phone"),
        ("Security", "Security Team Lead", 900, "PagerDuty"),
        ("Legal", "General Counsel", 3600, "Phone"),
    ]
    assert escalation.include[-1] == "Specific help needed"


def test_the_postmortem(name: str) -> None:
    postmortem = book(name).postmortem
    assert postmortem.template.startswith("# Post-Mortem: [Incident Title]\n")
    assert postmortem.template.endswith("[Charts, graphs, or additional data]\n")
    assert [(each.title, each.seconds) for each in postmortem.agenda] == [
        ("Review timeline", 600),
        ("Impact assessment", 300),
        ("Root cause discussion", 900),
        ("What went well", 300),
        ("What could be improved", 600),
        ("Action item assignment", 600),
        ("Questions and wrap-up", 300),
    ]


def test_the_playbooks(name: str) -> None:
    playbooks = book(name).playbooks
    assert [(each.title, len(each.steps)) for each in playbooks] == [
        ("API Completely Down", 5),
        ("High Error Rate", 4),
        ("Database Connection Issues", 4),
    ]
    steps = [step for playbook in playbooks for step in playbook.steps]
    ran = [command for step in steps for command in step.commands]
    assert (len(steps), len({command.block_line for command in ran}), len(ran)) == (13, 12, 14)
    assert Counter(step.condition for step in steps) == {
        None: 9,
        "If recent deployment": 1,
        "If not deployment": 1,
        "if identified": 1,
        "If connection exhaustion": 1,
    }
    assert ran[6].command == (
        "kubectl exec -it deployment/tensafe-server -n tensafe -- \\\n  curl -s http://localhost:8000/health/db"
    )  # the list's indent is gone, the continuation is as it was
    assert (ran[6].line, ran[6].block_line) == (571, 570)
    assert steps[6].prose == "- Review Grafana dashboard by endpoint"


def test_the_rest(name: str) -> None:
    found = book(name)
    assert [each.target for each in found.related] == [
        "SECURITY_INCIDENTS.md",
        "MONITORING_ALERTS.md",
        "TROUBLESHOOTING.md",
        "DISASTER_RECOVERY.md",
    ]
    assert [(each.version, each.date, each.author, each.changes) for each in found.revisions] == [
        ("1.0.0", "2026-02-03", "Platform Ops", "Initial runbook")
    ]
    assert not found.checklists
    assert [each.heading for each in found.prose] == [
        "TenSafe Incident Response Runbook",
        "Table of Contents",
        "Overview",
        "When to Declare an Incident",
        "Initial Response Checklist",
        "How to Escalate",
        "Escalation Communication",
    ]


def test_ids_are_unique_and_without_spaces(name: str) -> None:
    found = book(name)
    ids = [item.id for item in found.items()] + [trigger.id for trigger in found.escalation.triggers]
    assert len(ids) == len(set(ids))
    assert not any(" " in id for id in ids)


def test_both_files_say_the_same(name: str) -> None:
    """The shipped runbook differs from the users' in its sentences alone."""
    assert _facts(book(name)) == _facts(book())


def _facts(runbook: Runbook) -> object:
    facts = msgspec.to_builtins(runbook)
    for wordy in ("sha256", "prose", "findings"):
        del facts[wordy]
    facts["declaration"]["definition"] = ""
    for template in facts["templates"]:
        template["body"] = sorted(word for word in template["body"].split() if any(map(str.isdigit, word)))
    return facts
