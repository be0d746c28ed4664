"""PagerDuty: pages by its own client in a worker thread; nothing here is done twice, because states are compared first."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from warroom.channels.answers import broken, many, part, said, short
from warroom.core.outbox import Intent, Service
from warroom.core.ports import Failed, Sent

API = "https://api.pagerduty.com"
EVENTS = "https://events.pagerduty.com/v2"
PATIENCE = 5.0
EARLIER = 60.0
"""Seconds by which its clock and ours may differ."""
LONGEST_SUMMARY = 1024
CODES = {
    1001: "that incident is resolved already",
    1006: "that incident cannot go to that level: look at its policy and urgency",
    1008: "the address in pagerduty.from is nobody's there: set that of a user",
    1015: "nobody is on call at that level",
    1018: "the token may not do this",
    1020: "there is no such priority",
    2011: "it wants to know who asks: set pagerduty.from",
}
"""What its numbers mean, where trying again cannot help."""
PASSING = frozenset((2016, 2020))
T = TypeVar("T")
UI_STEPS = ("open the incident in PagerDuty", 'press "Escalate"', "choose the level")


class Pagerduty:
    """With a token by REST, which can escalate and read back; with a routing key alone by events, which can only raise an alert."""

    service: Service = "pagerduty"

    def __init__(
        self,
        token: str = "",
        *,
        sender: str = "",
        service_name: str = "",
        routing_key: str = "",
        address: str = API,
        events: str = EVENTS,
        targets: dict[str, str] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._token, self._sender, self._service, self._routing_key = token, sender, service_name, routing_key
        self._rest, self._events, self._patience = address.rstrip("/"), events.rstrip("/"), patience
        self._targets = {name.casefold(): policy for name, policy in (targets or {}).items()}
        self.address = self._rest if token else self._events

    def knows_again(self, intent: Intent) -> bool:
        """An incident has our key and a level is a state; a note is neither."""
        return intent.page

    async def send(self, intent: Intent) -> Sent | Failed:
        if not self._token:
            return await self._thread(lambda: self._trigger(intent)) if intent.page else NO_TOKEN
        return await self._thread(lambda: self._page(intent) if intent.page else self._note(intent))

    async def find(self, intent: Intent) -> Sent | Failed | None:
        if not self._token:
            return None
        return await self._thread(lambda: self._paged(intent) if intent.page else self._noted(intent))

    async def prove(self) -> str | Failed:
        """What the token may see, without changing anything."""
        if not self._token:
            return "a routing key, which cannot be tried without raising an alert"
        return await self._thread(self._who)

    async def acknowledged(self, id: str) -> list[tuple[str, datetime]] | Failed:
        """Who has acknowledged it, and when, people only: what a machine acknowledges nobody has seen."""
        return await self._thread(lambda: self._acknowledged(id)) if self._token else []

    def _acknowledged(self, id: str) -> list[tuple[str, datetime]]:
        found = []
        for one in many(self._get(f"/incidents/{id}", {}), "incident", "acknowledgements"):
            at, who = part(one, "at"), part(one, "acknowledger", "summary")
            if isinstance(at, str) and isinstance(who, str) and part(one, "acknowledger", "type") in ("user", "user_reference"):
                with suppress(ValueError):
                    found.append((short(who), datetime.fromisoformat(at)))
        return found

    async def _thread(self, work: Callable[[], T]) -> T | Failed:
        import httpx2
        import pagerduty

        try:
            async with asyncio.timeout(3 * self._patience):
                return await asyncio.to_thread(work)
        except _Answered as refused:
            return refused.failed
        except (pagerduty.Error, httpx2.HTTPError, TimeoutError, OSError) as error:
            response = getattr(error, "response", None)
            return refusal(response) if response is not None else broken("pagerduty", error)

    def _who(self) -> str:
        found = self._get("/services", {"limit": 1})
        return f"{self._rest}, {len(many(found, 'services'))} service seen, as {self._sender or 'nobody (set pagerduty.from)'}"

    def _page(self, intent: Intent) -> Sent | Failed:
        if intent.level < 1 and not self._policy(intent):
            who = ", ".join(intent.to)
            return Failed(f"PagerDuty has no level for {short(who)}: call them, or set pagerduty.targets to a policy of theirs", final=True)
        incident = self._incident(intent)
        if incident is None:
            incident = part(self._post("/incidents", {"incident": self._new(intent)}), "incident") or {}
            opened = True
        else:
            opened = False
        id = str(incident.get("id", ""))
        if incident.get("status") == "resolved":
            return Failed(f"PagerDuty's incident {id} is resolved: a late page would open it again; reopen it there first", final=True)
        if intent.level <= 1 and opened:
            return Sent(id, f"opened incident {id}")
        if intent.level < 1:
            return Sent(id, f"incident {id} was open already")
        if not opened and self._at_level(incident, intent):
            return Sent(id, f"incident {id} is at level {intent.level} already")
        if incident.get("urgency") == "low":
            return Failed(f"PagerDuty's incident {id} has low urgency, which has no levels: raise it there first", final=True)
        reference = {"type": "incident_reference", "escalation_level": intent.level}
        self._asked("PUT", f"/incidents/{id}", {"incident": reference})
        return Sent(id, f"incident {id} escalated to level {intent.level}")

    def _paged(self, intent: Intent) -> Sent | None:
        incident = self._incident(intent)
        if incident is None or incident.get("status") == "resolved":
            return None
        id = str(incident.get("id", ""))
        if intent.level > 1 and not self._at_level(incident, intent):
            return None
        return Sent(id, f"incident {id}{f' at level {intent.level}' if intent.level > 1 else ''}")

    def _incident(self, intent: Intent) -> dict[str, Any] | None:
        """The one that this is about, else the one that an earlier try opened."""
        if intent.linked and intent.level >= 1:
            found = part(self._get(f"/incidents/{intent.linked}", {}), "incident")
            return found if isinstance(found, dict) else None
        query = {"incident_key": incident_key(intent), "statuses[]": ["triggered", "acknowledged"], "date_range": "all"}
        return next(iter(many(self._get("/incidents", query), "incidents")), None)

    def _at_level(self, incident: dict[str, Any], intent: Intent) -> bool:
        """Whether those who are on call at that level have it: an incident does not say its level itself.

        Who had it before and acknowledged is to be called again.
        """
        policy = part(incident, "escalation_policy", "id")
        if not policy:
            return False
        found = many(self._get("/oncalls", {"escalation_policy_ids[]": [policy], "limit": 100}), "oncalls")
        there = {part(one, "user", "id") for one in found if one.get("escalation_level") == intent.level}
        rings, since = incident.get("status") == "triggered", intent.since - EARLIER
        return any(
            part(one, "assignee", "id") in there and (rings or moment(part(one, "at")) >= since) for one in many(incident, "assignments")
        )

    def _policy(self, intent: Intent) -> str:
        """Of a team that is no level of the service's own policy."""
        return next((self._targets[name.casefold()] for name in intent.to if name.casefold() in self._targets), "")

    def _new(self, intent: Intent) -> dict[str, Any]:
        policy = {"id": self._policy(intent), "type": "escalation_policy_reference"} if intent.level < 1 else None
        return {
            "type": "incident",
            "title": short_title(intent),
            "service": {"id": self._service_id(), "type": "service_reference"},
            "urgency": "high",
            "incident_key": incident_key(intent),
            "body": {"type": "incident_body", "details": intent.text},
            **({"escalation_policy": policy} if policy else {}),
        }

    def _service_id(self) -> str:
        """By its id, or its very name."""
        found = many(self._get("/services", {"query": self._service, "limit": 100}), "services")
        named = [one for one in found if self._service in (one.get("name"), one.get("id"))] or (found if not self._service else [])
        if len(named) != 1:
            raise _Answered(Failed(f"PagerDuty has no one service {short(self._service)!r}: set pagerduty.service", final=True))
        return str(named[0].get("id", ""))

    def _note(self, intent: Intent) -> Sent | Failed:
        if not intent.linked:
            return Failed("PagerDuty has no incident to which the text could go: declare it there, or take another channel", final=True)
        found = self._post(f"/incidents/{intent.linked}/notes", {"note": {"content": intent.text}})
        return Sent(intent.linked, f"note {part(found, 'note', 'id')}")

    def _noted(self, intent: Intent) -> Sent | None:
        if not intent.linked:
            return None
        notes = many(self._get(f"/incidents/{intent.linked}/notes", {}), "notes")
        return Sent(intent.linked) if any(note.get("content") == intent.text for note in notes) else None

    def _trigger(self, intent: Intent) -> Sent | Failed:
        severity = {1: "critical", 2: "error", 3: "warning"}.get(intent.rank or 1, "info")
        with self._client("events") as client:
            key = client.trigger(
                intent.text[:LONGEST_SUMMARY], "warroom", dedup_key=incident_key(intent), severity=severity, custom_details={}
            )
        return Sent(str(key), "raised an alert: its policy says who is called first")

    def _get(self, path: str, query: dict[str, Any]) -> Any:
        return self._asked("GET", path, None, query)

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        return self._asked("POST", path, body)

    def _asked(self, method: str, path: str, body: dict[str, Any] | None, query: dict[str, Any] | None = None) -> Any:
        with self._client("rest") as client:
            response = client.request(method, path, **({"json": body} if body is not None else {}), **({"params": query} if query else {}))
        if not response.is_success:
            raise _Answered(refusal(response))
        try:
            return response.json()
        except ValueError:
            raise _Answered(Failed("PagerDuty answers with something that is no JSON: correct its address", unsure=True)) from None

    def _client(self, which: str) -> Any:
        """Its own retries are off: one that waits for minutes in a thread, or posts four times, is no way to page somebody."""
        import logging

        import pagerduty

        logging.getLogger("pagerduty").addHandler(logging.NullHandler())  # else it writes on the terminal, which is the console's
        address, default = (self._rest, API) if which == "rest" else (self._events, EVENTS)
        given = {} if address == default else {"transport": transport(default, address, self._patience)}
        if which == "rest":
            client: Any = pagerduty.RestApiV2Client(self._token, default_from=self._sender or None, **given)
        else:
            client = pagerduty.EventsApiV2Client(self._routing_key, **given)
        client.retry = {429: 1}
        client.max_http_attempts, client.max_network_attempts, client.timeout = -1, 0, self._patience
        return client


