"""Figures, times and counts of a message, held against what is measured, recorded, and was said before."""

import re
from collections.abc import Iterator
from datetime import UTC, timedelta

from warroom.core.claim import Claims, Doubt
from warroom.core.entries import MessageQueued
from warroom.core.figures import spelled
from warroom.core.live import Live
from warroom.core.outbox import same_channel

# Figures.

FIGURE = re.compile(
    r"\b(?P<what>errors?(?: rates?)?|failure rate|p95(?: latency)?|latency)\b(?P<link>\W+(?:(?:is|are|was|at"
    r"|of|around|about|now|currently|still|stands|stand|"
    r"near|down to|up to|over|above|below|under|for)\W+){0,4})(?P<value>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>%|per cent|percent|ms|s\b|x\b)",
    re.IGNORECASE,
)
READY = re.compile(r"\b(\d+) (?:of|out of) (\d+)\b(?= (?:pods|replicas|instances|servers|are ready|ready))", re.IGNORECASE)
BOUND = re.compile(r"\b(?:over|above|below|under|up to)\b", re.IGNORECASE)


def figures(claims: Claims) -> Iterator[Doubt]:
    live = claims.live
    for sentence in claims.sentences():
        for found in FIGURE.finditer(sentence):
            if re.search(
                r"\b(?:was|were|peaked|reached|had|normal|usual|threshold|limit|until|earlier|when|once|if|as soon as|should)\b",
                sentence[: found.end()],
                re.IGNORECASE,
            ):
                continue
            if doubt := _figure(found, live):
                yield doubt
    for found in READY.finditer(claims.text):
        if live.ready is not None and live.wanted is not None and (float(found[1]), float(found[2])) != (live.ready, live.wanted):
            yield Doubt("figure", found.group(), f"{live.ready:g} of {live.wanted:g} are ready now")


def _figure(found: re.Match[str], live: Live) -> Doubt | None:
    """A figure that is a third off, or on the other side of the bound that it names."""
    said, unit = float(found["value"].replace(",", "")), found["unit"].casefold()
    errors = found["what"].casefold().startswith(("error", "failure"))
    true = live.errors if errors else live.p95
    if true is None or errors != (unit in ("%", "per cent", "percent")):
        return None
    if unit == "x":
        if not live.normal:
            return None
        true, shown = true / live.normal, spelled(true / live.normal, "x")
    else:
        shown = spelled(true, "ratio" if errors else "s")
        true = true * 100 if errors else true * (1000 if unit == "ms" else 1)
    bound = BOUND.search(found["link"])
    if bound:
        more = bound.group().casefold() in ("over", "above")
        wrong = true < said * 0.9 if more else true > said * 1.1
    else:
        wrong = abs(true - said) > max(0.34 * max(true, said), 0.5 if errors else 0.0)
    return Doubt("figure", found.group(), f"{'errors are' if errors else 'P95 is'} {shown} now") if wrong else None


# What was recorded.

SINCE = re.compile(
    r"\b(?:since|began at|started at|starting at|beginning at|begun at|from)\s+(?:about |around )?([01]?\d|2[0-3]):([0-5]\d)\b",
    re.IGNORECASE,
)
LEVEL_GAP = timedelta(minutes=5)


def recorded(claims: Claims) -> Iterator[Doubt]:
    incident = claims.incident
    yield from _level(claims)
    began = (incident.alerted, incident.detected)
    milestones = (*began, incident.declared, incident.acknowledged, incident.restored, incident.resolved)
    for found in SINCE.finditer(claims.text):
        since = found.group().casefold().startswith(("since", "from"))
        times = [at.astimezone(UTC) for at in (milestones if since else began) if at]
        before = claims.text[max(0, found.start() - 40) : found.start()]
        if not times or re.search(
            r"\b(?:rollback|rolled back|fix|falling|fell|improv\w+|declin\w+|recover\w+|drop\w+|steady|stable|green"
            r"|normal|fine|working|looking|investigating)\b",
            before,
            re.I,
        ):
            continue
        said = [at.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0) for at in times]
        off = min(abs((one - at).total_seconds()) for one, at in zip(said, times, strict=True))
        if min(off, 86400 - off) > LEVEL_GAP.total_seconds():
            yield Doubt("start", found.group(), f"the alert fired at {times[0]:%H:%M} UTC")


def _level(claims: Claims) -> Iterator[Doubt]:
    level = claims.incident.severity
    if not level:
        return
    known = {one.level.casefold(): one.level for one in claims.runbook.severities if re.search(r"\d", one.level)}
    for sentence in claims.sentences():
        for found in re.finditer(r"(?<![\w-])[A-Za-z]+-?\d(?![\w-])", sentence):
            said = known.get(found.group().casefold())
            if re.search(r"\b(?:was|were|from|upgraded|downgraded|until|if|not)\b", sentence[: found.start()], re.IGNORECASE):
                continue
            if said and said != level:
                yield Doubt("severity", found.group(), f"it is {level}")


# What was said before.

COUNTED = re.compile(
    r"(?P<value>\d[\d,]*(?:\.\d+)?)\s?(?P<unit>%|per cent|percent)?\s?(?:of )?(?:all |our "
    r"|the )?(?P<noun>customers|users|jobs|regions|accounts|tenants|requests|sites|workspaces)\b",
    re.IGNORECASE,
)
CHANGED = re.compile(
    r"\b(?:now|correct(?:ion|ed)?|previously|earlier|not \d|revised?|instead of|up from|down from|remaining|still|left)\b", re.IGNORECASE
)


def said_before(claims: Claims) -> Iterator[Doubt]:
    """A count that another message gave otherwise, unless the new one says that it has changed."""
    before = _last(claims)
    if before is None:
        return
    told = {(found["noun"].casefold(), bool(found["unit"])): found for found in COUNTED.finditer(before.text)}
    for sentence in claims.sentences():
        for found in COUNTED.finditer(sentence):
            old = told.get((found["noun"].casefold(), bool(found["unit"])))
            if old and float(old["value"].replace(",", "")) != float(found["value"].replace(",", "")) and not CHANGED.search(sentence):
                yield Doubt("said before", found.group(), f"{before.name} said {old.group()}")


def _last(claims: Claims) -> MessageQueued | None:
    """The last message, in this channel rather than in another."""
    sent = [entry.fact for entry in claims.incident.sendings if isinstance(entry.fact, MessageQueued)]
    here = [fact for fact in sent if same_channel(fact.channel, claims.channel)]
    return next(reversed(here or sent), None)
