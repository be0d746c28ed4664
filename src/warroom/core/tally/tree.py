"""Messages that say the same but for some words, found by a shallow tree."""

import re
from collections.abc import Callable
from operator import eq

from warroom.core.tally.masks import JOINT, WILD

AGREE = 0.75
"""The share of words in which two messages must agree to be one template."""
LEAF = 100
"""Templates under one beginning; more of them are told by their beginning alone."""
_VERB = re.compile(r"\W?[A-Za-z][a-z]{2,}(?:ed|ing)\W*$")


class Template:
    """Words that messages share, `<*>` where they differ. `leaf`: the beginning that it is found under."""

    __slots__ = ("born", "leaf", "open", "was", "words")

    def __init__(self, words: list[str], leaf: "Leaf") -> None:
        self.words = words
        self.leaf = leaf
        self.born = " ".join(words)
        """What it was at first: it widens, its name stays."""
        self.open = WILD in self.born
        """Whether it leaves room for values."""
        self.was: dict[int, str] = {}
        """The words that stood where it has widened."""

    def widen(self, words: list[str]) -> None:
        for place, (mine, other) in enumerate(zip(self.words, words, strict=True)):
            if mine != other and WILD not in mine:
                self.was[place] = mine
        self.words = [a if a == b else WILD for a, b in zip(self.words, words, strict=True)]
        self.open = True

    @property
    def text(self) -> str:
        return " ".join(self.words).replace(JOINT, " ")


Leaf = tuple[int, str, str]


class Tree:
    """Templates by how many words they have and by the first two that are no values."""

    def __init__(self) -> None:
        self._leaves: dict[Leaf, list[Template]] = {}
        self._full: dict[Leaf, Template] = {}

    def fold(self, text: str, widens: Callable[[], None] = lambda: None) -> Template:
        """The template of a masked message, widened or made. `widens` is called before one that was there changes."""
        words = text.split()
        first, second = _constants(words)
        key = (len(words), first, second)
        leaf = self._leaves.setdefault(key, [])
        best, agreed = None, max(1, round(len(words) * AGREE + 0.4999)) - 1
        for template in leaf:
            same = sum(map(eq, template.words, words))
            if same > agreed and (same == len(words) or not any(map(_said, template.words, words))):
                best, agreed = template, same
        if best is None and len(leaf) >= LEAF:
            best = self._full.setdefault(key, Template([word if word in (first, second) else WILD for word in words], key))
        if best is None:
            best = Template(words, key)
            leaf.append(best)
        elif agreed < len(words) and best is not self._full.get(key):
            widens()
            best.widen(words)
        return best

    def drop(self, templates: set[Template]) -> None:
        """Forgets them."""
        for key in {template.leaf for template in templates}:
            kept = [template for template in self._leaves.get(key, ()) if template not in templates]
            if kept:
                self._leaves[key] = kept
            else:
                self._leaves.pop(key, None)
            if self._full.get(key) in templates:
                del self._full[key]


def _said(word: str, other: str) -> bool:
    """Whether two words differ that programs say, and that are no values: `Started`, `Paused`."""
    return word != other and bool(_VERB.match(word) and _VERB.match(other))


def _constants(words: list[str]) -> tuple[str, str]:
    found = [word for word in words[:8] if WILD not in word][:2]
    return (*found, "", "")[:2]  # type: ignore[return-value]
