"""Stands between the console and a command: when the console lets go of a socket, for whatever reason, the command's whole group ends.

It runs by itself (`python -I -S shim.py LIFE RECORD SECRET PROGRAM ...`), so that it starts fast. It writes `group N` and at last
`exit N` into RECORD, and removes SECRET, the copy of the credentials, when the command has ended.
"""

import os
import select
import signal
import sys

PATIENCE = 2.0
"""Seconds that a group has for each signal before the next, stronger one."""
LEFT = 0.5
"""Seconds for what is left of a group whose first program has ended."""
ESCALATION = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
DEFAULTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGCHLD, signal.SIGTTOU)
TERMINAL = "WR_TERMINAL"
"""Set where the command gets the terminal."""


def main(life: int, record: str, secret: str, words: list[str]) -> int:
    """The exit code as a shell counts it."""
    os.set_inheritable(life, False)  # when this process is gone, the console must see that, too
    waking, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    for quiet in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(quiet, signal.SIG_IGN)
    with open(record, "w", buffering=1, encoding="ascii") as file:
        child = os.posix_spawnp(words[0], words, os.environ, setpgroup=0, setsigdef=DEFAULTS)
        file.write(f"group {child}\n")
        ours = hand_over(child)
        code = wait(child, life, waking)
        if ours:
            os.tcsetpgrp(0, ours)
        file.write(f"exit {code}\n")
    end_rest(child)
    if secret and os.path.exists(secret):
        os.unlink(secret)
    return code


def hand_over(child: int) -> int:
    """Makes the command the one that the terminal's keys are for; the group that had it, or 0."""
    if not os.environ.get(TERMINAL) or not os.isatty(0):
        return 0
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    ours = os.tcgetpgrp(0)
    os.tcsetpgrp(0, child)
    send(child, signal.SIGCONT)  # it may have asked for a key before it had the terminal
    return ours


def wait(child: int, life: int, waking: int) -> int:
    """Until the command ends by itself, or is ended because the console has let go."""
    stronger = iter(ESCALATION)
    let_go = False
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        ready, _, _ = select.select([waking] if let_go else [waking, life], [], [], PATIENCE if let_go else None)
        if waking in ready:
            os.read(waking, 512)
            continue
        let_go = True
        send(child, next(stronger, signal.SIGKILL))


def end_rest(group: int) -> None:
    """What the command left in the background ends with it."""
    for each in (None, signal.SIGTERM, signal.SIGKILL):
        if each is not None:
            send(group, each)
        for _ in range(25):
            if not send(group, 0):
                return
            select.select([], [], [], LEFT / 25)


def send(group: int, number: int) -> bool:
    """Whether there is anybody to get it."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # a group of zombies alone gives the second on some systems
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:]))
