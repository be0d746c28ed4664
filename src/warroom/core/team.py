"""The team: who is who, how each is reached, who stands in on which day."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import msgspec

Slot = Literal["primary", "secondary"]
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`titles` are the words of the runbook that mean this person: `Engineer A`, `VP Engineering`, `General Counsel`."""

    name: str
    login: str = ""
    """How warroom knows them: `--as`, WARROOM_USER or the login."""
    titles: tuple[str, ...] = ()
    zone: str = ""
    phone: str = ""
    slack: str = ""
    """The member's id, `U024BE7LH`."""
    pagerduty: str = ""
    """The user's id, `PXPGF42`."""
    email: str = ""


class Override(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody stands in, from one moment to another."""

    start: datetime
    end: datetime
    primary: str = ""
    secondary: str = ""
    why: str = ""
    by: str = ""
    """Who arranged it."""


class Holiday(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day, of the zone of the change-over; `volunteer` is empty until somebody has come forward."""

    date: date
    name: str = ""
    volunteer: str = ""
    backup: str = ""
    compensation: str = ""
    """For payroll."""


class Team(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    people: tuple[Person, ...] = ()
    overrides: tuple[Override, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    change_over: str = "Monday 09:00"
    """When the next week's people take over, UTC."""
    war_room: str = ""
    """The link of the bridge."""
    groups: dict[str, str] = {}
    """Slack's user groups by the name after the @: `oncall = "S0614TZR7"`."""
    customers: tuple[str, ...] = ()
    """Names that no public text may say."""

    def person(self, words: str) -> Person | None:
        """By name, login or title, whatever the case and a hyphen; two who would both do are nobody."""
        wanted = folded(words)
        found = [one for one in self.people if wanted and wanted in map(folded, (one.name, one.login, *one.titles))]
        first = [one for one in self.people if wanted and wanted == folded(one.name.split()[0])] if not found else []
        return found[0] if len(found) == 1 else first[0] if len(first) == 1 else None

    def name(self, words: str) -> str:
        """Who is meant; the words themselves where nobody is known to be."""
        person = self.person(words)
        return person.name if person else words


def folded(words: str) -> str:
    return " ".join(re.sub(r"[-_]", " ", words).casefold().split())


def change_over(team: Team) -> timedelta | None:
    """Into the week, from Monday 00:00 UTC; None: what the file says is no such moment."""
    found = re.fullmatch(r"\s*(\w+)\s+([01]?\d|2[0-3]):([0-5]\d)(?:\s*UTC)?\s*", team.change_over, re.IGNORECASE)
    days = [n for n, day in enumerate(DAYS) if found and len(found[1]) > 2 and day.startswith(found[1].casefold())]
    if found is None or len(days) != 1:
        return None
    return timedelta(days=days[0], hours=int(found[2]), minutes=int(found[3]))


def faults(team: Team) -> tuple[str, ...]:
    """What cannot be meant so, each with what to do about it."""
    found = []
    if change_over(team) is None:
        found.append(f'change_over is {team.change_over!r}: write a day and a time in UTC, "Monday 09:00"')
    for one in team.overrides:
        if utc(one.end) <= utc(one.start):
            found.append(f"the override from {one.start:%Y-%m-%d %H:%M} ends before it starts: correct its end")
        if not (one.primary or one.secondary):
            found.append(f"the override from {one.start:%Y-%m-%d %H:%M} names nobody: give it a primary or a secondary")
    said: dict[str, str] = {}
    for person in team.people:
        for words in dict.fromkeys(map(folded, (person.name, person.login, *person.titles))):
            if words and words in said:
                found.append(f"{words!r} is {said[words]} and {person.name}: give it to one of them")
            said.setdefault(words, person.name)
    return tuple(found)


def utc(moment: datetime) -> datetime:
    """A moment without an offset is meant in UTC."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
