"""A thread for blocking calls: one after the other, and none that hangs holds anybody up."""

import asyncio
import threading

import pytest

from warroom.feeds.trouble import Trouble
from warroom.feeds.worker import MOST_ABANDONED, Worker


async def test_calls_are_done_in_turn_in_one_thread_and_their_errors_come_back() -> None:
    worker = Worker("it")
    names = await asyncio.gather(*(worker.do(lambda: threading.current_thread().name, 5.0) for _ in range(5)))
    assert set(names) == {"it"}
    with pytest.raises(ZeroDivisionError):
        await worker.do(lambda: 1 / 0, 5.0)
    assert await worker.do(lambda: 7, 5.0) == 7
    worker.close()
    assert await worker.do(lambda: 8, 5.0) == 8  # it begins anew
    worker.close()


async def test_a_call_that_hangs_is_given_up_and_the_next_one_is_done() -> None:
    worker, go = Worker("it"), threading.Event()
    try:
        with pytest.raises(Trouble, match=r"no answer\nit gave none within 0\.05 s"):
            await worker.do(go.wait, 0.05)
        assert await worker.do(lambda: "next", 5.0) == "next"
    finally:
        go.set()
        worker.close()


async def test_threads_that_hang_are_counted() -> None:
    worker, go = Worker("it"), threading.Event()
    try:
        for _ in range(MOST_ABANDONED):
            with pytest.raises(Trouble, match="gave none"):
                await worker.do(go.wait, 0.02)
        with pytest.raises(Trouble, match="began 4 answers and ended none"):
            await worker.do(lambda: 1, 5.0)
        hanging = [thread for thread in threading.enumerate() if thread.name == "it"]
        assert len(hanging) == MOST_ABANDONED
        assert all(thread.daemon for thread in hanging)  # none holds up whoever quits
        go.set()
        for thread in hanging:
            await asyncio.to_thread(thread.join, 5)
        assert await worker.do(lambda: 2, 5.0) == 2
    finally:
        go.set()
        worker.close()
