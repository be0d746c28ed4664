"""The pods: what runs, what fails, since when and of which release."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from textual.binding import Binding

from warroom.core import pods as rules
from warroom.core.pods import ENDED, FAILING, NOT_READY, PENDING, RESTARTING, WELL
from warroom.core.readings import Pod, Usage
from warroom.ui.cells import Line
from warroom.ui.look import foreign, g
from warroom.ui.names import pod_name
from warroom.ui.panes.cluster import ClusterPane
from warroom.ui.widgets.livetable import Cell, Column
from warroom.ui.words import age, number, since

MIB = 1024 * 1024
LATELY = timedelta(hours=1)
"""Before an incident, a restart this young is news."""
TONES = {
    FAILING: ("bad", "$bad bold", "$bad bold"),
    NOT_READY: ("over", "$soon bold", "$ink"),
    RESTARTING: ("live", "$soon", "$ink"),
    PENDING: ("wait", "$soon", "$ink"),
    WELL: ("live", "$good", "$soft"),
    ENDED: ("good", "$soft", "$soft"),
}
"""Glyph, its style and that of the word, by rank of trouble."""


def done(pod: Pod) -> bool:
    return pod.phase == "Succeeded"


def ready(pod: Pod) -> bool:
    up, all_ = rules.ready(pod)
    return 0 < all_ == up


def ended_with(pod: Pod) -> int | None:
    """The exit code that its state ended with, where that says more than the word."""
    return next((one.exit_code for one in pod.containers if one.exit_code), None)


def state_words(pod: Pod) -> str:
    word, code = foreign(rules.state_word(pod), 60), ended_with(pod)
    return f"{word}, exit {code}" if code is not None and not word.startswith(("ExitCode", "Signal", "Terminating")) else word


class PodsPane(ClusterPane[Pod]):
    """Worst first; the cursor stays on its pod, whatever comes and goes around it."""

    label, digit, field, noun = "pods", "2", "pods", "pods"
    reads = ("pods", "deployments", "cluster")
    BINDINGS = [Binding("l", "log", "logs", id="pods.log", tooltip="its log as it is written; P there: that of the run before")]

    def __init__(self) -> None:
        super().__init__()
        self._revisions: rules.Revisions = {}
        self._new = frozenset[str]()
        self._ranks: dict[str, int] = {}
        self._several = False
        self._facts: Sequence[Line] = ()
        self._usage: dict[str, Usage] = {}
        self._usage_of: Sequence[Usage] = ()

    @property
    def start(self) -> datetime | None:
        """Since when a restart is news."""
        return self.incident.alerted or (self.now - LATELY if self.now else None)

    def columns(self, width: int) -> Sequence[Column[Pod]]:
        roomy = width > 70
        namespace: Column[Pod] = Column("namespace", 12, drop=7, by=lambda pod: (pod.namespace, pod.name))
        used: tuple[Column[Pod], ...] = (
            Column("cpu m", 6, ">", drop=3, by=lambda pod: -one.cpu if (one := self._usage.get(pod.key)) else 1.0),
            Column("mem MiB", 7, ">", drop=2, by=lambda pod: -one.memory if (one := self._usage.get(pod.key)) else 1),
        )
        return (
            *([namespace] if self._several else []),
            Column("pod", 0, least=30 if width >= 90 else 20, by=lambda pod: pod.name),
            Column("rev", 7, drop=6, by=lambda pod: -(rules.revision(pod, self._revisions) or 0)),
            Column("ready", 5, ">", by=self._readiness),
            Column("state", 19, by=rules.state_word),
            Column("restarts", 8 if roomy else 4, ">", title=None if roomy else "rst", by=lambda pod: -rules.restarts(pod)),
            Column("last", 5, ">", drop=4, by=lambda pod: -at.timestamp() if (at := rules.last_restart(pod)) else 0.0),
            *(used if self._usage else ()),
            Column("age", 4, ">", drop=5, by=lambda pod: -pod.created.timestamp() if pod.created else 0.0),
            Column("node", 13, drop=1, by=lambda pod: (pod.node, pod.name)),
        )

    def _readiness(self, pod: Pod) -> float:
        up, all_ = rules.ready(pod)
        return up / all_ if all_ else 1.0

    def rank(self, pod: Pod) -> int:
        found = self._ranks.get(pod.key)
        return rules.trouble_rank(pod, self.start) if found is None else found

    def cells(self, row: Pod) -> Mapping[str, Cell]:
        rank, new = self.rank(row), row.key in self._new
        glyph, mark, ink = TONES[rank]
        up, all_ = rules.ready(row)
        revision, total, last = rules.revision(row, self._revisions), rules.restarts(row), rules.last_restart(row)
        fresh = self.start is not None and last is not None and last >= self.start
        stem, end = ("$loud", "$loud bold") if rank == FAILING else ("$soft", "$soft") if rank == ENDED else ("$ink", "$ink")
        used = self._usage.get(row.key)
        counted = {FAILING: "$bad bold", NOT_READY: "$soon bold", ENDED: "$soft"}.get(rank, "$ink")
        return {
            "namespace": (foreign(row.namespace, 100), "$soft"),
            "pod": lambda size: pod_name(row, size, stem, end),
            "rev": [(f"r{revision}".ljust(4) if revision else "    ", "$ink" if new else "$soft"), ("NEW" if new else "", "$soon bold")],
            "ready": (f"{up}/{all_}", counted),
            "state": [(f"{g[glyph]} ", mark), (state_words(row), ink)],
            "restarts": (number(total), "$loud bold" if fresh else "$soft") if total else (g["na"], "$soft"),
            "last": (age(since(last, self.now)) if last else "", "$ink" if fresh else "$soft"),
            "cpu m": (number(round(used.cpu * 1000)) if used else g["na"], "$soft"),
            "mem MiB": (number(round(used.memory / MIB)) if used else g["na"], "$soft"),
            "age": (age(since(row.created, self.now)), "$soft"),
            "node": (foreign(row.node, 100), "$soft"),
        }

    def _follow_usage(self) -> None:
        """Where the metrics API does not answer, or no longer does, its columns are not there."""
        reading = self.world.usage
        fresh = self.now is not None and reading.state(self.now) == "live"
        value = reading.value if fresh else ()
        if value is self._usage_of:
            return
        before, self._usage_of = self._usage, value
        self._usage = {one.pod: one for one in value}
        if bool(before) is not bool(self._usage):
            self.table.fit_again()

    def watch_world(self) -> None:
        super().watch_world()
        if self._ready and self.world.usage.value is not self._usage_of:
            self.tick()

    def fill(self) -> None:
        self._follow_usage()
        super().fill()

    def tick(self) -> None:
        self._follow_usage()
        super().tick()

    def sources(self) -> tuple[object, ...]:
        return (self.world.pods.value, self.world.deployments.value, self.world.cluster.value, self.incident.alerted)

    def rows(self) -> Sequence[tuple[str, Pod]]:
        pods, start = self.world.pods.value, self.start
        self._revisions = rules.revisions_by_hash(self.world.deployments.value)
        self._new = frozenset(pod.key for pod in pods if pod.template_hash and rules.is_new(pod, self._revisions, start))
        cluster = self.world.cluster.value
        several = len({pod.namespace for pod in pods} | set(cluster.namespaces if cluster else ())) > 1
        ordered = rules.by_trouble(pods, start, self._new)
        self._ranks = {pod.key: rules.trouble_rank(pod, start) for pod in ordered}
        if several is not self._several:
            self._several = several
            self.table.fit_again()
        self._facts = self._count(ordered)
        return [(pod.key, pod) for pod in ordered]

    def _count(self, pods: Sequence[Pod]) -> Sequence[Line]:
        if not pods:
            return ()
        counts = dict.fromkeys(TONES, 0)
        for rank in self._ranks.values():
            counts[rank] += 1
        count: Line = [(number(len(pods)), "$soft")]
        spaces: Line = [(f"{len({pod.namespace for pod in pods})} namespaces", "$soft")] if self._several else ()
        worst = min(self._ranks.values())
        if worst == FAILING:
            failing = [pod for pod in pods if self._ranks[pod.key] == FAILING]
            return (count, spaces, self._whose(failing), [(f"{g['bad']} {number(len(failing))} failing", "$bad bold")])
        words = {
            NOT_READY: (f"{g['over']} {counts[NOT_READY]} not ready", "$soon bold"),
            RESTARTING: (f"{g['live']} {counts[RESTARTING]} restarted", "$soon"),
            PENDING: (f"{g['wait']} {counts[PENDING]} starting", "$soon"),
        }
        return (count, spaces, [words.get(worst, ("all ready", "$soft"))])

    def _whose(self, failing: Sequence[Pod]) -> Line:
        """The release that all of them, or some, came with: cause and effect in one line."""
        found = {rules.revision(pod, self._revisions) for pod in failing}
        new = sum(pod.key in self._new for pod in failing)
        if len(found) == 1 and None not in found:
            all_ = "all " if len(failing) > 1 else ""
            return [(f"{all_}r{found.pop()}{', new' if new else ''}", "$loud" if new else "$ink")]
        return [(f"{new} of {len(failing)} of a new release", "$loud")] if new else ()

    def telling(self) -> Sequence[Line]:
        return self._facts

    def news(self) -> Line:
        counts = list(self._ranks.values())
        bad, unready = counts.count(FAILING), counts.count(NOT_READY)
        return [(f"{g['bad']}{bad}", "$bad bold")] if bad else [(f"{g['over']}{unready}", "$soon")] if unready else ()

    def empty_words(self) -> Sequence[Line]:
        cluster = self.world.cluster.value
        where = ", ".join(foreign(name, 100) for name in cluster.namespaces) if cluster else ""
        return [[(f"no pods in {where}" if where else "no pods", "$ink")]]

    def text_of(self, row: Pod) -> str:
        number_ = rules.revision(row, self._revisions)
        images = " ".join(one.image for one in row.containers)
        new = " NEW" if row.key in self._new else ""
        return f"{row.namespace}/{row.name} {state_words(row)} r{number_}{new} {row.node} {row.owner} {images}"

    def action_log(self) -> None:
        if (pod := self.table.under_cursor) is not None:
            unwell = next((one.name for one in pod.containers if not one.ready and not one.init), "")
            self.console.places.log(pod.key, unwell)

    def copy_of(self, row: Pod) -> str:
        return row.name
