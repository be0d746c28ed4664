"""A burst waits for its share; what stays too much is counted instead."""

import asyncio

from hand import turns
from warroom.feeds.logshare import Share


async def taken(share: Share, size: int) -> "asyncio.Task[bool]":
    task = asyncio.create_task(share.turn(size))
    await turns(5)
    return task


async def test_a_burst_waits_for_the_next_tick() -> None:
    share = Share(at_once=100, patience=3)
    assert (await taken(share, 80)).result()
    assert (await taken(share, 80)).result()  # what is begun is finished
    waiting = await taken(share, 80)
    assert not waiting.done()
    share.tick()
    assert await waiting


async def test_turns_are_taken_one_by_one_in_order() -> None:
    share, order = Share(at_once=1000), list[int]()

    async def take(which: int) -> None:
        for _ in range(3):
            await share.turn(1)
            order.append(which)

    await asyncio.gather(take(1), take(2), take(3))
    assert order == [1, 2, 3] * 3


async def test_what_stays_too_much_is_not_looked_at_until_it_is_less() -> None:
    share = Share(at_once=100, patience=3)
    for _ in range(3):
        assert (await taken(share, 100)).result()
        share.tick()
    assert (await taken(share, 100)).result()
    assert not (await taken(share, 100)).result()
    assert not (await taken(share, 100)).result()
    share.tick()
    assert (await taken(share, 40)).result()
    share.tick()
    assert (await taken(share, 100)).result()
    waiting = await taken(share, 100)
    assert not waiting.done()
    waiting.cancel()
