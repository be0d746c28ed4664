"""A fence as shell commands: one per line, continued lines together as they are."""

import re

from warroom.runbook.document import Fence

SHELL = ("bash", "sh", "shell", "zsh", "console", "shell-session")
TEXT = ("", "text", "txt", "plain", "plaintext", "markdown", "md")
_PROGRAM = re.compile(r"(sudo\s+)?[a-z./~$][\w./{}~+-]*(\s|$)|[A-Za-z_]\w*=")


def commands(fence: Fence) -> list[tuple[str, int, str]]:
    """Each command with its first line and the comment above it; empty when the fence is not shell."""
    if fence.language not in SHELL:
        return []
    found: list[tuple[str, int, str]] = []
    comment = ""
    pending: list[str] = []
    begun = 0
    for number, line in enumerate(fence.text.split("\n"), fence.line + 1):
        if not pending and (not line.strip() or line.lstrip().startswith("#")):
            comment = line.strip().lstrip("#").strip() if line.strip() else comment
            continue
        if not pending:
            begun = number
        pending.append(line)
        if not line.endswith("\\"):
            found.append(("\n".join(pending).strip(), begun, comment))
            pending = []
    if pending:
        found.append(("\n".join(pending).rstrip("\n"), begun, comment))
    return found if all(_PROGRAM.match(command) for command, _, _ in found) else []
