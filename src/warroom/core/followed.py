"""Which containers' logs are worth following, and which go first when there are too many."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from heapq import nsmallest
from typing import NamedTuple

from warroom.core.pods import trouble_rank
from warroom.core.readings import Container, Pod


class Candidate(NamedTuple):
    """A container whose log may be followed. Candidates sort by how much they are wanted: unwell first, then young."""

    rank: int
    youth: float
    key: str
    name: str
    pod: Pod
    container: Container

    @property
    def place(self) -> tuple[str, str]:
        """A pod of the same name that comes later is another."""
        return self.pod.uid, self.name


def speaks(pod: Pod, container: Container) -> bool:
    """Whether there is something to read: what waits for its first start has said nothing, what ended well has no more to say."""
    if pod.phase == "Succeeded" or (container.init and container.exit_code == 0):
        return False
    return container.state == "Running" or container.exit_code is not None or container.last_finished is not None or container.restarts > 0


def candidates(pods: Iterable[Pod], start: datetime | None = None) -> Iterator[Candidate]:
    """`start` is that of the incident: a restart before it makes no pod unwell."""
    for pod in pods:
        rank = -1
        for container in pod.containers:
            if speaks(pod, container):
                if rank < 0:
                    rank = trouble_rank(pod, start)
                youth = -pod.created.timestamp() if pod.created else 0.0
                yield Candidate(rank, youth, pod.key, container.name, pod, container)


def chosen(those: Iterable[Candidate], most: int, followed: Iterable[tuple[str, str]]) -> list[Candidate]:
    """At most so many; those that are followed already stay."""
    already = set(followed)
    kept, coming = list[Candidate](), list[Candidate]()
    for each in those:
        (kept if each.place in already else coming).append(each)
    free = max(0, most - len(kept))
    return kept + (coming if len(coming) <= free else nsmallest(free, coming))
