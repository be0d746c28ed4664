"""`warroom pin`: a thing of the cluster, a figure, an output or a file becomes evidence in the timeline."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from warroom.cli.flags import Flags, Json
from warroom.cli.opened import Opened, opened
from warroom.cli.out import Failure, Mistake
from warroom.cli.show import show_entry
from warroom.cli.verb import verb
from warroom.core.acts.evidence import Pin, pin_of_output

if TYPE_CHECKING:
    from warroom.core.evidence import Subject
    from warroom.core.readings import World

FIELDS = {"pod": "pods", "event": "events", "change": "deployments", "metric": "metrics", "pattern": "tally", "health": "health"}
"""What can be pinned of the cluster, and the field of World that has it."""
KINDS = (*FIELDS, "output")
LARGEST = 8_000_000
"""Bytes of a file."""


def register(app: typer.Typer) -> None:
    @verb(app, "pin", "warroom pin pod tensafe-server-6b5f9c7d88-7xqdp", 'warroom pin output "error logs" --json', cluster=True)
    async def pin(
        flags: Flags,
        kind: Annotated[str, typer.Argument(metavar="KIND", help=f"{', '.join(KINDS)}; any word with --file.")],
        name: Annotated[str, typer.Argument(metavar="NAME", help="Of the thing, or a part of it that no other has.")],
        file: Annotated[str | None, typer.Option("--file", metavar="FILE", help="Pin this file's text, `-` what comes in.")] = None,
        json: Json = False,
    ) -> None:
        """Pin what is known of a thing now as evidence into the timeline."""
        if not file and kind not in KINDS:
            raise Mistake(f"there is no kind {kind!r}: it is one of {', '.join(KINDS)}, or any word with --file")
        async with opened(flags, latest=True) as desk:
            desk.wanted()
            act = Pin(kind, name, text_of(file)) if file else await found(flags, desk, kind, name)
            show_entry(desk, (await desk.do(act))[0], json=json)


def text_of(file: str) -> str:
    """What comes in on a pipe, or what a file holds."""
    try:
        with sys.stdin.buffer if file == "-" else Path(file).expanduser().open("rb") as opened_file:
            text = opened_file.read(LARGEST + 1)
    except OSError as error:
        raise Mistake(f"{file} cannot be read ({error.strerror}): nothing was pinned") from error
    if len(text) > LARGEST:
        raise Mistake(f"{file} has more than {LARGEST:,} bytes: pin the part that shows it")
    return text.decode(errors="replace")


async def found(flags: Flags, desk: Opened, kind: str, name: str) -> Pin:
    """A Failure when there is no such thing now."""
    if kind == "output":
        return await output(flags, desk, name)
    from warroom.cli.glance import glance
    from warroom.core.evidence import pin_of

    def enough(world: "World") -> bool:
        """A figure needs two samples, and a pattern its line; all else is there at once."""
        if kind not in ("metric", "pattern"):
            return True
        return any(_fits(name, names) and getattr(thing, "value", 0) is not None for names, thing in named(kind, world, desk))

    world = await glance(flags, desk, FIELDS[kind], enough)
    subject = only(kind, name, list(named(kind, world, desk)))
    return pin_of(subject, getattr(world, FIELDS[kind]).at)


def named(kind: str, world: "World", desk: Opened) -> Iterator[tuple[tuple[str, ...], "Subject"]]:
    """Each thing of the kind with its names, the likeliest to be meant first."""
    from warroom.core.changes import recent_changes
    from warroom.core.checks import checks
    from warroom.core.events import folded, ordered

    match kind:
        case "pod":
            yield from (((pod.name, pod.key), pod) for pod in world.pods.value)
        case "event":
            yield from (
                ((event.object, f"{event.kind}/{event.object}", event.reason), event) for event in ordered(folded(world.events.value))
            )
        case "change":
            changes = recent_changes(world.deployments.value, desk.incident.alerted)
            yield from (((change.object, f"{change.object}@{change.revision}"), change) for change in changes)
        case "metric":
            yield from (((series.id, series.title), series) for series in world.metrics.value)
        case "pattern":
            yield from (((pattern.id, pattern.text), pattern) for pattern in (world.tally.value.patterns if world.tally.value else ()))
        case _:
            yield from (((check.endpoint, check.key), check) for check in checks(world.health.value))


def only(kind: str, name: str, things: "Sequence[tuple[tuple[str, ...], Subject]]") -> "Subject":
    """By its name, of several with one name the first; else by a part of a name that one thing alone has."""
    for names, thing in things:
        if name in names:
            return thing
    parts = [(names, thing) for names, thing in things if _fits(name, names)]
    if len({names[0] for names, _ in parts}) > 1:
        raise Mistake(
            f"{name!r} is in the names of {len(parts)} things ({', '.join(names[0] for names, _ in parts[:4])}): give more of one"
        )
    if not parts:
        known = ", ".join(dict.fromkeys(names[0] for names, _ in things[:6]))
        raise Failure(f"there is no {kind} {name!r} now{f', only {known}' if len(things) <= 6 and known else ''}: nothing was pinned")
    return parts[0][1]


def _fits(name: str, names: Sequence[str]) -> bool:
    return any(name.casefold() in each.casefold() for each in names)


async def output(flags: Flags, desk: Opened, name: str) -> Pin:
    """Runs a command of the quick assessment, and takes what it printed."""
    from warroom.cli.pinned import pinned_shell

    commands = desk.room.runbook.oncall.quick_assessment
    hits = [one for one in commands if name.casefold() in f"{one.title}\n{one.command}".casefold()]
    if len(hits) != 1:
        titles = ", ".join(dict.fromkeys(one.title or one.command for one in commands)) or "none"
        raise Mistake(f"{name!r} is in {len(hits)} commands of the quick assessment: name one by its title or its text, of {titles}")
    said = await pinned_shell(flags.settings, desk.room).start(hits[0].command).output()
    if said.ended == "not run":
        raise Failure(f"{hits[0].command} was not run: {said.trouble}")
    return pin_of_output(hits[0].title, said)
