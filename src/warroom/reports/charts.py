"""Charts of an incident as SVG, from what the watch sampled each minute; what happened is marked in them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

import msgspec

from warroom.core.entries import Declared, Entry, Observed, Reopened, Resolved, Restored, SeveritySet
from warroom.core.figures import NAMES, UNITS, spelled
from warroom.core.impact import samples
from warroom.core.incident import Incident
from warroom.core.timeline import text_of
from warroom.reports.times import hhmm
from warroom.reports.words import cut, plain

WIDTH, HEIGHT = 760, 200
LEFT, RIGHT, TOP = 72, 16, 34
SHOWN = (("errors", "error rate"), ("p95", "P95"), ("pods", "pods ready"))
GAP = timedelta(minutes=2, seconds=30)
"""Samples further apart than that are not joined: nobody knows what was between."""
MARKS = 12
"""More would hide what they mark."""
Point = tuple[datetime, float | None]
Across = Callable[[datetime], float]
Up = Callable[[float], float]


class Chart(msgspec.Struct, frozen=True):
    """`name` is for its file, `title` for people."""

    name: str
    title: str
    svg: str


def charts(incident: Incident) -> tuple[Chart, ...]:
    """Of each figure of which at least two minutes are known."""
    found = []
    for name, title in SHOWN:
        lines = _lines(incident, name)
        if any(sum(value is not None for _, value in line) > 1 for _, line in lines):
            found.append(Chart(name, title, _svg(title, lines, UNITS.get(name, ""), marks(incident))))
    return tuple(found)


def _lines(incident: Incident, name: str) -> list[tuple[str, list[Point]]]:
    if name != "pods":
        return [(NAMES.get(name, name), [(at, values.get(name)) for at, values in samples(incident)])]
    return [(word, [(at, values.get(word)) for at, values in samples(incident)]) for word in ("wanted", "ready")]


def marks(incident: Incident) -> tuple[tuple[datetime, str], ...]:
    """What changed the course: levels, rollouts, and when it was declared, restored, resolved; oldest first."""

    def counts(entry: Entry) -> bool:
        fact = entry.fact
        rollout = isinstance(fact, Observed) and fact.what == "rollout"
        return entry.id not in incident.struck and (rollout or isinstance(fact, Declared | SeveritySet | Restored | Resolved | Reopened))

    found = [(incident.at(entry), plain(text_of(entry.fact, by=entry.by))) for entry in incident.entries if counts(entry)]
    return tuple(sorted(found)[:MARKS])


def _svg(title: str, lines: list[tuple[str, list[Point]]], unit: str, marked: Sequence[tuple[datetime, str]]) -> str:
    known = [(at, value) for _, line in lines for at, value in line if value is not None]
    start, end = min(at for at, _ in known), max(at for at, _ in known)
    top = max(value for _, value in known) * 1.08 or 1.0
    legend = [(at, text) for at, text in marked if start <= at <= end]
    height = HEIGHT + 18 * len(legend) + 12

    def x(at: datetime) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * ((at - start).total_seconds() / ((end - start).total_seconds() or 1.0))

    def y(value: float) -> float:
        return HEIGHT - 24 - (HEIGHT - 24 - TOP) * value / top

    body = [
        *_frame(title, start, end, top, unit, x, y),
        *(part for n, (name, line) in enumerate(lines) for part in _curve(name, line, n, x, y)),
        *_legend(legend, x),
    ]
    said = f"{title} from {start:%Y-%m-%d %H:%M} to {end:%H:%M} UTC"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img"'
    look = 'font-family="sans-serif" font-size="12" fill="#303030"'
    return "\n".join(
        [f"{head} {look}>", f"<title>{escape(said)}</title>", '<rect width="100%" height="100%" fill="#ffffff"/>', *body, "</svg>\n"]
    )


def _frame(title: str, start: datetime, end: datetime, top: float, unit: str, x: Across, y: Up) -> Iterator[str]:
    yield f'<text x="{LEFT}" y="20" font-weight="bold">{escape(title)}</text>'
    for share in (0.0, 0.5, 1.0):
        value = top * share
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="#d0d0d0"/>'
        yield f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{escape(spelled(value, unit))}</text>'
    for at, anchor in ((start, "start"), (end, "end")):
        yield f'<text x="{x(at):.1f}" y="{HEIGHT - 6}" text-anchor="{anchor}">{hhmm(at)}</text>'


COLOURS = ("#005faf", "#af005f")


def _curve(name: str, line: list[Point], n: int, x: Across, y: Up) -> Iterator[str]:
    """In pieces: what is not known is not drawn."""
    dashed = ' stroke-dasharray="5 3"' if name == "wanted" else ""
    for piece in _pieces(line):
        points = " ".join(f"{x(at):.1f},{y(value):.1f}" for at, value in piece)
        yield f'<polyline points="{points}" fill="none" stroke="{COLOURS[n % 2]}" stroke-width="1.8"{dashed}/>'


def _pieces(line: list[Point]) -> Iterator[list[tuple[datetime, float]]]:
    piece: list[tuple[datetime, float]] = []
    for at, value in line:
        if piece and (value is None or at - piece[-1][0] > GAP):
            yield piece
            piece = []
        if value is not None:
            piece.append((at, value))
    if piece:
        yield piece


def _legend(marked: Sequence[tuple[datetime, str]], x: Across) -> Iterator[str]:
    """A numbered line in the chart, and below it what happened then."""
    for n, (at, text) in enumerate(marked, 1):
        yield f'<line x1="{x(at):.1f}" x2="{x(at):.1f}" y1="{TOP - 6}" y2="{HEIGHT - 24}" stroke="#875f00" stroke-dasharray="2 3"/>'
        yield f'<text x="{x(at) + 3:.1f}" y="{TOP + 2}" fill="#875f00">{n}</text>'
        yield f'<text x="{LEFT}" y="{HEIGHT + 14 + 18 * (n - 1)}">{n}  {hhmm(at)}  {escape(cut(text, 96))}</text>'
