"""The runbook's messages: filled, checked, sent."""

import socket
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from warroom.cli.flags import Flags, Json, Reason
from warroom.cli.opened import Opened, opened
from warroom.cli.out import Failure, Mistake, say, say_json, warn
from warroom.cli.show import runbook_of
from warroom.cli.team import team_of
from warroom.cli.verb import verb
from warroom.core.acts.messages import Send
from warroom.core.claim import Claims
from warroom.core.entries import Entry, MessageProposed, MessageQueued
from warroom.core.live import recorded
from warroom.core.messages import Message, difference, fill, find_template, said_before, to_oneself
from warroom.core.outbox import outbox
from warroom.core.team import Team
from warroom.core.truth import doubts
from warroom.reports.times import rfc3339
from warroom.runbook.model import Runbook, Template
from warroom.settings import Settings, login


def register(app: typer.Typer) -> None:
    @verb(
        app,
        "message",
        'warroom message "Incident Update" --set "latest findings=2.8.1 fails jobs" --set "current actions=rolling back"',
        'warroom message "Incident Declared" --unknown --send',
        text=True,
    )
    async def message(
        flags: Flags,
        name: Annotated[str, typer.Argument(metavar="[NAME]", help="Its title, or the start of it; without it all are listed.")] = "",
        given: Annotated[list[str] | None, typer.Option("--set", metavar="k=v", help="What stands in a blank; give it again.")] = None,
        to: Annotated[
            str, typer.Option("--to", metavar="CHANNEL", help="Another channel than the runbook's; `me`: to oneself first.")
        ] = "",
        unknown: Annotated[bool, typer.Option("--unknown", help='Say "unknown at this time" in what is left; inside only.')] = False,
        send: Annotated[bool, typer.Option("--send", help="Send it; for the public this is one key of two.")] = False,
        reason: Reason = "",
        json: Json = False,
    ) -> None:
        """Show a message as it would be sent, with what is unfilled and what may not be true; or send it."""
        team = team_of(flags.settings)
        async with opened(flags, latest=True) as desk:
            runbook = runbook_of(desk, desk.wanted())
            if not name:
                list_messages(desk, runbook, json=json)
                return
            made = made_of(desk, runbook, team, name, list(given or ()), to, unknown=unknown, who=flags.settings.user)
            warnings = warnings_of(desk, runbook, team, made)
            if not send:
                tell(desk, made, warnings, "draft", None, json=json)
                return
            act = Send(made, tuple(warnings[: len(warnings) - len(made.nobody)]), reason, hand_of(flags.settings))
            (entry,) = await desk.do(act)
            await go_on(flags, desk, made, warnings, entry, json=json)


def hand_of(settings: Settings) -> str:
    """Whose machine and login it is, whatever name was given."""
    return f"{login()}@{socket.gethostname().partition('.')[0] or 'localhost'}"


def made_of(desk: Opened, runbook: Runbook, team: Team, name: str, given: Sequence[str], to: str, *, unknown: bool, who: str) -> Message:
    template = find_template(runbook, name)
    if not isinstance(template, Template):
        raise Mistake(template)
    texts = dict(pair(template, one) for one in given)
    mine = to.strip().casefold() == "me"
    made = fill(template, desk.incident, runbook, team, desk.clock.now(), texts, channel="" if mine else to.strip(), unknown=unknown)
    if not mine:
        return made
    person = team.person(who)
    own = to_oneself(made, person) if person else None
    if own is None:
        raise Mistake(
            f"nobody knows where {who} reads {made.service}: give {who} a slack id and an e-mail in the team's file (WARROOM_TEAM)"
        )
    return own


def pair(template: Template, text: str) -> tuple[str, str]:
    """The blank by its name, or the start of it where only one begins so."""
    key, parted, value = text.partition("=")
    wanted, names = " ".join(key.casefold().split()), [one.name for one in template.placeholders]
    found = [one for one in names if one == wanted] or [one for one in names if wanted and one.startswith(wanted)]
    if not parted or len(found) != 1:
        known = ", ".join(names) or "none"
        why = "write it as k=v" if not parted else f"it is {'more than one blank' if found else 'no blank'} of {template.title}"
        raise Mistake(f"--set {text!r}: {why}; its blanks are {known}")
    return found[0], value


