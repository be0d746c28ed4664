"""What a criterion's own words ask to be measured; a criterion that cannot be read whole stays a human's."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal

from msgspec.structs import replace

from warroom.runbook.model import Runbook, Value

Unit = Literal["ratio", "s", "1/s", "x", ""]
SERVICE = "service"
"""Measures whether anything of the service answers at all."""


class Bound(Value, frozen=True):
    value: float
    inclusive: bool = False


class Measure(Value, frozen=True):
    """Met while the figure is beyond `low` and not beyond `high`. `what` is the id of a series, or `service`."""

    what: str
    unit: Unit = ""
    """`x`: times what is normal."""
    low: Bound | None = None
    high: Bound | None = None
    hold_seconds: float | None = None
    """How long it must hold; None: the words do not say."""
    besides: tuple["Measure", ...] = ()
    """What must be met at the same time."""

    @property
    def speaks(self) -> bool:
        """Whether it says that something is wrong: "error rate below 1 %" is also what a calm night has."""
        return self.low is not None or self.what in (SERVICE, "requests")


class Threshold(Value, frozen=True):
    """Where a figure begins to count, for the level of that rank; 0 is a trigger of the declaration."""

    level: str
    rank: int
    measure: Measure


def measures(runbook: Runbook) -> Mapping[str, tuple[Measure, ...]]:
    """By the id of each trigger and criterion that can be measured: any of its measures meets it."""
    items = [*runbook.declaration.triggers, *(item for severity in runbook.severities for item in severity.criteria)]
    found = {item.id: read for item in items if (read := measure(item.text))}
    return {**found, **dict(_minor_slowness(runbook, found))}


def thresholds(runbook: Runbook, what: str) -> tuple[Threshold, ...]:
    """The lower bounds that the runbook sets for one series, the worst level first and the declaration last."""
    read = measures(runbook)
    levels = sorted(runbook.severities, key=lambda severity: severity.rank)
    asked = [(severity.level, severity.rank, severity.criteria) for severity in levels] + [("", 0, runbook.declaration.triggers)]
    return tuple(
        Threshold(level=level, rank=rank, measure=one)
        for level, rank, items in asked
        for item in items
        for one in read.get(item.id, ())
        if one.what == what and one.low is not None
    )


@lru_cache(maxsize=1024)
def measure(text: str) -> tuple[Measure, ...]:
    """Alternatives that "or" parts; empty when any of them cannot be read."""
    found: list[Measure] = []
    for clause in _OR.split(_plain(text)):
        one = _measure(clause, found[-1].what if found else "")
        if one is None:
            return ()
        found.append(one)
    return tuple(found)


def _minor_slowness(runbook: Runbook, read: Mapping[str, tuple[Measure, ...]]) -> Iterator[tuple[str, tuple[Measure, ...]]]:
    """ "Minor performance degradation" lies between the latency that declares and the first factor that a worse level names."""
    slow = [one for item in runbook.declaration.triggers for one in read.get(item.id, ()) if one.unit == "s" and one.low]
    for severity in runbook.severities:
        factors = [
            one.low
            for worse in runbook.severities
            if worse.rank < severity.rank
            for item in worse.criteria
            for one in read.get(item.id, ())
            if one.unit == "x" and one.low and slow and one.what == slow[0].what
        ]
        for item in severity.criteria:
            if factors and _MINOR.fullmatch(_plain(item.text)):
                least = min(factors, key=lambda bound: bound.value)
                below = Measure(what=slow[0].what, unit="x", high=Bound(value=least.value, inclusive=not least.inclusive))
                yield item.id, (replace(slow[0], besides=(below,)),)


# From words to a measure.

_OR = re.compile(r"\s*(?:,\s*)?\bor\b(?!\s+(?:more|higher|above|greater|worse|less|lower|below|fewer|longer))\s*")
_MINOR = re.compile(r"(?:minor|slight) (?:performance|latency) (?:degradation|issues?|increase|impact)|(?:minor|slight) slowness")
_NUMBER = r"(\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)"
_UNIT = r"(%|percent\b|per cent\b|ms\b|msecs?\b|milliseconds?\b|s\b|secs?\b|seconds?\b|x\b|times\b|/s\b|rps\b|qps\b|req/s\b|)"
_FACTORS: dict[str, tuple[Unit, float]] = {
    "%": ("ratio", 0.01),
    "p": ("ratio", 0.01),
    "ms": ("s", 0.001),
    "mi": ("s", 0.001),
    "s": ("s", 1.0),
    "x": ("x", 1.0),
    "t": ("x", 1.0),
    "/": ("1/s", 1.0),
    "r": ("1/s", 1.0),
    "q": ("1/s", 1.0),
}
"""By how the unit begins: the unit that is measured, and what one of it is in that."""
_TIME = r"(?P<n>\d+)\s*\+?[\s-]*(?P<unit>{units})\b\s*\+?(?:\s+or\s+(?:more|longer))?(?:\s+(?:window|period|interval))?"
_MORE = r"(?:at least|more than|longer than|over|>=|>|the last|the past|an?|any)"
_HOLDS = (
    re.compile(
        rf"\b(?:for|during|lasting|sustained|persisting)\s*{_MORE}?\s*"
        + _TIME.format(units="seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h")
    ),
    re.compile(rf"\b(?:over|in|within)\s+{_MORE}?\s*" + _TIME.format(units="minutes?|mins?|hours?|hrs?")),
)
_HOLD_OF_OUTAGE = re.compile(rf"\s*{_MORE}\s*" + _TIME.format(units="minutes?|mins?|m|hours?|hrs?|h"))
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
_LOW = r"(>=|at least|reach(?:es|ing)?|>|above|over|more than|greater than|higher than|exceed(?:s|ed|ing)?|beyond)"
_HIGH = r"(<=|at most|up to|<|below|under|less than|lower than|fewer than)"
_INCLUSIVE = (">=", "<=", "at least", "at most", "up to")
_RANGE = re.compile(rf"(?:\bbetween\s+|\bfrom\s+)?{_NUMBER}\s*{_UNIT}\s*(?:-|\bto\b|\band\b)\s*{_NUMBER}\s*{_UNIT}")
_COMPARED = (
    (re.compile(rf"{_LOW}\s*{_NUMBER}\s*{_UNIT}(\+?)"), "low"),
    (re.compile(rf"{_HIGH}\s*{_NUMBER}\s*{_UNIT}()"), "high"),
    (re.compile(rf"(){_NUMBER}\s*(?:\+\s*{_UNIT}|{_UNIT}\s*(?:\+|\bor (?:more|higher|above|greater|worse)\b))"), "least"),
    (re.compile(rf"(){_NUMBER}\s*{_UNIT}\s*\bor (?:less|lower|below|fewer)\b"), "most"),
)
_ALL = re.compile(r"\b100\s*(?:%|percent)")
_DROP = re.compile(rf"\b(?:drop|drops|dropped|falls?|fell|decreases?|reduced)\s*(?:by\s+)?(?:{_LOW}\s*)?{_NUMBER}\s*(?:%|percent)")

_QUANTITIES = (
    ("available", r"(?:success rate|availability|uptime)"),
    (
        "errors",
        r"(?:(?:http\s+)?5xx(?:\s+errors?)?(?:\s+(?:rate|ratio))?|(?:error|failure)s?(?:\s+(?:rate|ratio|percentage)s?)?|(?:requests?\s+)?fail(?:ing|ed|s)?\b)",
    ),
    (
        "latency",
        r"(?:\bp\s?(\d{2}(?:\.\d)?)\b|\b(\d{2})(?:th)?[\s-]percentile|\b(median))?(?:\s*\(?(?:of\s+)?(?:request\s+)?"
        r"(?:latency|latencies|response times?|durations?))?",
    ),
    ("connections", r"(?:(?:db|database|postgres(?:ql)?)\s+)?connection(?:s|\s+pool)?(?:\s+(?:usage|utili[sz]ation))?"),
    ("saturation", r"saturation"),
    ("cpu", r"\bcpu(?:\s+(?:usage|utili[sz]ation|load))?"),
    ("memory", r"\b(?:memory|mem|ram)(?:\s+(?:usage|utili[sz]ation))?"),
    ("disk", r"\bdisk(?:\s+(?:usage|utili[sz]ation|space))?"),
    ("requests", r"\b(?:traffic|request rate|throughput)\b"),
)
_UNITS_OF: dict[str, tuple[Unit, ...]] = {
    "available": ("ratio",),
    "errors": ("ratio", "x"),
    "connections": ("ratio", "x", ""),
    "requests": ("1/s", "x"),
}
_SUBJECT = r"(?:service|system|site|website|platform|api|application|app|product|production|prod|everything|all services)"
_OUTAGE = re.compile(
    rf"(?:the\s+)?(?:(?:complete|total|full|entire|whole)(?:ly)?\s+)?(?:{_SUBJECT}\s+)*(?:is\s+|are\s+)?(?:(?:complete|total|full|entire)(?:ly)?\s+)?"
    rf"(?:{_SUBJECT}\s+)*(?:unavailab(?:le|ility)|outage|down(?:time)?|offline|inaccessible|unreachable|not responding)"
)
_NO_PODS = re.compile(
    r"(?:no|0|zero)\s+(?:healthy\s+|ready\s+|running\s+)?(?:pods?|instances?|replicas?)(?:\s+(?:is|are))?(?:\s+(?:ready|available|running|healthy))?"
    r"|all\s+(?:pods|instances|replicas)\s+(?:are\s+)?(?:down|unavailable|not ready|crashing|failing|unhealthy)"
)
_WHOLE = re.compile(rf"\b(?:complete|total|full|entire|whole)|\b{_SUBJECT}\b")
_FILLING = """
a all an and api app application are at average avg baseline but by can consistently degradation degraded elevated high higher http
https increased incoming in is its latency level levels moderate normal of on our overall p95 performance platform prod production
rate rates request requests response responses rises rising service severe server severely significant significantly site slow
sustained system the to total typical usual value very website with
"""
"""Words that leave the meaning as it is. Any other word may narrow it to something that is not measured."""
_HARMLESS = frozenset(_FILLING.split())


def _plain(text: str) -> str:
    text = text.casefold().replace("\u00a0", " ").replace("\u202f", " ")
    for old, new in (("≥", ">="), ("≤", "<="), ("–", "-"), ("—", "-"), ("−", "-"), ("×", "x"), ("**", ""), ("`", "")):
        text = text.replace(old, new)
    return " ".join(text.replace("=>", ">=").rstrip(".;:").split())


def _measure(clause: str, before: str) -> Measure | None:
    """`before` is what the clause before was about: "P95 > 2 s or > 5x normal"."""
    clause = re.sub(r"\bof (?:all )?(?:the )?(?:requests?|traffic|responses?)\b(?! fail)", " ", clause)
    if (outage := _outage(clause)) is not None:
        return outage
    clause, hold = _hold(clause)
    what, found = _quantity(clause)
    if not what:
        what = before
    rest = clause[: found.start()] + " " + clause[found.end() :] if found else clause
    if what == "requests" and (drop := _DROP.search(rest)):
        return _drop(rest, drop, hold)
    low, high, units, rest = _bounds(rest)
    if not units and what == "errors" and (every := _ALL.search(rest)):
        low, units, rest = Bound(value=1.0, inclusive=True), {"ratio"}, rest[: every.start()] + rest[every.end() :]
    if units == {""} and what == "errors" and all(bound is None or bound.value < 1 for bound in (low, high)):
        units = {"ratio"}
    if not what or len(units) != 1 or not _only_filling(rest):
        return None
    (unit,) = units
    if unit not in _UNITS_OF.get(what, _units_of(what)):
        return None
    if what == "available":
        what, low, high = "errors", _turned(high), _turned(low)
    return Measure(what=what, unit=unit, low=low, high=high, hold_seconds=hold)


def _units_of(what: str) -> tuple[Unit, ...]:
    return ("s", "x") if re.fullmatch(r"p[\d.]+", what) else ("ratio", "x")


def _outage(clause: str) -> Measure | None:
    bare = clause.strip(" .,")
    found = _NO_PODS.match(bare) or _OUTAGE.match(bare)
    if found is None or not (_WHOLE.search(found.group()) or _NO_PODS.match(bare)):
        return None
    rest, hold = _hold(bare[found.end() :])
    if hold is None and (more := _HOLD_OF_OUTAGE.match(rest)):
        rest, hold = rest[more.end() :], _length(more)
    return Measure(what=SERVICE, hold_seconds=hold) if _only_filling(rest) else None


def _hold(clause: str) -> tuple[str, float | None]:
    for pattern in _HOLDS:
        if found := pattern.search(clause):
            return clause[: found.start()] + " " + clause[found.end() :], _length(found)
    return clause, None


def _length(found: re.Match[str]) -> float:
    return float(found["n"]) * _SECONDS[found["unit"][0]]


def _quantity(clause: str) -> tuple[str, re.Match[str] | None]:
    """Which series it is about; nothing when it is about several, or about none."""
    hits: list[tuple[str, re.Match[str]]] = []
    for name, pattern in _QUANTITIES:
        matches = [match for match in re.finditer(pattern, clause) if match.group().strip()]
        if matches:
            hits.append((name, matches[0]))
        if len(matches) > 1:
            return "", None
    if len(hits) != 1:
        return "", None
    name, match = hits[0]
    if name == "latency":
        name = "p50" if match[3] else f"p{match[1] or match[2] or '95'}"
    return name, match


def _bounds(text: str) -> tuple[Bound | None, Bound | None, set[Unit], str]:
    """Both bounds, their units (one, where they are of one kind), and what is left of the text."""
    low = high = None
    units = set[Unit]()
    if found := _RANGE.search(text):
        ends = ((found[1], found[2] or found[4]), (found[3], found[4] or found[2]))
        low, high = (Bound(value=_value(number, unit), inclusive=True) for number, unit in ends)
        units, text = {_measured(unit) for _, unit in ends}, text[: found.start()] + " " + text[found.end() :]
    for pattern, kind in _COMPARED:
        while found := pattern.search(text):
            word, number, *tail = found.groups(default="")
            unit = next((group for group in tail if group not in ("", "+")), "")
            inclusive = kind in ("least", "most") or "+" in tail or word in _INCLUSIVE or word.startswith("reach")
            bound = Bound(value=_value(number, unit), inclusive=inclusive)
            if kind in ("low", "least"):
                low = low or bound
            else:
                high = high or bound
            units.add(_measured(unit))
            text = text[: found.start()] + " " + text[found.end() :]
    return low, high, units, text


def _value(number: str, unit: str) -> float:
    plain = number.replace(",", "") if re.fullmatch(r"\d+(?:,\d{3})+(?:\.\d+)?", number) else number.replace(",", ".")
    return round(float(plain) * _factor(unit)[1], 12)


def _measured(unit: str) -> Unit:
    return _factor(unit)[0]


def _factor(unit: str) -> tuple[Unit, float]:
    return _FACTORS.get(unit[:2]) or _FACTORS.get(unit[:1]) or ("", 1.0)


def _turned(bound: Bound | None) -> Bound | None:
    """Of what works, as that of what fails."""
    return Bound(value=round(1 - bound.value, 12), inclusive=bound.inclusive) if bound else None


def _drop(text: str, found: re.Match[str], hold: float | None) -> Measure | None:
    rest = text[: found.start()] + " " + text[found.end() :]
    left = round(1 - _value(found[2], "%"), 12)
    return Measure(what="requests", unit="x", high=Bound(value=left), hold_seconds=hold) if _only_filling(rest) else None


def _only_filling(text: str) -> bool:
    return all(word in _HARMLESS for word in re.findall(r"[^\s(),;:]+", text))
