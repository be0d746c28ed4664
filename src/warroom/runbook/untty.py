"""A command as it runs where there is no terminal: what asks for one in `exec` goes, the rest stays byte for byte."""

import re
from collections.abc import Iterator

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

_LANGUAGE = Language(tree_sitter_bash.language())
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_PROGRAMS = frozenset(("kubectl", "oc", "k", "kubecolor", "docker", "podman", "nerdctl"))
_SHORT = re.compile(r"-[it]{1,2}")


def without_terminal(command: str) -> str:
    # One byte for each letter makes the tree's offsets those of the text.
    root = Parser(_LANGUAGE).parse(_FOREIGN.sub("U", command).encode()).root_node
    for start, end, instead in sorted(_cuts(root, command), reverse=True):
        command = command[:start] + instead + command[end:]
    return command


def _cuts(root: Node, command: str) -> Iterator[tuple[int, int, str]]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting += node.children
        if node.type != "command":
            continue
        words = [(child.start_byte, child.end_byte, command[child.start_byte : child.end_byte]) for child in node.named_children]
        program = next((n for n, (*_, text) in enumerate(words) if text.rsplit("/", 1)[-1] in _PROGRAMS), None)
        if program is None:
            continue
        own = words[program + 1 : next((n for n, (*_, text) in enumerate(words) if text == "--"), len(words))]
        if not any(text == "exec" for *_, text in own):
            continue
        for start, end, text in own:
            if _SHORT.fullmatch(text) and "t" in text:
                yield _cut(command, start, end, text.replace("t", ""))
            elif text in ("--tty", "--tty=true"):
                yield _cut(command, start, end, "-")


def _cut(command: str, start: int, end: int, rest: str) -> tuple[int, int, str]:
    """A flag of which nothing is left goes with the blank before it."""
    if rest != "-":
        return start, end, rest
    return (start - 1, end, "") if command[start - 1 : start] == " " else (start, end, "")
