"""Figures from a Prometheus: what they are now, how they went, and what is normal."""

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from warroom.core.queries import Query, filled
from warroom.core.readings import Series
from warroom.core.series import DAY, HOUR, SHOWN, Figure, Points, before, joined, normal, same_hour
from warroom.feeds.incluster import IN_CLUSTER, PLACE, adapter, find, named
from warroom.feeds.polled import Polled, speed
from warroom.feeds.promql import Past, Place, PlaceTrouble, Prometheus, QueryFailed, Row
from warroom.feeds.source import Source
from warroom.feeds.trouble import Trouble
from warroom.feeds.worker import Worker

STEP = timedelta(seconds=30)
"""Between two points of the past."""
DRAWN_ANEW = timedelta(minutes=1)
"""Between two questions for the past."""
LEAST_WINDOW = 5
BASELINE_STEP = {HOUR: 300, DAY: 900}
ALL_SECONDS, BASELINE_SECONDS = 30.0, 120.0
DIVIDED = frozenset({"errors", "p50", "p95", "p99"})
"""Of these, not-a-number means that nothing came in: nothing was divided by nothing."""


class PrometheusFeed(Polled[tuple[Series, ...]]):
    """`place` is an address or `in-cluster`; `start` tells when the incident began, if there is one."""

    field = "metrics"
    seconds = 10.0

    def __init__(
        self,
        source: Source,
        place: Place | str,
        queries: Sequence[Query],
        *,
        prefix: str = "",
        window: str = "2m",
        start: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        super().__init__(source)
        self._place, self._prefix, self._window, self._start = place, prefix, window, start
        self._service = named(place) if isinstance(place, str) else None
        self._queries = tuple(query for query in queries if query.query)
        self._where = place.url if isinstance(place, Place) else "the Prometheus of the cluster"
        self._worker = Worker(self._where)
        self._client: Prometheus | None = None
        self._text: dict[str, str] = {}
        self._past: dict[str, Points] = {}
        self._drawn: datetime | None = None
        self._normal: dict[str, float | None] = {}
        self._normal_of: datetime | None = None
        self._learning: asyncio.Task[None] | None = None

    async def close(self) -> None:
        if self._learning is not None:
            self._learning.cancel()
            with suppress(asyncio.CancelledError):
                await self._learning
        self._learning = None
        self._worker.close()

    async def ask(self) -> tuple[Series, ...]:
        try:
            client = await self._connected()
            rows = await self._worker.do(lambda: [self._now(client, query) for query in self._queries], ALL_SECONDS)
            await self._draw(client, rows)
        except Trouble:
            self._client = None  # a moved service and renewed certificates are found by asking afresh
            raise
        self._learn()
        return tuple(self._series(query, row) for query, row in zip(self._queries, rows, strict=True))

    async def _connected(self) -> Prometheus:
        if self._client is not None:
            return self._client
        server = self._source.server
        if isinstance(self._place, Place):
            place, carrier = self._place, None
            namespaces = await _pinned(self._source)
        else:
            namespaces = await server.namespaces()
            service = self._service if self._service and self._service.name else await find(server)
            place, carrier = PLACE, adapter(server, service, asyncio.get_running_loop())
        self._text = {query.id: filled(query, prefix=self._prefix, namespaces=namespaces, window=self._window) for query in self._queries}
        self._client = await self._worker.do(lambda: Prometheus(place, carrier), ALL_SECONDS)
        return self._client

    def _now(self, client: Prometheus, query: Query) -> tuple[float | None, Figure]:
        try:
            return client.now(self._text[query.id], _nan(query))
        except QueryFailed as failed:
            return None, Figure(None, str(failed))

    async def _draw(self, client: Prometheus, rows: Sequence[tuple[float | None, Figure]]) -> None:
        """The past, anew once a minute; in between the values of now go on with it."""
        clock = self._source.clock
        newest = max((at for at, _ in rows if at is not None), default=None)
        if newest is not None and (self._drawn is None or self._moment(newest) - self._drawn >= DRAWN_ANEW):
            asked = _past(newest, SHOWN.total_seconds() / speed(clock), max(1, round(STEP.total_seconds() / speed(clock))))
            found = await self._worker.do(lambda: [self._rows(client, query, asked) for query in self._queries], ALL_SECONDS)
            for query, past in zip(self._queries, found, strict=True):
                if past is not None:
                    self._past[query.id] = tuple((self._moment(at), value.value) for at, value in past)
            self._drawn = self._moment(newest)
        for query, (at, value) in zip(self._queries, rows, strict=True):
            moment = self._moment(at) if at is not None else clock.now()
            self._past[query.id] = joined(self._past.get(query.id, ()), ((moment, value.value),), SHOWN)

    def _moment(self, at: float) -> datetime:
        return self._source.clock.of(datetime.fromtimestamp(at, UTC))

    def _rows(self, client: Prometheus, query: Query, asked: Past) -> tuple[Row, ...] | None:
        """None when it cannot be told, which takes away nothing that was told before."""
        try:
            return client.past(self._text[query.id], asked, _nan(query))
        except QueryFailed:
            return None

    def _series(self, query: Query, row: tuple[float | None, Figure]) -> Series:
        at, value = row
        return Series(
            id=query.id,
            title=query.title or query.id,
            unit=query.unit,
            value=value.value,
            why=value.why,
            at=self._moment(at) if at is not None else None,
            points=self._past.get(query.id, ()),
            baseline=self._normal.get(query.id),
            source="prometheus",
        )

    # -- what is normal ---------------------------------------------------------------------------------------------------

    def _learn(self) -> None:
        """Once an incident, or once an hour without one; aside, as it takes many questions."""
        started = self._start()
        of = started or self._source.clock.now().replace(minute=0, second=0, microsecond=0)
        if self._learning is not None:
            if not self._learning.done():
                return
            self._learning.result()  # a defect of ours: the supervisor tells it
        if of == self._normal_of:
            return
        self._normal_of = of
        self._learning = asyncio.create_task(self._learn_of(of))

    async def _learn_of(self, start: datetime) -> None:
        moment = self._source.clock.real(start)
        learnt: dict[str, float | None] = {}
        try:
            client = await self._connected()
            for query in self._queries:
                learnt[query.id] = await self._worker.do(lambda query=query: self._usual(client, query, moment), BASELINE_SECONDS)  # type: ignore[misc]
        except Trouble:
            self._normal_of = None  # again after the next reading
            return
        self._normal = learnt
        self._again.set()

    def _usual(self, client: Prometheus, query: Query, start: datetime) -> float | None:
        """The median of the same hour of the last seven days, else of the day before."""
        hours: list[tuple[datetime, float | None]] = []
        for since, until in same_hour(start):
            hours += self._known(client, query, since, until, BASELINE_STEP[HOUR])
        found = normal(hours)
        return found if found is not None else normal(before(self._known(client, query, start - DAY, start, BASELINE_STEP[DAY]), start))

    def _known(self, client: Prometheus, query: Query, since: datetime, until: datetime, step: int) -> Points:
        rows = self._rows(client, query, _past(until.timestamp(), (until - since).total_seconds(), step)) or ()
        points = ((datetime.fromtimestamp(at, UTC), value.value) for at, value in rows)
        return tuple(point for point in points if point[1] is not None)


async def _pinned(source: Source) -> tuple[str, ...]:
    """Without a cluster a Prometheus can still be asked: for those that the flags name."""
    try:
        return await source.server.namespaces()
    except Trouble:
        return source.access.namespaces or ((source.access.fallback,) if source.access.fallback else ())


def _window(text: str, speed: float) -> str:
    """A rate looks back in real time, so where the clock runs fast it looks back less."""
    found = re.fullmatch(r"(\d+)([smh])", text)
    if speed <= 1 or found is None:
        return text
    return f"{max(LEAST_WINDOW, round(int(found[1]) * {'s': 1, 'm': 60, 'h': 3600}[found[2]] / speed))}s"


def _past(end: float, seconds: float, step: int) -> Past:
    """On whole steps, so that a step is the same moment whenever it is asked for."""
    last = int(end // step) * step
    return Past(float(last - int(seconds // step) * step), float(last), step)


def _nan(query: Query) -> str:
    return "no traffic" if query.id in DIVIDED else "NaN"


def is_in_cluster(place: str) -> bool:
    return place.split(":", 1)[0] == IN_CLUSTER


def place_of(url: str, **proof: object) -> Place | str:
    """An address, or `in-cluster` as it is. Raises PlaceTrouble."""
    if is_in_cluster(url):
        named(url)
        return url
    return Place.of(url, **proof)


__all__ = ["PlaceTrouble", "PrometheusFeed", "place_of"]
