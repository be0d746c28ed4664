"""What asks for a terminal goes, and nothing else."""

import pytest

from warroom.runbook.untty import without_terminal


@pytest.mark.parametrize(
    ("written", "runs"),
    [
        ("kubectl exec -it deployment/x -n t -- curl -s http://a", "kubectl exec -i deployment/x -n t -- curl -s http://a"),
        ("kubectl exec -ti x -- ls", "kubectl exec -i x -- ls"),
        ("kubectl exec -t -i x -- ls -t", "kubectl exec -i x -- ls -t"),
        ("kubectl exec --stdin --tty x -- ls", "kubectl exec --stdin x -- ls"),
        ("kubectl exec x -- docker exec -it y ls", "kubectl exec x -- docker exec -it y ls"),
        ("docker exec -it y ls | sort -t,", "docker exec -i y ls | sort -t,"),
        ("kubectl exec -it x -- \\\n  psql -c \"SELECT 'é -it';\"", "kubectl exec -i x -- \\\n  psql -c \"SELECT 'é -it';\""),
        ("kubectl get pods -l app=x-it", "kubectl get pods -l app=x-it"),
        ("echo é; kubectl exec -it é -- ls", "echo é; kubectl exec -i é -- ls"),
        ("kubectl -n t exec -it x -- sh -c 'kubectl exec -it'", "kubectl -n t exec -i x -- sh -c 'kubectl exec -it'"),
    ],
)
def test_terminals(written: str, runs: str) -> None:
    assert without_terminal(written) == runs
