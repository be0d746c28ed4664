"""Runbooks as values, small enough to see in a test what follows from what."""

from msgspec.structs import replace

from warroom.runbook.model import (
    Channel,
    Contact,
    Declaration,
    Escalation,
    EscalationTrigger,
    Item,
    OnCall,
    Phase,
    Role,
    Runbook,
    Severity,
    Template,
)


def item(id: str, text: str, line: int = 0, depth: int = 0) -> Item:
    return Item(id=id, text=text, line=line, depth=depth)


SEVERITIES = (
    Severity(
        level="P1",
        rank=1,
        name="Critical",
        response_seconds=900,
        line=10,
        criteria=(
            item("p1.down", "Everything is down", 11),
            item("p1.breach", "Security breach confirmed", 12),
            item("p1.privacy", "Privacy violation (PII exposure)", 13),
        ),
    ),
    Severity(level="P2", rank=2, name="High", response_seconds=1800, line=20, criteria=(item("p2.errors", "Error rate > 10%", 21),)),
    Severity(level="P3", rank=3, name="Medium", response_seconds=14400, line=30, criteria=(item("p3.errors", "Error rate 1-10%", 31),)),
    Severity(level="P4", rank=4, name="Low", response_seconds=86400, line=40),
)
TRIGGERS = (
    EscalationTrigger(
        id="silence",
        condition="No response to P1 alert in 15 min",
        kind="no_response",
        levels=("P1",),
        after_seconds=900,
        to=("secondary",),
        line=60,
    ),
    EscalationTrigger(
        id="stuck",
        condition="No progress on P1 in 30 min",
        kind="no_progress",
        levels=("P1",),
        after_seconds=1800,
        to=("Engineering Manager",),
        line=61,
    ),
    EscalationTrigger(
        id="hour",
        condition="P1 duration > 1 hour",
        kind="duration",
        levels=("P1",),
        after_seconds=3600,
        to=("VP Engineering",),
        line=62,
    ),
    EscalationTrigger(id="breach", condition="Data breach confirmed", kind="fact", to=("Security", "Legal"), line=63),
    EscalationTrigger(id="regulator", condition="Regulatory impact", kind="fact", to=("Compliance", "Legal"), line=64),
)
BOOK = Runbook(
    title="Handbook",
    version="1.0.0",
    sha256="a" * 64,
    roles=(
        Role(name="Incident Commander", primary="On-call", backup="Manager", line=1),
        Role(name="Communications Lead", primary="On-call", line=2),
        Role(name="Technical Lead", primary="On-call", line=3),
    ),
    channels=(Channel(name="#room (Slack)", purpose="Coordination"), Channel(name="#news (Slack)", purpose="Stakeholder updates")),
    declaration=Declaration(
        triggers=(
            item("d.down", "Service is completely unavailable", 5),
            item("d.breach", "Security breach suspected", 6),
            item("d.privacy", "Privacy/compliance violation detected", 7),
        )
    ),
    severities=SEVERITIES,
    oncall=OnCall(
        responsibilities=(
            item("r.ack", "Acknowledge alerts within 5 minutes", 50),
            item("r.start", "Start incident process for P1/P2", 51),
        ),
        checklist=(
            item("c.ack", "Acknowledge the alert in PagerDuty", 52),
            item("c.changes", "Review recent changes", 53),
            item("c.severity", "Assess severity level", 54),
            item("c.worse", "If P1/P2: Declare incident, join war room", 55),
            item("c.milder", "If P3/P4: Begin troubleshooting, document in ticket", 56),
        ),
    ),
    phases=(
        Phase(title="Detection & Triage", from_seconds=0, to_seconds=900, line=70, steps=(item("1.1", "Assemble response team", 71),)),
        Phase(title="Investigation", from_seconds=900, to_seconds=3600, line=72, steps=(item("2.1", "Form hypothesis", 73),)),
        Phase(title="Mitigation", line=74, steps=(item("3.1", "Implement mitigation", 75),)),
        Phase(title="Post-Incident", line=76, steps=(item("4.1", "Conduct post-mortem (within 48 hours for P1/P2)", 77),)),
    ),
    templates=(
        Template(title="Incident Declared", channel="slack", body="Updates will be posted every [15/30] minutes.", line=80),
        Template(title="Incident Update", channel="slack", body="**Next update**: [time]", line=81),
    ),
    escalation=Escalation(
        triggers=TRIGGERS,
        contacts=(Contact(level="L1", role="On-Call Engineer", response_seconds=300, line=90),),
    ),
)
SILENT = Runbook(title="Notes", severities=SEVERITIES)
"""It has levels, and no word on clocks."""


def with_triggers(*triggers: EscalationTrigger, book: Runbook = BOOK) -> Runbook:
    return replace(book, escalation=replace(book.escalation, triggers=triggers))
