"""Flags that the console adds to a call of kubectl, at the end of that call and nowhere else."""

import re
from collections.abc import Iterable

import tree_sitter_bash
from tree_sitter import Language, Parser

_LANGUAGE = Language(tree_sitter_bash.language())
_FOREIGN = re.compile(r"[^\x00-\x7f]")


def with_flags(command: str, words: Iterable[str], flags: Iterable[str]) -> str:
    """The command with the flags in the one call whose first words are these; as it is where that is not one call."""
    wanted, found = list(words), list[int]()
    waiting = [Parser(_LANGUAGE).parse(_FOREIGN.sub("U", command).encode()).root_node]
    while waiting:
        node = waiting.pop()
        waiting += node.children
        if node.type == "command":
            texts = [command[child.start_byte : child.end_byte] for child in node.named_children]
            if [text for text in texts if not text.startswith("-")][: len(wanted)] == wanted:
                found.append(node.end_byte)
    if len(found) != 1:
        return command
    return f"{command[: found[0]]} {' '.join(flags)}{command[found[0] :]}"
