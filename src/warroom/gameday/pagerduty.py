"""PagerDuty as its REST and Events APIs show it, and the people whom it calls: they answer, or do not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from aiohttp import web

from warroom.gameday.faults import Faults
from warroom.gameday.standin import Limit, StandIn, Tell, document

SERVICE, POLICY = "PGAMEDAY", "PPOLICY"
A_MINUTE = 960
ACCEPT = "application/vnd.pagerduty+json;version=2"
SENDER = "warroom@gameday.example"
ROUTING_KEY = "0123456789abcdef0123456789abcdef"


class OnCall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is called at a level of the policy; `answers` seconds later they acknowledge, None: they sleep."""

    name: str
    level: int
    answers: float | None = None
    policy: str = POLICY

    @property
    def id(self) -> str:
        return f"U{self.name.upper()}"


PEOPLE = (
    OnCall(name="ada", level=1),
    OnCall(name="grace", level=2, answers=90.0),
    OnCall(name="joan", level=3, answers=120.0),
    OnCall(name="margaret", level=4, answers=300.0),
    OnCall(name="barbara", level=5, answers=300.0),
    OnCall(name="radia", level=1, answers=120.0, policy="PSECURITY"),
)


class Wrong(Exception):
    def __init__(self, status: int, code: int, said: str, *errors: str) -> None:
        super().__init__(said)
        self.status, self.body = status, {"error": {"message": said, "code": code, "errors": list(errors)}}


