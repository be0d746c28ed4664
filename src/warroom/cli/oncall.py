"""Who is on call and why."""

from typing import Any

import typer

from warroom.cli.flags import Flags, Json
from warroom.cli.opened import opened
from warroom.cli.out import say, say_json, warn
from warroom.cli.show import runbook_of
from warroom.cli.team import team_of
from warroom.cli.verb import verb
from warroom.core.oncall import Duty, duties, warnings, watch_of
from warroom.core.rota import Watch
from warroom.reports.times import lasted, rfc3339


def register(app: typer.Typer) -> None:
    @verb(app, "oncall", "warroom oncall", "warroom oncall --json")
    async def oncall(flags: Flags, json: Json = False) -> None:
        """Show who is on call, until when, and why."""
        team = team_of(flags.settings)
        async with opened(flags, alone=False) as desk:
            now, runbook = desk.clock.now(), runbook_of(desk, desk.incident)
        found, wrong, watch = duties(runbook, team, now), warnings(runbook, team, now), watch_of(runbook, team, now)
        for told in wrong:
            warn(told)
        if json:
            say_json([duty_json(one, watch, wrong) for one in found])
            return
        for one in found:
            left = f", until {one.until:%a %Y-%m-%d %H:%M} UTC ({lasted((one.until - now).total_seconds())})" if one.until else ""
            phone = f"  {one.person.phone}" if one.person and one.person.phone else ""
            said = f" ({one.name})" if one.called != one.name else ""
            say(f"{one.slot:<10} {one.called}{said}{phone}  {one.why}{left}")
        if not found:
            say("nobody: the runbook has no rota by odd and even weeks, and the team's file names nobody for now")


def duty_json(one: Duty, watch: Watch | None, wrong: tuple[str, ...]) -> dict[str, Any]:
    person = one.person
    return {
        "slot": one.slot,
        "name": one.name,
        "person": person.name if person else None,
        "why": one.why,
        "source": one.source,
        "from": rfc3339(one.start),
        "until": rfc3339(one.until),
        "line": one.line or None,
        "week": watch.week if watch else None,
        "next": (watch.next.primary if one.slot == "primary" else watch.next.secondary) if watch else None,
        "change_over": rfc3339(watch.until) if watch else None,
        "phone": (person.phone or None) if person else None,
        "slack": (person.slack or None) if person else None,
        "pagerduty": (person.pagerduty or None) if person else None,
        "email": (person.email or None) if person else None,
        "zone": (person.zone or None) if person else None,
        "warnings": list(wrong),
    }
