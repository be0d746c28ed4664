"""Which cluster the flags, the settings and the kubeconfig mean, without asking it."""

import re
from collections import Counter

from warroom.core.readings import Cluster
from warroom.settings import Settings

_NAMESPACE = re.compile(r"(?:^|\s)(?:-n|--namespace)[ =]([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)(?=\s|$)", re.MULTILINE)


def cluster_of(settings: Settings, runbook: str = "") -> Cluster | None:
    """None where there is no usable kubeconfig: the incident is pinned later, by the first process that reaches a cluster."""
    from warroom.feeds.access import open_access
    from warroom.feeds.trouble import Trouble

    try:
        _, settled = open_access(
            settings.kubeconfig, settings.context or None, settings.namespace, settings.selector, fallback=most_named(runbook)
        )
    except Trouble:
        return None
    return settled.cluster


def most_named(runbook: str) -> str:
    """The namespace that the runbook's commands name most, or empty."""
    found = Counter(_NAMESPACE.findall(runbook)).most_common(1)
    return found[0][0] if found else ""
