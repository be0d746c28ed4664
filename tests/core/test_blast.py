"""What a change would do, told from what the cluster says."""

from typing import Any

import pytest

from warroom.core.blast import Foreseen, blast
from warroom.core.inverse import inverse
from warroom.core.mutation import mutation_of
from warroom.core.seen import Seen

NOW = "2026-02-03T02:00:00Z"


def pod(name: str, hash: str = "new", *, ready: bool = True, **metadata: Any) -> dict[str, Any]:
    labels = {"app": "api", "pod-template-hash": hash}
    owner = {"kind": "ReplicaSet", "name": f"api-{hash}", "uid": hash, "controller": True}
    return {
        "kind": "Pod",
        "metadata": {"name": name, "labels": labels, "ownerReferences": [owner], **metadata},
        "status": {"conditions": [{"type": "Ready", "status": "True" if ready else "False"}]},
    }


def template(image: str) -> dict[str, Any]:
    return {"metadata": {"labels": {"app": "api"}}, "spec": {"containers": [{"name": "api", "image": image}]}}


def deployment(replicas: int = 3, revision: int = 2, image: str = "api:2", **spec: Any) -> dict[str, Any]:
    notes = {"deployment.kubernetes.io/revision": str(revision)}
    selector = {"matchLabels": {"app": "api"}}
    return {
        "kind": "Deployment",
        "metadata": {"name": "api", "uid": "d", "annotations": notes},
        "spec": {"replicas": replicas, "selector": selector, "template": template(image), **spec},
    }


def revision(number: int, image: str, made: str, hash: str) -> dict[str, Any]:
    return {
        "metadata": {
            "name": f"api-{hash}",
            "creationTimestamp": made,
            "annotations": {"deployment.kubernetes.io/revision": str(number)},
            "labels": {"pod-template-hash": hash},
        },
        "spec": {"template": template(image)},
    }


OLD, NEW = revision(1, "api:1", "2026-02-01T00:00:00Z", "old"), revision(2, "api:2", NOW, "new")
PODS = (pod("api-1"), pod("api-2"), pod("api-3", ready=False))


def foreseen(command: str, words: str = "", **seen: Any) -> Foreseen:
    mutation = mutation_of(command)
    assert mutation is not None, command
    given: dict[str, Any] = {"target": deployment(), "sets": (OLD, NEW), "pods": PODS, "budgets": (), "scalers": ()}
    return blast(mutation, Seen(**{**given, **seen}), "shop", "prod", words)


def test_a_roll_back_names_its_revision_and_what_undoes_it() -> None:
    found = foreseen("kubectl rollout undo deployment/api")
    assert found.blast.title == "Roll back deployment/api from r2 to r1"
    assert found.flags == ("--to-revision=1",)
    assert found.inverse == "kubectl rollout undo deployment/api -n shop --to-revision=2"
    assert found.blast.diff == ("- api image: api:2", "+ api image: api:1")
    assert (found.blast.warnings, found.blast.serious) == ((), 0)
    assert [(one.when, one.least, one.most) for one in found.blast.ready] == [("now", 2, 2), ("during", 2, 3), ("after", 3, 3)]


def test_a_second_roll_back_rolls_forward() -> None:
    """As kubernetes/website#6921 has it: the old release is the newest revision now, and the bad one is the one before."""
    back = revision(3, "api:1", "2026-02-01T00:00:00Z", "old")
    found = foreseen("kubectl rollout undo deployment/api", target=deployment(revision=3, image="api:1"), sets=(back, NEW))
    assert found.blast.title == "Roll deployment/api FORWARD from r3 to r2"
    assert found.blast.serious == 1
    assert "rolls forward" in found.blast.warnings[0]


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        ({"sets": (NEW,)}, "no revision before r2"),
        ({"target": deployment(paused=True)}, "paused"),
    ],
)
def test_a_roll_back_that_cannot_be_is_refused_before(seen: dict[str, Any], why: str) -> None:
    assert why in foreseen("kubectl rollout undo deployment/api", **seen).refusal


@pytest.mark.parametrize(
    ("now", "to", "words", "serious", "told"),
    [
        (5, 2, "scale API pods down temporarily", 0, "3 of 5 pods end"),
        (1, 2, "scale API pods down temporarily", 1, "this scales UP: it has 1 now"),
        (1, 2, "more room", 0, "1 more pods start"),
        (2, 2, "scale down", 0, "it is so already"),
        (3, 0, "stop it", 1, "no pod is left"),
    ],
)
def test_scaling(now: int, to: int, words: str, serious: int, told: str) -> None:
    found = foreseen(f"kubectl scale deployment api --replicas={to}", words, target=deployment(now))
    assert found.flags == (f"--current-replicas={now}",)
    assert found.blast.serious == serious
    assert told in " ".join((*found.blast.warnings, *found.blast.effects))
    back = f"kubectl scale deployment api -n shop --replicas={now} --current-replicas={to}" if now != to else ""
    assert (found.inverse, found.idle) == (back, now == to)


