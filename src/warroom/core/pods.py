"""What a pod's fields mean: its state in kubectl's word, how bad that is, and why in plain words."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from warroom.core import changes
from warroom.core.changes import RECENT
from warroom.core.readings import Container, Deployment, Pod, Revision

FAILING, NOT_READY, RESTARTING, PENDING, WELL, ENDED = range(6)
"""The ranks of trouble, worst first."""
STARTING = {"Pending", "ContainerCreating", "PodInitializing", "SchedulingGated", "Terminating"}
Revisions = Mapping[tuple[str, str], tuple[Deployment, Revision]]


def ready(pod: Pod) -> tuple[int, int]:
    """How many of its containers are ready, and how many there are; init containers do not count."""
    up = all_ = 0
    for one in pod.containers:  # of ten thousand pods again and again, so a plain loop
        if not one.init:
            all_ += 1
            up += one.ready
    return up, all_


def is_ready(pod: Pod) -> bool:
    """Whether it takes traffic."""
    up, all_ = ready(pod)
    return pod.phase == "Running" and all_ > 0 and up == all_


def state_word(pod: Pod) -> str:
    """The STATUS column of `kubectl get pods`."""
    word = pod.phase
    if pod.reason and pod.reason != "Unschedulable":
        word = pod.reason
    inits = [one for one in pod.containers if one.init]
    waiting = _init_word(inits)
    if (waiting and pod.phase == "Pending") or (waiting.startswith("Init:") and pod.phase in ("Failed", "Running")):
        word = waiting
    else:
        word = _main_word(pod, word)
    if pod.deleting is not None:
        if pod.reason == "NodeLost":
            return "Unknown"
        if pod.phase not in ("Succeeded", "Failed"):
            return "Terminating"
    return word


def _init_word(inits: list[Container]) -> str:
    for place, one in enumerate(inits):
        if one.exit_code == 0:
            continue
        if one.exit_code is not None:
            return f"Init:{one.state}"
        if one.state and one.state not in ("Running", "PodInitializing"):
            return f"Init:{one.state}"
        if one.state or place:
            return f"Init:{place}/{len(inits)}"
        return ""
    return ""


def _main_word(pod: Pod, word: str) -> str:
    running = False
    for one in reversed(pod.containers):
        if one.init:
            continue
        if one.state == "Running":
            running = running or one.ready
        elif one.state:
            word = one.state
    if word == "Completed" and running:
        done, all_ = ready(pod)
        return "Running" if done == all_ or pod.phase == "Running" else "NotReady"
    return word


def trouble_rank(pod: Pod, since: datetime | None = None) -> int:
    """How bad it is, 0 the worst. `since` is the start of the incident: a restart before it is history; without it all are."""
    if pod.phase == "Running" and pod.deleting is None and not pod.reason:
        for one in pod.containers:
            if (not one.ready and not one.init) or one.last_finished is not None:
                break
        else:
            return WELL  # the usual case, and there may be ten thousand of them
    word = state_word(pod)
    if word in ("Completed", "Succeeded"):
        return ENDED
    if word in STARTING or (word.startswith("Init:") and word[5:6].isdigit()):
        return PENDING
    if word != "Running":
        return NOT_READY if word == "NotReady" else FAILING
    done, all_ = ready(pod)
    if done < all_:
        return NOT_READY
    if since is not None and any(one.last_finished is not None and one.last_finished >= since for one in pod.containers):
        return RESTARTING
    return WELL


def by_trouble(pods: Iterable[Pod], since: datetime | None = None, new: frozenset[str] = frozenset()) -> list[Pod]:
    """Failing, not ready, restarting, pending, well; in each those of a new revision (their keys) first, then the youngest."""

    def order(pod: Pod) -> tuple[int, bool, float, str]:
        return (trouble_rank(pod, since), pod.key not in new, -pod.created.timestamp() if pod.created else 0.0, pod.key)

    return sorted(pods, key=order)


def restarts(pod: Pod) -> int:
    """As kubectl counts: init containers only while they are what runs."""
    mains = sum(one.restarts for one in pod.containers if not one.init)
    return mains or sum(one.restarts for one in pod.containers if one.init and one.exit_code != 0)


def last_restart(pod: Pod) -> datetime | None:
    return max((one.last_finished for one in pod.containers if one.last_finished is not None), default=None)


def restarts_since(pod: Pod, since: datetime, before: Mapping[str, int] | None = None) -> int:
    """Restarts since then, at least: exact for a pod that is younger, or whose count was known then (`before`, by UID)."""
    count = restarts(pod)
    if pod.created is not None and pod.created >= since:
        return count
    if before is not None and pod.uid in before:
        return max(0, count - before[pod.uid])
    return sum(one.last_finished is not None and one.last_finished >= since for one in pod.containers)


def revisions_by_hash(deployments: Iterable[Deployment]) -> Revisions:
    """Every revision by namespace and pod-template-hash."""
    return {
        (one.namespace, revision.template_hash): (one, revision)
        for one in deployments
        for revision in one.revisions
        if revision.template_hash
    }


def revision(pod: Pod, revisions: Revisions) -> int | None:
    """The number of the rollout that it came with, where a deployment brought it."""
    found = revisions.get((pod.namespace, pod.template_hash))
    return found[1].number if found else None


def is_new(pod: Pod, revisions: Revisions, start: datetime | None, window: timedelta = RECENT) -> bool:
    """Whether its revision came last, around the start of the incident or since."""
    found = revisions.get((pod.namespace, pod.template_hash))
    return found is not None and changes.is_new(found[1], found[0], start, window)


# Why


def why(pod: Pod) -> str:
    """Why it is unwell, in plain words; empty when it is well. Words of the cluster are in it, so show it as foreign text."""
    if pod.deleting is not None:
        return "it is being deleted"
    if pod.reason == "Unschedulable":
        return _with("no node takes it", pod.message)
    if pod.reason == "SchedulingGated":
        return _with("a scheduling gate holds it", pod.message)
    if pod.reason == "Evicted":
        return _with("evicted from its node", pod.message)
    reasons = [told for one in pod.containers if (told := _why(one, pod))]
    if reasons:
        return "; ".join(dict.fromkeys(reasons))
    if pod.reason:
        return _with(pod.reason, pod.message)
    if pod.phase == "Pending":
        return "it waits for a node" if not pod.node else f"its containers are being made on {pod.node}"
    if pod.phase == "Unknown":
        return f"its node {pod.node} does not answer"
    if pod.phase == "Failed":
        return _with("it failed", pod.message)
    return ""


def _why(one: Container, pod: Pod) -> str:
    name = f"init container {one.name}" if one.init else one.name
    if one.init and one.exit_code == 0:
        return ""
    if one.state in ("ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull"):
        return _with(f"{name}: the image {one.image} cannot be pulled", one.message)
    if one.state in ("CreateContainerConfigError", "CreateContainerError", "RunContainerError"):
        return _with(f"{name} cannot be started", one.message)
    if one.state == "CrashLoopBackOff":
        return f"{name} {_end(one.last_reason, one.last_exit)} again and again, {one.restarts} restarts"
    if one.exit_code not in (None, 0):
        return _with(f"{name} {_end(one.state, one.exit_code)}", one.message)
    if one.state == "Running" and not one.ready and not one.init:
        if one.last_exit not in (None, 0):
            return f"{name} {_end(one.last_reason, one.last_exit)}, started again, and is not ready"
        probe = next((probe for probe in one.probes.split(", ") if probe.startswith(("readiness", "startup"))), "")
        return (
            f"{name} runs, but its {probe.split(' ', 1)[0]} probe fails ({probe.split(' ', 1)[1]})"
            if probe
            else f"{name} runs, but is not ready"
        )
    if one.state == "Running" and one.last_exit is not None and not one.init:
        return f"{name} {_end(one.last_reason, one.last_exit)} before, {one.restarts} restarts, runs now"
    if one.state not in ("", "Running", "Completed", "ContainerCreating", "PodInitializing") and one.exit_code is None:
        return _with(f"{name}: {one.state}", one.message)
    return ""


def _end(reason: str, code: int | None) -> str:
    if reason == "OOMKilled":
        return f"was killed for want of memory (OOMKilled, exit {code})"
    if code is None:
        return "ends"
    if code == 0:
        return "ends by itself (exit 0)"
    if code == 137:
        return "was killed (exit 137, SIGKILL: memory, or a probe)"
    if code == 143:
        return "was asked to end (exit 143, SIGTERM)"
    if code == 139:
        return "crashed (exit 139, segmentation fault)"
    if code in (126, 127):
        return f"has no program to run (exit {code})"
    told = f" ({reason})" if reason and reason != "Error" and not reason.startswith(("ExitCode", "Signal")) else ""
    return f"ended with exit {code}{told}"


def _with(told: str, message: str) -> str:
    return f"{told}: {message}" if message else told
