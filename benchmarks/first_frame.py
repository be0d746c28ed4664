"""Start to first frame, against the smallest Textual app; and what is imported by then."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.claim import BIN, ROOT, Figure
from benchmarks.terminal import Terminal, home_environment, wait_for

RUNS = 9
TITLE = "API answers with errors"
NOWHERE = """\
apiVersion: v1
kind: Config
current-context: nowhere
clusters: [{name: nowhere, cluster: {server: "http://127.0.0.1:9"}}]
users: [{name: nowhere, user: {token: none}}]
contexts: [{name: nowhere, context: {cluster: nowhere, user: nowhere, namespace: tensafe}}]
"""


@contextmanager
def home_with_incident(kubeconfig: bool = True) -> Iterator[tuple[Path, dict[str, str]]]:
    """A home with a journal and an open P1 in it; its kubeconfig names a server that does not answer."""
    with tempfile.TemporaryDirectory(prefix="warroom-bench-") as folder:
        home = Path(folder)
        environment = home_environment(home)
        declare = [str(BIN / "warroom"), "declare", TITLE, "--severity", "P1", "--at", "-2m"]
        subprocess.run(declare, env=environment, cwd=home, check=True, stdout=subprocess.DEVNULL)
        if kubeconfig:
            (home / ".kube").mkdir()
            (home / ".kube" / "config").write_text(NOWHERE)
        yield home, environment


def measure() -> Iterator[Figure]:
    with home_with_incident() as (home, environment):
        ratios, opened, ours = list[float](), list[float](), BIN / "warroom"
        for turn in range(RUNS + 1):
            with Terminal([sys.executable, ROOT / "benchmarks" / "minimal.py"], environment, home) as least:
                floor = least.seen(b"minimal")
            with Terminal([ours], environment, home) as console:
                frame = console.seen(b"severity")
                there = console.seen(TITLE.encode())
            if turn:  # the first pair only warms the page cache
                ratios.append(frame / floor)
                opened.append(there / floor)
        yield Figure("start to first frame / minimal Textual app", tuple(ratios), 1.4, note="with an open P1 and a kubeconfig")
        yield Figure("start to the incident on the screen / minimal Textual app", tuple(opened), None, note="no target of its own")
        file = home / "told.json"
        environment["PYTHONPATH"] = str(ROOT)
        with Terminal([sys.executable, "-m", "benchmarks.probe", file, "1"], environment, home):
            wait_for("the first frame was drawn", file.exists)
        modules = json.loads(file.read_text())["modules"]
        note = ", ".join(modules[:3]) if modules else "looked at when the frame is handed to the terminal"
        yield Figure("modules of kubernetes and aiohttp imported by the first frame", (len(modules),), 0, note=note)
