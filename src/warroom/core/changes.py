"""What changed lately: rollouts, with the images that they replaced, against the start of the incident."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import msgspec

from warroom.core.readings import Deployment, Revision

RECENT = timedelta(hours=2)


class Change(msgspec.Struct, frozen=True):
    """A rollout that was seen in the cluster."""

    key: str
    """Of the deployment and its revision."""
    at: datetime
    kind: str
    namespace: str
    object: str
    what: str
    """`2.8.0 → 2.8.1, revision 42`."""
    cause: str
    revision: int
    recent: bool
    """It came less than the window before the start, or after it: a suspect."""
    current: bool
    """It is what the deployment runs now."""


def recent_changes(deployments: Iterable[Deployment], start: datetime | None, window: timedelta = RECENT) -> tuple[Change, ...]:
    """Every known rollout, newest first. Without a start nothing is recent yet."""
    return tuple(sorted((change for one in deployments for change in _of(one, start, window)), key=lambda change: change.at, reverse=True))


def _of(deployment: Deployment, start: datetime | None, window: timedelta) -> Iterator[Change]:
    for place, revision in enumerate(deployment.revisions):
        at = when(revision)
        if at is None:
            continue
        before = deployment.revisions[place + 1] if place + 1 < len(deployment.revisions) else None
        yield Change(
            key=f"{deployment.key}@{revision.number}",
            at=at,
            kind="rollout",
            namespace=deployment.namespace,
            object=deployment.name,
            what=f"{image_diff(revision, before)}, revision {revision.number}",
            cause=revision.cause,
            revision=revision.number,
            recent=is_recent(revision, start, window),
            current=place == 0,
        )


def when(revision: Revision) -> datetime | None:
    """When it was last rolled out."""
    return revision.changed or revision.created


def is_recent(revision: Revision, start: datetime | None, window: timedelta = RECENT) -> bool:
    at = when(revision)
    return start is not None and at is not None and at > start - window


def newest_made(deployment: Deployment) -> Revision | None:
    """What came last. A roll-back gives an old ReplicaSet the highest number, but nothing new."""
    made = [(one.created, one.number, one) for one in deployment.revisions if one.created is not None]
    return max(made, key=lambda each: each[:2])[2] if made else next(iter(deployment.revisions), None)


def is_new(revision: Revision, deployment: Deployment, start: datetime | None, window: timedelta = RECENT) -> bool:
    """Whether nothing came after it, and it came around the start of the incident, or since."""
    at = revision.created or revision.changed
    return start is not None and at is not None and at > start - window and revision is newest_made(deployment)


def image_diff(revision: Revision, before: Revision | None) -> str:
    """What the revision runs instead of the one before; only the tags where the names are the same."""
    if before is None:
        return "first seen: " + ", ".join(_short(image) for _, image in revision.images)
    earlier = dict(before.images)
    several = len(revision.images) > 1 or len(before.images) > 1
    parts = []
    for container, image in revision.images:
        old = earlier.pop(container, None)
        if old == image:
            continue
        name = f"{container} " if several else ""
        parts.append(f"{name}added {_short(image)}" if old is None else f"{name}{_diff(old, image)}")
    parts += [f"{container} removed" for container in earlier]
    return ", ".join(parts) or "same images, another template"


def _diff(old: str, new: str) -> str:
    (old_name, old_tag), (new_name, new_tag) = _parts(old), _parts(new)
    return f"{old_tag} → {new_tag}" if old_name == new_name else f"{_short(old)} → {_short(new)}"


def _parts(image: str) -> tuple[str, str]:
    """Name and tag; a digest shows its first twelve figures."""
    name, _, digest = image.partition("@")
    path, colon, tag = name.rpartition(":")
    if not colon or "/" in tag:  # a port of the registry is no tag
        path, tag = name, ""
    if digest:
        shown = digest.split(":", 1)[-1][:12]
        return path, f"{tag}@{shown}" if tag else shown
    return path, tag or "latest"


def _short(image: str) -> str:
    name, tag = _parts(image)
    return f"{name.rsplit('/', 1)[-1]}:{tag}"
