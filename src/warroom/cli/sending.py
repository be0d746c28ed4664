"""What this machine can send with, out of the settings, and the sender that does it."""

import asyncio
import socket
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from warroom.cli.out import Mistake
from warroom.core.entries import Entry
from warroom.core.outbox import Service
from warroom.core.ports import Channel, Clock, Present
from warroom.room import Room
from warroom.settings import Settings

if TYPE_CHECKING:
    from warroom.channels.outbox import Outbox


def channels_of(settings: Settings) -> dict[Service, Channel]:
    """Those that are configured; mail always is, as files that somebody sends."""
    from warroom.channels import mail, pagerduty, slack, statuspage, web

    found: dict[Service, Channel] = {}
    pager, chat, page, smtp = settings.pagerduty, settings.slack, settings.statuspage, settings.smtp
    shared = web.Web()
    if pager.token or pager.routing_key:
        found["pagerduty"] = pagerduty.Pagerduty(
            pager.token,
            sender=pager.sender,
            service_name=pager.service,
            routing_key=pager.routing_key,
            address=address("pagerduty.api", pager.api or pagerduty.API),
            events=address("pagerduty.events_api", pager.events_api or pagerduty.EVENTS),
            targets=pager.targets,
        )
    if chat.token:
        found["slack"] = slack.Slack(shared, chat.token, address("slack.api", chat.api or slack.API), chat.channel, chat.channels)
    if page.token and page.page:
        where = address("statuspage.api", page.api or statuspage.API)
        found["statuspage"] = statuspage.Statuspage(shared, page.token, page.page, where, page.notify)
    found["mail"] = mail.Mail(mail_folder(settings), smtp_url(smtp.url), smtp.sender)
    return found


def mail_folder(settings: Settings) -> Path:
    return settings.home / "mail"


def address(name: str, url: str) -> str:
    """Credentials never go over a plain line, except on this machine."""
    from warroom.channels.loopback import may_be_plain

    if not may_be_plain(url):
        raise Mistake(f"{name} is {url.partition('?')[0]}, where a token would be read by everybody on the way: give an https address")
    return url


def smtp_url(url: str) -> str:
    if url and urlsplit(url).scheme not in ("smtp", "smtps"):
        raise Mistake("smtp.url is no address of a mail server: write smtp://host:587 or smtps://host:465")
    return url


def sender(room: Room, clock: Clock, settings: Settings, tell: Callable[[Entry], None] = lambda _: None) -> "Outbox":
    """The one that sends what is queued, whenever it is this process's turn, and hears who acknowledges."""
    from warroom.channels.outbox import Outbox
    from warroom.channels.pagerduty import Pagerduty
    from warroom.channels.pages import Acknowledgements
    from warroom.clock import SystemClock
    from warroom.journal.senders import SideSenders

    me = Present(uuid.uuid4().hex, f"{room.who}@{socket.gethostname().partition('.')[0] or 'localhost'}")
    senders, channels, real = SideSenders(settings.journal_path), channels_of(settings), SystemClock()
    pager = channels.get("pagerduty")
    hears = [Acknowledgements(room, pager, senders, me, clock, real, asyncio.sleep).listen] if isinstance(pager, Pagerduty) else []
    return Outbox(room, channels, senders, me, clock, real, asyncio.sleep, tell=tell, listening=hears)
