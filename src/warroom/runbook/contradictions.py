"""What a runbook says of a level, a time or a bound in one place and otherwise in another."""

import re
from collections.abc import Iterator
from itertools import pairwise

from warroom.runbook.model import Found, Item, ResponseTime, Runbook, Template
from warroom.runbook.sections.templates import choices
from warroom.runbook.words import normal

_NORMAL = re.compile(r"\b(normal|baseline|usual|typical)\b", re.IGNORECASE)
_NORMAL_DEFINED = re.compile(
    r"\b(normal|baseline|usual|typical)\b[^.\n]*\b(is|means|=)\s[^.\n]*(median|average|mean|p\d|\d)", re.IGNORECASE
)
_BOUND = re.compile(r"([<>])\s*(\d+(?:\.\d+)?)\s*(%|x\b|[a-z]{1,3}\b)?([^()]*)", re.IGNORECASE)
_EXAMPLE = re.compile(r"(\d+(?:\.\d+)?)\s*%\+?\s+([a-z][a-z ]*[a-z])", re.IGNORECASE)
_WITHIN = re.compile(r"\bwithin\s+(\d+\s*\w+)", re.IGNORECASE)
_REVIEW = re.compile(r"\b(post-?\s?mortem|post-?incident|report|review)\b", re.IGNORECASE)
_LABEL = re.compile(r"(?<!\w)(?:P|SEV[\s-]?)\d(?!\w)", re.IGNORECASE)


def no_criteria(runbook: Runbook) -> Iterator[Found]:
    others = any(severity.criteria for severity in runbook.severities)
    for severity in runbook.severities if others else ():
        if not severity.criteria:
            yield (
                severity.line,
                f"{severity.level} has no criteria, so it is never suggested",
                f"list them below a heading that names {severity.level}",
            )


def unknown_level(runbook: Runbook) -> Iterator[Found]:
    known = {normal(severity.level).replace(" ", "") for severity in runbook.severities}
    for trigger in runbook.escalation.triggers:
        for name in _LABEL.findall(trigger.condition) if known else ():
            if normal(name).replace(" ", "") not in known:
                yield (
                    trigger.line,
                    f"the rule {trigger.condition!r} is about {name}, which is no severity here",
                    "use one of the severities' labels",
                )


def times_that_contradict(runbook: Runbook) -> Iterator[Found]:
    for severity in runbook.severities:
        for kind in ("acknowledge", "respond", "resolve"):
            said = {time.seconds: time.text for time in severity.times if time.kind == kind and time.seconds is not None}
            if len(said) > 1:
                yield (
                    severity.line,
                    f"{severity.level} gives more than one time to {kind}: {' and '.join(map(repr, said.values()))}",
                    "leave one of them; the console takes the first",
                )
        first: dict[str, ResponseTime] = {
            time.kind: time for time in reversed(severity.times) if time.seconds is not None and time.hours == "any"
        }
        for sooner, later in (("acknowledge", "respond"), ("respond", "resolve")):
            one, other = first.get(sooner), first.get(later)
            if one and other and (one.seconds or 0) > (other.seconds or 0):
                yield (
                    severity.line,
                    f"{severity.level} is to {sooner} in {one.text!r} but to {later} in {other.text!r}",
                    "make the first the shorter one",
                )
    timed = [severity for severity in runbook.severities if severity.response_seconds is not None]
    for worse, lesser in pairwise(timed):
        if (worse.response_seconds or 0) > (lesser.response_seconds or 0):
            yield (
                worse.line,
                f"{worse.level} is worse than {lesser.level} but is answered later",
                "check both response times, or the order of the levels",
            )


def undefined_normal(runbook: Runbook) -> Iterator[Found]:
    relative = [item for item in _criteria(runbook) if _NORMAL.search(item.text)]
    words = [prose.text for prose in runbook.prose] + [severity.impact for severity in runbook.severities]
    if relative and not any(map(_NORMAL_DEFINED.search, words)):
        yield (
            relative[0].line,
            f"{relative[0].text!r} compares with a normal that is defined nowhere",
            "say what it is, for example: normal is the median of the same hour over 7 days (that is what the console takes)",
        )


