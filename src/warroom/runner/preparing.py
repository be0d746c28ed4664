"""A wanted command made ready: its blanks filled, its class judged on what will really run, its effect looked at."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from warroom.core.blanks import candidates
from warroom.core.blast import Foreseen
from warroom.core.compared import Json
from warroom.core.mutation import Mutation, mutation_of
from warroom.core.ports import Clock
from warroom.core.prepared import Asks, Blank, Blast, Prepared, Wanted
from warroom.core.reach import set_variables
from warroom.core.readings import World
from warroom.core.redact import redact
from warroom.runbook.adding import with_flags
from warroom.runbook.classes import Judgement
from warroom.runbook.fences import folded, placeholders
from warroom.runbook.filling import Filled, fill, variable_trouble, with_variables
from warroom.runbook.model import Step
from warroom.runbook.untty import without_terminal
from warroom.runner.foresight import foresee
from warroom.runner.pin import PinnedShell
from warroom.runner.shell import NotRun

_SECRET = re.compile(r"\b(?:get|describe|extract|view)\b[^|;&]*\bsecrets?\b|\b(?:secret|credentials?|token)\b", re.IGNORECASE)
UNFORESEEN = "what it changes cannot be foreseen: read the command before you say yes"


@dataclass(frozen=True, slots=True)
class Ready:
    """What `prepare` found out, with what only the runner needs."""

    prepared: Prepared
    runs: str = ""
    """What bash gets."""
    variables: Mapping[str, str] = field(default_factory=dict)
    keeps: tuple[str, ...] = ()
    mutation: Mutation | None = None
    before: Json = field(default_factory=dict)
    idle: bool = False
    """The object is already as the command would make it."""


class Preparing:
    """`world` is what the feeds know, for candidates; the effect of a change is asked of the cluster itself."""

    def __init__(self, shell: PinnedShell, clock: Clock, world: Callable[[], World]) -> None:
        self._shell, self._clock, self._world = shell, clock, world

    async def ready(self, wanted: Wanted, step: Step, remembered: Mapping[str, str], sets: Mapping[str, str]) -> Ready:
        """`remembered` are values of the incident, by folded names; `sets` are variables of earlier blocks."""
        written = wanted.text or step.commands[wanted.command - 1].command
        values = {**remembered, **{folded(name.strip("<>${}")): value for name, value in wanted.values}}
        filled = fill(written, values)
        unset = self._shell.unset(filled.shown, {*sets, *filled.variables})
        given = {name: values[folded(name)] for name in unset if values.get(folded(name))}
        blanks = (*self._placeholders(written, values, filled, wanted.selected), *self._variables(unset, values, wanted.selected))
        variables = {**sets, **given, **filled.variables}
        shown = with_variables(filled.shown, {**sets, **given})
        judged = self._shell.judge(shown, terminal=True)
        if judged.interactive:
            runs = filled.runs
        else:
            runs, shown = without_terminal(filled.runs), without_terminal(shown)
            judged = self._shell.judge(shown)
        prepared = _drawn_up(wanted, written, shown, judged, step, blanks)
        if not prepared.refusal:
            prepared = msgspec.structs.replace(prepared, refusal=self._shell.refusal(shown, variables))
        found = Ready(prepared, runs, variables, set_variables(runs))
        return found if prepared.refusal or not prepared.changes else await self._foreseen(found, step)

    def _placeholders(self, written: str, values: Mapping[str, str], filled: Filled, selected: str) -> Iterable[Blank]:
        for place in placeholders(written):
            name = folded(place.name)
            yield Blank(
                name=place.name,
                spelling=place.spelling,
                value=values.get(name, ""),
                trouble=filled.troubles.get(name, ""),
                candidates=candidates(place.name, self._world(), selected),
            )

    def _variables(self, unset: Sequence[str], values: Mapping[str, str], selected: str) -> Iterable[Blank]:
        for name in unset:
            value = values.get(folded(name), "")
            yield Blank(
                name=name,
                spelling=(f"${name}",),
                value=value,
                trouble=variable_trouble(name, value) if value else "",
                candidates=candidates(name, self._world(), selected),
            )

    async def _foreseen(self, found: Ready, step: Step) -> Ready:
        """What is known of its effect; a change that is not understood is told as such, and asks all the same."""
        prepared, mutation = found.prepared, mutation_of(found.prepared.runs)
        try:
            async with self._shell.asking() as ask:
                context, namespace = ask.cluster.context, ask.cluster.namespaces[0]
                if mutation is None:
                    return Ready(_unforeseen(prepared, context, namespace), found.runs, found.variables, found.keeps)
                seen, before = await foresee(ask, mutation, f"{step.title} {step.prose}", self._clock.now())
        except NotRun as why:
            return Ready(msgspec.structs.replace(prepared, refusal=str(why)))
        flags = list(seen.flags)
        call = mutation.words[: 1 + len(mutation.verb.split())]
        prepared = msgspec.structs.replace(
            prepared,
            runs=with_flags(prepared.runs, call, flags) if flags else prepared.runs,
            added=(*prepared.added, *seen.added),
            refusal=f"{seen.refusal}{_another(prepared.blanks)}" if seen.refusal else "",
            blast=seen.blast,
            inverse=redact(seen.inverse),
            then=seen.then,
            word=mutation.name,
            asks=_asks(prepared.kind, seen),
        )
        runs = with_flags(found.runs, call, flags) if flags else found.runs
        return Ready(prepared, runs, found.variables, found.keeps, mutation, before, idle=seen.idle)


def _another(blanks: Sequence[Blank]) -> str:
    """What was remembered may be gone by now."""
    return f"; give another {', '.join(blank.name for blank in blanks)}" if blanks else ""


def _asks(kind: str, seen: Foreseen) -> Asks:
    return "name" if kind == "destroy" or seen.blast.serious else "yes"


def _unforeseen(prepared: Prepared, context: str, namespace: str) -> Prepared:
    first = " ".join(prepared.runs.split()[:3])
    return msgspec.structs.replace(
        prepared,
        blast=Blast(title=f"Run {first} …", context=context, namespace=namespace, warnings=(UNFORESEEN,)),
        word=namespace,
        asks="name" if prepared.kind == "destroy" else "yes",
    )


def _drawn_up(wanted: Wanted, written: str, shown: str, judged: Judgement, step: Step, blanks: tuple[Blank, ...]) -> Prepared:
    open_ones = [blank.spelling[0] for blank in blanks if not blank.value]
    wrong = next((f"{blank.name}: {blank.trouble}" for blank in blanks if blank.trouble), "")
    filling = f"{', '.join(open_ones)} {'is' if len(open_ones) == 1 else 'are'} to be filled in" if open_ones else ""
    return Prepared(
        wanted=wanted,
        written=written,
        runs=shown,
        kind=judged.kind,
        why=judged.why,
        title=step.title,
        added=() if written == shown or wanted.text or blanks else ("-t taken away: there is no terminal",),
        blanks=blanks,
        interactive=judged.interactive,
        streams=judged.streams,
        secret=bool(_SECRET.search(judged.why) or _SECRET.search(shown)),
        asks="nothing" if judged.kind == "read" else "name" if judged.kind == "destroy" else "yes",
        refusal=filling or wrong,
    )
