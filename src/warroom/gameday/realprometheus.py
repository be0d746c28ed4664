"""A real Prometheus beside the simulated cluster: it scrapes the service's gateway, and is given the history before that."""

import asyncio
import contextlib
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp

from warroom.gameday.timeseries import Timeseries

BREATH = 500
"""After so many lines of the history others get their turn."""
READY_WITHIN = 30.0
ENDS_WITHIN = 5.0
HISTORY = timedelta(hours=3)
STEP = timedelta(seconds=30)
SCRAPED_EVERY = 5
CONFIG = """\
# Written by warroom gameday. A Prometheus of your own: prometheus --config.file={path}
global:
  scrape_interval: {interval}s
scrape_configs:
- job_name: {job}
  static_configs:
  - targets: ["{target}"]
    labels: {{instance: {instance}, namespace: {namespace}}}
"""


class NoPrometheus(Exception):
    """None can be started; its text is advice."""


@asynccontextmanager
async def real_prometheus(home: Path, series: Timeseries, gateway: str) -> AsyncIterator[str]:
    """Its address, until the block ends. What it stores goes with the home."""
    programs = [shutil.which(name) for name in ("prometheus", "promtool")]
    config = home / "prometheus.yml"
    target = gateway.removeprefix("http://")
    config.write_text(CONFIG.format(path=config, interval=SCRAPED_EVERY, target=target, **series.target), encoding="utf-8")
    if not all(programs):
        raise NoPrometheus("prometheus and promtool are not installed: install them (Debian: apt-get install prometheus), or leave it out")
    server, tool = str(programs[0]), str(programs[1])
    data = home / "prometheus"
    await _write_history(tool, home / "history.om", data, series)
    address = f"127.0.0.1:{_free_port()}"
    process = await asyncio.create_subprocess_exec(
        server,
        f"--config.file={config}",
        f"--storage.tsdb.path={data}",
        f"--web.listen-address={address}",
        "--log.level=error",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await _ready(process, f"http://{address}")
        yield f"http://{address}"
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(ENDS_WITHIN):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


async def _write_history(tool: str, text: Path, data: Path, series: Timeseries) -> None:
    with text.open("w", encoding="utf-8") as file:
        for n, line in enumerate(_history(series)):
            file.write(line)
            if n % BREATH == 0:
                await asyncio.sleep(0)
    process = await asyncio.create_subprocess_exec(
        tool, "tsdb", "create-blocks-from", "openmetrics", "-q", str(text), str(data), stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    if process.returncode:
        raise NoPrometheus(f"promtool could not write the history ({said.decode(errors='replace').strip()})")


def _history(series: Timeseries) -> Iterator[str]:
    """OpenMetrics, a moment at a time."""
    for moment, samples in series.history(HISTORY, STEP):
        for sample in samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sample.labels.items())
            yield f"{sample.name}{{{labels}}} {sample.value} {moment.timestamp()}\n"
    yield "# EOF\n"


async def _ready(process: asyncio.subprocess.Process, url: str) -> None:
    ended = asyncio.ensure_future(process.wait())
    try:
        async with asyncio.timeout(READY_WITHIN), aiohttp.ClientSession() as session:
            while not ended.done():
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.get(f"{url}/-/ready") as answer:
                        if answer.status == 200:
                            return
                await asyncio.wait((ended,), timeout=0.1)
    except TimeoutError:
        raise NoPrometheus(f"prometheus was not ready within {READY_WITHIN:.0f} s") from None
    finally:
        ended.cancel()
    raise NoPrometheus(f"prometheus ended at once with {process.returncode}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
