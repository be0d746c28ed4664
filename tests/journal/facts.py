"""One fact of every kind, as a journal may hold them; a kind that is new stands at the end, behind those of the kept journals."""

from datetime import timedelta
from typing import get_args

from hand import T0
from warroom.core.codec import kind
from warroom.core.entries import (
    Acknowledged,
    ActionAdded,
    Amended,
    Answered,
    AnyFact,
    Closed,
    ClusterPinned,
    Declared,
    DetectedSet,
    Erased,
    Moved,
    Noted,
    Observed,
    PhaseSet,
    Pinned,
    Purged,
    Reopened,
    Resolved,
    Restored,
    RoleSet,
    RunbookText,
    SeveritySet,
    Snoozed,
    Struck,
    Ticked,
    Unticked,
    WatchTaken,
    WentBadly,
    WentWell,
)
from warroom.core.readings import Cluster

LATER = T0 + timedelta(minutes=7, microseconds=1)
CLUSTER = Cluster(context="prod", server="https://10.0.0.1:6443", namespaces=("tensafe", "cache"), ca="c" * 64, uid="8e7d0c1b")
FACTS: tuple[AnyFact, ...] = (
    Declared(
        title="API down — 14 % errors",
        runbook=RunbookText(text="# Incidents\n", sha256="a" * 64, file="small.md"),
        alerted=T0,
        detected=LATER,
        cluster=CLUSTER,
        drill=True,
        symptoms="errors",
        pagerduty="Q1",
        number=1,
    ),
    Acknowledged(),
    ClusterPinned(cluster=CLUSTER),
    SeveritySet(level="P1", rank=1, reason="all customers", suggested="P2", why=("error rate", "API down")),
    Ticked(item="p1/api-down", text="API down"),
    Unticked(item="p1/api-down", text="API down"),
    RoleSet(role="Incident Commander", person="ana", previous="ben"),
    PhaseSet(phase=2, title="Assessment"),
    Noted(text="rolled back [/x] 漢字 \x1b[31m", progress=True),
    Amended(amends="01kggpmgpg62sqkay7hqxb2jz3", text="rolled back to v1.4.2"),
    Struck(struck="01kggpmgpg62sqkay7hqxb2jz3", reason="wrong pod"),
    Moved(moved="01kggpmgpg62sqkay7hqxb2jz3", to=LATER),
    Snoozed(deadline="update/1", until=LATER, reason="on a call"),
    Answered(deadline="update/1", outcome="told", text="Slack"),
    WentWell(text="paged in time"),
    WentBadly(text="nobody had access"),
    ActionAdded(text="alert on connections", owner="ana", due="2026-02-17", priority="P2"),
    Restored(reason="error rate below 1 %"),
    Resolved(text="bad release"),
    Reopened(reason="it came back"),
    Closed(not_an_incident=True),
    Purged(purged="01kggpmgpg62sqkay7hqxb2jz3", reason="a password"),
    Erased(sha256="e" * 64),
    Pinned(what="output", name="logs", text="exit 1", sha256="d" * 64, evidence="d" * 64),
    Observed(
        what="verdict",
        key="verdict/p2/1",
        text="error rate 14.2 %",
        about="p2/errors",
        verdict="true",
        was="false",
        values=(("errors", None),),
    ),
    WatchTaken(number=3, holder="ana@bastion"),
    DetectedSet(detected=LATER, why="errors rose"),
)
assert {kind(fact) for fact in FACTS} == {fact.__struct_config__.tag for fact in get_args(AnyFact)}
