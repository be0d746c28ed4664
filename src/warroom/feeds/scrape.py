"""Figures without a Prometheus: the pods' own /metrics, through the API server's proxy."""

import asyncio
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from warroom.core.endpoints import Endpoints, Inside, belongs
from warroom.core.exposed import Exposition, Pair, measured, wanted_names
from warroom.core.queries import Query
from warroom.core.readings import Pod, Series
from warroom.core.series import DAY, SHOWN, Labels, Points, before, joined, normal
from warroom.feeds.pods import known_pods, proxy_path
from warroom.feeds.polled import Polled, speed
from warroom.feeds.source import Source
from warroom.feeds.trouble import Trouble

ANSWERS_WITHIN = 5.0
AT_ONCE = 8
SECOND_AFTER = 2.0
MOST_BYTES = 2**25
COARSE = timedelta(minutes=1)
"""Between the points that are kept for a day."""


class ScrapeFeed(Polled[tuple[Series, ...]]):
    """`endpoints` says what the runbook names; `start` when the incident began, if there is one."""

    field = "metrics"
    seconds = 10.0

    def __init__(
        self,
        source: Source,
        endpoints: Callable[[], Endpoints],
        queries: Sequence[Query],
        *,
        prefix: str = "",
        start: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        super().__init__(source)
        self._endpoints, self._queries, self._prefix, self._start = endpoints, tuple(queries), prefix, start
        self._names = wanted_names(queries)
        self._twice = False
        self._said: dict[str, tuple[datetime, Exposition]] = {}
        self._past: dict[str, Points] = {}
        self._day: dict[str, Points] = {}
        self._normal: dict[str, float | None] = {}
        self._normal_of: datetime | None = None

    @property
    def pause(self) -> float:
        """A rate needs two samples, so the second one comes soon."""
        return super().pause if self._twice else min(super().pause, SECOND_AFTER)

    async def ask(self) -> tuple[Series, ...]:
        named = (await asyncio.to_thread(self._endpoints)).of("metrics")
        if not named:
            raise Trouble(
                "no source",
                "no Prometheus is set, and the runbook has no command that reads /metrics in a pod",
                "give --prometheus URL, or set prometheus.url",
            )
        pods = [(pod, inside) for pod, inside in _places(await known_pods(self._source), named) if pod.phase == "Running"]
        if not pods:
            raise Trouble("no pods", f"no pod of {named[0].workload} runs, so there is none to ask")
        turns = asyncio.Semaphore(AT_ONCE)
        answers = await asyncio.gather(*(self._scraped(pod, inside, turns) for pod, inside in pods))
        return self._series(pods, answers)

    async def _scraped(self, pod: Pod, inside: Inside, turns: asyncio.Semaphore) -> tuple[datetime, Exposition] | Trouble:
        what = f"get pods/proxy in namespace {pod.namespace}"
        async with turns:
            try:
                answer = await self._source.server.through(proxy_path(pod, inside), what, seconds=ANSWERS_WITHIN, most=MOST_BYTES)
                at = self._source.clock.now()
                if answer.status != 200:
                    raise Trouble(f"status {answer.status}", f"{pod.name} answers {answer.status} for {inside.path}")
                return at, await asyncio.to_thread(exposition, answer.body, self._names)
            except Trouble as trouble:
                return trouble

    def _series(self, pods: Sequence[tuple[Pod, Inside]], answers: Sequence[tuple[datetime, Exposition] | Trouble]) -> tuple[Series, ...]:
        clock = self._source.clock
        pairs, said = [], {}
        for (pod, _), answer in zip(pods, answers, strict=True):
            if isinstance(answer, Trouble):
                continue
            at, newest = answer
            said[pod.uid] = answer
            if (last := self._said.get(pod.uid)) is not None and at > last[0]:
                pairs.append(Pair(last[1], newest, (at - last[0]).total_seconds() / speed(clock)))
        self._said, self._twice = said, bool(pairs)
        if not said:
            first = next(answer for answer in answers if isinstance(answer, Trouble))
            raise Trouble(
                first.word, f"none of {_pods(len(pods))} gave {pods[0][1].path}: {'; '.join(first.lines)}", "or give --prometheus URL"
            )
        source = f"{len(said)} of {_pods(len(pods))}" if len(said) < len(pods) else _pods(len(pods))
        now = clock.now()
        found = []
        for query in self._queries:
            value = measured(query, pairs, [exposed for _, exposed in said.values()], self._prefix)
            self._remember(query.id, now, value.value)
            found.append(
                Series(
                    id=query.id,
                    title=query.title or query.id,
                    unit=query.unit,
                    value=value.value,
                    why=value.why,
                    at=now,
                    points=self._past[query.id],
                    source=f"{source} {pods[0][1].path}",
                )
            )
        self._learn(now)
        return tuple(_with_normal(series, self._normal.get(series.id)) for series in found)

    def _remember(self, id: str, now: datetime, value: float | None) -> None:
        self._past[id] = joined(self._past.get(id, ()), ((now, value),), SHOWN)
        day = self._day.get(id, ())
        if value is not None and (not day or now - day[-1][0] >= COARSE):
            self._day[id] = joined(day, ((now, value),), DAY)

    def _learn(self, now: datetime) -> None:
        """What this console saw in the day before the incident; frozen then."""
        of = self._start() or now.replace(minute=0, second=0, microsecond=0)
        if of != self._normal_of:
            self._normal_of = of
            self._normal = {id: normal(before(points, of)) for id, points in self._day.items()}


def exposition(body: bytes, names: Sequence[str]) -> Exposition:
    """Only what is wanted is parsed: a pod may say a hundred times as much. Belongs into a thread. Raises Trouble."""
    from prometheus_client.parser import text_string_to_metric_families

    bare = "|".join(re.escape(name.removesuffix("_bucket").removesuffix("_count").removesuffix("_total")) for name in names)
    line = re.compile(rf"(?:#\s*(?:TYPE|HELP)\s+)?(?:[A-Za-z0-9_:]+_)?(?:{bare})(?:_[a-z]+)?[\s{{]".encode())
    text = b"\n".join(each for each in body.splitlines() if line.match(each)).decode("utf-8", "replace")
    values: dict[str, dict[Labels, float]] = {}
    counters = set()
    try:
        for family in text_string_to_metric_families(text + "\n"):
            for sample in family.samples:
                values.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
                if family.type == "counter" or sample.name.endswith(("_total", "_bucket", "_count")):
                    counters.add(sample.name)
    except (ValueError, IndexError, KeyError) as error:
        raise Trouble("not understood", "what it says is not the text format of Prometheus") from error
    return Exposition(values, frozenset(counters))


def _places(pods: Sequence[Pod], named: Sequence[Inside]) -> list[tuple[Pod, Inside]]:
    """Each pod once."""
    found = []
    for pod in pods:
        inside = next((inside for inside in named if belongs(pod, inside.workload)), None)
        if inside is not None:
            found.append((pod, inside))
    return found


def _pods(n: int) -> str:
    return "1 pod" if n == 1 else f"{n} pods"


def _with_normal(series: Series, baseline: float | None) -> Series:
    return msgspec.structs.replace(series, baseline=baseline)
