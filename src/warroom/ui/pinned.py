"""What is pinned of a thing under the cursor: its numbers in one line, then all that is known of it."""

from warroom.core import pods as rules
from warroom.core.acts.evidence import Pin
from warroom.core.changes import Change
from warroom.core.checks import Check, worst
from warroom.core.figures import spelled
from warroom.core.ranges import reached
from warroom.core.readings import ClusterEvent, Pattern, Pod, Series
from warroom.core.releases import Releases
from warroom.runbook.measures import thresholds
from warroom.ui.amounts import bound_words, per_cent, times_normal, title_of
from warroom.ui.cells import clip
from warroom.ui.look import g
from warroom.ui.names import kind_word
from warroom.ui.subject import Subject, Telling
from warroom.ui.words import number

WIDE = 140


def pin_of(subject: Subject, telling: Telling) -> Pin:
    what, name, first = _numbers(subject, telling)
    lines = ["".join(text for text, _ in row.line).replace(g["bar"], "").rstrip() for row in telling.rows(subject, WIDE, whole=True)]
    return Pin(what, name, "\n".join((" ".join(first.split()), "", *lines)))


def _numbers(subject: Subject, telling: Telling) -> tuple[str, str, str]:
    """Kind, name and the line that the timeline shows."""
    match subject:
        case Pod():
            return "pod", subject.name, _pod(subject, telling)
        case ClusterEvent():
            times = f"{number(subject.count)} times, " if subject.count > 1 else ""
            return "event", f"{subject.reason} {kind_word(subject.kind)}/{subject.object}", f"{times}{subject.message}"
        case Change():
            return "change", f"deploy/{subject.object}", f"{subject.what}{f', {subject.cause}' if subject.cause else ''}"
        case Pattern():
            return "pattern", clip(subject.text, 80), _pattern(subject, telling)
        case Series():
            return "metric", title_of(subject), _series(subject, telling)
        case Check():
            told = worst(subject)
            return "health", title_of(subject), f"{subject.well} of {len(subject.answers)} well{f', worst: {told}' if told else ''}"


def _pod(pod: Pod, telling: Telling) -> str:
    up, all_ = rules.ready(pod)
    revision = rules.revision(pod, rules.revisions_by_hash(telling.world.deployments.value))
    restarts = rules.restarts(pod)
    parts = [
        rules.state_word(pod),
        f"{up} of {all_} ready",
        f"{number(restarts)} restarts" if restarts else "",
        f"r{revision}" if revision else "",
    ]
    return f"{', '.join(filter(None, parts))}{f': {why}' if (why := rules.why(pod)) else ''}"


def _pattern(pattern: Pattern, telling: Telling) -> str:
    most = Releases.of(telling.world.deployments.value, telling.start).most(pattern)
    whose = f", {per_cent(most[1])} from r{most[0]}" if most else ""
    return f"{number(pattern.count)}{', new' if pattern.new else ''}{whose}, in the last 5 min {number(sum(pattern.minutes[-5:]))}"


def _series(series: Series, telling: Telling) -> str:
    if series.value is None:
        return series.why or "no data"
    bounds = thresholds(telling.runbook, series.id)
    factor, found = times_normal(series), reached(series, bounds)
    parts = [
        spelled(series.value, series.unit),
        f"{factor} normal" if factor else "",
        bound_words(series, found) if found else "",
        series.source,
    ]
    return ", ".join(filter(None, parts))
