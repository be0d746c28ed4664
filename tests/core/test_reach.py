"""Where commands reach, and what takes them away from the pinned cluster and namespace."""

import pytest

from warroom.core.reach import programs, reach

PINNED = ("tensafe", "cache")

STAYS = [
    "kubectl get pods",
    "kubectl get pods -n tensafe",
    "kubectl get pods --namespace=cache",
    "kubectl get pods -ncache",
    "kubectl get pods -A",
    "kubectl get nodes | grep -n NotReady | tail -n 20",
    "kubectl get events -n tensafe --sort-by='.lastTimestamp' | tail -20",
    "kubectl exec -it deployment/api -n tensafe -- psql -s -n other",
    "NS=tensafe; kubectl get pods -n ${NS}",
    "for pod in a b; do kubectl logs $pod; done",
    "while read -r pod; do kubectl logs $pod; done < <(kubectl get pods -o name)",
    "POD=$(kubectl get pods -o name | head -1); kubectl logs $POD",
    "kubectl get pods -o json | jq '.items[] | select(.name==\"$X\")'",
    "curl -s https://api.example.com/health",
]


@pytest.mark.parametrize("command", STAYS)
def test_stays(command: str) -> None:
    assert reach(command, PINNED).refusal == ""


LEAVES = [
    ("kubectl get pods -n kube-system", "it names the namespace kube-system, and the console is pinned to tensafe, cache"),
    ("kubectl get pods -nother", "the namespace other"),
    ("kubectl get pods --namespace other", "the namespace other"),
    ("kubectl get pods -n", "the namespace "),
    ("NS=other; kubectl get pods -n $NS", "the namespace other"),
    ("NS=$(cat ns); kubectl get pods -n $NS", "known only when it runs"),
    ("kubectl --context prod get pods", "another context (--context)"),
    ("helm --kube-context=prod list", "another context (--kube-context)"),
    ("kubectl get pods --kubeconfig=/tmp/x", "another kubeconfig"),
    ("kubectl get pods -s https://10.0.0.9", "another server (-s)"),
    ("kubectl get pods --as=system:admin", "another user (--as)"),
    ("kubectl get pods --token=abc", "another user (--token)"),
    ("KUBECONFIG=/tmp/x kubectl get pods", "KUBECONFIG"),
    ("unset KUBECONFIG; kubectl get pods", "KUBECONFIG"),
    ("env -u KUBECONFIG kubectl get pods", "KUBECONFIG"),
    ("kubectl config use-context prod", "kubectl config changes the context"),
    ("oc project other", "oc project changes"),
    ("oc login https://x", "oc login changes"),
    ("kubectx prod", "kubectx goes to another context"),
    ("sudo kubectl get pods", "sudo runs kubectl"),
    ("ssh host 'kubectl get pods -n tensafe'", ""),
    ("bash -c 'kubectl get pods -n other'", "the namespace other"),
    ("echo a | xargs kubectl -n other logs", "the namespace other"),
    ("bash <<EOF\nkubectl -n other get pods\nEOF", "the namespace other"),
    ("echo $(kubectl get pods -n other)", "the namespace other"),
    ("timeout 5 kubectl get pods -n other", "the namespace other"),
    ("kubectl logs $POD", "$POD is not set"),
    ("echo $A $B", "$A, $B are not set"),
]


@pytest.mark.parametrize(("command", "why"), [case for case in LEAVES if case[1]])
def test_leaves(command: str, why: str) -> None:
    assert why in reach(command, PINNED).refusal


def test_what_the_environment_has_is_set() -> None:
    assert reach("ls $HOME/$PWD", (), {"HOME": "/root"}).refusal == ""


def test_programs_that_need_a_cluster() -> None:
    assert reach("kubectl get pods | grep x", PINNED).speaks == {"kubectl"}
    assert reach("bash -c 'helm list'", PINNED).speaks == {"helm"}
    assert reach("curl localhost", PINNED).speaks == frozenset()


def test_names_of_programs_in_their_order() -> None:
    assert programs("kubectl logs x | /bin/grep -i error | head -3") == ("kubectl", "grep", "head")
