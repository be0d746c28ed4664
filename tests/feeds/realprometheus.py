"""A real Prometheus on loopback, with a history that was written into it beforehand."""

import math
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

INSTALLED = shutil.which("prometheus") is not None and shutil.which("promtool") is not None
STEP = 30
BOUNDS = (0.25, 0.5, 1.0, 2.5, math.inf)
Traffic = Callable[[datetime], tuple[float, float, float]]
"""At a moment: requests a second, the share that fails, the share that takes longer than half a second."""


@dataclass(frozen=True)
class Real:
    url: str
    now: datetime
    """The newest moment of its history is a little later."""


def history(now: datetime, traffic: Traffic, hours: tuple[datetime, ...]) -> str:
    """OpenMetrics of the hours that end at these moments: counters as TenSafe's service has them."""
    spans = sorted((end - timedelta(hours=1), end) for end in hours)
    totals = dict.fromkeys(("200", "500"), 0.0)
    buckets = dict.fromkeys(BOUNDS, 0.0)
    rows: dict[str, list[str]] = {name: [] for name in ("requests", "seconds", "pool")}
    for since, until in spans:
        at = since
        while at <= until:
            rate, failing, slow = traffic(at)
            stamp, new = at.timestamp(), rate * STEP
            totals["500"] += new * failing
            totals["200"] += new * (1 - failing)
            for bound in BOUNDS:
                buckets[bound] += new * (1.0 if bound > 2 else 1 - slow if bound <= 0.5 else 1 - slow / 2)
            for status, count in totals.items():
                rows["requests"].append(f'tensafe_http_requests_total{{namespace="tensafe",status="{status}"}} {count} {stamp}')
            for bound, count in buckets.items():
                le = "+Inf" if bound == math.inf else f"{bound:g}"
                rows["seconds"].append(f'tensafe_http_request_duration_seconds_bucket{{namespace="tensafe",le="{le}"}} {count} {stamp}')
            rows["pool"].append(f'tensafe_db_connections{{namespace="tensafe"}} 38 {stamp}')
            at += timedelta(seconds=STEP)
    # The format wants all samples of one series together, in their order.
    text = ["# TYPE tensafe_http_requests counter", *sorted(rows["requests"], key=_series)]
    text += ["# TYPE tensafe_http_request_duration_seconds_bucket unknown", *sorted(rows["seconds"], key=_series)]
    return "\n".join([*text, "# TYPE tensafe_db_connections gauge", *rows["pool"], "# EOF\n"])


@contextmanager
def prometheus(folder: Path, text: str = "", *more: str, scheme: str = "http", host: str = "127.0.0.1") -> Iterator[str]:
    """Its address. It is ready when the block begins."""
    data = folder / "data"
    if text:
        (folder / "history.om").write_text(text)
        made = subprocess.run(
            ["promtool", "tsdb", "create-blocks-from", "openmetrics", str(folder / "history.om"), str(data)],
            capture_output=True,
            text=True,
            timeout=50,
            check=False,
        )
        assert made.returncode == 0, made.stderr
    (folder / "prometheus.yml").write_text("scrape_configs: []\n")
    port = _free_port(host)
    words = ["prometheus", f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={data}"]
    words += [f"--web.listen-address={host}:{port}", *more]
    with (folder / "prometheus.log").open("wb") as log:
        running = subprocess.Popen(words, stdout=log, stderr=log)
    try:
        _until_ready(running, f"{host}:{port}", folder / "prometheus.log", probe=scheme == "http")
        yield f"{scheme}://{host}:{port}"
    finally:
        running.kill()
        running.wait()


def _until_ready(running: "subprocess.Popen[bytes]", place: str, log: Path, probe: bool) -> None:
    """Behind TLS its log tells."""
    while running.poll() is None:
        try:
            if not probe:
                if re.search(rb"Server is ready to receive web requests", log.read_bytes()):
                    return
            else:
                with urllib.request.urlopen(f"http://{place}/-/ready", timeout=2) as answer:
                    if answer.status == 200:
                        return
        except OSError:
            pass
        time.sleep(0.02)
    raise AssertionError(log.read_text(errors="replace"))


def _free_port(host: str) -> int:
    with socket.socket() as one:
        one.bind((host, 0))
        return int(one.getsockname()[1])


def _series(row: str) -> str:
    return row.split("}", 1)[0]
