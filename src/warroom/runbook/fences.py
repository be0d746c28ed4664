"""A fence as shell commands: one per line, what goes on over several lines together as it is."""

import re
from dataclasses import dataclass

from warroom.runbook.document import Fence

SHELL = ("bash", "sh", "shell", "zsh", "console", "shell-session")
TEXT = ("", "text", "txt", "plain", "plaintext", "markdown", "md")
_PROMPT = re.compile(r"^\s*\$ ")
_PROGRAM = re.compile(r"(sudo\s+)?[a-z./~$][\w./{}~+-]*(\s|;|$)|[A-Za-z_]\w*=|[({!\[]")
_WORDS = re.compile(r"@\w|[A-Z][\w /-]*:(\s|$)|[A-Z][a-z]+,?\s+[a-z]+\s+[a-z]+")
_OPENS = re.compile(r"(?:^\s*|[;&|(]\s*|\b(?:do|then|else)\s+)(?:for|while|until|if|case)\b")
_CLOSES = re.compile(r"(?:^|[;&|)]\s*|\s)(?:done|fi|esac)\b")
_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1")
_GOES_ON = re.compile(r"(\\|\||&&)\s*$")
_WENT_ON = re.compile(r"\s*(\||&&)")


def commands(fence: Fence) -> list[tuple[str, int, str]]:
    """Each command with its first line and the comment above it; empty when the fence is not shell.

    Where any line has a `$ ` prompt, lines without one are output.
    """
    if fence.language not in SHELL:
        return []
    lines = fence.text.removesuffix("\n").split("\n")
    prompted = any(map(_PROMPT.match, lines))
    found: list[tuple[str, int, str]] = []
    comment = ""
    pending: list[str] = []
    begun = 0
    shell = _Open()
    for number, line in enumerate(lines):
        if not pending:
            if line.strip() and not line.lstrip().startswith("#"):
                if prompted and not _PROMPT.match(line):
                    continue
                begun, line, shell = number, _PROMPT.sub("", line), _Open()
            else:
                comment = line.strip().lstrip("#").strip() or comment
                continue
        pending.append(line)
        shell.feed(line)
        last = number + 1 == len(lines)
        if last or not (shell.is_open or (not shell.heredoc and _WENT_ON.match(lines[number + 1]))):
            found.append(("\n".join(pending).strip(), fence.line + 1 + begun, comment))
            pending = []
    return found if _is_shell([command for command, _, _ in found]) else []


def _is_shell(found: list[str]) -> bool:
    programs = sum(bool(_PROGRAM.match(command)) for command in found)
    return bool(found) and 2 * programs > len(found) and not any(map(_WORDS.match, found))


@dataclass(slots=True)
class _Open:
    """What a command has begun and not ended: a quote, a here-document, a loop, a line."""

    quote: str = ""
    heredoc: str = ""
    depth: int = 0
    goes_on: bool = False

    @property
    def is_open(self) -> bool:
        return bool(self.quote or self.heredoc or self.depth > 0 or self.goes_on)

    def feed(self, line: str) -> None:
        if self.heredoc:
            self.heredoc = "" if line.strip() == self.heredoc else self.heredoc
            return
        bare = self._outside_quotes(line)
        self.depth += len(_OPENS.findall(bare)) - len(_CLOSES.findall(bare))
        self.goes_on = bool(_GOES_ON.search(line if self.quote else bare))
        if not self.quote and "<<<" not in line and (found := _HEREDOC.search(line)) and "<<" in bare:
            self.heredoc = found[2]

    def _outside_quotes(self, line: str) -> str:
        bare = []
        escaped = False
        for at, sign in enumerate(line):
            if escaped:
                escaped = False
            elif sign == "\\" and self.quote != "'":
                escaped = True
                if not self.quote:
                    bare.append(sign)
                continue
            elif self.quote:
                if sign == self.quote:
                    self.quote = ""
                continue
            elif sign in "'\"":
                self.quote = sign
                continue
            elif sign == "#" and (at == 0 or line[at - 1].isspace()):
                break
            bare.append(sign if not self.quote else "")
        return "".join(bare)
