"""Answers to patch, scale and delete, with the guards that the API server keeps."""

import json
import re
from typing import Any

from warroom.gameday import patches, protobuf, statuses
from warroom.gameday.agenda import stamp
from warroom.gameday.asks import Ask
from warroom.gameday.resources import NODES, PODS, Json
from warroom.gameday.simulation import Simulation
from warroom.gameday.world import Stored, copied

JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"


class Writes:
    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._world = simulation.world

    def patch(self, ask: Ask, body: bytes, kind: str) -> Json:
        """The object as it is after; with `dryRun=All` as it would be."""
        before = self._found(ask)
        patched = self._patched(ask, before.object, _json(body), kind)
        self._check(ask, before, patched)
        if patched.get("spec") != before.object.get("spec") and "generation" in before.object["metadata"]:
            patched["metadata"]["generation"] = before.object["metadata"]["generation"] + 1
        if ask.flag("dryRun") or ask.query.get("dryRun") == "All":
            patched["metadata"]["resourceVersion"] = str(before.version)
            return {"kind": ask.resource.kind, "apiVersion": ask.resource.api_version, **patched}
        self._world.put(ask.resource, patched)
        return self._whole(ask)

    def scale(self, ask: Ask) -> Json:
        return _scale(self._found(ask).object)

    def patch_scale(self, ask: Ask, body: bytes, kind: str) -> Json:
        before = self._found(ask)
        patched = self._patched(ask, _scale(before.object), _json(body), kind)
        replicas = (patched.get("spec") or {}).get("replicas", 0)
        if not isinstance(replicas, int) or isinstance(replicas, bool) or replicas < 0:
            raise statuses.invalid(
                f"Scale is invalid: spec.replicas: Invalid value: {replicas!r}: must be greater than or equal to 0", ask.resource, ask.name
            )
        wanted = patched["metadata"].get("resourceVersion")
        if wanted and wanted != str(before.version):
            raise statuses.conflict(ask.resource, ask.name)
        fresh = copied(before.object)
        if fresh["spec"]["replicas"] != replicas:
            fresh["spec"]["replicas"] = replicas
            fresh["metadata"]["generation"] += 1
        if ask.query.get("dryRun") == "All":
            return _scale(fresh)
        self._world.put(ask.resource, fresh)
        return _scale(self._found(ask).object)

    def delete(self, ask: Ask, body: bytes, kind: str = "") -> Json:
        before = self._found(ask)
        options = _options(body, kind) if body else {}
        if not isinstance(options, dict):
            raise statuses.bad_request("the body of a DELETE is a DeleteOptions object")
        wanted = options.get("preconditions") or {}
        metadata = before.object["metadata"]
        if wanted.get("uid") not in (None, metadata["uid"]):
            why = f"Precondition failed: UID in precondition: {wanted['uid']}, UID in object meta: {metadata['uid']}"
            raise statuses.conflict(ask.resource, ask.name, f"{why}; it might have been deleted and then recreated")
        if wanted.get("resourceVersion") not in (None, metadata["resourceVersion"]):
            why = f"Precondition failed: ResourceVersion in precondition: {wanted['resourceVersion']}"
            raise statuses.conflict(ask.resource, ask.name, f"{why}, ResourceVersion in object meta: {metadata['resourceVersion']}")
        grace = options.get("gracePeriodSeconds", ask.number("gracePeriodSeconds") if "gracePeriodSeconds" in ask.query else None)
        dry = ask.query.get("dryRun") == "All" or options.get("dryRun") == ["All"]
        if ask.resource is PODS:
            if dry:
                pod = copied(before.object)
                seconds = pod["spec"].get("terminationGracePeriodSeconds", 30) if grace is None else grace
                pod["metadata"] |= {"deletionTimestamp": stamp(self._simulation.agenda.now), "deletionGracePeriodSeconds": seconds}
                return {"kind": "Pod", "apiVersion": "v1", **pod}
            gone = self._simulation.delete_pod(ask.namespace, ask.name, grace)
            return {"kind": "Pod", "apiVersion": "v1", **(gone or before.object)}
        if not dry:
            self._world.remove(ask.resource, ask.namespace, ask.name)
        details = {
            "name": ask.name,
            **({"group": ask.resource.group} if ask.resource.group else {}),
            "kind": ask.resource.plural,
            "uid": metadata["uid"],
        }
        return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}

    def _found(self, ask: Ask) -> Stored:
        found = self._world.get(ask.resource, ask.namespace, ask.name)
        if found is None:
            raise statuses.not_found(ask.resource, ask.name)
        return found

    def _whole(self, ask: Ask) -> Json:
        return {"kind": ask.resource.kind, "apiVersion": ask.resource.api_version, **self._found(ask).object}

    def _patched(self, ask: Ask, object: Json, patch: Any, kind: str) -> Json:
        whole = {"kind": ask.resource.kind, "apiVersion": ask.resource.api_version, **copied(object)}
        try:
            if kind == JSON_PATCH:
                if not isinstance(patch, list):
                    raise statuses.bad_request("a JSON patch is a list of operations")
                made = patches.json_patch(whole, patch)
            elif kind in (MERGE_PATCH, STRATEGIC):
                if not isinstance(patch, dict):
                    raise statuses.bad_request("a merge patch is an object")
                made = (patches.merge_patch if kind == MERGE_PATCH else patches.strategic_patch)(whole, patch)
            else:
                raise statuses.unsupported(f"{JSON_PATCH}, {MERGE_PATCH}, {STRATEGIC}")
        except patches.BadPatch:
            # The real server gives no detail either.
            raise statuses.invalid("the server rejected our request due to an error in our request") from None
        return {key: value for key, value in made.items() if key not in ("kind", "apiVersion")}

    def _check(self, ask: Ask, before: Stored, patched: Json) -> None:
        """Keeps what a patch cannot change, and refuses what the controllers could not bear."""
        was, now = before.object["metadata"], patched.get("metadata")
        if not isinstance(now, dict) or now.get("name") != was["name"] or now.get("uid", was["uid"]) != was["uid"]:
            raise self._invalid(ask, "metadata.name: Invalid value: field is immutable")
        if now.get("resourceVersion") not in (None, str(before.version)):
            raise statuses.conflict(ask.resource, ask.name)
        for notes in ("labels", "annotations"):
            if not _texts(now.get(notes) or {}):
                raise self._invalid(ask, f"metadata.{notes}: Invalid value: must be a map of strings")
        for key in ("namespace", "uid", "creationTimestamp", "ownerReferences", "deletionTimestamp", "generation"):
            now.pop(key, None)
            if key in was:
                now[key] = was[key]
        if "status" in before.object:
            patched["status"] = before.object["status"]
        spec, old = patched.get("spec"), before.object.get("spec")
        if spec == old:
            return
        if not isinstance(spec, dict) or not isinstance(old, dict):
            raise self._invalid(ask, "spec: Required value")
        if ask.resource.scalable:
            self._check_workload(ask, spec, old)
        elif ask.resource is not NODES:
            raise self._invalid(ask, "spec: Forbidden: this kind cannot be changed in the simulated cluster")

    def _check_workload(self, ask: Ask, spec: Json, old: Json) -> None:
        replicas = spec.get("replicas", 1)
        if not isinstance(replicas, int) or isinstance(replicas, bool) or replicas < 0:
            raise self._invalid(ask, _few(replicas))
        if spec.get("selector") != old["selector"]:
            raise self._invalid(ask, "spec.selector: Invalid value: field is immutable")
        template = spec.get("template")
        try:
            labels, containers = template["metadata"]["labels"], template["spec"]["containers"]  # type: ignore[index]
            fine = bool(containers) and all(isinstance(c["name"], str) and isinstance(c["image"], str) for c in containers)
        except (KeyError, TypeError):
            raise self._invalid(ask, "spec.template: Required value") from None
        if not fine:
            raise self._invalid(ask, "spec.template.spec.containers: Required value")
        if not _texts(labels) or any(labels.get(key) != value for key, value in (old["selector"].get("matchLabels") or {}).items()):
            raise self._invalid(ask, "spec.template.metadata.labels: Invalid value: `selector` does not match template `labels`")
        for key in ("strategy", "progressDeadlineSeconds", "revisionHistoryLimit"):
            if key in old and type(spec.get(key)) is not type(old[key]):
                raise self._invalid(ask, f"spec.{key}: Invalid value")
        rolling = (spec.get("strategy") or {}).get("rollingUpdate") or {}
        if not all(isinstance(share, int) or re.fullmatch(r"\d+%", str(share)) for share in rolling.values()):
            raise self._invalid(ask, "spec.strategy.rollingUpdate: Invalid value: must be a number or a percentage")

    def _invalid(self, ask: Ask, why: str) -> statuses.Refused:
        return statuses.invalid(f'{ask.resource.kind} "{ask.name}" is invalid: {why}', ask.resource, ask.name)


def _texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())


def _few(replicas: object) -> str:
    return f"spec.replicas: Invalid value: {replicas!r}: must be greater than or equal to 0"


def _scale(object: Json) -> Json:
    metadata = object["metadata"]
    selector = (object["spec"].get("selector") or {}).get("matchLabels") or {}
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {key: metadata[key] for key in ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")},
        "spec": {"replicas": object["spec"]["replicas"]},
        "status": {
            "replicas": object["status"].get("replicas", 0),
            "selector": ",".join(f"{key}={value}" for key, value in selector.items()),
        },
    }


def _options(body: bytes, kind: str) -> Any:
    """What kubectl's drain says in protobuf."""
    try:
        return protobuf.delete_options(body) if kind == protobuf.KIND else _json(body)
    except ValueError:
        raise statuses.unsupported("application/json") from None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body or b"{}")
    except ValueError:
        raise statuses.unsupported("application/json") from None
