"""The log of one container over real HTTP: each line once, whatever becomes of the connection, the container and the pod."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec
import pytest

from feeds.kubelet import Kubelet
from feeds.loopback import breathe
from feeds.store import PODS
from hand import HandClock
from warroom.feeds.access import Access
from warroom.feeds.logstream import Beginning, LogStream
from warroom.feeds.source import Source
from warroom.feeds.translate import Shared, pod
from warroom.feeds.trouble import Trouble
from warroom.feeds.wire import PodWire


class Paper:
    """Writes down what it is given."""

    def __init__(self) -> None:
        self.got = b""
        self.gaps = self.ends = self.dropped = 0
        self.looks = True

    async def turn(self, size: int) -> bool:
        return self.looks

    def read(self, lines: bytes) -> None:
        assert lines.endswith(b"\n")
        self.got += lines

    def skipped(self, lines: int) -> None:
        self.dropped += lines

    def missed(self) -> None:
        self.gaps += 1

    def ended(self) -> None:
        self.ends += 1


@pytest.fixture
async def kubelet() -> AsyncIterator[Kubelet]:
    kubelet = Kubelet()
    await kubelet.start()
    yield kubelet
    await kubelet.stop()


class Following:
    def __init__(self, stream: LogStream, paper: Paper, task: asyncio.Task[None], hand: HandClock) -> None:
        self.stream, self.paper, self.task, self.hand = stream, paper, task, hand

    async def until(self, true: Callable[[], bool]) -> None:
        """Time goes on by hand until it is so. The test's time-out is the end of patience."""
        while not true():
            if self.task.done():
                self.task.result()
                assert true(), "it has ended"
            await self.hand.forward(0.25)
            await breathe()


@asynccontextmanager
async def following(kubelet: Kubelet, folder: Path, hand: HandClock, name: str = "a", run_before: bool = False) -> AsyncIterator[Following]:
    source = Source.of(Access(kubeconfig=str(kubelet.kubeconfig(folder)), environ={}), hand, hand.sleep, chance=lambda: 1.0)
    paper = Paper()
    wire = msgspec.convert(kubelet.store.objects[PODS][f"shop/{name}"], PodWire)
    stream = LogStream(source, pod(wire, hand.of, Shared()), "server", paper, Beginning(10_000, run_before=run_before))
    async with source.server:
        task = asyncio.create_task(stream.run())
        try:
            yield Following(stream, paper, task, hand)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


TEXTS = (b"same", b"", b"Traceback (most recent call last):", b"\xff\x00" * 9)


@pytest.mark.parametrize("seed", range(3))
async def test_cut_at_random_a_hundred_times(kubelet: Kubelet, hand: HandClock, tmp_path: Path, seed: int) -> None:
    """It loses and doubles nothing, though the container restarts meanwhile."""
    chance = random.Random(seed)
    log = kubelet.add("a")
    log.write(*(b"before %d" % place for place in range(50)))
    kubelet.allowance = [chance.randrange(0, 3000) for _ in range(1000)]
    async with following(kubelet, tmp_path, hand, run_before=True) as shown:
        while kubelet.cuts < 100:
            log.write(*(chance.choice(TEXTS) for _ in range(chance.randrange(100))))
            if chance.random() < 0.1:
                kubelet.restart("a")
                shown.stream.changed()
                log.write(b"started again")
            await shown.until(lambda: shown.paper.got == log.everything)
        assert shown.paper.gaps == 0


