"""Findings."""

from warroom.runbook.model import Finding, Runbook


def check(runbook: Runbook, file: str) -> tuple[Finding, ...]:
    return ()
