"""Deployments, replica sets and stateful sets: what is wished becomes what is, step by step."""

import random
from collections.abc import Callable
from datetime import datetime

from warroom.gameday import shapes
from warroom.gameday.agenda import Agenda, stamp
from warroom.gameday.kubelet import Kubelet, Told, is_ready
from warroom.gameday.recorder import Recorder
from warroom.gameday.resources import BY_KIND, DEPLOYMENTS, PODS, REPLICASETS, STATEFULSETS, Json, Key, Resource
from warroom.gameday.world import Change, World, copied

LETTERS = "bcdfghjklmnpqrstvwxz2456789"
"""Kubernetes makes names of these, so that no words come out."""
PAUSE = 0.2
"""Scenario seconds between two steps of a controller."""


def plain(value: object) -> object:
    """A template as it is compared: without the hash, and without fields that say nothing."""
    if isinstance(value, dict):
        kept = {key: plain(item) for key, item in value.items() if key not in (shapes.HASH, "creationTimestamp")}
        return {key: item for key, item in kept.items() if item not in (None, {}, [], "")}
    return [plain(item) for item in value] if isinstance(value, list) else value


def revision(object: Json) -> int:
    return int((object["metadata"].get("annotations") or {}).get(shapes.REVISION, "0"))


def share(value: int | str, of: int, *, up: bool) -> int:
    """`25%` of a number, rounded up or down."""
    if isinstance(value, int):
        return value
    percent = int(value.rstrip("%")) * of
    return -(-percent // 100) if up else percent // 100


class Controllers:
    """Wakes on every change of what it looks after, and makes one step at a time."""

    def __init__(
        self,
        world: World,
        agenda: Agenda,
        rng: random.Random,
        recorder: Recorder,
        kubelet: Kubelet,
        hash: Callable[[Json], str],
        told: Told,
    ) -> None:
        self._world = world
        self._agenda = agenda
        self._rng = rng
        self._recorder = recorder
        self._kubelet = kubelet
        self._hash = hash
        self._told = told
        self._dirty: set[tuple[Resource, Key]] = set()
        self._progressed: dict[str, datetime] = {}
        self._steps = {DEPLOYMENTS: self._deployment, REPLICASETS: self._replica_set, STATEFULSETS: self._stateful_set}
        world.listeners.append(self._changed)

    def suffix(self, length: int = 5) -> str:
        return "".join(self._rng.choices(LETTERS, k=length))

    def _changed(self, change: Change) -> None:
        resource, object = change.after.resource, change.after.object
        if resource in self._steps:
            if change.type == "DELETED":
                self._agenda.after(PAUSE, lambda: self._orphaned(object))
            else:
                self._wake(resource, change.after.key)
        for reference in object["metadata"].get("ownerReferences", ()):
            above = BY_KIND.get(reference["kind"])
            if above in self._steps:
                self._wake(above, (object["metadata"]["namespace"], reference["name"]))

    def _wake(self, resource: Resource, key: Key) -> None:
        if (resource, key) not in self._dirty:
            self._dirty.add((resource, key))
            self._agenda.after(PAUSE, lambda: self._step(resource, key))

    def _step(self, resource: Resource, key: Key) -> None:
        self._dirty.discard((resource, key))
        object = self._world.copy(resource, *key)
        if object is not None:
            self._steps[resource](object)

    def _orphaned(self, gone: Json) -> None:
        """Deletes what a deleted object owned."""
        for resource in (REPLICASETS, PODS):
            for object in self._world.owned(resource, gone):
                key = object["metadata"]["namespace"], object["metadata"]["name"]
                if resource is PODS:
                    self._kubelet.delete(key)
                else:
                    self._world.remove(resource, *key)

    # Pods of replica sets and stateful sets

    def _pods(self, owner: Json) -> list[Json]:
        return [
            pod
            for pod in self._world.owned(PODS, owner)
            if "deletionTimestamp" not in pod["metadata"] and pod["status"].get("phase") not in ("Succeeded", "Failed")
        ]

    def _replica_set(self, object: Json) -> None:
        pods = self._pods(object)
        metadata, wanted = object["metadata"], object["spec"]["replicas"]
        for _ in range(wanted - len(pods)):
            name = f"{metadata['name']}-{self.suffix()}"
            self._create(REPLICASETS, object, name, {}, "replicaset-controller")
        # As the real one: first what is not ready, then what is youngest.
        going = sorted(pods, key=lambda pod: (is_ready(pod), -self._kubelet.born(pod)))[: max(0, len(pods) - wanted)]
        for pod in going:
            self._kubelet.delete((metadata["namespace"], pod["metadata"]["name"]))
            self._recorder.tell(
                "ReplicaSet", object, "Normal", "SuccessfulDelete", f"Deleted pod: {pod['metadata']['name']}", by="replicaset-controller"
            )
        pods = self._pods(object)
        ready = sum(map(is_ready, pods))
        object["status"] = {
            "replicas": len(pods),
            "fullyLabeledReplicas": len(pods),
            **({"readyReplicas": ready, "availableReplicas": ready} if ready else {}),
            "observedGeneration": metadata["generation"],
        }
        self._world.put(REPLICASETS, object)

    def _stateful_set(self, object: Json) -> None:
        pods = {pod["metadata"]["name"]: pod for pod in self._world.owned(PODS, object)}
        metadata, wanted = object["metadata"], object["spec"]["replicas"]
        for ordinal in range(wanted):
            name = f"{metadata['name']}-{ordinal}"
            if name not in pods:
                self._create(
                    STATEFULSETS,
                    object,
                    name,
                    {"apps.kubernetes.io/pod-index": str(ordinal), "statefulset.kubernetes.io/pod-name": name},
                    "statefulset-controller",
                )
                break
            if not is_ready(pods[name]):
                break
        else:
            over = [name for name in pods if int(name.rpartition("-")[2]) >= wanted]
            if over:
                self._kubelet.delete((metadata["namespace"], max(over, key=lambda name: int(name.rpartition("-")[2]))))
        alive = self._pods(object)
        ready = sum(map(is_ready, alive))
        object["status"] = {
            "observedGeneration": metadata["generation"],
            "replicas": len(alive),
            "readyReplicas": ready,
            "availableReplicas": ready,
            "currentReplicas": len(alive),
            "updatedReplicas": len(alive),
            "collisionCount": 0,
        }
        self._world.put(STATEFULSETS, object)

    def _create(self, resource: Resource, owner: Json, name: str, labels: dict[str, str], by: str) -> None:
        metadata = owner["metadata"]
        pod = shapes.pod(name, metadata["namespace"], owner["spec"]["template"], shapes.owner(resource, owner), labels)
        if resource is REPLICASETS:
            pod["metadata"]["generateName"] = f"{metadata['name']}-"
        self._world.add(PODS, pod)
        self._recorder.tell(resource.kind, owner, "Normal", "SuccessfulCreate", f"Created pod: {name}", by=by)
        self._told("created", f"pod/{name}", f"for {resource.kind} {metadata['name']}")

    # Deployments

    def _deployment(self, object: Json) -> None:
        sets = sorted(self._world.owned(REPLICASETS, object), key=revision)
        wish = plain(object["spec"]["template"])
        new = next((s for s in sets if plain(s["spec"]["template"]) == wish), None)
        if not object["spec"].get("paused"):
            if new is None:
                self._begin(object, sets)
                return
            if self._renumber(object, new, sets) or self._roll(object, new, [s for s in sets if s is not new]):
                return
            self._forget_old(object, [s for s in sets if s is not new])
        elif self._scale_alone(object, sets):
            return
        self._status(object, new, sets)

    def _begin(self, object: Json, sets: list[Json]) -> None:
        """The replica set of a template that was never seen."""
        notes = {**_notes(object), shapes.REVISION: str(max(map(revision, sets), default=0) + 1)}
        hash = self._hash(object["spec"]["template"])
        space = object["metadata"]["namespace"]
        while self._world.get(REPLICASETS, space, f"{object['metadata']['name']}-{hash}") is not None:
            hash = self.suffix(10)
        made = shapes.replica_set(object, object["spec"]["template"], hash, 0, shapes.owner(DEPLOYMENTS, object), notes)
        self._world.add(REPLICASETS, made)
        self._moved(object)

    def _moved(self, object: Json) -> None:
        """The rollout made progress: its deadline begins anew."""
        uid = object["metadata"]["uid"]
        self._progressed[uid] = self._agenda.now
        key = object["metadata"]["namespace"], object["metadata"]["name"]
        self._agenda.after(object["spec"].get("progressDeadlineSeconds", 600) + PAUSE, lambda: self._wake(DEPLOYMENTS, key))

    def _renumber(self, object: Json, new: Json, sets: list[Json]) -> bool:
        """What runs has the highest revision; an old replica set that returns gets a new number."""
        top = max((revision(s) for s in sets if s is not new), default=0)
        if revision(new) <= top:
            fresh = copied(new)
            notes = fresh["metadata"]["annotations"]
            notes[shapes.HISTORY] = ",".join(filter(None, (notes.get(shapes.HISTORY, ""), notes[shapes.REVISION])))
            notes |= {**_notes(object), shapes.REVISION: str(top + 1)}
            self._world.put(REPLICASETS, fresh)
            self._moved(object)
            return True
        if revision(object) != revision(new):
            object["metadata"].setdefault("annotations", {})[shapes.REVISION] = str(revision(new))
            self._world.put(DEPLOYMENTS, object)
            return True
        # An annotation set later (`kubectl annotate … change-cause`) moves down to the running replica set.
        if any(new["metadata"]["annotations"].get(key) != value for key, value in _notes(object).items()):
            fresh = copied(new)
            fresh["metadata"]["annotations"] |= _notes(object)
            self._world.put(REPLICASETS, fresh)
            return True
        return False

    def _roll(self, object: Json, new: Json, old: list[Json]) -> bool:
        """One step of a rolling update; False when there is nothing to do."""
        wanted = object["spec"]["replicas"]
        rolling = object["spec"]["strategy"].get("rollingUpdate") or {}
        surge = share(rolling.get("maxSurge", "25%"), wanted, up=True)
        missing = share(rolling.get("maxUnavailable", "25%"), wanted, up=False)
        if object["spec"]["strategy"].get("type") == "Recreate":
            surge, missing = 0, wanted
        if surge == 0 and missing == 0:
            missing = 1
        has = new["spec"]["replicas"]
        total = has + sum(s["spec"]["replicas"] for s in old)
        if total > wanted + surge and has < total:
            return self._scale_down(object, [new, *reversed(old)], total, wanted + surge)
        if has > wanted:
            return self._resize(object, new, wanted)
        room = wanted + surge - total
        if has < wanted and room > 0 and not (object["spec"]["strategy"].get("type") == "Recreate" and total > has):
            return self._resize(object, new, min(wanted, has + room))
        return self._shrink(object, new, old, total, wanted - missing)

    def _scale_down(self, object: Json, sets: list[Json], total: int, to: int) -> bool:
        """Fewer replicas were wished: each replica set gives its share, the largest the rest."""
        sets = sorted(sets, key=lambda s: -s["spec"]["replicas"])
        cuts = {s["metadata"]["name"]: s["spec"]["replicas"] * (total - to) // total for s in sets}
        left = total - to - sum(cuts.values())
        for s in sets:
            more = min(left, s["spec"]["replicas"] - cuts[s["metadata"]["name"]])
            cuts[s["metadata"]["name"]] += more
            left -= more
        # Not any(): every one of them has to move.
        return max([self._resize(object, s, s["spec"]["replicas"] - cuts[s["metadata"]["name"]]) for s in sets])

    def _shrink(self, object: Json, new: Json, old: list[Json], total: int, least: int) -> bool:
        """Takes pods from old replica sets, as many as may be missing: first those that are of no use."""
        spare = total - least - (new["spec"]["replicas"] - new["status"].get("availableReplicas", 0))
        moved = False
        sizes = {s["metadata"]["name"]: s["spec"]["replicas"] for s in old}
        for s in old:
            name = s["metadata"]["name"]
            useless = min(spare, sizes[name] - s["status"].get("availableReplicas", 0))
            if useless > 0:
                sizes[name] -= useless
                spare -= useless
        useful = new["status"].get("availableReplicas", 0) + sum(s["status"].get("availableReplicas", 0) for s in old)
        spare = min(spare, useful - least)
        for s in old:
            name = s["metadata"]["name"]
            fewer = min(spare, sizes[name])
            if fewer > 0:
                sizes[name] -= fewer
                spare -= fewer
        for s in old:
            moved = self._resize(object, s, sizes[s["metadata"]["name"]]) or moved
        return moved

    def _scale_alone(self, object: Json, sets: list[Json]) -> bool:
        """A paused deployment rolls nothing out, but follows its number of replicas."""
        active = [s for s in sets if s["spec"]["replicas"]] or sets[-1:]
        return len(active) == 1 and self._resize(object, active[0], object["spec"]["replicas"])

    def _resize(self, object: Json, given: Json, to: int) -> bool:
        if given["spec"]["replicas"] == to:
            return False
        fresh = copied(given)
        was = fresh["spec"]["replicas"]
        fresh["spec"]["replicas"] = to
        fresh["metadata"]["generation"] += 1
        self._world.put(REPLICASETS, fresh)
        message = f"Scaled {'up' if to > was else 'down'} replica set {given['metadata']['name']} from {was} to {to}"
        self._recorder.tell("Deployment", object, "Normal", "ScalingReplicaSet", message, by="deployment-controller")
        return True

    def _forget_old(self, object: Json, old: list[Json]) -> None:
        empty = [s for s in old if not s["spec"]["replicas"] and not s["status"].get("replicas")]
        for s in empty[: max(0, len(empty) - object["spec"].get("revisionHistoryLimit", 10))]:
            self._world.remove(REPLICASETS, s["metadata"]["namespace"], s["metadata"]["name"])

    def _status(self, object: Json, new: Json | None, sets: list[Json]) -> None:
        wanted = object["spec"]["replicas"]
        ready = sum(s["status"].get("readyReplicas", 0) for s in sets)
        total = sum(s["status"].get("replicas", 0) for s in sets)
        updated = new["status"].get("replicas", 0) if new is not None else 0
        before = object["status"]
        counts = {
            "observedGeneration": object["metadata"]["generation"],
            "replicas": total,
            "updatedReplicas": updated,
            "readyReplicas": ready,
            "availableReplicas": ready,
            "unavailableReplicas": max(0, wanted - ready),
        }
        if updated > before.get("updatedReplicas", 0) or ready > before.get("readyReplicas", 0):
            self._moved(object)
        complete = new is not None and updated == total == ready == wanted
        object["status"] = {key: value for key, value in counts.items() if value or key == "observedGeneration"}
        object["status"]["conditions"] = self._conditions(object, before.get("conditions", []), new, complete, ready)
        self._world.put(DEPLOYMENTS, object)

    def _conditions(self, object: Json, before: list[Json], new: Json | None, complete: bool, ready: int) -> list[Json]:
        now = self._agenda.now
        old = {condition["type"]: condition for condition in before}
        rolling = object["spec"]["strategy"].get("rollingUpdate") or {}
        least = object["spec"]["replicas"] - share(rolling.get("maxUnavailable", "25%"), object["spec"]["replicas"], up=False)
        enough = ready >= least
        available = (True, "MinimumReplicasAvailable", "Deployment has minimum availability.")
        if not enough:
            available = (False, "MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
        return [
            _keep(old.get("Available"), "Available", *available, now),
            self._progressing(object, old.get("Progressing"), new, complete, now),
        ]

    def _progressing(self, object: Json, old: Json | None, new: Json | None, complete: bool, now: datetime) -> Json:
        name = f'ReplicaSet "{new["metadata"]["name"]}"' if new is not None else "Deployment"
        deadline = self._agenda.span(object["spec"].get("progressDeadlineSeconds", 600))
        last = self._progressed.get(object["metadata"]["uid"])
        if object["spec"].get("paused"):
            return _keep(old, "Progressing", True, "DeploymentPaused", "Deployment is paused", now)
        if complete:
            return _keep(old, "Progressing", True, "NewReplicaSetAvailable", f"{name} has successfully progressed.", now)
        # Pods that fail after a rollout was complete do not make it incomplete again.
        if old is not None and old.get("reason") == "NewReplicaSetAvailable" and name in old["message"]:
            return old
        if last is not None and now - last >= deadline:
            if old is None or old.get("reason") != "ProgressDeadlineExceeded":
                self._told("stuck", f"deployment/{object['metadata']['name']}", f"{name} has timed out progressing")
            return _keep(old, "Progressing", False, "ProgressDeadlineExceeded", f"{name} has timed out progressing.", now)
        return _keep(old, "Progressing", True, "ReplicaSetUpdated", f"{name} is progressing.", now, touched=last == now)


def _notes(object: Json) -> dict[str, str]:
    """The annotations of a deployment that its replica set takes over."""
    ours = {shapes.REVISION, shapes.HISTORY, "kubectl.kubernetes.io/last-applied-configuration"}
    return {key: value for key, value in (object["metadata"].get("annotations") or {}).items() if key not in ours}


def _keep(old: Json | None, kind: str, status: bool, reason: str, message: str, now: datetime, touched: bool = False) -> Json:
    """The old condition, unless it says something else now."""
    word = "True" if status else "False"
    if old is not None and (old["status"], old["reason"], old["message"]) == (word, reason, message) and not touched:
        return old
    since = old["lastTransitionTime"] if old is not None and old["status"] == word else stamp(now)
    return {"type": kind, "status": word, "lastUpdateTime": stamp(now), "lastTransitionTime": since, "reason": reason, "message": message}
