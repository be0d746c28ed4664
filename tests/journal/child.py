"""Our code in a process of its own."""

import os
import subprocess
import sys


def start(module: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def run(module: str, *arguments: object) -> str:
    """What it printed."""
    with start(module, *arguments) as process:
        said, _ = process.communicate()
    assert process.returncode == 0, said
    return said
