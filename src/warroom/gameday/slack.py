"""Slack as its web API shows it: refusals come with HTTP 200 and `ok: false`."""

import math
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from warroom.gameday.faults import Faults
from warroom.gameday.standin import Limit, StandIn, Tell, document

CHANNELS = ("incident-active", "incident-comms", "oncall")
BURST = 5
NAME = re.compile(r"[a-z0-9_-]{1,80}")


class Slack(StandIn):
    def __init__(
        self,
        clock: Callable[[], datetime],
        token: str,
        tell: Tell = lambda *_: None,
        faults: Faults | None = None,
        burst: int = BURST,
    ) -> None:
        super().__init__(clock, tell, faults)
        self._token, self._burst = token, burst
        self._names = {f"C{n:08}": name for n, name in enumerate(CHANNELS, 1)}
        self._limits: dict[str, Limit] = {}
        self.messages: dict[str, list[dict[str, Any]]] = {id: [] for id in self._names}
        self._last = 0.0

    def routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/api/chat.postMessage", self._answering(self._post))
        router.add_post("/api/auth.test", self._answering(self._test))
        router.add_post("/api/conversations.create", self._answering(self._create))
        router.add_post("/api/conversations.setTopic", self._answering(self._topic))
        router.add_get("/api/conversations.list", self._answering(self._list))
        router.add_get("/api/conversations.history", self._answering(self._history))

    def state(self) -> Any:
        return {"channels": {self._names[id]: found for id, found in self.messages.items()}}

    def refused(self, error: str) -> web.Response:
        return web.json_response({"ok": False, "error": error})

    def _answering(self, answer: Callable[[dict[str, Any]], dict[str, Any] | web.Response]) -> Any:
        async def answered(request: web.Request) -> web.Response:
            if request.headers.get("Authorization") != f"Bearer {self._token}":
                return self.refused("invalid_auth" if "Authorization" in request.headers else "not_authed")
            given = await document(request) if request.method == "POST" else dict(request.query)
            found = answer(given)
            return found if isinstance(found, web.Response) else web.json_response({"ok": True, **found})

        return answered

    def _post(self, given: dict[str, Any]) -> dict[str, Any] | web.Response:
        id = self._id(str(given.get("channel", "")))
        if id is None:
            return self.refused("channel_not_found")
        if not given.get("text"):
            return self.refused("no_text")
        if len(str(given["text"])) > 40_000:
            return self.refused("msg_too_long")
        wait = self._limits.setdefault(id, Limit(self._burst, float(self._burst or 1))).wait(self.clock())
        if wait:
            error = {"ok": False, "error": "ratelimited"}
            return web.json_response(error, status=429, headers={"Retry-After": str(math.ceil(wait))})
        self._last = max(self.clock().timestamp(), self._last + 0.000001)
        message = {"type": "message", "ts": f"{self._last:.6f}", "text": given["text"], "metadata": given.get("metadata")}
        self.messages[id].append(message)
        self.tell("slack", f"#{self._names[id]}", str(given["text"]))
        return {"channel": id, "ts": message["ts"], "message": message}

    def _test(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"user": "warroom", "team": "gameday"}

    def _create(self, given: dict[str, Any]) -> dict[str, Any] | web.Response:
        name = str(given.get("name", ""))
        if not NAME.fullmatch(name):
            return self.refused("invalid_name_specials")
        if name in self._names.values():
            return self.refused("name_taken")
        id = f"C{len(self._names) + 1:08}"
        self._names[id], self.messages[id] = name, []
        return {"channel": {"id": id, "name": name}}

    def _topic(self, given: dict[str, Any]) -> dict[str, Any] | web.Response:
        return {} if self._id(str(given.get("channel", ""))) else self.refused("channel_not_found")

    def _list(self, _: dict[str, Any]) -> dict[str, Any]:
        found = [{"id": id, "name": name, "is_member": True} for id, name in self._names.items()]
        return {"channels": found, "response_metadata": {"next_cursor": ""}}

    def _history(self, given: dict[str, Any]) -> dict[str, Any] | web.Response:
        id = given.get("channel")
        if id not in self.messages:
            return self.refused("channel_not_found")
        oldest, limit = float(given.get("oldest") or 0), min(1000, int(given.get("limit") or 100))
        found = [one for one in reversed(self.messages[id]) if float(one["ts"]) > oldest]
        start = int(given.get("cursor") or 0)
        page = found[start : start + limit]
        if given.get("include_all_metadata") != "true":
            page = [{name: value for name, value in one.items() if name != "metadata"} for one in page]
        more = str(start + limit) if start + limit < len(found) else ""
        return {"messages": page, "has_more": bool(more), "response_metadata": {"next_cursor": more}}

    def _id(self, channel: str) -> str | None:
        if channel in self._names:
            return channel
        return next((id for id, name in self._names.items() if name == channel.lstrip("#")), None)