async def test_the_end_of_a_run_is_read_before_the_next(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    log = kubelet.add("a")
    log.write(b"one")
    kubelet.allowance = [45]  # the connection breaks in the second line
    async with following(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: bool(shown.paper.got))
        log.write(b"panic: no memory")
        kubelet.restart("a")
        shown.stream.changed()
        log.write(b"hello again")
        await shown.until(lambda: shown.paper.got == log.everything)
        assert (shown.paper.gaps, shown.paper.ends) == (0, 1)
        assert [each.get("previous") for each in kubelet.queries] == [None, "true", None]


async def test_a_restart_that_the_pod_does_not_tell_yet(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    log = kubelet.add("a")
    log.write(b"one")
    async with following(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: shown.paper.got == log.everything)
        kubelet.deaf = True
        log.write(b"panic: no memory")
        kubelet.restart("a")
        log.write(b"hello again")
        await shown.until(lambda: shown.paper.got == log.everything)
        kubelet.tell_restart("a")
        shown.stream.changed()
        log.write(b"and on")
        await shown.until(lambda: shown.paper.got == log.everything)
        assert shown.paper.gaps == 0


async def test_several_restarts_unseen_are_a_gap(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    log = kubelet.add("a")
    log.write(b"one")
    kubelet.allowance = [10_000]
    async with following(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: shown.paper.got == log.everything)
        seen = log.everything
        kubelet.deaf = True
        for n in range(3):
            log.write(b"lost %d" % n)
            kubelet.restart("a")
        log.write(b"now")
        kubelet.tell_restart("a")
        kept = b"".join(line + b"\n" for run in log.runs[-2:] for line in run.lines)
        await shown.until(lambda: shown.paper.got.endswith(b"now\n"))
        # The first run was read to its end, since its stream lived; of the second nothing is left on the server.
        assert shown.paper.got in (seen + kept, seen + log.runs[0].lines[-1] + b"\n" + kept)
        assert shown.paper.gaps == 1


async def test_a_rotated_log_is_a_gap_and_goes_on(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    log = kubelet.add("a")
    log.write(b"one", b"two")
    kubelet.allowance = [110]
    async with following(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: shown.paper.got == log.everything)
        seen = log.everything
        log.write(b"x" * 100, b"never seen")
        log.rotate()
        log.write(b"after")
        await shown.until(lambda: shown.paper.got.endswith(b"after\n"))
        assert shown.paper.got == seen + log.runs[0].lines[-1] + b"\n"
        assert shown.paper.gaps == 1


async def test_a_crash_loop_is_read_once_a_run(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    log = kubelet.add("a")
    async with following(kubelet, tmp_path, hand) as shown:
        for n in range(3):
            log.write(b"run %d" % n, b"fatal: no database")
            kubelet.crash("a")
            shown.stream.changed()
            await shown.until(lambda: shown.stream.over and shown.paper.got == log.everything)
            asked = len(kubelet.queries)
            await hand.forward(300)
            assert len(kubelet.queries) == asked  # it waits for news, and asks nobody
            kubelet.restart("a")
            shown.stream.changed()
        await shown.until(lambda: not shown.stream.over)
        assert (shown.paper.gaps, shown.paper.ends) == (0, 3)


async def test_a_node_that_counts_a_restart_when_the_run_ends(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    log = kubelet.add("a")
    log.write(b"one")
    async with following(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: shown.paper.got == log.everything)
        log.write(b"fatal")
        kubelet.crash("a")
        status = kubelet.store.objects[PODS]["shop/a"]["status"]["containerStatuses"][0]
        status["restartCount"] = 1
        shown.stream.changed()
        await shown.until(lambda: shown.stream.over)
        kubelet.restart("a")
        log.write(b"hello")
        shown.stream.changed()
        await shown.until(lambda: shown.paper.got == log.everything)
        assert (shown.paper.gaps, shown.paper.ends) == (0, 1)


async def test_a_pod_that_goes_is_read_to_its_last_word(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    log = kubelet.add("a")
    async with following(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: bool(kubelet.queries))
        log.write(b"one", b"bye")
        kubelet.remove("a")
        await shown.until(lambda: shown.task.done())
        assert shown.paper.got == log.everything
        assert (shown.paper.gaps, shown.paper.ends) == (0, 1)


async def test_a_pod_that_goes_while_the_connection_is_cut_is_a_gap(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    log = kubelet.add("a")
    log.write(b"one", b"two")
    kubelet.allowance = [50]
    async with following(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: bool(kubelet.cuts))
        kubelet.remove("a")
        await shown.until(lambda: shown.task.done())
        assert shown.paper.gaps == 1


async def test_a_container_that_has_not_started(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    log = kubelet.add("a")
    log.waiting = "ContainerCreating"
    async with following(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: shown.stream.opened)
        assert shown.stream.trouble is None
        log.waiting = ""
        log.write(b"hello")
        shown.stream.changed()
        await shown.until(lambda: shown.paper.got == log.everything)


async def test_who_may_not_read_logs_is_told(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    kubelet.add("a").write(b"secret")
    kubelet.refuse_logs = (403, 'pods "a" is forbidden: User "ada" cannot get resource "pods/log"')
    async with following(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: shown.stream.trouble is not None)
        trouble = shown.stream.trouble
        assert trouble is not None
        assert (trouble.word, trouble.lines) == (
            "forbidden",
            ("user ada may not get pods/log in namespace shop", "ask for: kubectl auth can-i get pods/log -n shop"),
        )
        await hand.forward(200)
        assert len(kubelet.queries) < 20  # it asks less and less often
        kubelet.refuse_logs = None
        shown.stream.ask_again()
        await shown.until(lambda: shown.paper.got.endswith(b"secret\n"))
        assert shown.stream.trouble is None


async def test_a_server_that_answers_no_probe_any_more(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    log = kubelet.add("a")
    log.write(b"one")
    async with following(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: bool(shown.paper.got))
        shown.stream.lost(Trouble("no answer", "gone"))
        assert shown.stream.trouble is not None
        log.write(b"two")
        await shown.until(lambda: shown.paper.got == log.everything)
        assert shown.stream.trouble is None
        assert shown.paper.gaps == 0


async def test_what_nobody_looks_at_is_counted_and_known(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    log = kubelet.add("a")
    log.write(*(b"%d" % n for n in range(100)))
    async with following(kubelet, tmp_path, hand) as shown:
        shown.paper.looks = False
        await shown.until(lambda: shown.paper.dropped == 100)
        shown.paper.looks = True
        await kubelet.cut_watches()
        log.write(b"seen")
        await shown.until(lambda: shown.paper.got.endswith(b"seen\n"))
        assert shown.paper.got.count(b"\n") == 1
        assert (shown.paper.gaps, shown.paper.dropped) == (0, 100)