class _Answered(Exception):
    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.why)
        self.failed = failed


NO_TOKEN = Failed("PagerDuty takes notes only with a token: set pagerduty.token, or take another channel", final=True)


def refusal(response: Any) -> Failed:
    """By its number, where it has one that we know."""
    try:
        document = response.json()
    except ValueError:
        document = None
    code, words = part(document, "error", "code"), str(part(document, "error", "message") or "")
    details = part(document, "error", "errors")
    words += f": {'; '.join(map(str, details))}" if isinstance(details, list) and details else ""
    if code in CODES and response.status_code < 500:
        return Failed(f"PagerDuty refuses it ({code}): {CODES[code]}", final=True)
    if code in PASSING and response.status_code != 429:
        return Failed(f"PagerDuty is in trouble ({code} {short(words)})", unsure=code == 2016)
    if response.status_code == 429:
        return said("pagerduty", 429, response.headers, "")
    return said("pagerduty", response.status_code, response.headers, words)


def moment(text: Any) -> float:
    """Seconds since 1970; 0 where it is no time."""
    try:
        return datetime.fromisoformat(text).timestamp() if isinstance(text, str) else 0.0
    except ValueError:
        return 0.0


def incident_key(intent: Intent) -> str:
    """One for all levels of an incident: who is paged next is a level of it. A team with a policy of its own gets its own."""
    return (f"warroom/{intent.incident}" if intent.level >= 1 else intent.key)[:255]


def short_title(intent: Intent) -> str:
    return short(intent.title or intent.text.partition("\n")[0])


def transport(default: str, address: str, patience: float) -> Any:
    """Another server behind PagerDuty's client, which insists on https: a region, a stand-in on this machine."""
    import httpx2

    old, new = urlsplit(default), urlsplit(address)

    class Elsewhere(httpx2.HTTPTransport):
        def handle_request(self, request: Any) -> Any:
            raw = request.url.raw_path.decode()
            path = raw.removeprefix(old.path) if old.path else raw
            request.url = httpx2.URL(f"{new.scheme}://{new.netloc}{new.path}{path}")
            request.headers["host"] = new.netloc
            return super().handle_request(request)

    return Elsewhere(trust_env=False)
