"""A fence as shell commands, told apart from what they print and from text that is no shell."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from warroom.runbook.asides import Aside
from warroom.runbook.classes import classify
from warroom.runbook.document import Block, Fence, Indented, Paragraph
from warroom.runbook.model import Placeholder
from warroom.runbook.shell import PLACEHOLDER
from warroom.runbook.verbs import shipped

SHELL = ("bash", "sh", "shell", "zsh", "ksh", "console", "terminal", "shell-session", "shellsession", "sh-session", "bash-session")
TEXT = ("", "text", "txt", "plain", "plaintext", "markdown", "md")
_PROMPT = re.compile(
    r"^\s*(?:\([\w.-]+\)\s*)?(?:[❯➜]\s+(?:~|[~/][\w./-]*|[\w.-]+\s+git:\(\S+\)(?:\s+✗)?)|\$|❯|➜|%|[\w.-]+@[\w.-]+:?\s?[^\s$#%>]*\s?[$#%]"
    r"|\[[^\]\s]+@[^\]]+\]\s?[$#]|(?:ba|z|a|k)?sh-\d[\w.]*[$#]|(?P<host>[a-z][\w.-]*[#$]))\s+(?=\S)"
)
_ROOT = re.compile(r"^\s*#\s+(?=\S)")
_PROGRAM = re.compile(r"(sudo\s+)?[a-z./~$<][\w./{}~+<>-]*(\s|;|$)|[A-Za-z_]\w*=|[({!\[]")
_WORDS = re.compile(r"@\w|[A-Z][\w /-]*:(\s|$)|[A-Z][a-z]+,?\s+[a-z]+\s+[a-z]+")
_ENGLISH = re.compile(r"#?\s*\S+\s+(the|a|an|all|which|that|this|your|if|for|and|to|whether|out)\b", re.IGNORECASE)
_COLUMNS = re.compile(r"\s*[A-Z][A-Z0-9_()%/#-]*(\s{2,}[A-Z][A-Z0-9_()%/# -]*)+\s*$")
_OUTPUT = re.compile(r"\s*([\[{]\s*$|[\]}],?\s*$|\"[\w.-]+\"\s*:|[\w./-]+:(\s|$)|-\s|\d|\+-|\||[A-Z][\w-]*(\s|:|$))")
_LOG = re.compile(
    r"\s*(\d{4}-\d\d-\d\d[T ]|\d\d:\d\d|[EWIF]\d{4}\s|(level|ts|time|msg|caller|logger|t|severity|lvl)="
    r"|\[(FIRING|RESOLVED|ERROR|WARN|INFO)|<\d+>)"
)
_PROMQL = re.compile(
    r"\s*\(*\s*("
    r"(sum|rate|irate|increase|avg|max|min|topk|bottomk|count|histogram_quantile|absent|absent_over_time|label_replace|quantile|\w+_over_time"
    r"|changes|resets|delta|deriv|predict_linear|vector|sort_desc|floor|ceil|abs|clamp_\w+|group|count_values|stddev)\s*(\(|(by|without)\s*\()"
    r"|[a-zA-Z_:][\w:]*\{[^{}]*\}(\s|\[|\)|$)(?!.*\bdo\b)"
    r"|[a-z:][a-z0-9]*[_:][\w:]+(\[\w+\])?\s*(>=?|<=?|==|!=|unless\b|and\b|or\b|/|\*|\+|\boffset\b)\s*[\w(.]"
    r"|[a-z][a-z0-9]*(_[a-z0-9]+){2,}(\[\w+\])?\s*$"
    r"|(up|ALERTS)(\s*[=!<>{]|\s*$))"
)
_OPENS = re.compile(r"(?:^\s*|[;&|(]\s*|\b(?:do|then|else)\s+)(?:for|while|until|if|case)\b")
_CLOSES = re.compile(r"(?:^|[;&|)]\s*|\s)(?:done|fi|esac)\b")
_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1")
_GOES_ON = re.compile(r"(\\|\||&&)\s*$")
_WENT_ON = re.compile(r"\s*(\||&&|--?[a-zA-Z])")
_SHELLY = re.compile(r"\s-{1,2}\w|\s\|\s|\s\S*/")
_NO_FIELD = re.compile(r"(none|unset|unknown|nil|invalid|empty|EOF|no value|not set)", re.IGNORECASE)


@dataclass(slots=True)
class Shown:
    """A command of a fence."""

    command: str
    line: int
    comment: str
    """The comment above it."""
    printed: list[str] = field(default_factory=list)

    @property
    def sample_output(self) -> str:
        return "\n".join(self.printed).strip("\n")


def code(block: Block) -> Fence | Indented | None:
    """The block as code; a paragraph in backquotes is code too."""
    if isinstance(block, (Fence, Indented)):
        return block
    return Indented(block.code, block.line, block.end) if isinstance(block, Paragraph) and block.code else None


def in_passing(asides: Iterable[Aside]) -> list[tuple[str, int]]:
    """The commands among what a sentence names, each with its line."""
    return [(each.text, each.line) for each in asides if _is_meant(each)]


def _is_meant(aside: Aside) -> bool:
    if not _known(aside.text) or _is_prose(aside.text) or _is_other(aside.text):
        return False
    return not aside.bare or (bool(_SHELLY.search(aside.text) or _has_verbs(aside.text)) and classify(aside.text).kind != "unknown")


def _has_verbs(command: str) -> bool:
    """Whether its program is one that is told what to do by verbs, so that the class says that this is one."""
    program = shipped().program(command.removeprefix("sudo ").split()[0])
    return program is not None and bool(program.read or program.mutate or program.destroy)


def commands(fence: Fence | Indented) -> list[tuple[str, int, str]]:
    """Each command with its first line and the comment above it; empty when the fence is not shell."""
    return [(each.command, each.line, each.comment) for each in shown(fence)]


@lru_cache(maxsize=256)
def shown(fence: Fence | Indented) -> Sequence[Shown]:
    """Each command with what the fence shows as its output.

    Where any line has a prompt, lines without one are output. Where none has, output begins with the first line that cannot
    be a command, and ends with the next known program after a blank line.
    """
    language, first = (fence.language, fence.line + 1) if isinstance(fence, Fence) else ("", fence.line)
    if language not in (*SHELL, ""):
        return []
    lines = fence.text.removesuffix("\n").split("\n")
    prompted = any(_prompt(line) for line in lines)
    found = _split(lines, first, prompted=prompted, root=_is_root(lines) if not prompted else _all_root(lines))
    if prompted:
        found = [each for each in found if not _is_other(each.command)]
        return found if language or any(_known(each.command) for each in found) else []
    if not language:
        return found if found and all(_known(each.command) and not _is_prose(each.command) for each in found) else []
    return [each for each in found if not _is_other(each.command)] if _is_shell(found) else []


def placeholders(command: str) -> list[Placeholder]:
    """What has to be filled in; spellings that differ in case, dashes or underscores are one."""
    spelled: dict[str, list[str]] = {}
    for found in PLACEHOLDER.finditer(command):
        if not _NO_FIELD.fullmatch(found[1]):
            spelling = spelled.setdefault(folded(found[1]), [])
            if found[0] not in spelling:
                spelling.append(found[0])
    return [Placeholder(name=field_name(each[0]), spelling=tuple(each)) for each in spelled.values()]


def folded(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()


def field_name(spelling: str) -> str:
    return re.sub(r"[\s_]+", "-", spelling.strip("<>").strip()).casefold()


def _split(lines: list[str], first: int, *, prompted: bool, root: bool) -> list[Shown]:
    found: list[Shown] = []
    comment = ""
    pending: list[str] = []
    begun = 0
    shell = _Open()
    printing = inside = False
    for number, line in enumerate(lines):
        if not pending:
            bare = line.strip()
            blank_before = number == 0 or not lines[number - 1].strip()
            prompt = _prompt(line) or (_ROOT.match(line) if _is_run_by_root(line, root=root, prompted=prompted, inside=inside) else None)
            if not bare:
                if printing and found:
                    found[-1].printed.append("")
                continue
            if not prompt and bare.startswith("#") and (blank_before or not printing):
                comment = bare.lstrip("#").strip() or comment
                continue
            if not prompt and found and _prints(line, printing=printing, blank_before=blank_before, prompted=prompted):
                printing = True
                found[-1].printed.append(line)
                continue
            if not prompt and prompted:
                continue
            printing = False
            begun, shell = number, _Open()
            line = line[prompt.end() :] if prompt else line
        pending.append(line)
        shell.feed(line)
        last = number + 1 == len(lines)
        if last or not (shell.is_open or (not shell.heredoc and _WENT_ON.match(lines[number + 1]))):
            command = "\n".join(pending).strip()
            found.append(Shown(command, first + begun, comment))
            inside = inside or (prompted and classify(command).interactive)
            pending = []
    return found


def _prompt(line: str) -> re.Match[str] | None:
    found = _PROMPT.match(line)
    if found and (found["host"] or found[0].strip() == "%") and not _known(line[found.end() :]):
        return None
    return found


def _prints(line: str, *, printing: bool, blank_before: bool, prompted: bool) -> bool:
    """Whether a line without a prompt is output."""
    if prompted:
        return True
    if printing:
        return not (blank_before and _known(line) and not _is_prose(line))
    return bool(
        re.fullmatch(r"\s*[{\[]\s*", line)
        or _COLUMNS.match(line)
        or _LOG.match(line)
        or (_OUTPUT.match(line) and not _known(line))
        or not _PROGRAM.match(line.strip())
    )


def _is_run_by_root(line: str, *, root: bool, prompted: bool, inside: bool) -> bool:
    bare = line.strip().lstrip("# ")
    if not prompted:
        return root
    return _known(bare) and (inside or (root and not _ENGLISH.match(bare) and len(bare.split()) > 1))


def _all_root(lines: Iterable[str]) -> bool:
    """Whether all prompts are root's, so that `# ` before a program is one too."""
    return all(found[0].rstrip().endswith("#") for line in lines if (found := _prompt(line)))


