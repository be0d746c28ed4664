"""What of a cluster a command names."""

import pytest

from warroom.runbook.things import Thing, things, unknown_verbs

NS = Thing("namespaces", "tensafe")


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("kubectl get pods -n tensafe", [NS]),
        ("kubectl get pods -l app=x -n tensafe", [NS, Thing("pods", selector="app=x", namespace="tensafe")]),
        ("kubectl logs -n tensafe -l app=x --tail=100 | grep ERROR", [NS, Thing("pods", selector="app=x", namespace="tensafe")]),
        ("kubectl logs deployment/api --since 10m", [Thing("deployments", "api")]),
        ("kubectl exec -it deploy/api -n tensafe -- curl http://x/deploy/y", [NS, Thing("deployments", "api", namespace="tensafe")]),
        ("kubectl exec api-0 -- ls /a", [Thing("pods", "api-0")]),
        ("kubectl rollout undo deployment/api", [Thing("deployments", "api")]),
        ("kubectl rollout undo deployment api worker", [Thing("deployments", "api"), Thing("deployments", "worker")]),
        ("kubectl scale deploy/api --replicas=3", [Thing("deployments", "api")]),
        ("kubectl set image deploy/api server=x:1", [Thing("deployments", "api")]),
        ("kubectl label pod api-0 a=b c-", [Thing("pods", "api-0")]),
        ("kubectl top pod -n tensafe", [NS]),
        ("kubectl drain node-7 --ignore-daemonsets", [Thing("nodes", "node-7")]),
        ("kubectl delete pod <pod-name> -n tensafe", [NS]),
        ("kubectl delete pod $POD -n $NS", []),
        ("kubectl get crd foo", []),
        ("kubectl get pods -A -l app=x", []),
        ("helm list -n tensafe", []),
        ("kubectl cp tensafe/api-0:/x y", []),
        ("for d in a b; do kubectl rollout status deploy/$d; done", []),
    ],
)
def test_things(command: str, found: list[Thing]) -> None:
    assert things(command) == tuple(found)


def test_verbs_that_kubectl_has_not() -> None:
    assert unknown_verbs("kubectl restart deployment/api && kubectl get pods; kubectl <verb> x; helm restart") == ("restart",)
