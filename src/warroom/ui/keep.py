"""What a key keeps: on the clipboard and in a file, or as evidence in the timeline."""

from typing import TYPE_CHECKING

from warroom.core.acts import Refusal
from warroom.core.acts.evidence import Pin
from warroom.core.entries import Entry
from warroom.ui.look import foreign, g
from warroom.ui.messages import Asked

if TYPE_CHECKING:
    from warroom.ui.app import WarRoomApp


def copy(console: "WarRoomApp", text: str, told: str) -> None:
    """To the terminal's clipboard (OSC 52), and to a file of the home for terminals that have none. `told` is harmless already."""
    from warroom.core.redact import redact

    console.copy_to_clipboard(text)
    console.notify(f"{g['good']} copied {told}{_kept(console, redact(text))}", markup=False, timeout=3)


def _kept(console: "WarRoomApp", text: str) -> str:
    """Where else it is."""
    if console.keep_copy is None:
        return ""
    try:
        return f"; also in {foreign(console.keep_copy(text))}"
    except OSError as problem:
        return f"; in no file ({foreign(problem.strerror or str(problem), 100)}): the terminal has to take it"


def pin(console: "WarRoomApp", act: Pin) -> None:
    """Says what became of it."""

    def hear(answer: tuple[Entry, ...] | Refusal) -> None:
        if isinstance(answer, Refusal):
            console.notify(foreign(answer.why), title="not pinned", severity="warning", markup=False)
        else:
            console.notify(f"{g['yes']} pinned {act.what} {foreign(act.name, 80)}", markup=False, timeout=3)

    console.post_message(Asked(act, hear))
