"""Values in the places of placeholders: a value is never read as code, however it is spelled."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from warroom.runbook.fences import folded, placeholders
from warroom.runbook.shell import PLACEHOLDER

_LANGUAGE = Language(tree_sitter_bash.language())
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_HARMLESS = re.compile(r"[A-Za-z0-9._:/-]+")
"""What no shell, no SQL and no other language reads as more than a word."""
_PLAIN_PROGRAMS = frozenset(("kubectl", "oc", "k", "kubecolor", "helm", "stern", "curl", "grep", "egrep", "fgrep", "echo", "docker"))
"""Programs that take a word as a word; all others may read it as text of a language."""
_RESERVED = re.compile(r"PATH|IFS|ENV|HOME|WR_\w*|BASH\w*|(?:LD|DYLD|GIT|PYTHON)_?\w*|KUBE\w*|\w*(?:EDITOR|PAGER|COMMAND|OPTIONS|OPTS)")
"""Variables that change which programs run, or where."""
NOT_HERE = "in this place it may only have letters, digits and . _ : / -"


@dataclass(frozen=True, slots=True)
class Filled:
    """`runs` is what bash gets with `variables` in its environment; `shown` says the same with the values written out."""

    runs: str
    shown: str
    variables: Mapping[str, str] = field(default_factory=dict)
    troubles: Mapping[str, str] = field(default_factory=dict)
    """By folded name: why its value cannot stand there."""


def fill(command: str, values: Mapping[str, str]) -> Filled:
    """`values` by folded names; a placeholder without one stays as it is."""
    known = {folded(place.name) for place in placeholders(command)}
    places = [place for place in PLACEHOLDER.finditer(command) if (name := folded(place[1])) in known and values.get(name)]
    # A word of the same length, and a byte for each letter: offsets of the tree are those of the text.
    plain = list(command)
    for place in places:
        plain[place.start() : place.end()] = "w" * (place.end() - place.start())
    root = Parser(_LANGUAGE).parse(_FOREIGN.sub("U", "".join(plain)).encode()).root_node
    variables: dict[str, str] = {}
    troubles: dict[str, str] = {}
    runs = shown = command
    for number, place in sorted(enumerate(places, 1), reverse=True):
        name, value = folded(place[1]), values[folded(place[1])]
        where = _where(root, place.start(), place.end(), command)
        if trouble := _trouble(value, where):
            troubles[name] = trouble
            continue
        if where == "verbatim":
            there, seen = value, value
        else:
            variables[f"WR_{number}"] = value
            there = f'"$WR_{number}"' if where == "bare" else f"${{WR_{number}}}"
            seen = shlex.quote(value) if where == "bare" else re.sub(r'([\\"$`])', r"\\\1", value)
        runs = runs[: place.start()] + there + runs[place.end() :]
        shown = shown[: place.start()] + seen + shown[place.end() :]
    return Filled(runs, shown, variables, troubles)


def with_variables(command: str, values: Mapping[str, str]) -> str:
    """The command as it reads with these variables written out, where their values are harmless wherever they stand."""
    root = Parser(_LANGUAGE).parse(_FOREIGN.sub("U", command).encode()).root_node
    found: list[tuple[int, int, str]] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting += node.children
        text = command[node.start_byte : node.end_byte]
        if node.type in ("simple_expansion", "expansion") and (name := re.fullmatch(r"\$\{?(\w+)\}?", text)):
            value = values.get(name[1], "")
            if value and not variable_trouble(name[1], value):
                found.append((node.start_byte, node.end_byte, value))
    for start, end, value in sorted(found, reverse=True):
        command = command[:start] + value + command[end:]
    return command


def variable_trouble(name: str, value: str) -> str:
    """Why somebody's value may not be set as this variable of a command."""
    if _RESERVED.fullmatch(name):
        return f"{name} changes how commands run: set it in the command itself"
    return _trouble(value, "verbatim")


def _trouble(value: str, where: str) -> str:
    if value.startswith("-"):
        return "a value may not begin with - (it would be read as a flag)"
    if not value.isprintable():
        return "a value is one line of printable signs"
    if where == "verbatim" and not _HARMLESS.fullmatch(value):
        return NOT_HERE
    return ""


def _where(root: Node, start: int, end: int, command: str) -> str:
    """`bare`: a word of its own or a part of one; `quoted`: in double quotes; `verbatim`: where a quote does not hold."""
    node = root.descendant_for_byte_range(start, end)
    quoted = False
    while node is not None:
        if node.type == "string":
            quoted = True
            inside = command[node.start_byte + 1 : node.end_byte - 1]
            if re.search(r"\s", inside.replace(command[start:end], "")):
                return "verbatim"  # a text, perhaps of another language
        elif node.type == "command":
            return ("quoted" if quoted else "bare") if _takes_words(node, start, command) else "verbatim"
        elif node.type not in ("word", "string_content", "concatenation"):
            return "verbatim"
        node = node.parent
    return "verbatim"


def _takes_words(call: Node, start: int, command: str) -> bool:
    """Whether the program takes the word at this place as a word, and hands it to nobody."""
    words = [(child.start_byte, command[child.start_byte : child.end_byte]) for child in call.named_children]
    names = [text for _, text in words if "=" not in text][:1]
    handed = any(text == "--" and at < start for at, text in words)
    return bool(names) and names[0].rsplit("/", 1)[-1] in _PLAIN_PROGRAMS and not handed
