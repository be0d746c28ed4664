"""A document for any incident is told from one about a failure."""

import pytest

from warroom.runbook.plans import is_plan, names_a_failure

PLANS = (
    "Incident response plan",
    "Incident guide of the atlas team",
    "Cyber incident response plan",
    "Emergency procedures",
    "On-call handbook",
    "How we handle incidents",
    "Managing incidents",
    "Outage response plan",
    "Plano de resposta a incidentes",
)
FAILURES = (
    "Ransomware incident response playbook",
    "Incident playbook: database down",
    "Payment outage runbook",
    "KubePodCrashLooping",
    "CephMonQuorumLost",
)


@pytest.mark.parametrize("title", PLANS)
def test_a_plan_is_for_any_incident(title: str) -> None:
    assert is_plan(title)


@pytest.mark.parametrize("title", FAILURES)
def test_a_failure_is_no_plan(title: str) -> None:
    assert not is_plan(title)


@pytest.mark.parametrize("heading", ["Database is down", "Disk full", "DiskAlmostFull", "Certificate expired", "Phishing", "High latency"])
def test_a_failure_is_heard_in_a_heading(heading: str) -> None:
    assert names_a_failure(heading)


@pytest.mark.parametrize("heading", ["When you are paged", "Start the incident", "Close-out", "First actions", "Handing over"])
def test_what_one_does_is_no_failure(heading: str) -> None:
    assert not names_a_failure(heading)
