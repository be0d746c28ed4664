"""The blast radius of one change: what the cluster says now, turned into what the card says."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from warroom.core.compared import Json, difference, wish
from warroom.core.inverse import inverse, replicas_of, revision_of
from warroom.core.mutation import Mutation
from warroom.core.prepared import Blast, Ready

WORKLOADS = ("deployment", "statefulset", "replicaset", "daemonset")
ROLLS = ("rollout undo", "rollout restart", "set image", "set env", "set resources", "patch")
"""Verbs that may replace the pods one after another."""
OF_ONE_POD = frozenset(
    ("pod-template-hash", "controller-revision-hash", "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index")
)
"""Labels that tell pods of one workload apart."""
OWNERS = (
    ("argocd.argoproj.io/", "Argo CD"),
    ("kustomize.toolkit.fluxcd.io/", "Flux"),
    ("helm.toolkit.fluxcd.io/", "Flux"),
    ("configmanagement.gke.io/", "Config Sync"),
)
_SHRINKS = re.compile(r"\b(?:down|reduce|fewer|shrink|less)\b", re.IGNORECASE)


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What the cluster said. `budgets` and `scalers` are None where they could not be read."""

    target: Json
    sets: tuple[Json, ...] = ()
    """The ReplicaSets of the workload."""
    pods: tuple[Json, ...] = ()
    """Those of the workload, or of the node; of a pod, it and those like it."""
    budgets: tuple[Json, ...] | None = None
    scalers: tuple[Json, ...] | None = None
    after: Json | None = None
    """The object as the dry run says it would be."""


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """`flags` are to be added to the call, each with why in `added`."""

    blast: Blast
    inverse: str = ""
    refusal: str = ""
    flags: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    idle: bool = False
    """The object is already so."""


class _Told:
    """What is collected for the card."""

    def __init__(self) -> None:
        self.serious, self.mild, self.calm, self.effects = list[str](), list[str](), list[str](), list[str]()


def blast(mutation: Mutation, seen: Seen, namespace: str, context: str, words: str) -> Foreseen:
    """`words` are those of the step: what its author believed that it does."""
    told = _Told()
    flags, added, refusal, after, title = _change(mutation, seen, words, told)
    _owners(mutation, seen, told)
    _autoscaler(mutation, seen, told)
    _budgets(mutation, seen, told)
    changed = after is not None and mutation.verb != "delete"
    idle = changed and after is not None and wish(after) == wish(seen.target) and mutation.verb != "rollout restart"
    if idle:
        told.mild.append("it is so already: nothing would change")
    found = Blast(
        title=title,
        object=mutation.object,
        context=context,
        namespace="" if mutation.kind == "node" else namespace,
        effects=tuple(told.effects),
        diff=difference(wish(seen.target), wish(after)) if changed and after is not None else (),
        ready=ready(mutation, seen, after),
        warnings=(*told.serious, *told.mild),
        serious=len(told.serious),
        calm=tuple(told.calm),
    )
    back = inverse(mutation, namespace, seen.target, after) if changed and after is not None else ""
    return Foreseen(blast=found, inverse=back, refusal=refusal, flags=tuple(flags), added=tuple(added), idle=idle)


_Change = tuple[list[str], list[str], str, Json | None, str]
"""Flags with why, a refusal, the object as it will be, and the title."""


def _change(mutation: Mutation, seen: Seen, words: str, told: _Told) -> _Change:
    match mutation.verb, mutation.kind:
        case "rollout undo", "deployment":
            return _undo(mutation, seen, told)
        case "scale", _:
            return _scale(mutation, seen, words, told)
        case "delete", "pod":
            _delete_pod(mutation, seen, told)
            return [], [], "", None, f"Delete {mutation.object}"
        case "delete", _:
            told.serious.append("what it deletes is gone for good: the console knows no way back")
            return [], [], "", None, f"Delete {mutation.object}"
        case (("cordon" | "uncordon" | "drain"), _):
            return _node(mutation, seen, told)
        case "rollout pause", _:
            told.effects.append("changes of it wait until it is resumed")
        case "rollout resume", _:
            told.effects.append("changes that waited are rolled out")
        case "rollout restart", _:
            told.effects.append(f"all {replicas_of(seen.target)} pods are replaced, by the same release")
            told.calm.append("nothing has to be taken back afterwards")
    after = seen.after
    if mutation.verb in ("rollout pause", "rollout resume"):
        after = {**seen.target, "spec": {**seen.target["spec"], "paused": True}}
        if mutation.verb == "rollout resume":
            after["spec"].pop("paused")
    if mutation.verb in ROLLS[2:] and mutation.kind in WORKLOADS and after is not None and _template(after) != _template(seen.target):
        told.effects.append(f"its template changes: all {replicas_of(seen.target)} pods are replaced")
    return [], [], "", after, f"{_TITLES.get(mutation.verb, mutation.verb.capitalize())} {mutation.object}"


