"""A step's condition as a question: what is measured, what was rolled out, and what people answered."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from warroom.core.conditions import Advice, Release
from warroom.core.playbooks import StepState
from warroom.ui.cells import Line, Seg, cell, clip, measure
from warroom.ui.look import foreign, g
from warroom.ui.widgets.rows import Row
from warroom.ui.words import age, since, utc
from warroom.ui.written import wrapped

PODS = 4
"""Of the pods that fail, so many are named."""
ANSWERS: Mapping[str, tuple[str, str, str]] = {
    "yes": ("yes", "measured: yes.", "$loud bold"),
    "no": ("no", "measured: no.", "$ink bold"),
    "unknown": ("unknown", "not measured:", "$soon bold"),
}


def question(one: StepState, found: Advice, width: int, now: datetime | None) -> Iterator[Row]:
    """The condition stands in the team's words."""
    asked = foreign(one.step.condition or "").strip("()").rstrip("?")
    line: list[Seg] = [(f"{asked[:1].upper()}{asked[1:]}?", "$loud bold")]
    if found.releases:
        line.append(("  recent: less than 2 h before the start", "$soft"))
    yield Row(tuple(line))
    yield Row()
    glyph, words, style = ANSWERS[found.answer]
    yield from wrapped([(f"{g[glyph]} ", style), (f"{words} ", style), (foreign(found.why), "$ink")], width)
    if found.releases and width >= 50:
        yield from _releases(found, width, now)
    yield from _failing(found)
    yield Row()
    yield Row(tuple(_answers(one)))
    yield Row()


def _answers(one: StepState) -> Line:
    keys: list[Seg] = [("y", "$focus bold"), (" yes   ", "$soft"), ("N", "$focus bold"), (" no, not this case", "$soft")]
    if one.answer is None:
        return keys
    other = ", as the opposite step" if one.answer.implied else ""
    told = f"   answered {one.answer.answer}{other}, {foreign(one.answer.by)} {utc(one.answer.at)}"
    return [*keys, (told, "$ink")]


def _releases(found: Advice, width: int, now: datetime | None) -> Iterator[Row]:
    image = min(max(5, *(measure([(one.images, "")]) for one in found.releases)), max(10, width - 44))
    yield Row()
    yield Row(((f"{'revision':<10}{'image':<{image + 2}}{'age':<9}{'ready':<11}errors", "$soft"),))
    for one in found.releases:
        yield Row(tuple(_release(one, image, now)))
    if found.changed:
        yield Row()
        yield from wrapped([("changed: ", "$soft"), (foreign(found.changed), "$loud")], width)


def _release(one: Release, image: int, now: datetime | None) -> Line:
    name: list[Seg] = [(f"r{one.number}", "$loud bold" if one.new else "$ink"), (" NEW" if one.new else "", "$soon bold")]
    ready = f"{one.ready} of {one.pods}" if one.pods else "no pods"
    none_ready = one.pods > 0 and one.ready == 0
    return [
        *cell(name, 10),
        *cell((clip(foreign(one.images), image), "$loud" if one.new else "$ink"), image + 2),
        *cell((age(since(one.at, now)), "$ink"), 9),
        *cell((ready, "$bad bold" if none_ready else "$ink" if one.pods else "$soft"), 11),
        (f"{one.errors * 100:.0f} %" if one.errors is not None else "", "$loud bold" if (one.errors or 0) >= 0.5 else "$soft"),
    ]


def _failing(found: Advice) -> Iterator[Row]:
    for pod in found.pods[:PODS]:
        yield Row((("  ", ""), (foreign(pod.name), "$ink")))
    if len(found.pods) > PODS:
        yield Row(((f"  and {len(found.pods) - PODS} more", "$soft"),))
