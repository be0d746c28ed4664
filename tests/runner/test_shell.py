"""Commands in bash: what they print, how they end, and that nothing of them is left."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from runner.plans import start
from warroom.runner.shell import KEPT

STAYS = '{first} exec 8>"{pipe}"; echo up >&8; sleep 1000 & sleep 1000; true'
"""Holds a pipe open as long as any process of it lives."""


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


async def test_output_and_errors_in_their_order() -> None:
    heard: list[str] = []
    output = await start("echo one; echo two >&2; echo three", heard.append).output()
    assert output.text == "".join(heard) == "one\ntwo\nthree\n"
    assert (output.ended, output.ok, output.exit_code, output.truncated) == ("exited", True, 0, False)
    assert output.seconds > 0
    assert len(output.sha256) == 64


@pytest.mark.parametrize(
    ("command", "code", "ok"),
    [
        ("exit 3", 3, False),
        ("echo a | grep b", 1, True),
        ("seq 1 1000000 | head -1", 141, True),
        ("false | grep b", 1, False),
        ("ls /no/such/place | cat", 2, False),
        ("no-such-program-at-all", 127, False),
        ("if (", 2, False),
        ("kill -9 $$", 137, False),
        ("trap 'exit 7' EXIT; true", 7, False),
        ("cat <<EOF\nx\nEOF", 0, True),
        ("echo a # | grep b", 0, True),
    ],
)
async def test_endings(command: str, code: int, ok: bool) -> None:
    output = await start(command).output()
    assert (output.ended, output.exit_code, output.ok) == ("exited", code, ok)


async def test_there_is_no_terminal_and_no_input() -> None:
    assert (await start("cat; tty").output()).text == "not a tty\n"
    assert "No such device" in (await start("echo x >/dev/tty").output()).text


async def test_too_long(pipe: Path) -> None:
    running = start(STAYS.format(pipe=pipe, first=""), limit=0.2)
    gone = asyncio.create_task(asyncio.to_thread(pipe.read_bytes))
    output = await running.output()
    assert (output.ended, output.ok, output.trouble) == ("too long", False, "it was stopped after 0.2 s")
    with suppress(OSError):  # on a busy machine it was stopped before it opened the pipe, and the reader waits for a writer
        os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
    assert await gone in (b"up\n", b"")


async def test_stopped_by_hand_ends_the_whole_group(pipe: Path) -> None:
    running = start(STAYS.format(pipe=pipe, first=""))
    file = await asyncio.to_thread(pipe.open, "rb")
    with file:
        assert await asyncio.to_thread(file.readline) == b"up\n"
        running.stop()
        output = await running.output()
        assert (output.ended, output.ok, output.exit_code) == ("stopped", False, 130)
        assert await asyncio.to_thread(file.read) == b""  # nobody holds it any more


async def test_who_ignores_everything_is_killed(pipe: Path) -> None:
    running = start(STAYS.format(pipe=pipe, first="trap '' INT TERM;"))
    file = await asyncio.to_thread(pipe.open, "rb")
    with file:
        assert await asyncio.to_thread(file.readline) == b"up\n"
        running.stop()
        assert (await running.output()).exit_code == 137
        assert await asyncio.to_thread(file.read) == b""


async def test_what_is_left_in_the_background_ends_with_it(pipe: Path) -> None:
    running = start(f'exec 8>"{pipe}"; sleep 1000 & echo done')
    gone = asyncio.create_task(asyncio.to_thread(pipe.read_bytes))
    assert (await running.output()).text == "done\n"
    assert await gone == b""


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM])
def test_no_child_outlives_the_console(pipe: Path, sign: signal.Signals) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = STAYS.format(pipe=pipe, first="")
    console = subprocess.Popen([sys.executable, str(Path(__file__).with_name("console.py")), command], env=environment)
    with pipe.open("rb") as file:
        assert file.readline() == b"up\n"
        console.send_signal(sign)
        console.wait()
        assert file.read() == b""


async def test_when_the_shim_is_killed_the_group_ends_all_the_same(pipe: Path) -> None:
    running = start(f'exec 8>"{pipe}"; echo $PPID >&8; sleep 1000')
    file = await asyncio.to_thread(pipe.open, "rb")
    with file:
        os.kill(int(await asyncio.to_thread(file.readline)), signal.SIGKILL)
        assert (await running.output()).ok is False
        assert await asyncio.to_thread(file.read) == b""


async def test_a_task_that_is_cancelled_takes_its_command_along(pipe: Path) -> None:
    running = start(STAYS.format(pipe=pipe, first=""))
    file = await asyncio.to_thread(pipe.open, "rb")
    with file:
        assert await asyncio.to_thread(file.readline) == b"up\n"
        running.cancel()
        assert await asyncio.to_thread(file.read) == b""
    with pytest.raises(asyncio.CancelledError):
        await running.output()


async def test_the_secret_goes_with_the_command() -> None:
    output = await start('ls -la "$(dirname "$WR_STAGES")"; echo; dirname "$WR_STAGES"').output()
    assert "kubeconfig" in output.text
    assert not Path(output.text.split()[-1]).exists()


async def test_what_is_too_long_is_in_a_file(tmp_path: Path) -> None:
    heard: list[str] = []
    output = await start("seq 1 200000", heard.append, outputs=tmp_path / "outputs").output()
    assert output.truncated
    assert len(output.text) == KEPT == sum(map(len, heard))
    rest = Path(output.rest)
    assert rest.read_text() == "".join(f"{n}\n" for n in range(1, 200_001))
    assert rest.stat().st_mode & 0o777 == 0o600


async def test_without_a_folder_the_rest_is_gone() -> None:
    output = await start("seq 1 200000").output()
    assert (output.truncated, output.rest) == (True, "")


async def test_hostile_output_is_harmless() -> None:
    output = await start(r"printf 'a\x00b\xff\x1b[2Jc\x1b]52;c;aGk=\x07d\n'").output()
    assert output.text == "a\x00b\N{REPLACEMENT CHARACTER}cd\n"


@pytest.fixture
def token() -> Callable[[], str]:
    return lambda: "ghp_" + "Ab1" * 12


async def test_a_planted_token_is_nowhere(token: Callable[[], str], tmp_path: Path) -> None:
    heard: list[str] = []
    output = await start(f"seq 1 200000; echo {token()}", heard.append, outputs=tmp_path / "o").output()
    assert token() not in output.text + "".join(heard) + Path(output.rest).read_text()
