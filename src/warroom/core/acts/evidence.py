"""Pinning evidence: what was under the cursor or printed, as it was at that moment."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from warroom.core.acts import NONE_DECLARED, Decision, Refusal, unless_past
from warroom.core.entries import Draft, Pinned
from warroom.core.incident import Incident
from warroom.core.output import Output
from warroom.runbook.model import Runbook


@dataclass(frozen=True, slots=True)
class Pin:
    """`what` is `pod`, `event`, `change`, `metric`, `pattern`, `log`, `output` ...; `name` tells which one.

    `text` is given whole, however long: its first line is what the timeline shows, and the room keeps what is long beside the
    journal. `at` is when it was seen, where that is not now.
    """

    what: str
    name: str
    text: str
    at: datetime | None = None

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        from warroom.core.redact import redact

        if not incident.id:
            return NONE_DECLARED
        text = redact(self.text.strip("\n").rstrip())
        if not text.strip():
            return Refusal(f"{self.what} {self.name} says nothing that could be pinned")
        if refusal := unless_past(self.at, now):
            return refusal
        fact = Pinned(what=self.what, name=self.name, text=text, sha256=sha256(text.encode(errors="replace")).hexdigest())
        return (Draft(fact, self.at or now),)


def pin_of_output(name: str, output: Output) -> Pin:
    """What a command printed, below how it ended."""
    count = len(output.text.splitlines())
    lines = f"{count:,} line{'' if count == 1 else 's'}" if count else "printed nothing"
    ending = output.trouble or f"exit {output.exit_code} after {output.seconds:.1f} s"
    cut = ", only its beginning is kept" if output.truncated else ""
    return Pin("output", name or output.command, f"{lines}, {ending}{cut}\n$ {output.command}\n{output.text}")
