"""A supervised feed is calm, keeps what it knew and never gives up; no test here waits."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from feeds.scripted import ScriptedFeed
from hand import T0, HandClock
from warroom.core.readings import Reading
from warroom.feeds.supervise import Supervised
from warroom.feeds.trouble import Trouble

Numbers = tuple[int, ...]
Script = list[Numbers | Exception | float]


class Watched:
    """A supervised script, when its source was asked, and what came out."""

    field = "pods"

    def __init__(self, hand: HandClock, script: Script) -> None:
        self.hand, self.script = hand, script
        self.asked: list[float] = []
        self.got: list[Reading[Numbers]] = []
        self.supervised: Supervised[Numbers] | None = None

    def readings(self) -> AsyncIterator[Reading[Numbers]]:
        self.asked.append((self.hand.now() - T0).total_seconds())
        return ScriptedFeed(self.field, self.script, self.hand, self.hand.sleep).readings()

    async def run(self, seconds: float, chance: float = 1.0, again_after: float | None = None) -> None:
        supervised = Supervised(self, Reading(()), self.hand, self.hand.sleep, chance=lambda: chance)

        async def collect() -> None:
            async for reading in supervised.readings():
                self.got.append(reading)

        task = asyncio.create_task(collect())
        if again_after is not None:
            await self.hand.forward(again_after)
            supervised.ask_again()
            seconds -= again_after
        await self.hand.forward(seconds)
        task.cancel()
        await asyncio.wait([task])


async def test_a_burst_of_ten_thousand_in_a_second(hand: HandClock) -> None:
    burst: Script = []
    for n in range(10_000):
        burst += [(n,), 0.001] if n % 10 == 9 else [(n,)]
    watched = Watched(hand, burst)
    await watched.run(seconds=1.1)
    assert 10 <= len(watched.got) <= 12
    assert watched.got[-1].value == (9_999,)
    values = [reading.value for reading in watched.got]
    assert values == sorted(values)


async def test_an_error_keeps_the_last_good_value(hand: HandClock) -> None:
    watched = Watched(hand, [(1,), 5.0, ConnectionError("refused [/api]")])
    await watched.run(seconds=5.2)
    assert [(reading.value, reading.at, reading.trouble) for reading in watched.got] == [
        ((1,), T0, ""),
        ((1,), T0, "ConnectionError: refused [/api]\nother panes go on; asked again within 1 s, or press ctrl+r"),
    ]


async def test_trouble_says_a_word_then_what_and_what_to_do(hand: HandClock) -> None:
    watched = Watched(hand, [Trouble("no kubeconfig", "x does not exist", "give --kubeconfig FILE")])
    await watched.run(seconds=0)
    assert watched.got[0].trouble.splitlines() == [
        "no kubeconfig",
        "x does not exist",
        "give --kubeconfig FILE",
        "other panes go on; asked again within 1 s, or press ctrl+r",
    ]
    assert watched.got[0].state(hand.now()) == "trouble"


@pytest.mark.parametrize("script", [[], [ConnectionError("refused")]], ids=["clean end", "error"])
async def test_backs_off_and_never_gives_up(hand: HandClock, script: Script) -> None:
    watched = Watched(hand, script)
    await watched.run(seconds=3600)
    assert watched.asked[:7] == [0, 1, 3, 7, 15, 31, 61]
    assert len(watched.asked) > 3600 / 30


async def test_a_long_healthy_run_starts_the_back_off_afresh(hand: HandClock) -> None:
    watched = Watched(hand, [(1,), 60.0, ConnectionError("closed")])
    await watched.run(seconds=130)
    assert watched.asked == [0, 61, 122]


async def test_consoles_do_not_come_back_together(hand: HandClock) -> None:
    lucky = Watched(hand, [])
    await lucky.run(seconds=10, chance=0.0)
    assert lucky.asked == [0, 0.5, 1.5, 3.5, 7.5]


async def test_somebody_asks_again_at_once(hand: HandClock) -> None:
    watched = Watched(hand, [ConnectionError("refused")])
    await watched.run(seconds=20, again_after=20.0 - 0.5)
    assert watched.asked == [0, 1, 3, 7, 15, 19.5]