class Pagerduty(StandIn):
    """`span` turns seconds of the scenario into seconds of the world: people in it live at its speed."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        token: str,
        tell: Tell = lambda *_: None,
        faults: Faults | None = None,
        people: tuple[OnCall, ...] = PEOPLE,
        span: Callable[[float], timedelta] = lambda seconds: timedelta(seconds=seconds),
        a_minute: int = A_MINUTE,
    ) -> None:
        super().__init__(clock, tell, faults)
        self._token, self._people, self._span, self._limit = token, people, span, Limit(a_minute, 60.0)
        self.incidents: list[dict[str, Any]] = []
        self.pages: list[dict[str, Any]] = []
        self._waking: list[tuple[datetime, str, OnCall]] = []

    def routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/services", self._answering(self._services))
        router.add_get("/oncalls", self._answering(self._oncalls))
        router.add_get("/incidents", self._answering(self._list))
        router.add_post("/incidents", self._answering(self._create, writes=True))
        router.add_get("/incidents/{id}", self._answering(self._one))
        router.add_put("/incidents/{id}", self._answering(self._update, writes=True))
        router.add_get("/incidents/{id}/notes", self._answering(self._notes))
        router.add_post("/incidents/{id}/notes", self._answering(self._note, writes=True))
        router.add_get("/incidents/{id}/log_entries", self._answering(self._log))
        router.add_post("/v2/enqueue", self._enqueue)

    def state(self) -> Any:
        self._wake()
        return {"incidents": self.incidents, "pages": self.pages}

    def _answering(self, answer: Callable[[web.Request, dict[str, Any]], Any], *, writes: bool = False) -> Any:
        async def answered(request: web.Request) -> web.Response:
            self._wake()
            try:
                self._admit(request, writes=writes)
                found = answer(request, await document(request))
            except Wrong as wrong:
                return web.json_response(wrong.body, status=wrong.status)
            return web.json_response(found, status=201 if request.method == "POST" else 200)

        return answered

    def _admit(self, request: web.Request, *, writes: bool) -> None:
        if request.headers.get("Authorization") != f"Token token={self._token}":
            raise Wrong(401, 2006, "Authentication failed")
        if request.headers.get("Accept") != ACCEPT:
            raise Wrong(400, 2001, "Invalid Accept header")
        if wait := self._limit.wait(self.clock()):
            wrong = Wrong(429, 2020, "Rate Limit Exceeded")
            wrong.body["error"]["errors"] = [f"wait {wait:g} s"]
            raise wrong
        if not writes:
            return
        if not request.headers.get("Content-Type", "").startswith("application/json"):
            raise Wrong(400, 2001, "Invalid Content-Type")
        if "From" not in request.headers:
            raise Wrong(400, 2011, "Requester User Not Found", "From header is required")
        if "@" not in request.headers["From"]:
            raise Wrong(400, 1008, "Requester User Not Found")

    def _services(self, request: web.Request, _: dict[str, Any]) -> Any:
        service = {"id": SERVICE, "name": "TenSafe Production", "type": "service"}
        wanted = request.query.get("query", "").casefold()
        return {"services": [service] if wanted in service["name"].casefold() or wanted == SERVICE.casefold() else [], "more": False}

    def _oncalls(self, request: web.Request, _: dict[str, Any]) -> Any:
        policies = request.query.getall("escalation_policy_ids[]", [])
        found = [one for one in self._people if not policies or one.policy in policies]
        return {
            "oncalls": [
                {
                    "user": {"id": one.id, "summary": one.name, "type": "user_reference"},
                    "escalation_level": one.level,
                    "escalation_policy": {"id": one.policy, "type": "escalation_policy_reference"},
                }
                for one in found
            ],
            "more": False,
        }

    def _list(self, request: web.Request, _: dict[str, Any]) -> Any:
        key, statuses = request.query.get("incident_key"), request.query.getall("statuses[]", [])
        found = [
            one
            for one in reversed(self.incidents)
            if (key is None or one["incident_key"] == key) and (not statuses or one["status"] in statuses)
        ]
        return {"incidents": found[:100], "more": False}

    def _find(self, request: web.Request) -> dict[str, Any]:
        found = next((one for one in self.incidents if one["id"] == request.match_info["id"]), None)
        if found is None:
            raise Wrong(404, 2100, "Not Found")
        return found

    def _one(self, request: web.Request, _: dict[str, Any]) -> Any:
        return {"incident": self._find(request)}

    def _create(self, request: web.Request, given: dict[str, Any]) -> Any:
        wanted = given.get("incident") or {}
        if not wanted.get("title") or (wanted.get("service") or {}).get("id") != SERVICE:
            raise Wrong(400, 2001, "Invalid Input Provided", "Title and service are required")
        key = wanted.get("incident_key")
        if key and any(one["incident_key"] == key and one["status"] != "resolved" for one in self.incidents):
            raise Wrong(400, 2001, "Invalid Input Provided", "Open incident with matching dedup key already exists on this service")
        policy = (wanted.get("escalation_policy") or {}).get("id") or POLICY
        if not any(one.policy == policy for one in self._people):
            raise Wrong(400, 2001, "Invalid Input Provided", "Escalation policy not found")
        return {"incident": self._open(wanted["title"], key, wanted.get("urgency") or "high", policy)}

    def _open(self, title: str, key: str | None, urgency: str, policy: str = POLICY) -> dict[str, Any]:
        incident: dict[str, Any] = {
            "id": f"Q{len(self.incidents) + 1:06}",
            "type": "incident",
            "title": title,
            "status": "triggered",
            "urgency": urgency,
            "incident_key": key,
            "created_at": self.clock().isoformat(),
            "escalation_policy": {"id": policy, "type": "escalation_policy_reference"},
            "assignments": [],
            "acknowledgements": [],
            "notes": [],
            "log": [],
        }
        self.incidents.append(incident)
        self._enter(incident, "trigger_log_entry")
        self._call(incident, 1)
        return incident

    def alert(self, title: str) -> str:
        """The alert that the scenario begins with; gives its incident."""
        return str(self._open(title, "gameday", "high")["id"])

    def _update(self, request: web.Request, given: dict[str, Any]) -> Any:
        incident, wanted = self._find(request), given.get("incident") or {}
        level, status = wanted.get("escalation_level"), wanted.get("status")
        if level is not None:
            if not isinstance(level, int) or isinstance(level, bool):
                raise Wrong(400, 2001, "Invalid Input Provided", "Escalation level must be an integer")
            if incident["status"] == "resolved":
                raise Wrong(400, 1001, "Incident Already Resolved")
            if incident["urgency"] == "low" or not self._at(incident, level):
                raise Wrong(400, 1006, "Incident Cannot Be Escalated")
            incident["status"] = "triggered"
            self._enter(incident, "escalate_log_entry")
            self._call(incident, level)
        if status == "acknowledged":  # late, it opens again what was resolved
            self._acknowledge(incident, request.headers["From"])
        elif status == "resolved":
            if incident["status"] == "resolved":
                raise Wrong(400, 1001, "Incident Already Resolved")
            incident["status"] = "resolved"
            self._enter(incident, "resolve_log_entry")
        return {"incident": incident}

    def _notes(self, request: web.Request, _: dict[str, Any]) -> Any:
        return {"notes": self._find(request)["notes"]}

    def _note(self, request: web.Request, given: dict[str, Any]) -> Any:
        incident, content = self._find(request), (given.get("note") or {}).get("content")
        if not content:
            raise Wrong(400, 2001, "Invalid Input Provided", "Content cannot be empty")
        note = {"id": f"N{len(incident['notes']) + 1:06}", "content": content}
        incident["notes"].append(note)
        self._enter(incident, "annotate_log_entry")
        return {"note": note}

    def _log(self, request: web.Request, _: dict[str, Any]) -> Any:
        return {"log_entries": self._find(request)["log"][::-1], "more": False}

    async def _enqueue(self, request: web.Request) -> web.Response:
        """202 says that it was read, and no more: what it does not know is dropped in silence."""
        self._wake()
        given = await document(request)
        payload, action = given.get("payload") or {}, given.get("event_action")
        key = str(given.get("dedup_key") or f"{len(self.incidents):032}")
        if not given.get("routing_key") or action not in ("trigger", "acknowledge", "resolve") or len(key) > 255:
            return web.json_response({"status": "invalid event", "message": "Event object is invalid", "errors": []}, status=400)
        if action == "trigger" and not all(payload.get(name) for name in ("summary", "source", "severity")):
            return web.json_response({"status": "invalid event", "message": "Event object is invalid", "errors": ["payload"]}, status=400)
        known = next((one for one in self.incidents if one["incident_key"] == key and one["status"] != "resolved"), None)
        if given["routing_key"] == ROUTING_KEY:
            if action == "trigger" and known is None:
                self._open(payload["summary"], key, "low" if payload["severity"] in ("info", "warning") else "high")
            elif action == "acknowledge" and known is not None:
                self._acknowledge(known, "events")
            elif action == "resolve" and known is not None:
                known["status"] = "resolved"
        return web.json_response({"status": "success", "message": "Event processed", "dedup_key": key}, status=202)

    def _at(self, incident: dict[str, Any], level: int) -> list[OnCall]:
        return [one for one in self._people if one.level == level and one.policy == incident["escalation_policy"]["id"]]

    def _call(self, incident: dict[str, Any], level: int) -> None:
        called = self._at(incident, level)
        incident["assignments"] = [{"at": self.clock().isoformat(), "assignee": {"id": one.id, "summary": one.name}} for one in called]
        for one in called:
            self.pages.append({"at": self.clock().isoformat(), "incident": incident["id"], "to": one.name, "level": level})
            self.tell("paged", one.name, f"level {level}: {incident['title']}")
            if one.answers is not None:
                self._waking.append((self.clock() + self._span(one.answers), incident["id"], one))

    def _wake(self) -> None:
        """Who was called long enough ago answers, if they do and nobody else did."""
        due = [one for one in self._waking if one[0] <= self.clock()]
        self._waking = [one for one in self._waking if one not in due]
        for _, id, person in due:
            incident = next(one for one in self.incidents if one["id"] == id)
            if incident["status"] == "triggered" and any(one["assignee"]["id"] == person.id for one in incident["assignments"]):
                self._acknowledge(incident, person.name, person.id)

    def _acknowledge(self, incident: dict[str, Any], who: str, id: str = "") -> None:
        incident["status"] = "acknowledged"
        agent = {"id": id, "summary": who, "type": "user_reference" if id else "service_reference"}
        incident["acknowledgements"].append({"at": self.clock().isoformat(), "acknowledger": agent})
        self._enter(incident, "acknowledge_log_entry", agent)
        self.tell("acknowledged", incident["id"], who)

    def _enter(self, incident: dict[str, Any], type: str, agent: dict[str, Any] | None = None) -> None:
        incident["log"].append({"type": type, "created_at": self.clock().isoformat(), "agent": agent or {}})
