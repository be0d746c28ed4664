"""Whether figures can be had, for `warroom doctor`: it asks once for each and changes nothing."""

import asyncio
from contextlib import aclosing

from warroom.cli.doctor import Check
from warroom.cli.figures import prometheus_of, public_of, queries_of
from warroom.cli.given import Flags
from warroom.cli.out import Mistake
from warroom.core.endpoints import Endpoints, belongs, endpoints_of
from warroom.core.entries import RunbookText
from warroom.core.pods import is_ready
from warroom.core.queries import prefix_of
from warroom.core.readings import Pod, Series
from warroom.feeds.kubernetes import PodsFeed
from warroom.feeds.metrics_api import NOT_THERE, UsageFeed
from warroom.feeds.pods import proxy_path
from warroom.feeds.prometheus import PrometheusFeed
from warroom.feeds.promql import Place
from warroom.feeds.source import Source
from warroom.feeds.trouble import Trouble

PATIENCE = 15.0
"""Seconds for all questions of one kind."""


async def outside(flags: Flags, source: Source, runbook: RunbookText) -> list[Check]:
    """What needs no cluster."""
    settings = flags.settings
    checks = [await _prometheus(flags, source, runbook.text)]
    try:
        public = public_of(settings)(await asyncio.to_thread(_named, runbook))
    except Mistake as mistake:
        return [*checks, Check("public", False, str(mistake), settings.source("health"), "correct it there")]
    return [*checks, Check("public", True, f"{', '.join(public) or 'no address'} is asked from here", settings.source("health"))]


async def inside(source: Source, runbook: RunbookText) -> list[Check]:
    """What the API server leads to."""
    return [await _usage(source), *await _addresses(source, await asyncio.to_thread(_named, runbook))]


def _named(runbook: RunbookText) -> Endpoints:
    from warroom.room import read_cached

    return endpoints_of(read_cached(runbook))


async def _prometheus(flags: Flags, source: Source, runbook: str) -> Check:
    settings = flags.settings
    whence = settings.source("prometheus")
    try:
        place, queries = prometheus_of(settings), queries_of(settings)
    except Mistake as mistake:
        return Check("prometheus", False, str(mistake), whence, "correct it there")
    if place is None:
        return Check("prometheus", True, "none is set: the pods are asked for /metrics", whence)
    feed = PrometheusFeed(source, place, queries, prefix=prefix_of(runbook), window=settings.prometheus.window)
    where = place.url if isinstance(place, Place) else place
    try:
        async with source.server, asyncio.timeout(PATIENCE):
            series = await feed.ask()
    except TimeoutError:
        return Check("prometheus", False, f"{where}: no answer within {PATIENCE:.0f} s", whence, "look at the network and the address")
    except Trouble as trouble:
        return Check("prometheus", False, trouble.lines[0] if trouble.lines else trouble.word, whence, " ".join(trouble.lines[1:]))
    finally:
        await feed.close()
    return Check("prometheus", True, f"{where}: {_told(series)}", whence)


def _told(series: tuple[Series, ...]) -> str:
    without = [f"{each.id}: {each.why}" for each in series if each.value is None]
    return f"{len(series) - len(without)} of {len(series)} figures have a value" + (f" ({'; '.join(without)})" if without else "")


async def _usage(source: Source) -> Check:
    """Not having it is no fault: two columns go."""
    try:
        used = await UsageFeed(source).ask()
    except Trouble as trouble:
        if trouble.word == NOT_THERE:
            return Check("metrics API", True, "not available: the pods are shown without CPU and memory", source.server.where)
        return Check(
            "metrics API", False, trouble.lines[0] if trouble.lines else trouble.word, source.server.where, " ".join(trouble.lines[1:])
        )
    return Check("metrics API", True, f"CPU and memory of {len(used)} pods", source.server.where)


async def _addresses(source: Source, named: Endpoints) -> list[Check]:
    """One ready pod is asked for each address that the runbook names."""
    pods = await _pods(source) if named.inside else ()
    found: list[Check] = []
    for each in named.inside:
        one = next((pod for pod in pods if is_ready(pod) and belongs(pod, each.workload)), None)
        if one is None:
            found.append(Check(each.path, True, f"no ready pod of {each.workload} to ask", "runbook"))
            continue
        try:
            what = f"get pods/proxy in namespace {one.namespace}"
            answer = await source.server.through(proxy_path(one, each), what, seconds=PATIENCE, most=4096)
            found.append(Check(each.path, True, f"{one.name} answers {answer.status}", "runbook"))
        except Trouble as trouble:
            why = trouble.lines[0] if trouble.lines else trouble.word
            found.append(Check(each.path, False, f"{one.name}: {why}", "runbook", " ".join(trouble.lines[1:])))
    return found


async def _pods(source: Source) -> tuple[Pod, ...]:
    try:
        async with asyncio.timeout(PATIENCE), aclosing(PodsFeed(source).readings()) as readings:
            async for reading in readings:
                if reading.at is not None or reading.trouble:
                    return reading.value
    except TimeoutError:
        pass
    return ()
