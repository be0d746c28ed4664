"""All that is known of one thing of the cluster, in lines: the peek shows the first of them, the describe card all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from warroom.core import pods as rules
from warroom.core.changes import Change, image_diff, recent_changes
from warroom.core.checks import Check, checks
from warroom.core.events import folded, ordered
from warroom.core.readings import ClusterEvent, Container, Deployment, Pattern, Pod, Revision, Series, Tally, World
from warroom.core.releases import Releases
from warroom.runbook.measures import thresholds
from warroom.runbook.model import Runbook
from warroom.ui.amounts import title_of
from warroom.ui.cells import Line, cell, measure
from warroom.ui.look import foreign, g
from warroom.ui.measured import check_lines, pattern_lines, series_lines
from warroom.ui.named import NAMES, named, wrapped
from warroom.ui.names import object_name, short
from warroom.ui.widgets.rows import Row
from warroom.ui.words import age, figures, lasted, number, since, utc

Subject = Pod | ClusterEvent | Change | Pattern | Series | Check
FIELDS: dict[type[object], str] = {
    Pod: "pods",
    ClusterEvent: "events",
    Change: "deployments",
    Pattern: "tally",
    Series: "metrics",
    Check: "health",
}


def field_of(subject: Subject) -> str:
    """The field of World that it comes from."""
    return FIELDS[type(subject)]


def newest(subject: Subject, world: World, start: datetime | None) -> Subject | None:
    """The same thing as the world has it now; None: it is gone. Events may be of either form, folded or not."""
    match subject:
        case Pod():
            return next((pod for pod in world.pods.value if pod.key == subject.key), None)
        case ClusterEvent():
            return next((event for event in folded(world.events.value) if event.key == subject.key), None)
        case Change():
            return next((change for change in recent_changes(world.deployments.value, start) if change.key == subject.key), None)
        case Pattern():
            patterns = world.tally.value.patterns if world.tally.value else ()
            return next((pattern for pattern in patterns if pattern.id == subject.id), None)
        case Series():
            return next((series for series in world.metrics.value if series.id == subject.id), None)
        case Check():
            return next((check for check in checks(world.health.value) if check.key == subject.key), None)


def title(subject: Subject) -> str:
    """For the head: what it is, in a few words."""
    match subject:
        case Pod():
            crashed = next((one for one in subject.containers if one.last_finished or one.exit_code), None)
            unwell = rules.why(subject) != ""
            tail = f", last crash of container {foreign(crashed.name, 60)}" if crashed and unwell else ""
            return f"pod {short(subject)}{tail}"
        case ClusterEvent():
            return f"{foreign(subject.reason, 60)} of {object_name(subject.kind, subject.object, 60)}"
        case Change():
            return f"rollout of {object_name('Deployment', subject.object, 60)}, revision {subject.revision}"
        case Pattern():
            return f"error pattern, {number(subject.count)} times"
        case Series():
            return foreign(title_of(subject), 60)
        case Check():
            return f"health, {foreign(title_of(subject), 60)}"


@dataclass(frozen=True, slots=True)
class Telling:
    """Makes the lines about a subject; pure but for what it is given."""

    world: World
    now: datetime | None
    start: datetime | None
    """Of the incident."""

    runbook: Runbook

    def rows(self, subject: Subject, width: int, whole: bool = False) -> list[Row]:
        """`whole`: everything, else what one wants to know first."""
        return [Row(tuple(cell(line, min(width, measure(line))))) for line in self._lines(subject, width, whole)]

    def _lines(self, subject: Subject, width: int, whole: bool) -> Iterable[Line]:
        match subject:
            case Pod():
                return self._pod(subject, width, whole)
            case ClusterEvent():
                return self._event(subject, width, whole)
            case Change():
                return self._change(subject, width, whole)
            case Pattern():
                releases = Releases.of(self.world.deployments.value, self.start)
                return pattern_lines(subject, self.world.tally.value or Tally(), releases, self.now, width, whole)
            case Series():
                return series_lines(subject, thresholds(self.runbook, subject.id), self.now)
            case Check():
                return check_lines(subject, self.now, width, whole)

    # A pod.

    def _pod(self, pod: Pod, width: int, whole: bool) -> list[Line]:
        revisions = rules.revisions_by_hash(self.world.deployments.value)
        out: list[Line] = []
        several = len(pod.containers) > 1
        crashed = [one for one in pod.containers if one.last_finished or one.exit_code]
        for one in crashed:
            out.append(named("last state", self._last(one, several, pod)))
        if not crashed:
            out.append(named("state", self._now(pod)))
        reason = rules.why(pod)
        if reason and (not crashed or pod.reason or any(one.message for one in pod.containers) or whole):
            out += wrapped("why", reason, width)
        for one in pod.containers:
            out.append(named("image" if not several else foreign(one.name, 11), self._image(one, pod, revisions)))
            if one.probes:
                out += wrapped("probes", one.probes, width, "$ink", bar=False)
        out.append(named("restarts", self._restarts(pod)))
        out.append(named("owner", self._owner(pod, revisions)))
        where: Line = [(foreign(pod.node, 100), "$ink")] if pod.node else [("none yet", "$soon")]
        out.append(named("node", where))
        if pod.deleting is not None:
            out.append(named("deleting", [(f"since {utc(pod.deleting)}", "$soon")]))
        if whole:
            out.append(named("name", [(foreign(pod.name, 300), "$ink")]))
            out.append(named("namespace", [(foreign(pod.namespace, 100), "$ink")]))
            out.append(named("phase", [(foreign(pod.phase, 40), "$ink")]))
            created = f"{utc(pod.created)}, {age(since(pod.created, self.now))} ago" if pod.created else "unknown"
            out.append(named("created", [(created, "$ink")]))
            for n, (key, value) in enumerate(pod.labels):
                out.append(named("labels" if n == 0 else "", [(foreign(f"{key}={value}", 300), "$outside")]))
        out += self._events(pod, width, whole)
        return out

    def _last(self, one: Container, several: bool, pod: Pod) -> Line:
        """`✗ exit 1 after 5 s, 41 s ago, 7 restarts`."""
        code = one.exit_code if one.exit_code is not None else one.last_exit
        bad = code not in (0, None)
        told = f"exit {code}" if code is not None else foreign(one.last_reason or one.state, 40)
        if one.last_reason and one.last_reason not in ("Error", "Completed"):
            told += f" {foreign(one.last_reason, 40)}"
        line: list[tuple[str, str]] = [
            *([(f"{foreign(one.name, 40)} ", "$ink")] if several else []),
            (f"{g['bad' if bad else 'good']} {told}", "$bad bold" if bad else "$ink"),
        ]
        lived = since(one.last_started, one.last_finished)
        if lived is not None:
            line.append((f" after {lasted(lived)}", "$loud"))
        ended = since(one.last_finished, self.now)
        if ended is not None:
            line.append((f", {lasted(ended)} ago", "$loud"))
        if one.restarts:
            line.append((f", {number(one.restarts)} restart{'s' if one.restarts > 1 else ''}", "$loud"))
        if one.state == "Running":
            line.append(("; runs now" if one.ready else "; runs now, not ready", "$ink"))
        return line

    def _now(self, pod: Pod) -> Line:
        word = foreign(rules.state_word(pod), 60)
        spent = age(since(pod.created, self.now))
        up, all_ = rules.ready(pod)
        if word in ("Completed", "Succeeded"):
            return [(f"{g['good']} {word}", "$ink"), (f", created {spent} ago", "$soft")]
        if word == "Running" and up == all_:
            return [(g["live"], "$good"), (f" {word} for {spent}, {up} of {all_} ready", "$ink")]
        return [(f"{g['over']} {word}", "$soon bold"), (f" for {spent}, {up} of {all_} ready", "$ink")]

    def _image(self, one: Container, pod: Pod, revisions: rules.Revisions) -> Line:
        """With what the revision before ran, where that was another."""
        line: list[tuple[str, str]] = [(foreign(one.image, 300), "$ink")]
        found = revisions.get((pod.namespace, pod.template_hash))
        if found:
            before = _before(*found)
            old = dict(before.images).get(one.name) if before else None
            if before and old and old != one.image:
                tag = old.rpartition(":")[2] if old.rpartition(":")[0] == one.image.rpartition(":")[0] else old
                line.append((f"   was {foreign(tag, 200)} in r{before.number}", "$soft"))
        return line

    def _restarts(self, pod: Pod) -> Line:
        total = rules.restarts(pod)
        if not total:
            return [("none", "$soft")]
        if self.start is None:
            return [(number(total), "$ink")]
        late = rules.restarts_since(pod, self.start)
        exact = pod.created is not None and pod.created >= self.start
        told = "all" if late == total else number(late) if late == 0 or exact else f"at least {number(late)}"
        return [(number(total), "$loud" if late else "$ink"), (f", {told} since the start of the incident", "$ink" if late else "$soft")]

    def _owner(self, pod: Pod, revisions: rules.Revisions) -> Line:
        if not pod.owner:
            return [(f"{g['over']} none", "$soon bold"), (": once deleted, nothing brings it back", "$ink")]
        kind, _, name = pod.owner.partition("/")
        found = revisions.get((pod.namespace, pod.template_hash))
        if found:
            one, revision = found
            text = f"deploy/{foreign(one.name, 100)}, revision {revision.number}"
            of = f" of {one.revision}" if revision.number != one.revision else ", the newest"
            return [(text, "$ink"), (of, "$soft")]
        return [(object_name(kind, name, 80), "$ink")]

    def _events(self, pod: Pod, width: int, whole: bool) -> list[Line]:
        of = (pod.namespace, pod.name)
        mine = [event for event in self.world.events.value if event.kind == "Pod" and (event.namespace, event.object) == of]
        out: list[Line] = []
        for event in ordered(folded(mine)):
            times = f" {g['times']}{number(event.count)}" if event.count > 1 else ""
            glyph: tuple[str, str] = (f"{g['over']} ", "$soon") if event.warning else (f"{g['na']} ", "$soft")
            lead: Line = [glyph, (f"{foreign(event.reason, 60)}{times}", "$ink"), (f"  {age(since(event.at, self.now))} ago", "$soft")]
            out.append(named("events" if not out else "", lead))
            out += wrapped("", event.message, width, "$outside" if event.warning else "$soft", 4000 if whole else 600)
        return out

    # An event.

    def _event(self, event: ClusterEvent, width: int, whole: bool) -> list[Line]:
        out = wrapped("message", event.message, width, most=20_000 if whole else 4000)
        times: list[tuple[str, str]] = [
            (f"{number(event.count)} time{'s' if event.count > 1 else ''}", "$loud" if event.count > 1 else "$ink")
        ]
        if event.at is not None:
            times.append((f", last {lasted(since(event.at, self.now) or 0)} ago at {utc(event.at)}", "$ink"))
        if event.first is not None and event.first != event.at:
            times.append((f", first at {utc(event.first)}", "$soft"))
        out.append(named("seen", times))
        out.append(named("object", [(object_name(event.kind, event.object, max(20, width - NAMES)), "$ink")]))
        kind: Line = [(f"{g['over']} warning", "$soon bold")] if event.warning else [("normal", "$soft")]
        out.append(named("kind", [*kind, (f"  {foreign(event.reason, 100)}", "$ink")]))
        if event.source:
            out.append(named("from", [(foreign(event.source, 100), "$ink")]))
        if whole:
            out.append(named("namespace", [(foreign(event.namespace, 100), "$ink")]))
        of = (event.namespace, event.object)
        about = next((pod for pod in self.world.pods.value if event.kind == "Pod" and (pod.namespace, pod.name) == of), None)
        if about is not None:
            out += [(), *self._pod(about, width, False)[: 99 if whole else 4]]
        return out

    # A change.

    def _change(self, change: Change, width: int, whole: bool) -> list[Line]:
        found = next(
            (
                (one, revision)
                for one in self.world.deployments.value
                for revision in one.revisions
                if f"{one.key}@{revision.number}" == change.key
            ),
            None,
        )
        out: list[Line] = []
        if found:
            one, revision = found
            before = _before(one, revision)
            old = dict(before.images) if before else {}
            for n, (name, image) in enumerate(revision.images):
                was = old.get(name)
                line: list[tuple[str, str]] = [(f"{foreign(name, 40)} ", "$soft")] if len(revision.images) > 1 else []
                if was and was != image:
                    line += [(foreign(was, 300), "$soft"), (f" {g['to']} ", "$soft")]
                line.append((foreign(image, 300), "$loud" if was != image else "$ink"))
                out.append(named("images" if n == 0 else "", line))
            ready: Line = [(f"{one.ready} of {one.replicas} ready, {one.updated} of the newest", "$ink")]
            out.append(named("deployment", ready))
            if one.trouble:
                out += wrapped("complains", one.trouble, width)
            if one.paused:
                out.append(named("paused", [("the rollout is paused", "$soon")]))
        out.append(named("when", self._when(change.at)))
        out.append(named("now", [("it is what runs", "$ink")] if change.current else [("no longer what is rolled out", "$soft")]))
        if change.cause:
            out += wrapped("cause", change.cause, width)
        if found and whole:
            for n, revision in enumerate(found[0].revisions):
                told = f"r{revision.number:<5}{age(since(revision.changed or revision.created, self.now)):>4}  {revision.replicas} pods  "
                diff = image_diff(revision, _before(found[0], revision)).replace("→", g["to"])
                out.append(named("revisions" if n == 0 else "", [(told, "$ink"), (foreign(diff, 300), "$soft")]))
        return out

    def _when(self, at: datetime) -> Line:
        line: list[tuple[str, str]] = [(f"{utc(at)}, {lasted(since(at, self.now) or 0)} ago", "$ink")]
        if self.start is not None:
            gap = (self.start - at).total_seconds()
            side = f"{figures(gap)} before the start" if gap >= 0 else f"{figures(-gap)} after the start"
            line.append((f", {side}", "$ink"))
        return line


def _before(one: Deployment, revision: Revision) -> Revision | None:
    """What it replaced."""
    older = [other for other in one.revisions if other.number < revision.number]
    return max(older, key=lambda other: other.number, default=None)
