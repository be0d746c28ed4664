"""The one change that a command makes."""

import pytest

from warroom.core.mutation import mutation_of


@pytest.mark.parametrize(
    ("command", "verb", "object", "namespace"),
    [
        ("kubectl rollout undo deployment/api -n shop", "rollout undo", "deployment/api", "shop"),
        ("kubectl -n shop rollout restart deploy api", "rollout restart", "deployment/api", "shop"),
        ("kubectl scale deployments.apps/api --replicas 2", "scale", "deployment/api", ""),
        ("kubectl delete po api-0 --namespace=shop | cat", "delete", "pod/api-0", "shop"),
        ("oc delete pod/api-0", "delete", "pod/api-0", ""),
        ("kubectl cordon n1", "cordon", "node/n1", ""),
        ("kubectl drain n1 --ignore-daemonsets --timeout=60s", "drain", "node/n1", ""),
        ("kubectl taint nodes n1 k=v:NoSchedule", "taint", "node/n1", ""),
        ("kubectl label node n1 a=b c-", "label", "node/n1", ""),
        ("kubectl set image deployment/api c=i:1 && kubectl rollout status deployment/api", "set image", "deployment/api", ""),
        ("kubectl get pods -n shop | grep api; kubectl delete pod api-0", "delete", "pod/api-0", ""),
    ],
)
def test_one_object_is_changed(command: str, verb: str, object: str, namespace: str) -> None:
    found = mutation_of(command)
    assert found is not None
    assert (found.verb, found.object, found.namespace) == (verb, object, namespace)


@pytest.mark.parametrize(
    "command",
    [
        "kubectl get pods",
        "kubectl delete pod a b",
        "kubectl delete pods --all",
        "kubectl delete pod -l app=api",
        "kubectl delete deploy,svc api",
        "kubectl apply -f x.yaml",
        "kubectl exec deployment/api -- rm x",
        "kubectl delete pod $POD",
        "for i in 1 2; do kubectl delete pod api-0; done",
        "kubectl scale deployment/a --replicas=1; kubectl scale deployment/b --replicas=1",
        "helm rollback api",
        "rm -rf x; kubectl delete pod api-0",
    ],
)
def test_what_cannot_be_foreseen_is_none(command: str) -> None:
    assert mutation_of(command) is None
