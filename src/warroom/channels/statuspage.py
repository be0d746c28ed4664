"""Statuspage: posts for the public, read back before one is said again."""

from collections.abc import Iterable
from typing import Any

from warroom.channels.answers import many, part
from warroom.channels.web import Answer, Web
from warroom.core.outbox import Intent, Service
from warroom.core.ports import Failed, Sent

API = "https://api.statuspage.io/v1"
LONGEST_NAME, LONGEST_BODY = 255, 25_000


class Statuspage:
    service: Service = "statuspage"

    def __init__(self, web: Web, token: str, page: str, address: str = API, notify: bool = False) -> None:
        self._web, self._token, self._page, self.address, self._notify = web, token, page, address.rstrip("/"), notify

    def knows_again(self, intent: Intent) -> bool:
        return False

    async def send(self, intent: Intent) -> Sent | Failed:
        if len(intent.text) > LONGEST_BODY:
            return Failed(f"a post of the status page has at most {LONGEST_BODY:,} characters: make it shorter", final=True)
        open_one = await self._open(intent)
        if isinstance(open_one, Failed):
            return open_one
        post: dict[str, Any] = {
            "name": (intent.subject or intent.title)[:LONGEST_NAME],
            "status": intent.status or "investigating",
            "body": intent.text,
            "deliver_notifications": self._notify and not intent.drill,
        }
        if open_one is None:
            answer = await self._ask("POST", "incidents", {"incident": post})
        else:
            answer = await self._ask("PATCH", f"incidents/{open_one['id']}", {"incident": post})
        return answer if isinstance(answer, Failed) else Sent(str(part(answer.document, "id") or ""))

    async def find(self, intent: Intent) -> Sent | Failed | None:
        """By its very words: the same words of one incident are said once."""
        answer = await self._ask("GET", f"incidents/{intent.linked}" if intent.linked else "incidents?limit=100")
        if isinstance(answer, Failed):
            return answer
        for incident in [answer.document] if intent.linked else many(answer.document):
            if _ours(incident, intent) and any(update.get("body") == intent.text for update in many(incident, "incident_updates")):
                return Sent(str(incident.get("id", "")))
        return None

    async def prove(self) -> str | Failed:
        answer = await self._ask("GET", "incidents/unresolved")
        return answer if isinstance(answer, Failed) else f"page {self._page}, {len(many(answer.document))} unresolved"

    async def _open(self, intent: Intent) -> dict[str, Any] | Failed | None:
        """What the public sees of this incident now."""
        answer = await self._ask("GET", "incidents/unresolved")
        if isinstance(answer, Failed):  # nothing was posted yet
            return Failed(answer.why, final=answer.final, after=answer.after)
        return next((one for one in _newest(many(answer.document)) if _ours(one, intent)), None)

    async def _ask(self, method: str, path: str, body: Any = None) -> Answer | Failed:
        headers = {"Authorization": f"OAuth {self._token}"}
        return await self._web.ask("statuspage", method, f"{self.address}/pages/{self._page}/{path}", headers, json=body)


def _ours(incident: dict[str, Any], intent: Intent) -> bool:
    """What we posted there earlier; before that, what is called the same."""
    if intent.linked:
        return incident.get("id") == intent.linked
    return incident.get("name") == (intent.subject or intent.title)[:LONGEST_NAME]


def _newest(incidents: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(incidents, key=lambda one: str(one.get("created_at", "")), reverse=True)