_TITLES = {
    "rollout restart": "Restart",
    "rollout pause": "Pause the rollouts of",
    "rollout resume": "Resume the rollouts of",
    "rollout undo": "Roll back",
    "set image": "Set an image of",
    "set env": "Set variables of",
    "set resources": "Set resources of",
}


# -- roll back --------------------------------------------------------------------------------------------------------------


def _undo(mutation: Mutation, seen: Seen, told: _Told) -> _Change:
    """kubectl takes the highest revision below the newest: after a roll-back that is the one it was rolled back from."""
    now, numbered = revision_of(seen.target), {revision_of(one): one for one in seen.sets if revision_of(one)}
    given = mutation.flag("--to-revision")
    wanted = int(given) if given and given.isdigit() and given != "0" else max((n for n in numbered if n < now), default=0)
    title = f"Roll back {mutation.object} from r{now} to r{wanted}"
    if (seen.target.get("spec") or {}).get("paused"):
        return [], [], f"the rollouts of {mutation.object} are paused: resume them first (kubectl rollout resume)", None, title
    if wanted not in numbered:
        why = f"{mutation.object} has no revision {wanted} any more" if given else f"{mutation.object} has no revision before r{now}"
        return [], [], f"{why}: there is nothing to roll back to", None, title
    current, target = numbered.get(now), numbered[wanted]
    if current is not None and _made(target) and _made(current) and _made(target) > _made(current):
        title = f"Roll {mutation.object} FORWARD from r{now} to r{wanted}"
        told.serious.append(f"this rolls forward: r{wanted} was made after what runs now, which was rolled back to")
    count = len([pod for pod in seen.pods if _hash(pod) != _hash(target)])
    told.effects.append(f"{count} pods that are not of r{wanted} are replaced, {replicas_of(seen.target)} of r{wanted} run then")
    after = {**seen.target, "spec": {**seen.target["spec"], "template": _without_hash(_template(target))}}
    if given:
        return [], [], "", after, title
    why = f"the revision: another undo would bring back r{now}"
    return [f"--to-revision={wanted}"], [why], "", after, title


def _without_hash(template: Json) -> Json:
    metadata = template.get("metadata") or {}
    labels = {key: value for key, value in (metadata.get("labels") or {}).items() if key != "pod-template-hash"}
    return {**template, "metadata": {**metadata, "labels": labels}}


# -- scale ------------------------------------------------------------------------------------------------------------------


def _scale(mutation: Mutation, seen: Seen, words: str, told: _Told) -> _Change:
    now, text = replicas_of(seen.target), mutation.flag("--replicas") or ""
    title = f"Scale {mutation.object} from {now} to {text or '?'}"
    if not text.isdigit():
        return [], [], "--replicas is no number: say how many it should be", None, title
    wanted = int(text)
    if wanted > now and _SHRINKS.search(words):
        told.serious.append(f"this scales UP: it has {now} replicas now, and the step speaks of fewer")
    if wanted == 0:
        told.serious.append("no pod is left: whatever it serves is down")
    change = f"{now - wanted} of {now} pods end" if wanted < now else f"{wanted - now} more pods start"
    told.effects.append(change if wanted != now else "nothing changes")
    after = {**seen.target, "spec": {**(seen.target.get("spec") or {}), "replicas": wanted}}
    if (expected := mutation.flag("--current-replicas")) is not None:
        since = f"{mutation.object} has {now} replicas, not the {expected} that this was made for: somebody changed it since"
        return [], [], "" if expected in (str(now), "-1") else since, after, title
    why = f"the {now} replicas of now: where somebody changed them meanwhile, it does nothing"
    return [f"--current-replicas={now}"], [why], "", after, title