def hole_between_levels(runbook: Runbook) -> Iterator[Found]:
    bounds: dict[tuple[str, str, str], dict[str, Item]] = {}
    for item in _criteria(runbook):
        for sign, number, unit, rest in _BOUND.findall(item.text):
            bounds.setdefault((number, unit, normal(rest)), {}).setdefault(sign, item)
    for (number, unit, _), signs in bounds.items():
        if len(signs) == 2:
            first, second = sorted(signs.values(), key=lambda item: item.line)
            yield (
                second.line,
                f"exactly {number}{unit} is neither in {first.text!r} (line {first.line}) nor in {second.text!r}",
                f"write ≥ or ≤ in one of them; the console takes the worse level at exactly {number}{unit}",
            )


def example_against_criteria(runbook: Runbook) -> Iterator[Found]:
    for severity in runbook.severities:
        for number, measure in _EXAMPLE.findall(f"{severity.example}, {severity.impact}"):
            for item in severity.criteria:
                if normal(measure) in normal(item.text) and "%" in item.text and not re.search(rf"(?<!\d){number}\s*%", item.text):
                    yield (
                        severity.line,
                        f"{severity.level}: the example says {number}% {measure.strip()}, line {item.line} says {item.text!r}",
                        "make the two agree, or give the example to the level it belongs to",
                    )


def level_offered_but_not_declared(runbook: Runbook) -> Iterator[Found]:
    labels = {severity.level.casefold(): severity.level for severity in runbook.severities}
    rules = [item for phase in runbook.phases for item in phase.steps if re.search(r"\bdeclar\w+", item.text, re.IGNORECASE)]
    rules = [item for item in rules if re.search(r"\bif\b", item.text, re.IGNORECASE) and _labels_in(item.text, labels)]
    for template in runbook.templates if rules else ():
        if not re.search(r"\bdeclar", template.title, re.IGNORECASE):
            continue
        extra = [level for level in _offered(template, labels) if level not in _labels_in(rules[0].text, labels)]
        if extra:
            yield (
                template.line,
                f"{template.title!r} offers {', '.join(extra)}, but {rules[0].text!r} (line {rules[0].line}) does not declare it",
                "offer the same levels in both",
            )


def two_promises(runbook: Runbook) -> Iterator[Found]:
    inside = [(item.text, item.line, found[1]) for phase in runbook.phases for item in phase.steps if (found := _promise(item.text))]
    for template in runbook.templates:
        for sentence in re.split(r"(?<=[.!?])\s+", " ".join(template.body.split())):
            found = _promise(sentence)
            for text, line, span in inside if found else ():
                if found and normal(span) == normal(found[1]):
                    yield (
                        template.line,
                        f"two promises of {span}: {text!r} (line {line}) inside, {sentence!r} to the outside",
                        "say from when each counts; the console keeps them as two deadlines",
                    )


def _criteria(runbook: Runbook) -> Iterator[Item]:
    for severity in runbook.severities:
        yield from severity.criteria


def _promise(text: str) -> re.Match[str] | None:
    return _WITHIN.search(text) if _REVIEW.search(text) else None


def _labels_in(text: str, labels: dict[str, str]) -> list[str]:
    return [level for folded, level in labels.items() if re.search(rf"(?<!\w){re.escape(folded)}(?!\w)", text, re.IGNORECASE)]


def _offered(template: Template, labels: dict[str, str]) -> list[str]:
    """The levels that a choice in the text stands for: P[1/2/3] offers P1, P2 and P3."""
    offered = []
    for place in template.placeholders:
        if place.kind == "choice":
            for spelling in place.spelling:
                before = re.search(rf"([\w-]*){re.escape(spelling)}", template.body)
                names = [(before[1] if before else "") + choice for choice in choices(place.name)]
                offered += [labels[name.casefold()] for name in names if name.casefold() in labels]
    return offered
