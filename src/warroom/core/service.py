"""Which workload is the service that a runbook is about, and how much of it is ready."""

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from warroom.core.pods import ENDED, ready, trouble_rank
from warroom.core.readings import Deployment, Reading, World
from warroom.runbook.model import Runbook

_NAMED = re.compile(r"\bdeploy(?:ment)?s?(?:\.apps)?[/ ]([a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)")


class Readiness(NamedTuple):
    ready: int
    wanted: int


@lru_cache(maxsize=8)
def _counted(commands: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name, _ in Counter(name for command in commands for name in _NAMED.findall(command)).most_common())


def workloads_named(runbook: Runbook) -> tuple[str, ...]:
    """The deployments that its commands name, the one named most first."""
    asked = [one.command for one in runbook.oncall.quick_assessment]
    asked += [command.command for playbook in runbook.playbooks for step in playbook.steps for command in step.commands]
    return _counted(tuple(asked))


def readiness(runbook: Runbook, world: World) -> tuple[Readiness, Reading[object]] | None:
    """Of the deployment that the runbook names most, else of all together, else of all pods; and the reading that says so.

    None while nothing is known, or where there is nothing that could be ready.
    """
    deployments = world.deployments
    if deployments.at is not None and (meant := _meant(workloads_named(runbook), deployments.value)):
        return Readiness(sum(one.ready for one in meant), sum(one.replicas for one in meant)), deployments
    if world.pods.at is None:
        return None
    running = [pod for pod in world.pods.value if trouble_rank(pod) != ENDED]
    up = sum(done == all_ > 0 for done, all_ in map(ready, running))
    return (Readiness(up, len(running)), world.pods) if running else None


def _meant(names: tuple[str, ...], deployments: tuple[Deployment, ...]) -> tuple[Deployment, ...]:
    for name in names:
        if found := tuple(one for one in deployments if one.name == name):
            return found
    return deployments
