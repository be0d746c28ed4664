"""All that is known of something that was measured, in lines: an error pattern, a figure, a health endpoint."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from warroom.core.checks import Check, is_well
from warroom.core.figures import spelled
from warroom.core.readings import Pattern, Series, Tally
from warroom.core.releases import Releases
from warroom.core.series import trend
from warroom.runbook.measures import Threshold
from warroom.ui.amounts import bound_words, per_cent, times_normal
from warroom.ui.cells import Line, head_of
from warroom.ui.look import foreign, g
from warroom.ui.named import named, wrapped
from warroom.ui.words import lasted, minus, number, since, utc

MOST_PODS = 5
MOST_VALUES = 5
TRACE = 400
"""Lines of an example's trace that are shown, its beginning and its end."""


def when(first: datetime | None, last: datetime | None, now: datetime | None) -> Line:
    line: list[tuple[str, str]] = []
    if first is not None:
        line.append((f"first {utc(first)}, {lasted(since(first, now) or 0)} ago", "$ink"))
    if last is not None:
        line.append((f"{', ' if line else ''}last {lasted(since(last, now) or 0)} ago", "$ink"))
    return line


def pattern_lines(pattern: Pattern, tally: Tally, releases: Releases, now: datetime | None, width: int, whole: bool) -> Iterator[Line]:
    """An example first: it is what one wants to read."""
    if not whole:
        yield from example_lines(pattern.example or pattern.text, width, 12)
    new: Line = [("  NEW", "$soon bold"), (" since the start of the incident", "$ink")] if pattern.new else ()
    yield named("seen", [(f"{number(pattern.count)} times", "$loud bold"), *new])
    if pattern.first or pattern.last:
        yield named("when", when(pattern.first, pattern.last, now))
    if rate := _rate(pattern.minutes):
        yield named("rate", [(rate, "$ink")])
    for n, (hash, count) in enumerate(pattern.revisions[:MOST_PODS]):
        revision = releases.numbers.get(hash)
        name = f"r{revision}" if revision else foreign(hash, 40) or "no release"
        mark: Line = [(" NEW", "$soon bold")] if hash in releases.new else ()
        yield named("releases" if n == 0 else "", [*_share(count, pattern.count), (name, "$ink"), *mark])
    for n, (source, count) in enumerate(pattern.sources[: 99 if whole else MOST_PODS]):
        yield named("from" if n == 0 else "", [*_share(count, pattern.count), (foreign(source, 300), "$ink")])
    for place, values in enumerate(pattern.values):
        for n, (value, count) in enumerate(values[:MOST_VALUES]):
            lead = named(f"<*> {place + 1}" if n == 0 else "", _share(count, pattern.count))
            yield [*lead, (g["bar"], "$outside"), (foreign(value, 200), "$outside")]
    if whole:
        yield from wrapped("pattern", pattern.text, width)
        if told := lacks(tally):
            yield named("counts lack", [(f"{g['over']} {told}", "$soon")])
        yield ()
        yield [("one of them, as it was logged", "$soft")]
        yield from example_lines(pattern.example or pattern.text, width, TRACE)


def lacks(tally: Tally) -> str:
    """What its counts do not have; empty: nothing."""
    parts = (
        f"{number(tally.gaps)} GAP" if tally.gaps else "",
        f"{number(tally.dropped)} lines dropped" if tally.dropped else "",
        f"{number(tally.not_folded)} not folded" if tally.not_folded else "",
        f"{number(tally.left_out)} left out by log_streams" if tally.left_out else "",
    )
    return ", ".join(filter(None, parts))


