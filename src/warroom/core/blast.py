"""The blast radius of one change: what the cluster says now, turned into what the card says."""

import re

import msgspec

from warroom.core.bystanders import tell_autoscaler, tell_budgets, tell_owners
from warroom.core.capacity import ROLLS, ready
from warroom.core.compared import Json, difference, wish
from warroom.core.inverse import inverse, replicas_of, revision_of
from warroom.core.mutation import Mutation
from warroom.core.prepared import Blast
from warroom.core.seen import WORKLOADS, Seen, Told, is_ready, made, template, template_hash

_SHRINKS = re.compile(r"\b(?:down|reduce|fewer|shrink|less)\b", re.IGNORECASE)


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """`flags` are to be added to the call, each with why in `added`."""

    blast: Blast
    inverse: str = ""
    refusal: str = ""
    flags: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    idle: bool = False
    """The object is already so."""
    then: str = ""


def blast(mutation: Mutation, seen: Seen, namespace: str, context: str, words: str) -> Foreseen:
    """`words` are those of the step: what its author believed that it does."""
    told = Told()
    flags, added, refusal, after, title = _change(mutation, seen, words, told)
    tell_owners(mutation, seen, told)
    tell_autoscaler(mutation, seen, told)
    tell_budgets(mutation, seen, told)
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
    return Foreseen(
        blast=found, inverse=back, refusal=refusal, flags=tuple(flags), added=tuple(added), idle=idle, then=_then(mutation, namespace)
    )


def _then(mutation: Mutation, namespace: str) -> str:
    rolls = mutation.kind in ("deployment", "statefulset", "daemonset") and mutation.verb in (*ROLLS, "scale", "rollout resume")
    return f"kubectl rollout status {mutation.object} -n {namespace} --timeout=110s" if rolls else ""


_Change = tuple[list[str], list[str], str, Json | None, str]
"""Flags with why, a refusal, the object as it will be, and the title."""


def _change(mutation: Mutation, seen: Seen, words: str, told: Told) -> _Change:
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
    if mutation.verb in ROLLS[2:] and mutation.kind in WORKLOADS and after is not None and template(after) != template(seen.target):
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


def _undo(mutation: Mutation, seen: Seen, told: Told) -> _Change:
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
    if current is not None and made(target) and made(current) and made(target) > made(current):
        title = f"Roll {mutation.object} FORWARD from r{now} to r{wanted}"
        told.serious.append(f"this rolls forward: r{wanted} was made after what runs now, which was rolled back to")
    count = len([pod for pod in seen.pods if template_hash(pod) != template_hash(target)])
    told.effects.append(f"{count} pods that are not of r{wanted} are replaced, {replicas_of(seen.target)} of r{wanted} run then")
    after = {**seen.target, "spec": {**seen.target["spec"], "template": _withouttemplate_hash(template(target))}}
    if given:
        return [], [], "", after, title
    why = f"the revision: another undo would bring back r{now}"
    return [f"--to-revision={wanted}"], [why], "", after, title


def _withouttemplate_hash(template: Json) -> Json:
    metadata = template.get("metadata") or {}
    labels = {key: value for key, value in (metadata.get("labels") or {}).items() if key != "pod-template-hash"}
    return {**template, "metadata": {**metadata, "labels": labels}}


# -- scale ------------------------------------------------------------------------------------------------------------------


def _scale(mutation: Mutation, seen: Seen, words: str, told: Told) -> _Change:
    now, text = replicas_of(seen.target), mutation.flag("--replicas") or ""
    title = f"Scale {mutation.object} from {now} to {text or '?'}"
    if not text.isdigit():
        return [], [], "--replicas is no number: say how many it should be", None, title
    wanted = int(text)
    if wanted > now and _SHRINKS.search(words):
        told.serious.append(f"this scales UP: it has {now} now, and the step speaks of fewer")
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


def _delete_pod(mutation: Mutation, seen: Seen, told: Told) -> None:
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


def _node(mutation: Mutation, seen: Seen, told: Told) -> _Change:
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
