"""Who is on call and why: the rota, who stands in, holidays, and the paging service's own schedule."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Literal, cast

import msgspec

from warroom.core.rota import CHANGE_OVER, Watch, doubled, on_call
from warroom.core.team import Holiday, Person, Slot, Team, change_over, folded, utc
from warroom.runbook.model import Runbook

Source = Literal["rota", "override", "holiday", "pagerduty"]
SLOTS: tuple[Slot, ...] = ("primary", "secondary")
AHEAD = timedelta(days=14)
"""So long before a holiday its volunteer has to be named."""


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is who that is in the runbook's words or the team's; `person` the one of the team file, if it knows one."""

    slot: Slot
    name: str
    person: Person | None = None
    source: Source = "rota"
    why: str = ""
    start: datetime | None = None
    until: datetime | None = None
    line: int = 0

    @property
    def called(self) -> str:
        return self.person.name if self.person else self.name


class Scheduled(msgspec.Struct, frozen=True, kw_only=True):
    """What the paging service says: who is on its level 1 or 2."""

    level: int
    name: str
    id: str = ""
    until: datetime | None = None


def duties(runbook: Runbook, team: Team, now: datetime, scheduled: tuple[Scheduled, ...] = ()) -> tuple[Duty, ...]:
    """Primary, then secondary; the paging service's schedule where it is known, as that is who will be called."""
    return tuple(found for slot in SLOTS if (found := duty(runbook, team, now, slot, scheduled)))


def duty(runbook: Runbook, team: Team, now: datetime, slot: Slot, scheduled: tuple[Scheduled, ...] = ()) -> Duty | None:
    for one in scheduled:
        if one.level == SLOTS.index(slot) + 1:
            person = next((each for each in team.people if one.id and each.pagerduty == one.id), None) or team.person(one.name)
            return Duty(
                slot=slot, name=one.name, person=person, source="pagerduty", why="PagerDuty's schedule", start=None, until=one.until
            )
    return _stands_in(team, now, slot) or _of_holiday(runbook, team, now, slot) or _of_rota(runbook, team, now, slot)


def watch_of(runbook: Runbook, team: Team, now: datetime) -> Watch | None:
    """The week's row, by the team's own change-over."""
    return on_call(runbook, now, change_over(team) or CHANGE_OVER)


def _of_rota(runbook: Runbook, team: Team, now: datetime, slot: Slot) -> Duty | None:
    watch = watch_of(runbook, team, now)
    if watch is None:
        return None
    name = watch.row.primary if slot == "primary" else watch.row.secondary
    why = f"{watch.parity} week {watch.week}, {slot}"
    found = Duty(slot=slot, name=name, person=team.person(name), why=why, start=watch.start, until=watch.until, line=watch.row.line)
    return found if name else None


def _stands_in(team: Team, now: datetime, slot: Slot) -> Duty | None:
    """The override that was arranged last counts."""
    for one in reversed(team.overrides):
        name = one.primary if slot == "primary" else one.secondary
        if name and utc(one.start) <= now < utc(one.end):
            why = f"stands in{f', {one.why}' if one.why else ''}{f' (arranged by {one.by})' if one.by else ''}"
            return Duty(
                slot=slot, name=name, person=team.person(name), source="override", why=why, start=utc(one.start), until=utc(one.end)
            )
    return None


def _of_holiday(runbook: Runbook, team: Team, now: datetime, slot: Slot) -> Duty | None:
    today = next((one for one in team.holidays if one.date == now.astimezone(UTC).date()), None)
    if today is None:
        return None
    row = next((row for row in runbook.oncall.rota if re.search(r"holiday", row.week, re.IGNORECASE)), None)
    name = today.volunteer if slot == "primary" else today.backup or _manager(team)
    if not name:
        return None
    start = _midnight(today)
    what = today.name or "holiday"
    why = f"{what}, {'volunteer' if slot == 'primary' else 'backup'}{f' ({today.compensation})' if today.compensation else ''}"
    return Duty(
        slot=slot,
        name=name,
        person=team.person(name),
        source="holiday",
        why=why,
        start=start,
        until=start + timedelta(days=1),
        line=row.line if row else 0,
    )


def _midnight(day: Holiday) -> datetime:
    return datetime.combine(day.date, time(), UTC)


def _manager(team: Team) -> str:
    person = next((one for one in team.people if any(folded(title) == "engineering manager" for title in one.titles)), None)
    return person.name if person else ""


def resolve(words: str, runbook: Runbook, team: Team, now: datetime, scheduled: tuple[Scheduled, ...] = ()) -> Duty | None:
    """Who "On-call Engineer", "Secondary On-Call" or "Engineering Manager" is now; None: nobody is known to be."""
    said = folded(words)
    slot = "secondary" if re.search(r"\bsecondary\b|\bbackup on call\b", said) else "primary" if re.search(r"\bon call\b", said) else ""
    if slot:
        return duty(runbook, team, now, cast(Slot, slot), scheduled)
    person = team.person(words)
    return Duty(slot="primary", name=words, person=person, why=f"{words} in the team file", source="rota") if person else None


def next_change(runbook: Runbook, team: Team, now: datetime) -> datetime | None:
    """The next moment at which somebody else has the duty, by what is known today."""
    moments = [one.until for one in duties(runbook, team, now) if one.until]
    moments += [utc(one.start) for one in team.overrides if utc(one.start) > now]
    moments += [_midnight(one) for one in team.holidays if one.volunteer and _midnight(one) > now]
    return min(moments, default=None)


def warnings(runbook: Runbook, team: Team, now: datetime, scheduled: tuple[Scheduled, ...] = ()) -> tuple[str, ...]:
    """What will go wrong with the rota before anybody is woken: a doubled week, a holiday without a volunteer, two truths."""
    return (*_doubled(runbook, team, now), *_unnamed(team, now), *_differences(runbook, team, now, scheduled))


def _doubled(runbook: Runbook, team: Team, now: datetime) -> Iterable[str]:
    watch = doubled(runbook, now, change_over(team) or CHANGE_OVER)
    if watch:
        after = (watch.until - (change_over(team) or CHANGE_OVER)).isocalendar()
        who = team.name(watch.row.primary)
        yield (
            f"weeks {watch.week} and {after.week:02} are both {watch.parity}: {who} is primary two weeks running, "
            f"until {watch.until + timedelta(days=7):%Y-%m-%d %H:%M} UTC; arrange an override if that is not meant"
        )


def _unnamed(team: Team, now: datetime) -> Iterable[str]:
    for one in sorted(team.holidays, key=lambda each: each.date):
        if not one.volunteer and timedelta(days=-1) < _midnight(one) - now <= AHEAD:
            yield f"nobody has volunteered for {one.name or 'the holiday'} on {one.date}: name somebody in the team file"


def _differences(runbook: Runbook, team: Team, now: datetime, scheduled: tuple[Scheduled, ...]) -> Iterable[str]:
    if not scheduled:
        return
    for slot in SLOTS:
        ours, theirs = duty(runbook, team, now, slot), duty(runbook, team, now, slot, scheduled)
        if ours and theirs and theirs.source == "pagerduty" and folded(ours.called) != folded(theirs.called):
            yield f"PagerDuty has {theirs.called} as {slot}, our rota {ours.called} ({ours.why}): PagerDuty is who gets called"
