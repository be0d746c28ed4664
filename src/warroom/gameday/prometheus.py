"""A Prometheus as its HTTP API shows it, over the metrics of the scenario."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import promql_parser
from aiohttp import web

from warroom.gameday.promql import NAME, BadQuery, Key, NotSimulated, Query, matching
from warroom.gameday.resources import Json
from warroom.gameday.simulation import Simulation
from warroom.gameday.timeseries import Sample, Timeseries

POINTS = 11_000
"""More are refused, as by a real one."""
BREATH = 25
"""After so many steps of a range others get their turn."""
VERSION = "2.42.0+gameday"


class Refused(Exception):
    def __init__(self, kind: str, said: str) -> None:
        super().__init__(said)
        self.kind = kind

    @property
    def status(self) -> int:
        return 400 if self.kind == "bad_data" else 422


class Prometheus:
    """Times are real time, as those of everything that the simulated cluster stamps."""

    def __init__(self, simulation: Simulation, clock: Callable[[], datetime]) -> None:
        self._simulation = simulation
        self._series = Timeseries(simulation)
        self._clock = clock

    def app(self) -> web.Application:
        app = web.Application()
        for path, answer in (
            ("query", self._query),
            ("query_range", self._range),
            ("series", self._matching),
            ("labels", self._labels),
            ("label/{name}/values", self._values),
            ("status/buildinfo", self._version),
            ("alerts", self._empty("alerts")),
            ("rules", self._empty("groups")),
            ("targets", self._targets),
        ):
            for method in ("GET", "POST"):
                app.router.add_route(method, f"/api/v1/{path}", self._answering(answer))
        for path, text in (
            ("/", "A simulated Prometheus: ask /api/v1/query.\n"),
            ("/-/ready", "Prometheus Server is Ready.\n"),
            ("/-/healthy", "Prometheus Server is Healthy.\n"),
        ):
            app.router.add_get(path, self._saying(text))
        return app

    def _answering(self, answer: Callable[[web.Request, Mapping[str, str]], Awaitable[Any]]) -> Callable[..., Awaitable[web.Response]]:
        async def answered(request: web.Request) -> web.Response:
            given = {**request.query, **{key: str(value) for key, value in (await request.post()).items()}}
            self._simulation.advance(self._clock())
            try:
                return web.json_response({"status": "success", "data": await answer(request, given)})
            except Refused as refused:
                said = {"status": "error", "errorType": refused.kind, "error": str(refused)}
                return web.json_response(said, status=refused.status)

        return answered

    def _saying(self, text: str) -> Callable[..., Awaitable[web.Response]]:
        async def said(_: web.Request) -> web.Response:
            return web.Response(text=text)

        return said

    async def _query(self, _: web.Request, given: Mapping[str, str]) -> Json:
        query, moment = _read(given.get("query", "")), self._time(given, "time", self._clock())
        found = self._asked(query, moment)
        if isinstance(found, str):
            return {"resultType": "string", "result": [moment.timestamp(), found]}
        if isinstance(found, float):
            return {"resultType": "scalar", "result": _point(moment, found)}
        result = [{"metric": dict(key), "value": _point(moment, value)} for key, value in found.items()]
        return {"resultType": "vector", "result": result}

    async def _range(self, _: web.Request, given: Mapping[str, str]) -> Json:
        start, end = self._time(given, "start"), self._time(given, "end")
        if end < start:
            raise _invalid("end", "end timestamp must not be before start time")
        step = _duration(given.get("step", ""))
        if step <= timedelta():
            raise _invalid("step", "zero or negative query resolution step widths are not accepted. Try a positive integer")
        count = int((end - start) / step) + 1
        if count > POINTS:
            said = f"exceeded maximum resolution of {POINTS:,} points per timeseries. Try decreasing the query resolution (?step=XX)"
            raise Refused("bad_data", said)
        query = _read(given.get("query", ""))
        lines: dict[Key, list[list[Any]]] = {}
        for n in range(count):
            moment = start + n * step
            found = self._asked(query, moment)
            if isinstance(found, str):
                raise Refused("bad_data", 'invalid expression type "string" for range query, must be Scalar or instant Vector')
            for key, value in ({(): found} if isinstance(found, float) else found).items():
                lines.setdefault(key, []).append(_point(moment, value))
            if n % BREATH == BREATH - 1:
                await asyncio.sleep(0)
        return {"resultType": "matrix", "result": [{"metric": dict(key), "values": values} for key, values in lines.items()]}

    async def _matching(self, request: web.Request, given: Mapping[str, str]) -> list[Json]:
        if "match[]" not in given:
            raise Refused("bad_data", "no match[] parameter provided")
        return [{NAME: sample.name, **sample.labels} for sample in self._found(request)]

    async def _labels(self, request: web.Request, _: Mapping[str, str]) -> list[str]:
        return sorted({NAME, *(label for sample in self._found(request) for label in sample.labels)})

    async def _values(self, request: web.Request, _: Mapping[str, str]) -> list[str]:
        name = request.match_info["name"]
        shown = [{NAME: sample.name, **sample.labels} for sample in self._found(request)]
        return sorted({labels[name] for labels in shown if name in labels})

    async def _version(self, _: web.Request, __: Mapping[str, str]) -> Json:
        return {"version": VERSION, "revision": "", "branch": "", "buildUser": "", "buildDate": "", "goVersion": ""}

    async def _targets(self, _: web.Request, __: Mapping[str, str]) -> Json:
        return {"activeTargets": [{"labels": self._series.target, "health": "up", "lastError": ""}], "droppedTargets": []}

    def _empty(self, key: str) -> Callable[[web.Request, Mapping[str, str]], Awaitable[Json]]:
        async def none(_: web.Request, __: Mapping[str, str]) -> Json:
            return {key: []}

        return none

    def _found(self, request: web.Request) -> list[Sample]:
        """What is there now, of that what the selectors choose."""
        samples = self._series.at(self._simulation.agenda.now)
        selectors = [_read(text).tree for text in request.query.getall("match[]", [])]
        if not all(isinstance(selector, promql_parser.VectorSelector) for selector in selectors):
            raise _invalid("match[]", "expected a selector")
        if not selectors:
            return samples
        chosen = {id(sample): sample for selector in selectors for sample in matching(samples, selector)}
        return list(chosen.values())

    def _asked(self, query: Query, moment: datetime) -> Any:
        try:
            return query.at(moment, self._series)
        except BadQuery as error:
            raise _invalid("query", str(error)) from None
        except NotSimulated as error:
            raise Refused("execution", str(error)) from None

    def _time(self, given: Mapping[str, str], key: str, otherwise: datetime | None = None) -> datetime:
        text = given.get(key, "")
        if not text and otherwise is not None:
            return otherwise
        try:
            return datetime.fromtimestamp(float(text), UTC)
        except (ValueError, OverflowError, OSError):
            pass
        try:
            found = datetime.fromisoformat(text.replace("Z", "+00:00"))
        except ValueError:
            raise _invalid(key, f'cannot parse "{text}" to a valid timestamp') from None
        return found if found.tzinfo else found.replace(tzinfo=UTC)


def _read(text: str) -> Query:
    try:
        return Query.read(text)
    except BadQuery as error:
        raise _invalid("query", str(error)) from None


def _invalid(key: str, said: str) -> Refused:
    return Refused("bad_data", f'invalid parameter "{key}": {said}')


def _duration(text: str) -> timedelta:
    try:
        return timedelta(seconds=float(text))
    except (ValueError, OverflowError):
        pass
    try:
        return promql_parser.parse_duration(text)
    except ValueError:
        raise _invalid("step", f'cannot parse "{text}" to a valid duration') from None


def _point(moment: datetime, value: float) -> list[Any]:
    return [round(moment.timestamp(), 3), _number(value)]


def _number(value: float) -> str:
    """As Go writes it: the shortest digits, never an exponent."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else format(Decimal(repr(value)), "f")
