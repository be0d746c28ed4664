"""Ready pods before, during and after a change."""

from warroom.core.compared import Json
from warroom.core.inverse import replicas_of
from warroom.core.mutation import Mutation
from warroom.core.prepared import Ready
from warroom.core.seen import WORKLOADS, Seen, is_ready, template

ROLLS = ("rollout undo", "rollout restart", "set image", "set env", "set resources", "patch")
"""Verbs that may replace the pods one after another."""


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
    if mutation.verb != "rollout restart" and (after is None or template(after) == template(seen.target)):
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
