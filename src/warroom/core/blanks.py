"""What a placeholder may stand for: names out of the live cluster, the most likely one first."""

import re
from collections.abc import Iterable

from warroom.core.pods import is_ready, state_word, trouble_rank
from warroom.core.prepared import Candidate
from warroom.core.readings import Pod, World

MOST = 40
"""Candidates of one placeholder."""
_POD = re.compile(r"^pods?$|pod.?(?:name|id)|^name.?of.?(?:the.?)?pod", re.IGNORECASE)
_NODE = re.compile(r"^nodes?$|node.?name|^host(?:name)?$", re.IGNORECASE)
_DEPLOYMENT = re.compile(r"deploy|^app(?:.?name)?$|^service(?:.?name)?$", re.IGNORECASE)
_NAMESPACE = re.compile(r"^ns$|namespace", re.IGNORECASE)
_CONTAINER = re.compile(r"container", re.IGNORECASE)
_REVISION = re.compile(r"revision", re.IGNORECASE)


def candidates(name: str, world: World, selected: str = "") -> tuple[Candidate, ...]:
    """Empty where nothing that the console reads has such names. `selected` is the pod under the cursor."""
    pods = _by_trouble(world.pods.value, selected)
    if _POD.search(name):
        return tuple(Candidate(pod.name, _of_pod(pod, selected)) for pod in pods[:MOST])
    if _NODE.search(name):
        return _once((pod.node, f"runs {pod.name}, {state_word(pod)}") for pod in pods if pod.node)
    if _CONTAINER.search(name):
        return _once((one.name, f"of {pod.name}") for pod in pods for one in pod.containers if not one.init)
    if _NAMESPACE.search(name):
        cluster = world.cluster.value
        return tuple(Candidate(each, "pinned") for each in (cluster.namespaces if cluster else ()))
    if _REVISION.search(name):
        return _once((str(one.number), f"of {each.name}") for each in world.deployments.value for one in each.revisions)
    if _DEPLOYMENT.search(name):
        return _once((each.name, f"{each.ready} of {each.replicas} ready") for each in world.deployments.value)
    return ()


def _by_trouble(pods: tuple[Pod, ...], selected: str) -> list[Pod]:
    return sorted(pods, key=lambda pod: (selected not in (pod.name, pod.key), is_ready(pod), trouble_rank(pod, None), pod.name))


def _of_pod(pod: Pod, selected: str) -> str:
    restarts = sum(one.restarts for one in pod.containers)
    words = [*(["selected"] if selected in (pod.name, pod.key) else []), state_word(pod)]
    return ", ".join([*words, *([f"{restarts} restarts"] if restarts else [])])


def _once(found: Iterable[tuple[str, str]]) -> tuple[Candidate, ...]:
    first: dict[str, str] = {}
    for value, why in found:
        first.setdefault(value, why)
    return tuple(Candidate(value, why) for value, why in list(first.items())[:MOST])
