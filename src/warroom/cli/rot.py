"""`warroom runbook check --cluster`: what the commands of a runbook name, looked for in the cluster."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

from warroom.cli.cluster import most_named
from warroom.cli.flags import Flags
from warroom.runbook.model import Finding
from warroom.runbook.things import Thing

SECONDS = 60.0


def missing_of(flags: Flags, files: Sequence[Path]) -> list[Finding]:
    """Raises Trouble where the cluster does not answer."""
    from warroom.feeds.trouble import Trouble

    async def within() -> list[Finding]:
        try:
            async with asyncio.timeout(SECONDS):
                return await _missing(flags, files)
        except TimeoutError as error:
            raise Trouble("no answer", f"the cluster did not answer within {SECONDS:g} s", "check the network and the VPN") from error

    return asyncio.run(within())


async def _missing(flags: Flags, files: Sequence[Path]) -> list[Finding]:
    from warroom.clock import SystemClock
    from warroom.core.missing import missing
    from warroom.feeds.access import Access
    from warroom.feeds.inventory import Inventory
    from warroom.feeds.server import Server
    from warroom.library import files_of

    settings, books = flags.settings, files_of(files)
    fallback = most_named("\n".join(book.text for book in books))
    access = Access(
        kubeconfig=settings.kubeconfig,
        context=settings.context or None,
        namespaces=settings.namespace,
        selector="",
        pin=None,
        fallback=fallback,
    )
    found = [finding for book in books for finding in _verbs(book.text, str(book.path))]
    async with Server(access, SystemClock()) as server:
        pinned = (await server.namespaces())[0]
        inventory = Inventory(server)
        for book in books:
            for line, thing in _things(book.text, str(book.path)):
                place = "" if thing.kind == "namespaces" else thing.namespace or ("" if pinned == "*" else pinned)
                if one := missing(thing, await inventory.there(thing, place), place, str(book.path), line):
                    found.append(one)
    return found


def _things(text: str, file: str) -> Iterator[tuple[int, Thing]]:
    """Each thing where it is named first."""
    from warroom.library import read_text
    from warroom.runbook.commands import listed
    from warroom.runbook.things import things

    seen = set[Thing]()
    for each in listed(text, read_text(text, file), file=file):
        for thing in things(each.command):
            if thing not in seen:
                seen.add(thing)
                yield each.line, thing


def _verbs(text: str, file: str) -> Iterator[Finding]:
    from warroom.core.missing import no_verb
    from warroom.library import read_text
    from warroom.runbook.commands import listed
    from warroom.runbook.things import unknown_verbs

    for each in listed(text, read_text(text, file), file=file):
        for verb in unknown_verbs(each.command):
            yield no_verb(verb, file, each.line)
