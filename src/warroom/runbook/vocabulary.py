"""The words by which parts of a response document are known, in the language of the document."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from warroom.runbook.tongues import de, en, es, fr, ja, ko, pl, pt, ru, zh

TABLES: dict[str, dict[str, str]] = {
    "en": en.WORDS,
    "pt": pt.WORDS,
    "es": es.WORDS,
    "fr": fr.WORDS,
    "pl": pl.WORDS,
    "de": de.WORDS,
    "ru": ru.WORDS,
    "ja": ja.WORDS,
    "zh": zh.WORDS,
    "ko": ko.WORDS,
}
RANKS: tuple[str, ...] = (
    (
        "critical critica critico critique krytyczny krytyczna krytyczne kritisch catastrophic emergency blocker severe "
        "disaster extreme fatal outage sev-critical highest urgent urgente urgent very_high muito_alta muito_alto muy_alta "
        "tres_haute bardzo_wysoki red rot rojo vermelho rouge black crisis "
        "критическии критическая критично критичныи 致命 緊急 重大 最高 紧急 严重 特别重大 특급 심각 치명 긴급"
    ),
    (
        "high major error serious alto alta elevado elevada haute eleve elevee majeur majeure wysoki wysoka hoch orange "
        "amber important importante grave высокии высокая высоко 高 重要 较大 높음 상"
    ),
    (
        "medium moderate warning normal medio media moyenne moyen sredni srednia mittel yellow amarillo amarelo jaune gelb "
        "standard moderado moderada среднии средняя 中 普通 一般 중간 보통 중"
    ),
    (
        "low minor info informational baixo baixa baja bajo basse faible mineur mineure niski niska niedrig gering green "
        "verde vert grun leve menor notice information низкии низкая 低 轻微 輕微 軽微 낮음 경미 하"
    ),
    "trivial cosmetic negligible lowest very_low muito_baixa minimal none",
)
"""What one word says of a level, the worst first."""
PREFIXES = (
    "p prio s sev severity priority level lvl l tier class cat category grade severidade severidad severite gravidade "
    "gravedad gravite prioridade prioridad priorite nivel niveau poziom priorytet stufe prioritat schweregrad klasse "
    "incident_level impact_level t c i уровень приоритет レベル ランク 级别 레벨 등급"
)
"""What stands before the number of a label."""
SCRIPTS = (
    ("ja", "[\u3040-\u30ff]"),
    ("ko", "[\uac00-\ud7af]"),
    ("zh", "[\u4e00-\u9fff]"),
    ("ru", "[\u0400-\u04ff]"),
    ("el", "[\u0370-\u03ff]"),
)
_WITHOUT_BLANKS = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
"""Scripts whose words stand in a text without blanks, or with endings that are glued on."""
_OTHER_BASES = str.maketrans(
    {"ł": "l", "Ł": "L", "ß": "s", "ø": "o", "Ø": "O", "đ": "d", "’": "'", "\xa0": " "}
    | {"：": ":", "（": "(", "）": ")", "，": ",", "。": ".", "、": ",", "～": "~", "｜": "|"}
)
_ACCENTED = re.compile("[\x80-\u1fff]")
_WORD = re.compile(r"[a-z]+")


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """The text without accents; each character stays where it is."""
    return text if text.isascii() else _ACCENTED.sub(_base, text.translate(_OTHER_BASES))


def _base(sign: re.Match[str]) -> str:
    return unicodedata.normalize("NFD", sign[0])[0]


_NO_WORD = re.compile(r"\S*(?:@|://|\w\.\w)\S*|\b[A-Z]{2,3}\b")
"""`ann@bakery.com` and EM are no Portuguese."""


def language_of(text: str) -> str:
    """By its script, else by the most frequent small words; "en" when nothing says more."""
    sample = _NO_WORD.sub(" ", text[:60_000])
    letters = sum(map(str.isalpha, sample)) or 1
    for name, signs in SCRIPTS:
        if len(re.findall(signs, sample)) > letters / 5:
            return name
    words = _WORD.findall(plain(sample).casefold())
    counts = {name: sum((word in stop) + 2 * (word in _OWN[name]) for word in words) for name, stop in _STOP.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] > 1.2 * counts["en"] else "en"


@lru_cache(maxsize=16384)
def heard(language: str, concept: str, text: str) -> bool:
    """Whether the text has one of the concept's words; headings are asked for many."""
    return bool(says(language, concept).search(plain(text)))


@lru_cache(maxsize=1024)
def says(language: str, concept: str) -> re.Pattern[str]:
    """Matches any of the concept's words, in English and in the document's language, in text made `plain`."""
    words = TABLES["en"].get(concept, "")
    if language in TABLES and language != "en":
        words += " " + TABLES[language].get(concept, "")
    return pattern(words)


@lru_cache(maxsize=256)
def pattern(words: str, alone: bool = False) -> re.Pattern[str]:
    """`alone`: also a word of a script without blanks has to stand by itself."""
    apart = [word for word in words.split() if alone or not _WITHOUT_BLANKS.search(word)]
    within = [word for word in words.split() if word not in apart]
    either = rf"(?<!\w)(?:{_any(apart)})(?!\w)"
    return re.compile(f"{either}|{_any(within)}" if within else either, re.IGNORECASE)


def _any(words: Iterable[str]) -> str:
    parts = [re.escape(plain(word)).replace(r"\*", r"\w*").replace("_", r"[\s-]+").replace(r"\-", r"[\s-]?") for word in words]
    return "|".join(sorted(parts, key=len, reverse=True)) or "(?!)"


def rank_word(text: str) -> tuple[int, int] | None:
    """The rank that the first word or two give, and where they end."""
    for rank, words in enumerate(RANKS):
        if found := pattern(words, alone=True).match(plain(text)):
            return rank, found.end()
    return None


_STOP = {name: frozenset(table["stop"].split()) for name, table in TABLES.items() if "stop" in table}
_ALL = {name: frozenset(word for words in TABLES[name].values() for word in words.split() if word.isalpha()) for name in _STOP}
_OWN = {
    name: words.difference(*(other for each, other in _ALL.items() if each != name)) if name != "en" else frozenset()
    for name, words in _ALL.items()
}
