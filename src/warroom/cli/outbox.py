"""What is queued, was sent, or could not be; and what people say about it."""

import asyncio
from contextlib import suppress
from typing import Annotated, Any

import typer

from warroom.cli.flags import Flags, Json, Reason
from warroom.cli.opened import Opened, opened
from warroom.cli.out import Failure, Mistake, say, say_json, warn
from warroom.cli.verb import verb
from warroom.core.acts import Refusal
from warroom.core.acts.sending import ConfirmByHand, Drop, Retry, find_sending
from warroom.core.outbox import Sending, outbox
from warroom.core.ports import JournalTrouble
from warroom.core.readings import Tried

PATIENCE = 15.0
"""Seconds that a command waits for its own message to be sent."""
LOOK = 0.2
WORDS = ("retry", "drop", "confirm")


def register(app: typer.Typer) -> None:
    @verb(app, "outbox", "warroom outbox", "warroom outbox --json")
    async def show(
        flags: Flags,
        what: Annotated[str, typer.Argument(metavar="[retry|drop|confirm]", help="Send again, do not send, or: it was sent by hand.")] = "",
        id: Annotated[str, typer.Argument(metavar="ID", help="Its id, or the end of it.")] = "",
        reason: Reason = "",
        json: Json = False,
    ) -> None:
        """Show what is queued, sent, confirmed or failed; say again, drop, or confirm what was sent by hand."""
        async with opened(flags, latest=True) as desk:
            if not what:
                await show_all(flags, desk, json=json)
                return
            if what not in WORDS or not id:
                raise Mistake(f"say which: `warroom outbox {' ID` or `warroom outbox '.join(WORDS)} ID`")
            act = Drop(id, reason) if what == "drop" else Retry(id) if what == "retry" else ConfirmByHand(id, reason)
            await desk.do(act)
            found = find_sending(desk.incident, id)
            if isinstance(found, Refusal):
                raise Mistake(found.why)
            state = await send_here(flags, desk, found.intent.id) if what == "retry" else found
            await tell(flags, desk, state, json=json)


async def tries_of(flags: Flags) -> dict[str, Tried]:
    """What was tried; where that cannot be read nothing is lost that the journal does not hold."""
    from warroom.journal.senders import SideSenders

    with suppress(JournalTrouble):
        return await SideSenders(flags.settings.journal_path).tries()
    return {}


def sending_json(one: Sending, tried: Tried) -> dict[str, Any]:
    return {
        "id": one.intent.id,
        "kind": "page" if one.intent.page else "message",
        "name": one.intent.name,
        "channel": one.intent.channel,
        "service": one.intent.service,
        "to": list(one.intent.to),
        "text": one.intent.text,
        "state": one.state,
        "reference": one.reference or None,
        "by_hand": one.by_hand,
        "attempts": tried.attempts,
        "created": one.created,
        "last_error": one.why or tried.error or None,
    }


async def show_all(flags: Flags, desk: Opened, *, json: bool) -> None:
    found, tries = outbox(desk.incident), await tries_of(flags)
    if json:
        say_json([sending_json(one, tries.get(one.intent.id, Tried(one.intent.id))) for one in found])
        return
    for one in found:
        say(line(one, tries.get(one.intent.id, Tried(one.intent.id))))
    if not found:
        say("nothing was sent, and nothing waits to be")


def line(one: Sending, tried: Tried) -> str:
    """NOT SENT is what nobody may overlook."""
    state = "NOT SENT" if one.state == "failed" else one.state
    to = one.intent.to[0] if one.intent.page and one.intent.to else one.intent.channel
    error = one.why or (tried.error if one.state == "queued" else "")
    attempts = f", tried {tried.attempts} times" if tried.attempts > 1 else ""
    text = " ".join(one.intent.text.split())[:60]
    return f"{state:<9} {one.created:%H:%M:%S}  {to}: {text}{f'  ({error}{attempts})' if error else ''}  [{one.intent.id}]"


async def tell(flags: Flags, desk: Opened, one: Sending, *, json: bool) -> None:
    tried = (await tries_of(flags)).get(one.intent.id, Tried(one.intent.id))
    if json:
        say_json(sending_json(one, tried))
    else:
        say(line(one, tried))
    if one.state == "failed":
        raise Failure(f"NOT SENT: {one.why}")
    if one.state == "queued":
        warn(waits(flags, one, tried))


def waits(flags: Flags, one: Sending, tried: Tried) -> str:
    """Why it is queued still, and what its person does about it."""
    from warroom.channels.pagerduty import UI_STEPS
    from warroom.cli.sending import channels_of

    by_hand = f"then say so (`warroom outbox confirm {one.intent.id}`)"
    if one.intent.service == "hand" and one.intent.page:
        return f"call {', '.join(one.intent.to)} and read this to them: {one.intent.text}; {by_hand}"
    if one.intent.service in channels_of(flags.settings):
        return f"it is queued{f' ({tried.error})' if tried.error else ''}: whoever is on watch goes on trying; see `warroom outbox`"
    if one.intent.page:
        steps = "; ".join(f"{n}. {step}" for n, step in enumerate(UI_STEPS, 1))
        level = f" {one.intent.level}" if one.intent.level else ""
        return f"PagerDuty is not configured here: {steps}{level} for {', '.join(one.intent.to)}; {by_hand}"
    return f"{one.intent.channel} is not configured here: copy the text into it, {by_hand}"


async def send_here(flags: Flags, desk: Opened, id: str) -> Sending:
    """Waits until it is settled, and sends it here while it is this process's turn; gives how it stands then."""
    from warroom.cli.sending import sender

    found = find_sending(desk.incident, id)
    if isinstance(found, Refusal):
        raise Mistake(found.why)
    out = sender(desk.room, desk.clock, flags.settings)
    if found.intent.service not in out.channels:
        return found
    serving = asyncio.create_task(out.serve(found.intent.service))
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                found = find_sending(desk.incident, id)
                if isinstance(found, Refusal) or found.state not in ("queued", "sent"):
                    break
                await asyncio.sleep(LOOK)
                await desk.room.catch_up()
    except TimeoutError:
        pass
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
    found = find_sending(desk.incident, id)
    if isinstance(found, Refusal):
        raise Failure(found.why)
    return found
