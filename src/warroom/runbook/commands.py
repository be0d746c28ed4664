"""Every command of a runbook in document order, with what it would do."""

from collections.abc import Iterable, Iterator

import msgspec

from warroom.runbook.classes import classify, hosts_of
from warroom.runbook.document import Block, Fence, Indented, List, Quote, parse
from warroom.runbook.fences import field_name, folded, placeholders, shown
from warroom.runbook.model import Placeholder, Runbook
from warroom.runbook.verbs import Kind, Verbs


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A command where it stands; the field names are those of `warroom runbook commands --json`."""

    playbook: str | None
    step: str | None
    line: int
    block_line: int
    command: str
    kind: Kind = msgspec.field(name="class")
    why: str
    placeholders: tuple[Placeholder, ...]
    interactive: bool
    streams: bool
    sample_output: str
    file: str = ""


def listed(text: str, runbook: Runbook, *, file: str = "", hosts: Iterable[str] = (), verbs: Verbs | None = None) -> list[Listed]:
    """`hosts` are those that the settings name, beside the text's own."""
    places = {
        (command.line, command.block_line): (playbook.title, step.title)
        for playbook in runbook.playbooks
        for step in playbook.steps
        for command in step.commands
    }
    known = frozenset(hosts) | hosts_of(text)
    names: dict[str, str] = {}
    found = []
    fences = [fence for section in parse(text).sections() for fence in _fences(section.blocks)]
    for fence in sorted(fences, key=lambda each: each.line):
        for each in shown(fence):
            judged = classify(each.command, known, verbs)
            playbook, step = places.get((each.line, fence.line), (None, None))
            found.append(
                Listed(
                    playbook=playbook,
                    step=step,
                    line=each.line,
                    block_line=fence.line,
                    command=each.command,
                    kind=judged.kind,
                    why=judged.why,
                    placeholders=tuple(_named(each.command, names)),
                    interactive=judged.interactive,
                    streams=judged.streams,
                    sample_output=each.sample_output,
                    file=file,
                )
            )
    return found


def _named(command: str, names: dict[str, str]) -> Iterator[Placeholder]:
    """A field has the name under which it first appears in the document."""
    for place in placeholders(command):
        name = names.setdefault(folded(place.name), field_name(place.name))
        yield msgspec.structs.replace(place, name=name)


def _fences(blocks: Iterable[Block]) -> Iterator[Fence | Indented]:
    waiting = list(blocks)[::-1]
    while waiting:
        block = waiting.pop()
        if isinstance(block, (Fence, Indented)):
            yield block
        elif isinstance(block, List):
            waiting += [inner for item in block.items for inner in item.blocks]
        elif isinstance(block, Quote):
            waiting += block.blocks
