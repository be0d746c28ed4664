"""A pseudo-terminal with a program in it, every byte of it with its moment, and what the program costs."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

from benchmarks.claim import BIN, Unmet

COLUMNS, LINES = 160, 48
TICKS = os.sysconf("SC_CLK_TCK")


def home_environment(home: Path, **more: str) -> dict[str, str]:
    """Nothing of the user's own: a home that is empty but for what a claim puts there."""
    return {
        "HOME": str(home),
        "PATH": f"{BIN}{os.pathsep}/usr/bin{os.pathsep}/bin",
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "WARROOM_HOME": str(home / "warroom"),
        "WARROOM_HEALTH_PUBLIC": "off",
        "WARROOM_USER": "bench",
        **more,
    }


class Terminal:
    """Runs a program from the moment it is entered until it is left; what it writes is drained all the time."""

    def __init__(self, command: Sequence[str | Path], environment: Mapping[str, str], folder: Path) -> None:
        self._command, self._environment, self._folder = [str(part) for part in command], dict(environment), folder
        self.pieces: list[tuple[float, bytes]] = []
        """Moment and bytes, as they were read."""
        self.began = 0.0
        self._news = threading.Condition()
        self._ended = False

    def __enter__(self) -> Self:
        self.began = time.monotonic()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(self._folder)
                # The size must stand before the program asks for it.
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
                os.execve(self._command[0], self._command, self._environment)
            finally:
                os._exit(127)
        self._reader = threading.Thread(target=self._drain, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        for sign, seconds in ((signal.SIGTERM, 3.0), (signal.SIGKILL, 5.0)):
            if self._gone(0.0):
                break
            os.kill(self.pid, sign)
            if self._gone(seconds):
                break
        self._reader.join(2.0)
        os.close(self._fd)

    def _gone(self, seconds: float) -> bool:
        ends = time.monotonic() + seconds
        while True:
            try:
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    return True
            except ChildProcessError:
                return True
            if time.monotonic() >= ends:
                return False
            time.sleep(0.02)

    def _drain(self) -> None:
        while True:
            try:
                select.select([self._fd], [], [])
                read = os.read(self._fd, 65536)
            except OSError:  # so the other end of a terminal closes
                read = b""
            with self._news:
                if read:
                    self.pieces.append((time.monotonic(), read))
                else:
                    self._ended = True
                self._news.notify_all()
            if not read:
                return

    def text(self) -> bytes:
        return b"".join(piece for _, piece in self.pieces)

    def seen(self, wanted: bytes, within: float = 60.0) -> float:
        """Seconds from the start until these bytes had come."""
        ends = time.monotonic() + within
        with self._news:
            while wanted not in self.text():
                if self._ended or not self._news.wait(max(0.0, ends - time.monotonic())):
                    raise Unmet(f"{Path(self._command[0]).name} did not show {wanted.decode()!r}; its last words: {self.text()[-300:]!r}")
            held = b""
            for at, piece in self.pieces:
                held += piece
                if wanted in held:
                    return at - self.began
        raise AssertionError

    def press(self, keys: bytes) -> None:
        os.write(self._fd, keys)

    def since(self, begun: int, wanted: bytes) -> float | None:
        """When these bytes came after so many pieces; None: not yet."""
        held = b""
        for at, piece in self.pieces[begun:]:
            held += piece
            if wanted in held:
                return at
        return None

    def processor_seconds(self) -> float:
        """User and system time of the program so far, all its threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def peak_kilobytes(self) -> int:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
        raise Unmet("the kernel tells no VmHWM")

    def share(self, seconds: float) -> float:
        """Per cent of a core that it takes over the next seconds."""
        before, began = self.processor_seconds(), time.monotonic()
        time.sleep(seconds)
        return 100 * (self.processor_seconds() - before) / (time.monotonic() - began)


def wait_for(told: str, there: Callable[[], bool], within: float = 120.0) -> None:
    ends = time.monotonic() + within
    while not there():
        if time.monotonic() > ends:
            raise Unmet(f"waited {within:.0f} s in vain until {told}")
        time.sleep(0.05)
