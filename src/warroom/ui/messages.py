"""Every message between our widgets and the App."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from textual.message import Message

from warroom.core.acts import Act, Refusal
from warroom.core.entries import Entry
from warroom.core.readings import Reading


@dataclass
class FeedRead(Message):
    """A feed has a newer reading for its field of the World."""

    field: str
    reading: Reading[Any]


@dataclass
class Asked(Message):
    """Somebody wants an act to be done. `reply` is told what became of it; without one a refusal is a notice."""

    act: Act
    reply: Callable[[tuple[Entry, ...] | Refusal], None] | None = None
    pressed: float = 0.0
    """When its key came, in seconds since 1970; the App knows."""
