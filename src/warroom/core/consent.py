"""Whether what was said to a command is enough for it to run."""

from warroom.core.acts import Refusal
from warroom.core.prepared import Prepared, Said


def refusal_of(seen: Prepared, now: Prepared, said: Said) -> Refusal | None:
    """`seen` is what somebody looked at, and `now` what it came out as when it was about to run: they have to be the same."""
    if now.refusal:
        return Refusal(now.refusal)
    if now.untrusted and not said.trusts:
        return Refusal("nobody on this machine has trusted this runbook yet: read its commands, then `warroom runbook trust FILE`")
    if now.asks == "nothing":
        return None
    if (seen.runs, serious(seen)) != (now.runs, serious(now)):
        return Refusal("the cluster has changed since this was looked at: look at it again", mistake=False)
    given = said.name.strip()
    if given in names(now):
        return None
    if now.asks == "name":
        return Refusal(f"{'; '.join(serious(now)) or now.why}: type {now.word} if you mean it")
    if said.yes:
        return None
    return Refusal(f"{now.why}: {f'what it changes is {now.word}, not {given}' if given else 'say yes to it first'}")


def names(now: Prepared) -> tuple[str, ...]:
    """What may be typed."""
    object = now.blast.object if now.blast else ""
    return tuple(name for name in (now.word, object) if name)


def serious(prepared: Prepared) -> tuple[str, ...]:
    """The warnings that make a name be asked for."""
    return prepared.blast.warnings[: prepared.blast.serious] if prepared.blast else ()
