"""How runs ended, as the journal keeps it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from warroom.core.entries import StepEnded, StepStarted
from warroom.core.output import Output
from warroom.runner.pin import PinnedShell
from warroom.runner.shell import NotRun

if TYPE_CHECKING:
    from warroom.runner.preparing import Ready

EXCERPT = 2_000
"""Characters of an output that the journal keeps; all of it is pinned by whoever wants it."""
Sets = Mapping[str, str]


def ended(run: str, output: Output, ready: "Ready", inverse: str, sets: Sets) -> tuple[StepEnded, Sets]:
    """The entry, and the variables that no journal may hold, since they look like secrets."""
    from warroom.core.redact import redact

    prepared = ready.prepared
    safe = {name: value for name, value in sets.items() if not prepared.secret and redact(f"{name}={value}") == f"{name}={value}"}
    fact = StepEnded(
        playbook=prepared.wanted.playbook,
        step=prepared.wanted.step,
        title=prepared.title,
        run=run,
        ended=output.ended,
        ok=output.ok,
        exit_code=output.exit_code,
        seconds=output.seconds,
        sha256="" if prepared.secret else output.sha256,
        excerpt="" if prepared.secret else output.text[:EXCERPT],
        lines=len(output.text.splitlines()),
        trouble=output.trouble,
        inverse=inverse,
        sets=tuple(safe.items()),
    )
    return fact, {name: value for name, value in sets.items() if name not in safe}


def lost(run: str, fact: StepStarted, record: str) -> StepEnded:
    """Of a run whose console is gone; `record` is what the shim wrote."""
    words = record.split()
    code = f", and ended it (exit {words[words.index('exit') + 1]})" if "exit" in words[:-1] else ""
    return StepEnded(
        playbook=fact.playbook,
        step=fact.step,
        title=fact.title,
        run=run,
        ended="lost",
        trouble=f"the console that ran it is gone{code}: look whether it did what it should",
    )


async def way_back(shell: PinnedShell, ready: "Ready", output: Output) -> str:
    """What undoes it as it turned out: the object is looked at again. Where that fails, what was foreseen holds."""
    from warroom.core.inverse import inverse
    from warroom.runner.foresight import target

    mutation = ready.mutation
    if ready.prepared.wanted.pays or mutation is None or output.ended == "not run" or mutation.verb == "delete":
        return ""
    try:
        async with shell.asking() as ask:
            namespace = mutation.namespace or ask.cluster.namespaces[0]
            after = (await target(ask, mutation)).value
    except NotRun:
        return ready.prepared.inverse
    return inverse(mutation, namespace, ready.before, after) if isinstance(after, dict) else ready.prepared.inverse
