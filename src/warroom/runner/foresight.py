"""Looks at the cluster before a change: the object, what stands around it, and what the server says to a dry run."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import msgspec

from warroom.core.blast import Foreseen, blast
from warroom.core.compared import Json
from warroom.core.mutation import Mutation
from warroom.core.prepared import Blast
from warroom.core.redact import redact
from warroom.core.seen import WORKLOADS, Seen, belongs, selector_of
from warroom.runner.asking import Asking, Told

NOT_DRY = ("edit", "rollout restart", "rollout pause", "rollout resume")
"""Verbs that kubectl has no dry run for."""
LOOKS, BETWEEN = 6, 0.4
"""How often, and after how many seconds, an object is looked at again whose controller is behind."""
TELLS_OBJECT = ("label", "annotate", "patch", "taint", "set image", "set env", "set resources")
"""Verbs whose dry run tells the object as it would be."""


async def foresee(ask: Asking, mutation: Mutation, words: str, now: datetime) -> tuple[Foreseen, Json]:
    """What is foreseen, and the object as it is; `words` are those of the step."""
    namespace, context = mutation.namespace or ask.cluster.namespaces[0], ask.cluster.context
    told = await _observed(ask, mutation)
    if not isinstance(told.value, dict):
        why = redact(told.trouble) or "kubectl told nothing of it"
        return Foreseen(blast=Blast(title=f"{mutation.verb.capitalize()} {mutation.object}"), refusal=f"{mutation.object}: {why}"), {}
    seen = await _around(ask, mutation, told.value, namespace)
    found = blast(mutation, seen, namespace, context, words)
    if mutation.verb in NOT_DRY or found.refusal:
        return found, told.value
    dry = await dry_run(ask, [*mutation.words[1:], *found.flags], tells=mutation.verb in TELLS_OBJECT)
    if isinstance(dry.value, dict):
        found = blast(mutation, msgspec.structs.replace(seen, after=_one(dry.value)), namespace, context, words)
    said = redact(dry.trouble or " ".join(dry.text.split())[:200]) if not isinstance(dry.value, dict) else "dry run accepted"
    if "(Forbidden)" in dry.trouble:
        found = msgspec.structs.replace(found, refusal=f"the cluster does not let you: {said}; ask somebody who may")
    answered = msgspec.structs.replace(found.blast, dry_run=said, accepted=not dry.trouble, at=now)
    return msgspec.structs.replace(found, blast=answered), told.value


async def _observed(ask: Asking, mutation: Mutation) -> Told:
    """The object, once its controller has seen the last change of it: right after a roll-back the revisions are still told as they were."""
    told = await target(ask, mutation)
    for _ in range(LOOKS):
        if not isinstance(told.value, dict) or not _lags(told.value):
            break
        await asyncio.sleep(BETWEEN)
        told = await target(ask, mutation)
    return told


def _lags(whole: Json) -> bool:
    seen = (whole.get("status") or {}).get("observedGeneration")
    return isinstance(seen, int) and seen < int((whole.get("metadata") or {}).get("generation") or 0)


async def target(ask: Asking, mutation: Mutation) -> Told:
    """The object that it changes."""
    place = () if mutation.kind in ("node", "namespace") else ("-n", mutation.namespace or ask.cluster.namespaces[0])
    return await ask("get", mutation.kind, mutation.name, *place, "-o", "json")


async def dry_run(ask: Asking, words: Sequence[str], *, tells: bool) -> Told:
    output = ("-o", "json") if tells else ()
    return await ask(*(word for word in words if not word.startswith(("--output", "-o"))), "--dry-run=server", *output)


def _one(value: Json) -> Json:
    """A verb that takes several objects tells a list."""
    items = value.get("items")
    return items[0] if value.get("kind") == "List" and items else value


async def _around(ask: Asking, mutation: Mutation, whole: Json, namespace: str) -> Seen:
    place = ("-n", namespace, "-o", "json")
    if mutation.kind == "node":
        pods = await ask("get", "pods", "-A", "--field-selector", f"spec.nodeName={mutation.name}", "-o", "json")
        budgets = await ask("get", "poddisruptionbudgets", "-A", "-o", "json") if mutation.verb == "drain" else Told("{}")
        return Seen(target=whole, pods=pods.items, budgets=None if budgets.trouble else budgets.items, scalers=())
    labels = selector_of(whole, mutation.kind)
    if mutation.kind not in (*WORKLOADS, "pod"):
        return Seen(target=whole, budgets=(), scalers=())
    kinds = "pods,replicasets" if mutation.kind == "deployment" else "pods"
    near, budgets, scalers = await asyncio.gather(
        ask("get", kinds, "-l", labels, *place) if labels else _only(whole),
        ask("get", "poddisruptionbudgets", *place),
        ask("get", "horizontalpodautoscalers", *place),
    )
    return Seen(
        target=whole,
        sets=tuple(one for one in near.items if one.get("kind") == "ReplicaSet" and belongs(one, whole)),
        pods=tuple(one for one in near.items if one.get("kind") == "Pod"),
        budgets=None if budgets.trouble else budgets.items,
        scalers=None if scalers.trouble else scalers.items,
    )


async def _only(whole: Json) -> Told:
    """Something without labels has nothing like it."""
    return Told(msgspec.json.encode({"items": [whole]}).decode())
