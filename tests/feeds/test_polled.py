"""Asking now and then, in step with a clock that may run faster."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta

import pytest

from hand import T0, HandClock, turns
from warroom.clock import ScenarioClock, SystemClock
from warroom.core.ports import Clock
from warroom.core.readings import Reading
from warroom.feeds.access import Access
from warroom.feeds.polled import Polled, speed
from warroom.feeds.source import Source


class Counted(Polled[int]):
    field = "metrics"
    seconds = 20.0
    asked = closed = 0

    async def ask(self) -> int:
        self.asked += 1
        return self.asked

    async def close(self) -> None:
        self.closed += 1


def counted(clock: Clock, hand: HandClock) -> Counted:
    return Counted(Source.of(Access(kubeconfig="none", environ={}), clock, hand.sleep))


@pytest.mark.parametrize("clock", [SystemClock(), ScenarioClock(T0, 1.0), ScenarioClock(T0, 60.0), ScenarioClock(T0, 3600.0)])
def test_the_way_back_from_a_clock(clock: Clock) -> None:
    moment = T0 + timedelta(minutes=7)
    assert abs(clock.real(clock.of(moment)) - moment) < timedelta(milliseconds=1)
    assert speed(clock) == pytest.approx(getattr(clock, "speed", 1.0))


async def test_it_asks_again_after_its_time_or_when_somebody_wants_it(hand: HandClock) -> None:
    feed = counted(hand, hand)
    seen: list[Reading[int]] = []

    async def collect() -> None:
        async for reading in feed.readings():
            seen.append(reading)

    task = asyncio.create_task(collect())
    await turns(5)
    assert [reading.value for reading in seen] == [1]
    await hand.forward(19)
    assert len(seen) == 1
    await hand.forward(1)
    assert [reading.value for reading in seen] == [1, 2]
    feed.ask_again()
    await turns(10)
    assert [reading.value for reading in seen] == [1, 2, 3]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert feed.closed == 1


async def test_what_is_asked_for_seldom_is_not_old_between_two_questions(hand: HandClock) -> None:
    async with aclosing(_readings(counted(hand, hand))) as readings:
        reading = await anext(readings)
    assert reading.state(hand.now() + timedelta(seconds=21)) == "live"
    assert reading.state(hand.now() + timedelta(seconds=60)) == "stale"


async def test_in_a_fast_scenario_it_asks_oftener_and_lasts_longer_by_its_clock(hand: HandClock) -> None:
    clock = ScenarioClock(T0, 10.0)
    feed = counted(clock, hand)
    assert feed.pause == 2.0
    async with aclosing(_readings(feed)) as readings:
        reading = await anext(readings)
    assert timedelta(seconds=50) <= reading.lasts < timedelta(seconds=100)  # the machine's own time for asking counts, too
    assert counted(ScenarioClock(T0, 1000.0), hand).pause == 1.0  # never oftener


async def _readings(feed: Counted) -> AsyncGenerator[Reading[int]]:
    async for reading in feed.readings():
        yield reading
