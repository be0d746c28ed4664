"""What is pinned of a thing of the cluster: one telling line, then all that was known of it at that moment."""

from collections.abc import Iterator
from datetime import UTC, datetime

from warroom.core import pods
from warroom.core.acts.evidence import Pin
from warroom.core.changes import Change
from warroom.core.checks import Check, worst
from warroom.core.figures import spelled
from warroom.core.readings import ClusterEvent, Container, Pattern, Pod, Series

Subject = Pod | ClusterEvent | Change | Pattern | Series | Check
VALUES = 5
"""Of a masked field of a pattern, the most frequent."""


def pin_of(subject: Subject, at: datetime | None = None) -> Pin:
    """The wish to pin it; `at` is when it was read."""
    match subject:
        case Pod():
            return Pin("pod", subject.name, _text(_pod(subject)), at)
        case ClusterEvent():
            return Pin("event", f"{subject.kind}/{subject.object}", _text(_event(subject)), at)
        case Change():
            return Pin("change", subject.object, _text(_change(subject)), at)
        case Pattern():
            return Pin("pattern", subject.id, _text(_pattern(subject)), at)
        case Series():
            return Pin("metric", subject.id, _text(_series(subject)), at)
        case Check():
            return Pin("health", subject.endpoint, _text(_check(subject)), at)


def _text(lines: Iterator[str]) -> str:
    return "\n".join(line for line in lines if line)


def _pod(pod: Pod) -> Iterator[str]:
    up, of = pods.ready(pod)
    why = pods.why(pod)
    restarts = "" if "restarts" in why else _times(pods.restarts(pod))
    yield ", ".join(word for word in (pods.state_word(pod), f"{up}/{of} ready", restarts, why) if word)
    yield f"namespace {pod.namespace}, node {pod.node or 'none'}, owner {pod.owner or 'none'}, created {_utc(pod.created)}"
    for one in pod.containers:
        yield from _container(one)


def _times(restarts: int) -> str:
    return f"{restarts} restarts" if restarts != 1 else "1 restart"


def _container(one: Container) -> Iterator[str]:
    yield f"container {one.name}: {one.state}{_code(one.exit_code)}, image {one.image}, {_times(one.restarts)}"
    if one.last_reason or one.last_exit is not None:
        yield f"  last: {one.last_reason or 'ended'}{_code(one.last_exit)}, {_utc(one.last_started)} to {_utc(one.last_finished)}"
    if one.message:
        yield f"  {one.message}"


def _code(code: int | None) -> str:
    return "" if code is None else f", exit {code}"


def _event(event: ClusterEvent) -> Iterator[str]:
    yield f"{event.reason}, {event.count} times: {event.message}" if event.count != 1 else f"{event.reason}: {event.message}"
    yield f"{'warning' if event.warning else 'normal'}, first {_utc(event.first)}, last {_utc(event.at)}"
    yield f"namespace {event.namespace}{f', from {event.source}' if event.source else ''}"


def _change(change: Change) -> Iterator[str]:
    yield f"{change.kind} {change.what}, at {_utc(change.at)}"
    yield f"cause {change.cause}" if change.cause else ""
    yield f"namespace {change.namespace}, {'what runs now' if change.current else 'replaced since'}"


def _pattern(pattern: Pattern) -> Iterator[str]:
    yield f"{pattern.count:,} times, {pattern.text}"
    yield f"{'new since the start, ' if pattern.new else ''}first {_utc(pattern.first)}, last {_utc(pattern.last)}"
    if pattern.revisions:
        yield "by revision: " + ", ".join(f"{name or 'none'} {count:,}" for name, count in pattern.revisions)
    if pattern.sources:
        yield "by source: " + ", ".join(f"{name} {count:,}" for name, count in pattern.sources)
    if pattern.minutes:
        yield "a minute, the newest last: " + " ".join(map(str, pattern.minutes))
    for n, values in enumerate(pattern.values, 1):
        yield f"field {n}: " + ", ".join(f"{value} {count:,}" for value, count in values[:VALUES])
    yield pattern.example


def _series(series: Series) -> Iterator[str]:
    value = series.why or "no data" if series.value is None else spelled(series.value, series.unit)
    normal = "" if series.baseline is None else f", normal {spelled(series.baseline, series.unit)}"
    yield f"{series.title} {value}{normal}"
    yield f"measured {_utc(series.at)}{f' by {series.source}' if series.source else ''}"
    for at, point in series.points:
        yield f"{_utc(at)}  {'no data' if point is None else spelled(point, series.unit)}"


def _check(check: Check) -> Iterator[str]:
    wrong = worst(check)
    yield f"{check.well} of {len(check.answers)} well{f', {wrong}' if wrong else ''}"
    for answer in check.answers:
        said = answer.trouble or "no answer" if answer.status is None else str(answer.status)
        yield f"{_utc(answer.at)}  {answer.target}  {said}  {answer.seconds * 1000:.0f} ms  {answer.body}".rstrip()


def _utc(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if at else "unknown"
