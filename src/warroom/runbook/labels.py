"""The label that a text begins with: P1, SEV-0, Level 2, S3/S4, Critical, whatever a team calls its levels."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from warroom.runbook.vocabulary import PREFIXES, plain, rank_word

_PREFIX = "|".join(sorted((word.replace("_", r"[\s-]+") for word in PREFIXES.split()), key=len, reverse=True))
_END = r"(?![^\W\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]|[.,]\d|%|:\d)"
_AFTER = r"(?![^\W\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]|[.,]\d)"
_NUMBERED = re.compile(rf"({_PREFIX})([\s:_/-]{{0,2}})(\d{{1,2}}){_END}", re.IGNORECASE)
_LETTERED = re.compile(
    rf"(sev|severity|priority|level|lvl|tier|class|category|grade|nivel|niveau|classe|klasse|stufe)([\s:_-]{{0,2}})([A-E]|I{{1,3}}|IV|V){_END}",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"(\d|[一二三四五])\s?(级|級|등급|类)(?:故障|事件|事故)?")
_DIGIT = re.compile(rf"(\d{{1,2}}){_END}")
_AND_ALSO = re.compile(r"\s*(/|&|\+|-|–|—|,|\band\b|\bto\b|\bor\b)\s*")
_NOISE = re.compile(r"^(?:[^\w\s]|[\s_])+")
_KEY = re.compile(
    r"(?:incident\s+)?(?:severity|priority|sev|severidade?|prioridade?)(?:\s+level)?\s*(?::|=|-|–)?\s+(?=[A-Za-z\W])", re.IGNORECASE
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}


@dataclass(frozen=True, slots=True)
class Label:
    text: str
    """As it is written."""
    family: str
    number: int
    rest: str
    """What follows it, as it stands."""
    also: tuple[str, ...] = ()
    """More labels that the same text names: S3/S4."""

    @property
    def all(self) -> tuple[str, ...]:
        return (self.text, *self.also)

    @property
    def name(self) -> str:
        """What follows, without the brackets and dashes around it."""
        return bare(self.rest)


def bare(text: str) -> str:
    text = text.strip().lstrip("-–—:：=.,)]").strip()
    if found := re.fullmatch(r"[(\[]([^()\[\]]*)[)\]]", text):
        return found[1].strip()
    if (found := re.match(r"[(\[]([^()\[\]]*)[)\]]\s*(?=[:–—-])", text)) and label(found[1]):
        return found[1].strip()
    return text.rstrip(":. ")


def fold(name: str) -> str:
    """What two spellings of one label share: SEV-1, Sev 1 and sev1."""
    return re.sub(r"[\s:_/-]", "", plain(name)).casefold()


def label(text: str, digits: bool = False) -> Label | None:
    """The label at the start of the text. `digits`: a number alone is one too."""
    noise = _NOISE.match(text)
    text = text[noise.end() :] if noise else text
    found = _NUMBERED.match(plain(text))
    if found:
        return _numbered(text, found)
    if found := _LETTERED.match(plain(text)):
        letter = found[3].casefold()
        number = _ROMAN[letter] if letter in _ROMAN and found[3].isupper() else ord(letter) - ord("a") + 1
        return Label(text[: found.end()], fold(found[1]) + ("roman" if letter in _ROMAN else "letter"), number, text[found.end() :])
    if found := _COUNTED.match(text):
        number = int(found[1]) if found[1].isdigit() else "一二三四五".index(found[1]) + 1
        return Label(found[0], "counted", number, text[found.end() :])
    if digits and (found := _DIGIT.match(text)):
        return Label(found[0], "digit", int(found[1]), text[found.end() :])
    skipped = _KEY.match(text)
    start = skipped.end() if skipped else 0
    if word := rank_word(text[start:]):
        return Label(text[start : start + word[1]], "word", word[0], text[start + word[1] :])
    return None


def _numbered(text: str, found: re.Match[str]) -> Label:
    also: list[str] = []
    first, end = int(found[3]), found.end()
    while more := _AND_ALSO.match(text, end):
        if (next_one := _NUMBERED.match(plain(text), more.end())) and fold(next_one[1]) == fold(found[1]):
            number = int(next_one[3])
            between = range((int(re.findall(r"\d+", also[-1])[-1]) if also else first) + 1, number)
            if more[1] in ("-", "–", "—", "to") and 0 < len(between) < 4:
                also += [f"{found[1]}{found[2]}{each}" for each in between]
            also.append(text[next_one.start() : next_one.end()])
        elif more[1] in "/&" and (digit := _DIGIT.match(text, more.end())):
            next_one = digit
            also.append(f"{found[1]}{found[2]}{digit[1]}")
        else:
            break
        end = next_one.end()
    return Label(text[found.start() : found.end()], fold(found[1]), first, text[end:], tuple(also))


@lru_cache(maxsize=256)
def _spelled(name: str) -> re.Pattern[str] | None:
    """The name in whatever spelling; words that are levels count with the case they are written in."""
    spelled = r"[\s:_-]?".join(map(re.escape, re.findall(r"\d+|[^\W\d]+", name)))
    if spelled.isdigit():  # a number alone is any number
        spelled = rf"(?:sev(?:erity)?|prio(?:rity)?|level|class|tier|[ps])[\s:_-]*{spelled}"
    elif spelled and not any(map(str.isdigit, name)):
        spelled = rf"(?:{spelled}|(?i:{spelled})(?=[\s-]+(?i:incidents?|alerts?|issues?|events?|severity|priority|level)(?!\w)))"
    flags = re.IGNORECASE if any(map(str.isdigit, name)) else re.NOFLAG
    return re.compile(rf"(?<![\w-]){spelled}{_AFTER}", flags) if spelled else None


def in_text(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """Those of the names that the text speaks of."""
    return tuple(name for name in names if (pattern := _spelled(name)) and pattern.search(text))


def spans_of(text: str, names: Sequence[str]) -> list[tuple[int, int, str]]:
    """Where the text speaks of the names, from left to right."""
    found = [(match.start(), match.end(), name) for name in names if (pattern := _spelled(name)) for match in pattern.finditer(text)]
    return sorted(found)
