"""Every command of a runbook in document order, with what it would do."""

from collections.abc import Iterable, Iterator

import msgspec

from warroom.runbook.classes import classify, hosts_of
from warroom.runbook.document import Block, Fence, Indented, List, Quote
from warroom.runbook.fences import Shown, code, field_name, folded, placeholders, shown
from warroom.runbook.markdown import parse
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
    for block_line, each in _shown(text, runbook):
        judged = classify(each.command, known, verbs)
        playbook, step = places.get((each.line, block_line), (None, None))
        found.append(
            Listed(
                playbook=playbook,
                step=step,
                line=each.line,
                block_line=block_line,
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


def _shown(text: str, runbook: Runbook) -> list[tuple[int, Shown]]:
    """The commands of all blocks, and those that a step names in its sentence, each with the line of its block."""
    blocks = [block for section in parse(text).sections() for block in _fences(section.blocks)]
    found = {(each.line, block.line, each.command): each for block in blocks for each in shown(block)}
    for book in runbook.playbooks:
        for step in book.steps:
            for each in step.commands:
                found.setdefault((each.line, each.block_line, each.command), Shown(each.command, each.line, ""))
    return [(key[1], found[key]) for key in sorted(found, key=lambda each: (each[1], each[0]))]


def _named(command: str, names: dict[str, str]) -> Iterator[Placeholder]:
    """A field has the name under which it first appears in the document."""
    for place in placeholders(command):
        name = names.setdefault(folded(place.name), field_name(place.name))
        yield msgspec.structs.replace(place, name=name)


def _fences(blocks: Iterable[Block]) -> Iterator[Fence | Indented]:
    waiting = list(blocks)[::-1]
    while waiting:
        block = waiting.pop()
        if found := code(block):
            yield found
        elif isinstance(block, List):
            waiting += [inner for item in block.items for inner in item.blocks]
        elif isinstance(block, Quote):
            waiting += block.blocks
