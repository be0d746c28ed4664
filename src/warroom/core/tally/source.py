"""Where lines of a log come from: a container of a pod, or a file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """One stream of lines. Lines of two sources are never joined to one event."""

    name: str
    """A pod's key, or a file's name: what `Pattern.sources` counts by."""
    container: str = ""
    revision: str = ""
    """The pod-template-hash: what `Pattern.revisions` counts by; empty: none."""