def _is_root(lines: Iterable[str]) -> bool:
    """Whether `# ` is a prompt: every line has it before a known program, and none reads as a sentence."""
    every = [line.strip() for line in lines if line.strip()]
    return bool(every) and all(
        _ROOT.match(line) and _known(line[1:].strip()) and not _ENGLISH.match(line[1:].strip()) and len(line.split()) > 2 for line in every
    )


def _known(command: str) -> bool:
    """Whether it begins with a program of the table, or with a word of the shell before one."""
    if re.match(r"\s*[A-Za-z_]\w*=\$\(", command):
        return True
    words = re.sub(r"^\s*((sudo|then|do|if|while|!)\s+|[A-Za-z_]\w*=\S*\s+)*", "", command).split()
    if not words:
        return bool(re.match(r"\s*[A-Za-z_]\w*=", command))
    name = words[0].rstrip(";").rsplit("/", 1)[-1]
    return words[0] in ("for", "while", "if", "export", "function", "(", "{") or shipped().program(re.sub(r"\.sh$", "", name)) is not None


def _is_prose(text: str) -> bool:
    return bool(_WORDS.match(text) or _ENGLISH.match(text) or re.search(r"[a-z]\.\s*$", text))


def _is_other(command: str) -> bool:
    """A query, a log line or YAML in a shell fence."""
    if _LOG.match(command):
        return True
    return bool(_PROMQL.match(command)) and not _known(command)


def _is_shell(found: list[Shown]) -> bool:
    programs = sum(bool(_PROGRAM.match(each.command)) for each in found)
    return bool(found) and 2 * programs > len(found) and not any(_WORDS.match(each.command) for each in found)


@dataclass(slots=True)
class _Open:
    """What a command has begun and not ended: a quote, a here-document, a loop, a line."""

    quote: str = ""
    heredoc: str = ""
    depth: int = 0
    brackets: int = 0
    """Of a substitution, and what is open inside it."""
    goes_on: bool = False

    @property
    def is_open(self) -> bool:
        return bool(self.quote or self.heredoc or self.depth > 0 or self.brackets or self.goes_on)

    def feed(self, line: str) -> None:
        if self.heredoc:
            self.heredoc = "" if line.strip() == self.heredoc else self.heredoc
            return
        bare = self._outside_quotes(line)
        self.depth += len(_OPENS.findall(bare)) - len(_CLOSES.findall(bare))
        if self.brackets or "$(" in bare:
            self.brackets = max(0, self.brackets + bare.count("(") - bare.count(")"))
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
