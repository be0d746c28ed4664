"""`warroom doctor`: what is configured, reachable and permitted; it changes nothing."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Awaitable
from dataclasses import asdict, dataclass
from datetime import UTC
from typing import TYPE_CHECKING

import typer

from warroom.cli.flags import Flags, Json
from warroom.cli.out import Failure, Mistake, say, say_json
from warroom.cli.verb import verb
from warroom.core.redact import redact

if TYPE_CHECKING:
    from warroom.feeds.server import Server

PATIENCE = 5.0
"""Seconds for a server to answer."""
OLDEST_TMUX = (3, 2)
LISTS = {
    "pods": "/api/v1/namespaces/{}/pods",
    "events": "/api/v1/namespaces/{}/events",
    "deployments": "/apis/apps/v1/namespaces/{}/deployments",
    "replicasets": "/apis/apps/v1/namespaces/{}/replicasets",
}
WANTED: dict[str, str] = {
    "pagerduty": "a REST token that may write, pagerduty.from, and pagerduty.service; see docs/channels.md",
    "slack": "a bot token with chat:write, channels:read, channels:history and channels:manage; see docs/channels.md",
    "statuspage": "an API key and statuspage.page; see docs/channels.md",
}
"""What each needs."""
SHOWN = ("home", "user", "namespace", "selector", "theme", "ascii", "mouse")


@dataclass(frozen=True, slots=True)
class Check:
    """`source` is where the value comes from; `fix` what to do when it is not ok."""

    what: str
    ok: bool
    detail: str
    source: str = ""
    fix: str = ""


def register(app: typer.Typer) -> None:
    @verb(app, "doctor", "warroom doctor", "warroom doctor --json", cluster=True)
    def doctor(flags: Flags, json: Json = False) -> None:
        """Tell what is configured, reachable and permitted."""
        checks = [
            journal(flags),
            runbook(flags),
            clock(flags),
            *asyncio.run(cluster(flags)),
            *asyncio.run(channels(flags)),
            *terminal(),
            *shell(),
            *settings(flags),
        ]
        if json:
            say_json([asdict(check) for check in checks])
        for check in () if json else checks:
            source = f" (from {check.source})" if check.source not in ("", "default") else ""
            say(f"{'ok ' if check.ok else 'NO '} {check.what:<12} {check.detail}{source}")
            if not check.ok and check.fix:
                say(f"    {'':<12} {check.fix}")
        if wrong := [check.what for check in checks if not check.ok]:
            raise Failure(f"{len(wrong)} of {len(checks)} checks failed: {', '.join(wrong)}")


def journal(flags: Flags) -> Check:
    from warroom.core.ports import JournalTrouble
    from warroom.journal.care import verify

    path = flags.settings.journal_path
    source = flags.settings.source("journal" if flags.settings.journal else "home")
    if not path.exists():
        place = next(parent for parent in path.absolute().parents if parent.exists())
        ok = os.access(place, os.W_OK | os.X_OK)
        return Check("journal", ok, f"{path}: none yet", source, "" if ok else f"make {place} writable, or set WARROOM_JOURNAL")
    try:
        verdict = verify(path)
    except JournalTrouble as trouble:
        return Check("journal", False, str(trouble), source, "name another with --journal")
    if verdict.ok:
        return Check("journal", True, f"{path}: {verdict.entries} entries", source)
    fix = "keep the file as it is, see `warroom journal verify`, and go on in another"
    return Check("journal", False, f"{path}: {verdict.problems[0]}", source, fix)


def runbook(flags: Flags) -> Check:
    from warroom.cli.opened import own_runbook
    from warroom.room import read_cached

    own, trouble = own_runbook(flags.settings)
    source = flags.settings.source("runbook")
    if trouble:
        return Check("runbook", False, str(trouble), source, "correct the path, or leave it away for the shipped one")
    read = read_cached(own)
    detail = f"{', '.join(map(str, flags.settings.runbook)) or 'the shipped one'}: {read.title or 'no title'} {read.version or ''}".rstrip()
    return Check("runbook", True, f"{detail}, {len(read.findings)} findings", source)


def clock(flags: Flags) -> Check:
    from warroom.clock import ClockTrouble, ScenarioClock, clock_of

    try:
        found = clock_of(flags.settings.home)
    except ClockTrouble as trouble:
        return Check("clock", False, str(trouble), "clock.json", "start the game day again, or remove the file")
    now = f"{found.now().astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(found, ScenarioClock):
        return Check("clock", True, f"{now}, a scenario at {found.speed:g}x", str(flags.settings.home / "clock.json"))
    return Check("clock", True, f"{now}, the system's")


async def cluster(flags: Flags) -> list[Check]:
    """The kubeconfig, the server behind it, and what may be listed there."""
    from warroom.cli.cluster import most_named
    from warroom.cli.opened import own_runbook
    from warroom.cli.soundings import inside, outside
    from warroom.clock import clock_of
    from warroom.feeds.access import Access
    from warroom.feeds.source import Source
    from warroom.feeds.trouble import Trouble

    wanted = flags.settings
    source = wanted.source("kubeconfig")
    runbook = own_runbook(wanted)[0]
    access = Access(
        kubeconfig=wanted.kubeconfig,
        context=wanted.context or None,
        namespaces=wanted.namespace,
        selector=wanted.selector,
        fallback=most_named(runbook.text),
    )
    shared = Source.of(access, clock_of(wanted.home), asyncio.sleep)
    try:
        settled = access.settle()
    except Trouble as trouble:
        missing = Check("kubeconfig", False, trouble.lines[0] if trouble.lines else trouble.word, source, " ".join(trouble.lines[1:]))
        return [missing, *await outside(flags, shared, runbook)]
    found = settled.cluster
    where = os.pathsep.join(map(str, settled.files)) or "the pod's own account"
    checks = [
        Check("kubeconfig", True, where, source),
        Check("context", True, f"{found.context} at {found.server}, as {settled.user or 'nobody'}", wanted.source("context")),
    ]
    async with shared.server as server:
        reached = await asked(server, "server", found.server, server.prove())
        checks.append(reached)
        if reached.ok:
            for namespace in found.namespaces:
                for what, path in LISTS.items():
                    checks.append(await asked(server, f"list {what}", f"in {namespace}", first_of(server, path.format(namespace), what)))
            checks += await inside(shared, runbook)
        return [*checks, *await outside(flags, shared, runbook)]


async def first_of(server: "Server", path: str, what: str) -> None:
    """One object is enough to know that it may be listed."""
    response = await server.get(path, {"limit": "1"}, f"list {what}")
    response.release()


async def asked(server: "Server", what: str, detail: str, question: Awaitable[object]) -> Check:
    """Whether the server answers, and if not, why and what to do."""
    from warroom.feeds.trouble import Trouble, classify

    try:
        async with asyncio.timeout(PATIENCE):
            await question
    except TimeoutError:
        return Check(what, False, f"no answer within {PATIENCE:.0f} s", detail, "look at the network, the VPN and the address")
    except Exception as error:
        trouble: Trouble = classify(error, server.where)
        return Check(what, False, trouble.lines[0] if trouble.lines else trouble.word, detail, " ".join(trouble.lines[1:]))
    return Check(what, True, detail)


async def channels(flags: Flags) -> list[Check]:
    """Who carries pages and messages; nothing is sent. One that is not configured is no fault: its texts are copied by hand."""
    from warroom.channels.pagerduty import Pagerduty
    from warroom.channels.slack import Slack
    from warroom.channels.statuspage import Statuspage
    from warroom.cli.sending import channels_of, mail_folder

    settings, checks = flags.settings, list[Check]()
    try:
        found = channels_of(settings)
    except Mistake as error:
        return [Check("channels", False, str(error), "settings", "correct it there")]
    for name in ("pagerduty", "slack", "statuspage"):
        channel = found.get(name)
        if not isinstance(channel, Pagerduty | Slack | Statuspage):
            checks.append(Check(name, True, "not configured: its texts are copied by hand", settings.source(name)))
            continue
        proof = await channel.prove()
        ok = isinstance(proof, str)
        detail = proof if isinstance(proof, str) else proof.why
        checks.append(Check(name, ok, redact(detail), settings.source(name), "" if ok else WANTED[name]))
    mailed = "by its SMTP server" if settings.smtp.url else f"as files in {mail_folder(settings)}, which somebody sends"
    return [*checks, Check("mail", True, mailed, settings.source("smtp"))]


def terminal() -> list[Check]:
    encoding = (sys.stdout.encoding or "unknown").lower()
    unicode = "utf" in encoding
    term = os.environ.get("TERM", "")
    if "NO_COLOR" in os.environ:
        colors = "no (NO_COLOR)"
    elif os.environ.get("COLORTERM") in ("truecolor", "24bit"):
        colors = "16 million"
    else:
        colors = "256" if "256" in term else "16"
    known = term not in ("", "dumb")
    return [
        Check(
            "terminal", known, f"{term or 'unknown'}, {colors} colours", "TERM", "" if known else "set TERM, for example to xterm-256color"
        ),
        Check("locale", unicode, encoding, "LC_ALL, LC_CTYPE, LANG", "" if unicode else "set LANG=C.UTF-8, or draw with --ascii"),
        tmux(),
    ]


def tmux() -> Check:
    """Not having it is no fault: only sharing a session needs it."""
    path = shutil.which("tmux")
    if path is None:
        return Check("tmux", True, "not installed, which only sharing a session needs")
    try:
        said = subprocess.run([path, "-V"], capture_output=True, text=True, timeout=PATIENCE, check=False).stdout.strip()
    except (OSError, subprocess.TimeoutExpired) as error:
        return Check("tmux", False, f"{path} does not run ({error})", "PATH", "install it anew")
    number = re.search(r"(\d+)\.(\d+)", said)
    ok = number is None or (int(number[1]), int(number[2])) >= OLDEST_TMUX
    return Check("tmux", ok, said or path, "PATH", "" if ok else f"update tmux to {'.'.join(map(str, OLDEST_TMUX))} or newer")


def shell() -> list[Check]:
    """What the runbook's commands run with. Not having it is no fault of the console's own: each command says so."""
    from warroom.runner.surroundings import HOW_TO_GET, find_kubectl

    found, bash = find_kubectl(os.environ.get("PATH", "")), shutil.which("bash")
    return [
        Check("kubectl", True, str(found) if found else f"not installed, which commands of the runbook need: {HOW_TO_GET}"),
        Check("bash", True, bash or "not installed, which commands of the runbook need"),
    ]


def settings(flags: Flags) -> list[Check]:
    found = flags.settings
    checks = []
    for name in SHOWN:
        value = getattr(found, name)
        words = ", ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
        checks.append(Check(name, True, redact(words) or "not set", found.source(name)))
    return checks
