"""What undoes a change: a command of kubectl that anybody can read, and that refuses to work where the change is no longer there."""

import json
import shlex
from typing import Any

from warroom.core.compared import Json, way_back, wish
from warroom.core.mutation import Mutation

REVISION = "deployment.kubernetes.io/revision"
PATCHED = ("patch", "edit", "set image", "set env", "set resources")


def inverse(mutation: Mutation, namespace: str, before: Json, after: Json) -> str:
    """`before` and `after` are the whole object; empty: nothing was changed, or nothing brings it back."""
    if wish(before) == wish(after):
        return ""
    place = "" if mutation.kind in ("node", "namespace") else f" -n {namespace}"
    words = _words(mutation, before, after)
    return f"kubectl {words[0]}{place}{words[1]}" if words else ""


def _words(mutation: Mutation, before: Json, after: Json) -> tuple[str, str] | None:
    """The verb with its object, and what stands behind the namespace."""
    thing, verb = f"{mutation.kind} {mutation.name}", mutation.verb
    match verb:
        case "rollout restart":
            return None
        case "rollout undo" if revision_of(before):
            return f"rollout undo {mutation.object}", f" --to-revision={revision_of(before)}"
        case "rollout pause":
            return f"rollout resume {mutation.object}", ""
        case "rollout resume":
            return f"rollout pause {mutation.object}", ""
        case "scale":
            return f"scale {thing}", f" --replicas={replicas_of(before)} --current-replicas={replicas_of(after)}"
        case "cordon" | "drain":
            return f"uncordon {mutation.name}", ""
        case "uncordon":
            return f"cordon {mutation.name}", ""
        case "label" | "annotate":
            return f"{verb} {thing}", _notes("labels" if verb == "label" else "annotations", before, after)
        case "taint":
            return f"taint {thing}", _taints(before, after)
        case verb if verb in (*PATCHED, "rollout undo"):
            patch = json.dumps(_patch_back(mutation, before, after), separators=(",", ":"), ensure_ascii=False)
            return f"patch {thing}", f" --type=json -p {shlex.quote(patch)}"
    return None


def _patch_back(mutation: Mutation, before: Json, after: Json) -> list[Json]:
    """What an autoscaler did meanwhile is not ours to take back."""
    ours = "replicas" in " ".join(mutation.words)
    return [step for step in way_back(before, after) if ours or step["path"] != "/spec/replicas"]


def revision_of(deployment: Json) -> int:
    """0: unknown."""
    text = str((deployment.get("metadata", {}).get("annotations") or {}).get(REVISION, ""))
    return int(text) if text.isdigit() else 0


def replicas_of(workload: Json) -> int:
    return int((workload.get("spec") or {}).get("replicas", 1))


def _notes(field: str, before: Json, after: Json) -> str:
    was: dict[str, Any] = wish(before)["metadata"].get(field, {})
    now: dict[str, Any] = wish(after)["metadata"].get(field, {})
    changed = [key for key in dict.fromkeys((*was, *now)) if was.get(key) != now.get(key)]
    words = [shlex.quote(f"{key}={was[key]}") if key in was else f"{key}-" for key in changed]
    return f" {' '.join(words)}{' --overwrite' if any(key in was for key in changed) else ''}"


def _taints(before: Json, after: Json) -> str:
    was, now = ([_taint(one) for one in (whole.get("spec") or {}).get("taints") or []] for whole in (before, after))
    words = [*(f"{one}-" for one in now if one not in was), *(one for one in was if one not in now)]
    return f" {' '.join(map(shlex.quote, words))} --overwrite"


def _taint(one: Json) -> str:
    value = f"={one['value']}" if one.get("value") else ""
    return f"{one['key']}{value}:{one['effect']}"
