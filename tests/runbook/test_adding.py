"""Flags at the end of one call."""

import pytest

from warroom.runbook.adding import with_flags

UNDO = ("kubectl", "rollout", "undo")


@pytest.mark.parametrize(
    ("command", "added"),
    [
        ("kubectl rollout undo deployment/x", "kubectl rollout undo deployment/x --to-revision=3"),
        ("kubectl rollout undo deployment/x -n t 2>&1 | tee out", "kubectl rollout undo deployment/x -n t --to-revision=3 2>&1 | tee out"),
        (
            "kubectl get pods && kubectl rollout undo deployment/x && kubectl get pods",
            "kubectl get pods && kubectl rollout undo deployment/x --to-revision=3 && kubectl get pods",
        ),
        ("kubectl rollout undo \\\n  deployment/ü", "kubectl rollout undo \\\n  deployment/ü --to-revision=3"),
        (
            "kubectl rollout undo deploy/x; kubectl rollout undo deploy/y",
            "kubectl rollout undo deploy/x; kubectl rollout undo deploy/y",
        ),
        ("kubectl get pods", "kubectl get pods"),
    ],
)
def test_the_one_call_gets_them(command: str, added: str) -> None:
    assert with_flags(command, UNDO, ["--to-revision=3"]) == added