# -- pods and nodes ---------------------------------------------------------------------------------------------------------


def _delete_pod(mutation: Mutation, seen: Seen, told: _Told) -> None:
    owner = next((one for one in seen.target["metadata"].get("ownerReferences") or [] if one.get("controller")), None)
    if owner is None:
        told.serious.append("this pod has no owner: it will not come back")
    elif owner["kind"] == "StatefulSet":
        told.effects.append(f"{owner['kind']}/{owner['name']} starts it anew, under the same name and with its volumes")
    elif owner["kind"] == "Job":
        told.effects.append(f"{owner['kind']}/{owner['name']} starts another, where it still has a try")
    else:
        told.effects.append(f"{owner['kind']}/{owner['name']} starts another in its place")
    others = [pod for pod in seen.pods if is_ready(pod) and pod["metadata"]["name"] != mutation.name]
    if is_ready(seen.target) and not others:
        told.serious.append("this is the sole ready replica: nothing serves until another is ready")


def _node(mutation: Mutation, seen: Seen, told: _Told) -> _Change:
    spec = {key: value for key, value in (seen.target.get("spec") or {}).items() if key != "unschedulable"}
    if mutation.verb == "uncordon":
        told.effects.append("new pods may be placed there again")
        return [], [], "", {**seen.target, "spec": spec}, f"Uncordon {mutation.object}"
    told.effects.append(f"no new pod is placed there; its {len(seen.pods)} pods stay" if mutation.verb == "cordon" else
                        f"no new pod is placed there, and its {len(seen.pods)} pods are evicted")  # fmt: skip
    alone = [pod["metadata"]["name"] for pod in seen.pods if not pod["metadata"].get("ownerReferences")]
    if mutation.verb == "drain" and alone:
        told.serious.append(f"{', '.join(alone[:3])} {'has' if len(alone) == 1 else 'have'} no owner and will not come back")
    after = {**seen.target, "spec": {**spec, "unschedulable": True}}
    return [], [], "", after, f"{mutation.verb.capitalize()} {mutation.object}"


# -- what else has a say ----------------------------------------------------------------------------------------------------


def _owners(mutation: Mutation, seen: Seen, told: _Told) -> None:
    """What keeps the object as a repository has it, and would take the change back."""
    metadata = seen.target.get("metadata") or {}
    notes = [*(metadata.get("labels") or {}), *(metadata.get("annotations") or {})]
    owner = next((name for start, name in OWNERS if any(note.startswith(start) for note in notes)), None)
    if owner and mutation.kind != "pod":
        told.mild.append(f"{owner} keeps {mutation.object} as its repository has it: it may take this change back")
    elif mutation.kind in WORKLOADS:
        told.calm.append("no GitOps owner")
    if mutation.kind == "deployment" and not (seen.target.get("spec") or {}).get("paused"):
        told.calm.append("not paused")


def _autoscaler(mutation: Mutation, seen: Seen, told: _Told) -> None:
    if mutation.kind not in WORKLOADS:
        return
    if seen.scalers is None:
        told.mild.append("whether an autoscaler minds could not be read")
        return
    for one in seen.scalers:
        to = (one.get("spec") or {}).get("scaleTargetRef") or {}
        if (to.get("kind", "").casefold(), to.get("name")) == (mutation.kind, mutation.name):
            least, most = one["spec"].get("minReplicas", 1), one["spec"]["maxReplicas"]
            told_it = f"autoscaler {one['metadata']['name']} keeps {least} to {most} replicas"
            (told.mild if mutation.verb == "scale" else told.calm).append(
                f"{told_it}: it may scale again" if mutation.verb == "scale" else told_it
            )
            return
    told.calm.append("no autoscaler")


