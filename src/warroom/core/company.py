"""Who sits at one terminal: the clients of a shared tmux session, and which of them pressed a key."""

from collections.abc import Sequence
from math import floor

import msgspec

UNSURE = "unsure"
GRAIN = 0.14
"""Seconds that a key may take from tmux to us: one that comes so soon after a full second may have been pressed before it."""


class Client(msgspec.Struct, frozen=True):
    """`active` is when a key of it came last, in whole seconds since 1970: tmux tells no finer."""

    tty: str
    name: str
    active: int
    reads: bool = False
    """Whether it only looks."""
    width: int = 0
    height: int = 0


def pressed(clients: Sequence[Client], at: float) -> tuple[str, ...]:
    """Whoever may have pressed the key that came `at` seconds since 1970: one name is certain, several are not, none is unknown.

    A client that was active in the second of the key has pressed it, unless another was active in that second too, or since:
    what that one did before is not told any more.
    """
    writers = [one for one in clients if not one.reads]
    first, last = floor(at - GRAIN), floor(at)
    near = [one for one in writers if one.active >= first]
    if len(near) == 1 and near[0].active > last:
        return ()
    return tuple(dict.fromkeys(one.name for one in near))


def author(clients: Sequence[Client], at: float) -> str:
    """Its name, or `unsure: ada or bo`."""
    names = pressed(clients, at)
    if len(names) == 1:
        return names[0]
    return f"{UNSURE}: {' or '.join(names or dict.fromkeys(one.name for one in clients if not one.reads))}"


def driver(clients: Sequence[Client]) -> Client | None:
    """Who was active last of those that may type."""
    return max((one for one in clients if not one.reads), key=lambda one: one.active, default=None)
