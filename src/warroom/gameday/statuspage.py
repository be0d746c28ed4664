"""Statuspage as its API shows it: one request a second over a minute, and no key that makes one of two."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from warroom.gameday.faults import Faults
from warroom.gameday.standin import Limit, StandIn, Tell, document

STATUSES = ("investigating", "identified", "monitoring", "resolved")
A_MINUTE = 60
PAGE = "gameday"


class Statuspage(StandIn):
    def __init__(
        self,
        clock: Callable[[], datetime],
        token: str,
        tell: Tell = lambda *_: None,
        faults: Faults | None = None,
        a_minute: int = A_MINUTE,
    ) -> None:
        super().__init__(clock, tell, faults)
        self._token, self._limit = token, Limit(a_minute, 60.0)
        self.incidents: list[dict[str, Any]] = []
        self.mailed = 0

    def routes(self, router: web.UrlDispatcher) -> None:
        base = "/v1/pages/{page}/incidents"
        router.add_get(base, self._answering(self._all))
        router.add_get(f"{base}/unresolved", self._answering(self._unresolved))
        router.add_get(f"{base}/{{id}}", self._answering(self._one))
        router.add_post(base, self._answering(self._create))
        router.add_patch(f"{base}/{{id}}", self._answering(self._update))

    def state(self) -> Any:
        return {"incidents": self.incidents, "mailed": self.mailed}

    def refused(self, error: str) -> web.Response:
        return web.json_response({"error": [error]}, status=422)

    def _answering(self, answer: Callable[[str, dict[str, Any]], Any]) -> Any:
        async def answered(request: web.Request) -> web.Response:
            if request.headers.get("Authorization") != f"OAuth {self._token}":
                return web.json_response({"error": "Could not authenticate"}, status=401)
            if request.match_info["page"] != PAGE:
                return web.json_response({"error": "Page not found"}, status=404)
            if self._limit.wait(self.clock()):
                return web.json_response({"error": "Rate limit exceeded"}, status=420)
            given = await document(request) if request.method in ("POST", "PATCH") else {}
            found = answer(request.match_info.get("id", ""), given.get("incident") or {})
            status = 201 if request.method == "POST" else 200
            return found if isinstance(found, web.Response) else web.json_response(found, status=status)

        return answered

    def _all(self, _: str, __: dict[str, Any]) -> Any:
        return self.incidents[::-1][:100]

    def _unresolved(self, _: str, __: dict[str, Any]) -> Any:
        return [one for one in reversed(self.incidents) if one["status"] != "resolved"]

    def _one(self, id: str, _: dict[str, Any]) -> Any:
        found = next((one for one in self.incidents if one["id"] == id), None)
        return found or web.json_response({"error": "Record not found"}, status=404)

    def _create(self, _: str, given: dict[str, Any]) -> Any:
        if not given.get("name"):
            return self.refused("Name can't be blank")
        now = self.clock().isoformat()
        incident = {
            "id": f"sp{len(self.incidents) + 1:06}",
            "name": given["name"],
            "status": "investigating",
            "created_at": now,
            "incident_updates": [],
        }
        if wrong := self._say(incident, given):
            return wrong
        self.incidents.append(incident)
        return incident

    def _update(self, id: str, given: dict[str, Any]) -> Any:
        incident = self._one(id, {})
        if isinstance(incident, web.Response):
            return incident
        return self._say(incident, given) or incident

    def _say(self, incident: dict[str, Any], given: dict[str, Any]) -> web.Response | None:
        status, body = given.get("status") or incident["status"], str(given.get("body") or "")
        if status not in STATUSES:
            return self.refused(f"Status {status} is not allowed")
        if len(str(given.get("name") or "")) > 255 or len(body) > 25_000:
            return self.refused("is too long")
        incident["status"] = status
        incident["name"] = given.get("name") or incident["name"]
        updates = incident["incident_updates"]
        if body:
            update = {"id": f"{incident['id']}-{len(updates) + 1}", "status": status, "body": body, "created_at": self.clock().isoformat()}
            updates.insert(0, update)
            self.mailed += bool(given.get("deliver_notifications", True))
            self.tell("statuspage", status, body)
        return None
