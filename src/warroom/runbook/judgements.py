"""A class with its reason, and the worst of several."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from warroom.runbook.shell import Word
from warroom.runbook.verbs import ORDER, Kind

HARMLESS_FILES = re.compile(r"/dev/(null|stdout|stderr|tty|fd/[12])|-")
DOES: dict[Kind, str] = {
    "read": "only reads",
    "unknown": "does what is not known from here",
    "mutate": "changes something",
    "destroy": "destroys something",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    kind: Kind
    why: str
    interactive: bool = False
    streams: bool = False


def worst(found: Iterable[Judgement]) -> Judgement:
    """The worst class with its reason; a terminal or a stream is needed when one of them needs it."""
    every = list(found)
    if not every:
        return Judgement("read", "nothing is run")
    found_worst = max(every, key=lambda each: ORDER.index(each.kind))
    return replace(found_worst, interactive=any(each.interactive for each in every), streams=any(each.streams for each in every))


def written(target: Word) -> Judgement:
    if not target.open and target.text != "-" and HARMLESS_FILES.fullmatch(target.text):
        return Judgement("read", "what it prints is thrown away")
    if target.text.startswith(("/dev/tcp", "/dev/udp")):
        return Judgement("mutate", f"it sends to {target.text}")
    return Judgement("mutate", f"it writes the file {target.text}")