def example_lines(text: str, width: int, most: int) -> Iterator[Line]:
    """As it was written, folded at the edge; the middle of a long trace goes."""
    lines = text.replace("\r\n", "\n").strip("\n").split("\n")
    left_out = len(lines) - most
    shown = lines if left_out <= 0 else [*lines[: most // 2], *lines[-(most - most // 2) :]]
    for n, line in enumerate(shown):
        if left_out > 0 and n == most // 2:
            yield [(f"{g['mark']} ", "$soft"), (f"{number(left_out)} lines more", "$soft")]
        rest, room, lead = foreign(line.expandtabs(4), 4000), max(10, width - 2), g["bar"]
        while True:
            part = head_of(rest, room)
            yield [(f"{lead} ", "$outside"), (part, "$outside")]
            rest, lead = rest[len(part) :], g["mark"]
            if not rest or not part:
                break


def _rate(minutes: Sequence[int]) -> str:
    """Of whole minutes: the one that runs is not over."""
    whole = minutes[:-1]
    if not whole:
        return ""
    five = whole[-5:]
    return f"{number(round(sum(five) / len(five)))} a minute over the last {len(five)}, at most {number(max(whole))}"


def _share(count: int, total: int) -> Line:
    return [(f"{per_cent(count / total) if total else '':>5} {number(count):>7}  ", "$soft")]


def series_lines(series: Series, thresholds: Sequence[Threshold], now: datetime | None) -> Iterator[Line]:
    """The value, what is normal, and each threshold of the runbook."""
    if series.value is None:
        yield named("value", [(f"{g['unknown']} {foreign(series.why or 'no data', 200)}", "$soon bold")])
    else:
        factor = times_normal(series)
        yield named("value", [(spelled(series.value, series.unit), "$loud bold"), (f", {factor} normal" if factor else "", "$loud")])
    normal: Line = (
        [(spelled(series.baseline, series.unit), "$ink")] if series.baseline is not None else [(f"{g['unknown']} unknown", "$soon")]
    )
    yield named("normal", normal)
    found = trend(series)
    if found is not None and found.direction != "steady":
        sign = "+" if found.a_minute > 0 else minus()
        yield named("trend", [(f"{g[found.direction]} {sign}{spelled(abs(found.a_minute), series.unit)} a minute", "$ink")])
    for n, threshold in enumerate(thresholds):
        hold = threshold.measure.hold_seconds
        words = bound_words(series, threshold)
        yield named("runbook" if n == 0 else "", [(f"{words}{f' after {lasted(hold)}' if hold and threshold.rank else ''}", "$ink")])
    known = [value for _, value in series.points if value is not None]
    if known:
        told = f"{spelled(min(known), series.unit)} to {spelled(max(known), series.unit)} in {number(len(series.points))} points"
        yield named("past", [(told, "$ink"), *_gaps(series)])
    if series.source:
        yield named("source", [(foreign(series.source, 300), "$soft")])
    if series.at is not None:
        yield named("asked", [(f"{utc(series.at)}, {lasted(since(series.at, now) or 0)} ago", "$soft")])


def _gaps(series: Series) -> Line:
    unknown = sum(value is None for _, value in series.points)
    return [(f", {number(unknown)} unknown", "$soon")] if unknown else ()


def check_lines(check: Check, now: datetime | None, width: int, whole: bool) -> Iterator[Line]:
    """The worst answers first, with what they said."""
    well, asked = check.well, len(check.answers)
    yield named("answers", [(f"{well} of {asked} well", "$ink" if well == asked else "$loud bold")])
    yield named("asked", [(f"{foreign(check.endpoint, 200)}, {lasted(since(check.at, now) or 0)} ago", "$ink")])
    for answer in check.answers if whole else check.answers[:3]:
        good = is_well(answer)
        told = str(answer.status) if answer.status is not None else "no answer"
        mark = (f"{g['live']} ", "$good") if good else (f"{g['bad']} ", "$bad bold")
        yield [
            mark,
            (f"{told:<10}", "$ink" if good else "$bad bold"),
            (f"{spelled(answer.seconds, 's'):>9}  ", "$soft"),
            (foreign(answer.target, 300), "$ink"),
        ]
        if not good and (answer.trouble or answer.body):
            yield from wrapped("", answer.trouble or answer.body, width)
        elif whole and answer.body:
            yield from wrapped("", answer.body, width, "$soft")
