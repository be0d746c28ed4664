"""Messages that say the same but for some words, found by a shallow tree."""

from operator import eq

from warroom.core.tally.masks import WILD

AGREE = 0.75
"""The share of words in which two messages must agree to be one template."""
LEAF = 100
"""Templates under one beginning; more of them are told by their beginning alone."""


class Template:
    """Words that messages share, `<*>` where they differ."""

    __slots__ = ("born", "open", "was", "words")

    def __init__(self, words: list[str]) -> None:
        self.words = words
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
        return " ".join(self.words)


class Tree:
    """Templates by how many words they have and by the first two that are no values."""

    def __init__(self) -> None:
        self._leaves: dict[tuple[int, str, str], list[Template]] = {}
        self._full: dict[tuple[int, str, str], Template] = {}

    def fold(self, text: str) -> Template:
        """The template of a masked message, widened or made."""
        words = text.split()
        first, second = _constants(words)
        key = (len(words), first, second)
        leaf = self._leaves.setdefault(key, [])
        best, agreed = None, max(1, round(len(words) * AGREE + 0.4999)) - 1
        for template in leaf:
            same = sum(map(eq, template.words, words))
            if same > agreed:
                best, agreed = template, same
        if best is None and len(leaf) >= LEAF:
            best = self._full.setdefault(key, Template([word if word in (first, second) else WILD for word in words]))
        if best is None:
            best = Template(words)
            leaf.append(best)
        elif agreed < len(words):
            best.widen(words)
        return best

    def keep(self, templates: set[Template]) -> None:
        """Forgets all others."""
        kept = {key: [template for template in leaf if template in templates] for key, leaf in self._leaves.items()}
        self._leaves = {key: leaf for key, leaf in kept.items() if leaf}
        self._full = {key: template for key, template in self._full.items() if template in templates}


def _constants(words: list[str]) -> tuple[str, str]:
    found = [word for word in words[:8] if WILD not in word][:2]
    return (*found, "", "")[:2]  # type: ignore[return-value]
