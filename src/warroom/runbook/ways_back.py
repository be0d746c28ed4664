"""Steps that change something for a while, in playbooks that do not say how it is changed back."""

import re
from collections.abc import Iterator

from warroom.runbook.model import Found, Playbook, Runbook

WAYS: tuple[tuple[str, str, str], ...] = (
    (r"\bscale\b.*--replicas", r"\bscale\b", "scale it to what it was"),
    (r"\bcordon\b|\bdrain\b", r"\buncordon\b", "`uncordon` the node"),
    (r"\btaint\b(?!.*-\s*$)", r"\btaint\b.*-(?:\s|$)", "take the taint away"),
    (r"\brollout pause\b", r"\brollout resume\b", "`rollout resume`"),
    (
        r"\bsystemctl\b.*\b(?:stop|disable|mask)\b",
        r"\bsystemctl\b.*\b(?:start|restart|enable|unmask|reboot)\b|\breboot\b",
        "start the unit again",
    ),
    (r"\bsetenforce 0\b", r"\bsetenforce 1\b", "`setenforce 1`"),
    (r"\bceph osd set\b", r"\bceph osd unset\b", "`ceph osd unset` the flag"),
    (r"\b(?:suspend|maintenance:on)\b|\bflux suspend\b", r"\b(?:resume|maintenance:off)\b", "resume it"),
)
"""What a command does for a while, what undoes it, and that in words."""
_SAYS_SO = re.compile(
    r"\b(roll(?:ing)?[ -]?back|revert|undo|way back|restore (?:the )?(?:replicas|original|previous|old)|re-?enable"
    r"|scale (?:it |them )?back|back to"
    r"|original (?:number|value|count|replicas)|bring .{1,40} back|set .{1,40} again|turn .{1,40} on again|start .{1,40} again)\b",
    re.IGNORECASE,
)


def without_way_back(runbook: Runbook) -> Iterator[Found]:
    """One for each thing that a playbook leaves changed."""
    for book in runbook.playbooks:
        if _SAYS_SO.search(_words(book)):
            continue
        commands = [each for step in book.steps for each in step.commands]
        for does, undoes, back in WAYS:
            found = [number for number, each in enumerate(commands) if re.search(does, each.command)]
            if found and not any(re.search(undoes, each.command) for each in commands[found[0] + 1 :]):
                first = commands[found[0]]
                yield (
                    first.line,
                    f"`{first.command.splitlines()[0]}` changes it for a while, and {book.title!r} does not say how it is changed back",
                    f"add a step that does: {back}",
                )


def _words(book: Playbook) -> str:
    return "\n".join(f"{step.title}\n{step.prose}" for step in book.steps)
