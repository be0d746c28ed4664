"""A process that was left ends, whatever still hangs in it."""

import subprocess
import sys

import pytest

HANGS = """
import sys, threading
threading.Thread(target=threading.Event().wait).start()
sys.argv = ["warroom", {words}]
from warroom.cli.main import main
main()
"""


@pytest.mark.parametrize(("words", "code"), [('"--version"', 0), ('"--bogus"', 2)])
def test_a_thread_that_never_ends_keeps_nobody(words: str, code: int) -> None:
    ended = subprocess.run([sys.executable, "-c", HANGS.format(words=words)], capture_output=True, timeout=30, check=False)
    assert ended.returncode == code
    assert (ended.stdout or ended.stderr).startswith(b"warroom"), "what was said is said"