def _budgets(mutation: Mutation, seen: Seen, told: _Told) -> None:
    if mutation.kind not in (*WORKLOADS, "pod", "node") or mutation.verb in ("label", "annotate", "uncordon", "cordon"):
        return
    if seen.budgets is None:
        told.mild.append("whether a disruption budget minds could not be read")
        return
    mine = [one for one in seen.budgets if any(_selects(one, pod) for pod in seen.pods)]
    for one in mine:
        allowed = int((one.get("status") or {}).get("disruptionsAllowed", 0))
        told_it = f"disruption budget {one['metadata']['name']} allows {allowed}"
        if allowed == 0 and mutation.verb in ("delete", "scale"):
            told.mild.append(f"{told_it}, and {mutation.verb} does not ask it")
        elif allowed == 0 and mutation.verb == "drain":
            told.mild.append(f"{told_it}: the drain waits until it allows more")
        else:
            told.calm.append(told_it)
    if not mine:
        told.calm.append("no disruption budget")


def _selects(budget: Json, pod: Json) -> bool:
    wanted = ((budget.get("spec") or {}).get("selector") or {}).get("matchLabels") or {}
    labels = pod["metadata"].get("labels") or {}
    return bool(wanted) and all(labels.get(key) == value for key, value in wanted.items())


# -- ready ------------------------------------------------------------------------------------------------------------------


def ready(mutation: Mutation, seen: Seen, after: Json | None) -> tuple[Ready, ...]:
    """Ready pods now, during and after; empty where the change is not about pods."""
    now = sum(map(is_ready, seen.pods))
    if mutation.verb == "delete" and mutation.kind == "pod":
        less = now - is_ready(seen.target)
        back = bool(seen.target["metadata"].get("ownerReferences"))
        wanted = len(seen.pods)
        return (
            Ready(when="now", least=now, most=now, wanted=wanted),
            Ready(when="during", least=less, most=less, wanted=wanted),
            Ready(when="after", least=less, most=wanted if back else less, wanted=wanted if back else wanted - 1),
        )
    if mutation.kind not in WORKLOADS or mutation.verb not in (*ROLLS, "scale"):
        return ()
    wanted = replicas_of(seen.target)
    first = Ready(when="now", least=now, most=now, wanted=wanted)
    if mutation.verb == "scale" and after is not None:
        fewer = replicas_of(after)
        return first, Ready(when="after", least=min(now, fewer), most=fewer, wanted=fewer)
    if mutation.verb != "rollout restart" and (after is None or _template(after) == _template(seen.target)):
        return ()
    least = min(now, max(0, wanted - _unavailable(seen.target, wanted)))
    words = f"never below today's {now}" if least >= now else f"{now - least} fewer than now"
    return (
        first,
        Ready(when="during", least=least, most=wanted, wanted=wanted, words=words),
        Ready(when="after", least=wanted, most=wanted, wanted=wanted, words="if the new pods become ready"),
    )


def _unavailable(workload: Json, wanted: int) -> int:
    """How many may be missing while it rolls."""
    strategy = (workload.get("spec") or {}).get("strategy") or {}
    if strategy.get("type") == "Recreate":
        return wanted
    share = (strategy.get("rollingUpdate") or {}).get("maxUnavailable", "25%")
    return wanted * int(share[:-1]) // 100 if isinstance(share, str) and share.endswith("%") else int(share)


def is_ready(pod: Json) -> bool:
    conditions: Sequence[Mapping[str, Any]] = (pod.get("status") or {}).get("conditions") or []
    return "deletionTimestamp" not in pod["metadata"] and any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def selector_of(target: Json, kind: str) -> str:
    """Labels that find the pods of a workload, or those like this pod; empty: there are none."""
    if kind == "pod":
        labels = target["metadata"].get("labels") or {}
        found: Iterable[tuple[str, str]] = ((key, value) for key, value in labels.items() if key not in OF_ONE_POD)
    else:
        found = (((target.get("spec") or {}).get("selector") or {}).get("matchLabels") or {}).items()
    return ",".join(f"{key}={value}" for key, value in found)


def belongs(child: Json, parent: Json) -> bool:
    uid = parent["metadata"].get("uid")
    return any(one.get("uid") == uid for one in child["metadata"].get("ownerReferences") or [])


def _template(workload: Json) -> Json:
    found: Json = (workload.get("spec") or {}).get("template") or {}
    return found


def _hash(whole: Json) -> str:
    return str((whole["metadata"].get("labels") or {}).get("pod-template-hash", ""))


def _made(whole: Json) -> datetime:
    return datetime.fromisoformat(whole["metadata"]["creationTimestamp"])