def warnings_of(desk: Opened, runbook: Runbook, team: Team, made: Message) -> list[str]:
    """What may not be true, then the names of which no id is known."""
    now = desk.clock.now()
    claims = Claims(
        text="\n".join(part for part in (made.subject, made.text) if part),
        name=made.name,
        channel=made.channel,
        public=made.public,
        incident=desk.incident,
        runbook=runbook,
        team=team,
        live=recorded(desk.incident, now),
        now=now,
    )
    return [
        *(one.text for one in doubts(claims)),
        *(f"nobody knows the Slack id of {name}: they will not be called" for name in made.nobody),
    ]


async def go_on(flags: Flags, desk: Opened, made: Message, warnings: list[str], entry: Entry, *, json: bool) -> None:
    """After the act: what is public waits for its second key, all else is sent from here."""
    fact = entry.fact
    if isinstance(fact, MessageProposed):
        tell(desk, made, warnings, "draft", entry, json=json)
        told = "the same command by somebody else sends it, or yours in 30 s with --reason"
        warn(f"{fact.name} is for the public and has one key of two: {told}")
        return
    from warroom.cli.outbox import send_here, tries_of, waits
    from warroom.core.readings import Tried

    found = await send_here(flags, desk, entry.id)
    tell(desk, made, warnings, found.state, entry, json=json)
    if found.state == "failed":
        raise Failure(f"NOT SENT: {found.why}")
    if found.state == "queued":
        warn(waits(flags, found, (await tries_of(flags)).get(entry.id, Tried(entry.id))))


def tell(desk: Opened, made: Message, warnings: list[str], state: str, entry: Entry | None, *, json: bool) -> None:
    fact = entry.fact if entry else None
    text = fact.text if isinstance(fact, MessageQueued | MessageProposed) else made.text
    subject = fact.subject if isinstance(fact, MessageQueued | MessageProposed) else made.subject
    before = said_before(desk.incident, made.name, made.channel)
    earlier = before.fact if before and (entry is None or before.id != entry.id) else None
    changes = difference(earlier.text, text) if isinstance(earlier, MessageQueued) else ()
    if json:
        say_json(message_json(made, warnings, state, entry, text, subject, changes))
        return
    say(f"to {made.channel}{f', subject: {subject}' if subject else ''} ({state})\n\n{text}\n")
    for name in made.unfilled:
        say(f"unfilled: {name}")
    for line in changes:
        say(f"since the last: {line}")
    for one in warnings:
        warn(f"mind {one}")


def message_json(
    made: Message, warnings: list[str], state: str, entry: Entry | None, text: str, subject: str, changes: tuple[str, ...]
) -> dict[str, Any]:
    return {
        "name": made.name,
        "channel": made.channel,
        "text": text,
        "unfilled": list(made.unfilled),
        "warnings": warnings,
        "state": state,
        "id": entry.id if entry else None,
        "subject": subject or None,
        "public": made.public,
        "status": made.status or None,
        "promised": rfc3339(made.promised),
        "changes": list(changes),
        "blanks": [
            {"name": one.name, "kind": one.kind, "text": one.text, "source": one.source, "state": one.state, "choices": list(one.choices)}
            for one in made.blanks
        ],
        "keys": 1 if entry and isinstance(entry.fact, MessageProposed) else 2 if made.public and entry else 0,
    }


def list_messages(desk: Opened, runbook: Runbook, *, json: bool) -> None:
    sent = {one.intent.name: one for one in outbox(desk.incident) if not one.intent.page}
    if json:
        say_json(
            [
                {"name": one.title, "channel": one.channel, "line": one.line, "state": sent[one.title].state if one.title in sent else None}
                for one in runbook.templates
            ]
        )
        return
    for one in runbook.templates:
        state = f"{sent[one.title].state} {sent[one.title].created:%H:%M}" if one.title in sent else "not sent"
        say(f"{one.channel or 'any channel':<12} {one.title:<40} {state}")
    if not runbook.templates:
        say("the runbook has no messages")
