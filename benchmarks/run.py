"""Measures the claims, each in one run, and writes the table of README.md.

python benchmarks/run.py [--kubeconfig FILE] [CLAIM ...]
"""

import argparse
import os
import platform
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import (
    countdown_bytes,
    first_frame,
    hostile_logs,
    idle,
    library,
    list_pods,
    meltdown,
    reconnects,
    tally,
    watch_decode,
    watching,
)
from benchmarks.claim import Figure, Unmet
from benchmarks.server import filled

README = Path(__file__).with_name("README.md")
UNMET: list[str] = []
START, END = "<!-- figures -->", "<!-- /figures -->"
ALONE = {
    "first_frame": first_frame.measure,
    "watch_decode": watch_decode.measure,
    "library": library.measure,
    "idle": idle.measure,
    "countdown_bytes": countdown_bytes.measure,
    "reconnects": reconnects.measure,
    "tally": tally.measure,
    "hostile_logs": hostile_logs.measure,
    "meltdown": meltdown.measure,
}
ON_DEMAND = {"hostile_logs_long": hostile_logs.measure_long}
"""Only when they are named: they take long."""
ON_A_SERVER = {"list_pods": list_pods.measure, "watching": watching.measure}
CLAIMS = [*ALONE, *ON_A_SERVER, *ON_DEMAND]


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures the claims and writes their table.")
    parser.add_argument("claims", nargs="*", metavar="CLAIM", help=f"of {', '.join(CLAIMS)}; default: all but the long")
    parser.add_argument("--kubeconfig", type=Path, help="an API server that has 10,000 pods in namespace fill, which will be changed")
    given = parser.parse_args()
    unknown = set(given.claims) - set(CLAIMS)
    if unknown:
        parser.error(f"there is no claim {', '.join(sorted(unknown))}: choose of {', '.join(CLAIMS)}")
    wanted = given.claims or [*ALONE, *ON_A_SERVER]
    missed = 0
    for figure in figures(wanted, given.kubeconfig):
        missed += figure.met is False
        print(line(figure), flush=True)
        write(figure)
    return 1 if missed or UNMET else 0


def figures(wanted: list[str], kubeconfig: Path | None) -> Iterator[Figure]:
    """Of the claims that need no large cluster first; what cannot be measured here is told, and is a miss."""
    for name, measure in (ALONE | ON_DEMAND).items():
        if name in wanted:
            yield from _tried(measure())
    if any(name in wanted for name in ON_A_SERVER):
        yield from _tried(_on_a_server(wanted, kubeconfig))


def _on_a_server(wanted: list[str], kubeconfig: Path | None) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="warroom-bench-") as folder, filled(kubeconfig, Path(folder)) as server:
        for name, measure in ON_A_SERVER.items():
            if name in wanted:
                yield from _tried(measure(server))


def _tried(those: Iterator[Figure]) -> Iterator[Figure]:
    try:
        yield from those
    except Unmet as unmet:
        UNMET.append(str(unmet))
        print(f"benchmarks: {unmet}", file=sys.stderr)


def line(figure: Figure) -> str:
    target = "-" if figure.target is None else f"<= {figure.target:g}"
    verdict = {None: "", True: "met", False: "**missed**"}[figure.met]
    spread = f"{len(figure.runs)} runs, {min(figure.runs):.2f} to {max(figure.runs):.2f}" if len(figure.runs) > 1 else "a count"
    day = datetime.now(UTC).date()
    return f"| {figure.name} | {figure.shown(figure.value)} | {target} | {verdict} | {spread} | {figure.note} | {day} |"


def machine() -> str:
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text()) if Path("/proc/cpuinfo").exists() else None
    processor = " ".join((model.group(1) if model else platform.processor() or platform.machine()).split())
    load = os.getloadavg()[1]
    return (
        f"{os.cpu_count()} x {processor}, {platform.system()} {platform.release()}, Python {platform.python_version()}, "
        f"textual {version('textual')}, kubernetes {version('kubernetes')}, msgspec {version('msgspec')}, terminal 160x48; "
        f"load average {load:.1f} at the last figure"
    )


def write(figure: Figure) -> None:
    """Its row in the table; the others stay."""
    before, rest = README.read_text().split(START)
    table, after = rest.split(END)
    rows = {row.split("|")[1].strip(): row for row in table.splitlines() if row.startswith("| ") and not row.startswith("| claim")}
    rows[figure.name] = line(figure)
    head = ["| claim | median | target | | runs | how | day |", "|---|--:|--:|---|---|---|---|"]
    README.write_text(before + "\n".join([START, f"Machine: {machine()}.", "", *head, *rows.values(), END]) + after)


if __name__ == "__main__":
    sys.exit(main())