def test_an_inverse_that_was_made_for_another_number_is_refused() -> None:
    found = foreseen("kubectl scale deployment api --replicas=5 --current-replicas=2", target=deployment(4))
    assert found.refusal.startswith("deployment/api has 4 replicas, not the 2")


def test_an_autoscaler_a_repository_and_a_budget_have_their_say() -> None:
    target = deployment(5)
    target["metadata"]["annotations"]["argocd.argoproj.io/tracking-id"] = "x"
    scaler = {
        "metadata": {"name": "api"},
        "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "api"}, "minReplicas": 3, "maxReplicas": 9},
    }
    budget = {"metadata": {"name": "api"}, "spec": {"selector": {"matchLabels": {"app": "api"}}}, "status": {"disruptionsAllowed": 0}}
    found = foreseen("kubectl scale deployment api --replicas=2", target=target, scalers=(scaler,), budgets=(budget,))
    assert found.blast.warnings == (
        "Argo CD keeps deployment/api as its repository has it: it may take this change back",
        "autoscaler api keeps 3 to 9 replicas: it may scale again",
        "disruption budget api allows 0, and scale does not ask it",
    )
    unread = foreseen("kubectl scale deployment api --replicas=2", scalers=None, budgets=None)
    assert len([one for one in unread.blast.warnings if "could not be read" in one]) == 2
    calm = foreseen("kubectl scale deployment api --replicas=2").blast.calm
    assert calm == ("no GitOps owner", "not paused", "no autoscaler", "no disruption budget")


def test_the_sole_ready_pod_and_one_without_an_owner_are_warned_of() -> None:
    found = foreseen("kubectl delete pod api-1", target=PODS[0], pods=(PODS[0], PODS[2]))
    assert found.blast.warnings == ("this is the sole ready replica: nothing serves until another is ready",)
    assert found.blast.effects == ("ReplicaSet/api-new starts another in its place",)
    alone = pod("api-1", ownerReferences=[])
    assert "will not come back" in foreseen("kubectl delete pod api-1", target=alone, pods=(alone, PODS[1])).blast.warnings[0]
    assert foreseen("kubectl delete pod api-1", target=PODS[0]).blast.serious == 0
    assert foreseen("kubectl delete pod api-1", target=PODS[0]).inverse == ""


def test_nodes_and_what_runs_there() -> None:
    node = {"kind": "Node", "metadata": {"name": "n1"}, "spec": {}}
    found = foreseen("kubectl cordon n1", target=node, sets=())
    assert (found.inverse, found.blast.effects) == ("kubectl uncordon n1", ("no new pod is placed there; its 3 pods stay",))
    drained = foreseen("kubectl drain n1", target=node, sets=(), pods=(pod("lone", ownerReferences=[]),))
    assert drained.blast.warnings[0] == "lone has no owner and will not come back"
    assert foreseen("kubectl uncordon n1", target={**node, "spec": {"unschedulable": True}}).inverse == "kubectl cordon n1"


@pytest.mark.parametrize(
    ("command", "after", "inverse"),
    [
        ("kubectl label deploy api a=2 b-", {"labels": {"a": "2"}}, "kubectl label deployment api -n shop a=1 b=x --overwrite"),
        ("kubectl label deploy api c=3", {"labels": {"a": "1", "b": "x", "c": "3"}}, "kubectl label deployment api -n shop c-"),
        (
            "kubectl annotate deploy api 'n=it is'",
            {"labels": {"a": "1", "b": "x"}, "annotations": {"n": "it is"}},
            "kubectl annotate deployment api -n shop n-",
        ),
    ],
)
def test_labels_and_annotations_go_back_to_what_they_were(command: str, after: dict[str, Any], inverse: str) -> None:
    target = deployment()
    target["metadata"]["labels"] = {"a": "1", "b": "x"}
    result = {**target, "metadata": {**target["metadata"], **after}}
    assert foreseen(command, target=target, after=result).inverse == inverse


def test_a_patch_is_taken_back_only_where_it_still_stands() -> None:
    after = deployment(image="api:9")
    found = foreseen("kubectl set image deployment/api api=api:9", after=after)
    assert found.inverse == (
        "kubectl patch deployment api -n shop --type=json -p '"
        '[{"op":"test","path":"/spec/template/spec/containers/0/image","value":"api:9"},'
        '{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"api:2"}]\''
    )
    assert found.blast.effects == ("its template changes: all 3 pods are replaced",)


def test_where_no_revision_leads_back_a_patch_does() -> None:
    """A stateful set's roll-back, and what somebody edited by hand: known when it is done."""
    before, after = deployment(image="api:2"), deployment(image="api:1")
    for whole in (before, after):
        whole["metadata"]["annotations"] = {}
    for command in ("kubectl rollout undo statefulset/api", "kubectl edit statefulset api"):
        mutation = mutation_of(command)
        assert mutation is not None
        assert inverse(mutation, "shop", before, after).startswith("kubectl patch statefulset api -n shop --type=json -p ")
        assert inverse(mutation, "shop", before, before) == ""
