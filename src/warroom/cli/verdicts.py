"""`warroom verdicts`: the runbook's criteria, decided by what is measured now."""

import asyncio

import typer

from warroom.cli.flags import Flags, Json
from warroom.cli.opened import Opened, opened
from warroom.cli.out import say, say_json, warn
from warroom.cli.show import columns, runbook_of
from warroom.cli.verb import verb
from warroom.core.ports import AnyFeed
from warroom.core.readings import Verdict, World

ENOUGH = 20.0
"""Seconds for the cluster to tell; samples that need a second one have it by then."""
HURRY = 3.0
"""Seconds after which the feeds are asked for that second sample."""
GLYPHS = {"true": "met", "false": "not met", "unknown": "unknown", "human": "yours"}


def register(app: typer.Typer) -> None:
    @verb(app, "verdicts", "warroom verdicts", "warroom verdicts --json -n tensafe", cluster=True)
    async def verdicts(flags: Flags, json: Json = False) -> None:
        """Decide the runbook's criteria by what the cluster and its figures say now; takes a few seconds."""
        async with opened(flags) as desk:
            found = await decided(flags, desk)
        if json:
            say_json([verdict_json(one) for one in found])
        else:
            say(verdicts_text(found))


async def decided(flags: Flags, desk: Opened) -> tuple[Verdict, ...]:
    """What is seen now, and with an open incident what the watch has recorded of the minutes before."""
    from warroom.cli.furnish import cluster_feeds
    from warroom.core.observations import frozen, recalled
    from warroom.core.verdicts import judge
    from warroom.watch.verdicts import gap

    world = recalled(desk.incident, await glimpse(cluster_feeds(flags, desk.room, desk.clock)))
    for reading in (world.deployments, world.metrics):
        if reading.trouble:
            warn(" ".join(reading.trouble.splitlines()))
    _, found = judge(runbook_of(desk, desk.incident), world, frozen(desk.incident), {}, desk.clock.now(), gap(desk.clock))
    return found


async def glimpse(feeds: list[AnyFeed]) -> World:
    """The world after each feed that speaks for a criterion has told twice, or failed, or had its time."""
    from warroom.watch.view import View

    view, told = View(), dict.fromkeys(("deployments", "pods", "metrics"), 0)
    heard = asyncio.Event()

    async def read(feed: AnyFeed) -> None:
        async for reading in feed.readings():
            view.take(feed.field, reading)
            if reading.at is not None or reading.trouble:
                told[feed.field] += 1
            if _whole(view.world, told):
                heard.set()

    async def hurry(asked: list[AnyFeed]) -> None:
        await asyncio.sleep(HURRY)
        for feed in asked:
            if again := getattr(feed, "ask_again", None):
                again()

    asked = [feed for feed in feeds if feed.field in told]
    tasks = [asyncio.create_task(work) for work in (*map(read, asked), hurry(asked))]
    try:
        async with asyncio.timeout(ENOUGH):
            await heard.wait()
    except TimeoutError:
        pass
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return view.world


def _whole(world: World, told: dict[str, int]) -> bool:
    if any(reading.at is None and not reading.trouble for reading in (world.deployments, world.pods, world.metrics)):
        return False
    figures = world.metrics.value
    return bool(world.metrics.trouble) or told["metrics"] >= 2 or (bool(figures) and all(one.value is not None for one in figures))


def verdict_json(one: Verdict) -> dict[str, object]:
    return {
        "id": one.id,
        "criterion": one.criterion,
        "section": one.section,
        "level": one.level or None,
        "line": one.line,
        "verdict": one.verdict,
        "evidence": one.evidence,
    }


def verdicts_text(found: tuple[Verdict, ...]) -> str:
    """A line each, below its level."""
    rows, below = [], None
    for one in found:
        if one.level != below:
            below = one.level
            rows.append(one.level or "declare an incident when")
        told = f": {one.evidence}" if one.evidence else ""
        rows.append(f"  {GLYPHS[one.verdict]:<8} {one.criterion}{told}"[: max(columns(), 60)])
    return "\n".join(rows) or "the runbook has no criteria"
