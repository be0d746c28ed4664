"""The tally of all logs, and the raw log of one, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from feeds.kubelet import Kubelet
from feeds.loopback import Console, console_of
from hand import HandClock
from warroom.core.logs import LogPart
from warroom.core.ports import AnyFeed
from warroom.core.readings import Tally
from warroom.feeds.access import Access
from warroom.feeds.kubernetes import PodsFeed
from warroom.feeds.logs import LogsFeed, Wish
from warroom.feeds.rawlogs import RawLogs
from warroom.feeds.source import Source


@pytest.fixture
async def kubelet() -> AsyncIterator[Kubelet]:
    kubelet = Kubelet()
    await kubelet.start()
    yield kubelet
    await kubelet.stop()


@asynccontextmanager
async def listening(kubelet: Kubelet, folder: Path, hand: HandClock, *selectors: str, **wish: Any) -> AsyncIterator["Shown"]:
    source = Source.of(Access(kubeconfig=str(kubelet.kubeconfig(folder)), environ={}), hand, hand.sleep, chance=lambda: 1.0)
    made: list[AnyFeed] = [PodsFeed(source), LogsFeed(source, Wish(selectors=lambda: selectors, **wish))]
    async with console_of(made, hand) as console:
        yield Shown(console, source)


class Shown:
    def __init__(self, console: Console, source: Source) -> None:
        self.console, self.source = console, source
        self.until, self.during = console.until, console.during

    @property
    def tally(self) -> Tally:
        reading = self.console.readings.get("tally")
        return (reading.value if reading is not None else None) or Tally()

    @property
    def trouble(self) -> str:
        return self.console.trouble("tally")

    @property
    def counts(self) -> dict[str, int]:
        return {each.text: each.count for each in self.tally.patterns}


async def test_errors_of_all_pods_are_one_pattern_with_their_pods(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    a, b = kubelet.add("a"), kubelet.add("b")
    a.write(b"ERROR order 17 failed", b"INFO fine", b"ERROR order 18 failed")
    b.write(b"ERROR order 19 failed")
    async with listening(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: shown.tally.events == 3)
        (pattern,) = shown.tally.patterns
        assert (pattern.count, dict(pattern.sources), dict(pattern.revisions)) == (3, {"shop/a": 2, "shop/b": 1}, {"7d9f": 3})
        assert (shown.tally.lines, shown.tally.streams, shown.tally.gaps, shown.tally.left_out) == (4, 2, 0, 0)
        a.write(b"ERROR order 20 failed")
        await shown.until(lambda: shown.tally.events == 4)


async def test_pods_join_and_leave_by_themselves(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    kubelet.add("a").write(b"ERROR one")
    async with listening(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: shown.tally.events == 1)
        kubelet.add("b", "server", "sidecar").write(b"ERROR two")
        kubelet.logs["b", "sidecar"].write(b"ERROR three")
        await shown.until(lambda: shown.tally.events == 3 and shown.tally.streams == 3)
        kubelet.logs["a", "server"].write(b"ERROR the last word")
        kubelet.remove("a")
        await shown.until(lambda: shown.tally.events == 4 and shown.tally.streams == 2)
        assert shown.tally.gaps == 0


async def test_the_selector_decides_until_then_all_pods_do(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    kubelet.add("other", app="other").write(b"ERROR of another")
    async with listening(kubelet, tmp_path, hand, "nonsense==", "whose=me") as shown:
        await shown.until(lambda: shown.tally.events == 1)
        kubelet.add("mine", whose="me").write(b"ERROR of mine")
        await shown.until(lambda: shown.tally.events == 2 and shown.tally.streams == 1)
        kubelet.add("third").write(b"ERROR of a third")
        await shown.during(10)
        assert (shown.tally.events, shown.tally.streams) == (2, 1)


async def test_a_limit_is_told(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    for name in "abcd":
        kubelet.add(name).write(b"ERROR x")
    async with listening(kubelet, tmp_path, hand, most=3) as shown:
        await shown.until(lambda: shown.tally.events == 3)
        assert (shown.tally.streams, shown.tally.left_out) == (3, 1)


async def test_a_restart_is_read_on_and_a_gap_is_told(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    log = kubelet.add("a")
    log.write(b"ERROR x")
    async with listening(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: shown.tally.events == 1)
        log.write(b"FATAL the end")
        kubelet.restart("a")
        log.write(b"ERROR again")
        await shown.until(lambda: shown.tally.events == 3)
        assert shown.tally.gaps == 0
        kubelet.deaf = True
        for _ in range(4):
            kubelet.restart("a")
        log.write(b"ERROR after much")
        kubelet.tell_restart("a")
        await shown.until(lambda: shown.tally.events == 4)
        await shown.until(lambda: shown.tally.gaps == 1)


async def test_nobody_may_read_logs(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    kubelet.add("a")
    kubelet.refuse_logs = (403, 'pods "a" is forbidden: User "ada" cannot get resource "pods/log"')
    async with listening(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: shown.console.state("tally") == "trouble")
        assert shown.trouble.startswith("forbidden\nuser ada may not get pods/log in namespace shop\n")
        kubelet.refuse_logs = None
        shown.console.supervised["tally"].ask_again()
        await shown.until(lambda: shown.console.state("tally") == "live")


async def test_one_log_that_cannot_be_read_is_told_beside_the_others(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    kubelet.add("a").write(b"ERROR x")
    kubelet.add("b")
    del kubelet.logs["b", "server"]
    async with listening(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: shown.tally.failing == 1 and shown.tally.events == 1)
        assert shown.console.state("tally") == "live"
        assert shown.tally.why.startswith("not found; ")


async def test_a_quiet_log_stays_young_and_the_same(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    kubelet.add("a").write(b"INFO fine")
    async with listening(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: shown.tally.lines == 1)
        await shown.during(5)
        before = shown.tally
        await shown.during(40)
        assert shown.tally is before
        assert shown.console.state("tally") == "live"


async def test_a_server_that_goes_and_comes(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    log = kubelet.add("a")
    log.write(b"ERROR x")
    async with listening(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: shown.tally.events == 1)
        await kubelet.stop()
        await shown.until(lambda: shown.console.state("tally") == "stale")
        assert shown.trouble.startswith("no answer")
        log.write(b"ERROR y")
        await kubelet.start()
        await shown.until(lambda: shown.console.state("tally") == "live" and shown.tally.events == 2)
        assert shown.tally.gaps == 0


async def test_what_is_new_is_asked_of_the_incident(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    log = kubelet.add("a")
    log.write(b"ERROR old")
    async with listening(kubelet, tmp_path, hand, start=lambda: hand.now()) as shown:
        await shown.until(lambda: shown.tally.events == 1)
        assert shown.tally.since is not None


# The raw log


async def parts(shown: Shown, read: AsyncIterator[LogPart], enough: Any) -> list[LogPart]:
    got: list[LogPart] = []

    async def collect() -> None:
        async for part in read:
            got.append(part)

    task = asyncio.create_task(collect())
    await shown.until(lambda: bool(got) and (enough(got) or task.done()))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return got


def texts(got: Sequence[LogPart]) -> list[str]:
    return [line.text for part in got for line in part.lines]


async def test_a_raw_log_is_followed_with_its_times(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    log = kubelet.add("a", "server", "sidecar")
    log.write(*(b"line %d" % n for n in range(30)))
    async with listening(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: shown.tally.streams == 2)
        raw = RawLogs(shown.source)
        assert raw.containers("shop/a") == ("server", "sidecar")
        assert raw.containers("shop/none") == ()
        got: list[LogPart] = []

        def enough(so_far: list[LogPart]) -> bool:
            if texts(so_far) and log.written == 30:
                log.write(b"\x1b[31mred\xff", b"x\r")
            return log.written == 32 and texts(so_far)[-1] == "x"

        got = await parts(shown, raw.read("shop/a", "server", tail=10), enough)
        assert texts(got) == [*(f"line {n}" for n in range(20, 30)), "\x1b[31mred\ufffd", "x"]
        assert got[0].lines[0].at == hand.of(got[0].lines[0].at)  # type: ignore[arg-type]
        assert not any(part.gap or part.trouble or part.ended for part in got)


async def test_a_previous_log_ends(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    log = kubelet.add("a")
    log.write(b"one", b"fatal")
    async with listening(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: shown.tally.lines == 2)
        raw = RawLogs(shown.source)
        none = await parts(shown, raw.read("shop/a", "server", previous=True), lambda got: False)
        assert none[-1].ended
        assert none[-1].trouble.startswith("no previous log\nserver of shop/a has not restarted")
        kubelet.restart("a")
        got = await parts(shown, raw.read("shop/a", "server", previous=True), lambda got: False)
        assert texts(got) == ["one", "fatal"]
        assert got[-1].ended


async def test_a_raw_log_of_a_pod_that_is_gone(kubelet: Kubelet, hand: HandClock, tmp_path: Path) -> None:
    kubelet.add("a").write(b"one")
    async with listening(kubelet, tmp_path, hand) as shown:
        await shown.until(lambda: shown.tally.lines == 1)
        raw = RawLogs(shown.source)
        (part,) = await parts(shown, raw.read("shop/b", "server"), lambda got: False)
        assert (part.ended, part.trouble.splitlines()[0]) == (True, "gone")
        removed = asyncio.get_running_loop().call_soon(kubelet.remove, "a")
        got = await parts(shown, raw.read("shop/a", "server"), lambda got: False)
        assert removed is not None
        assert got[-1].ended
