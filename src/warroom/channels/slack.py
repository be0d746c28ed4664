"""Slack: messages of the room, posted once and read back by the key that travels with them."""

from collections.abc import AsyncIterator
from typing import Any

from warroom.channels.answers import asked_to_wait, many, part, short
from warroom.channels.web import Answer, Web
from warroom.core.outbox import Intent, Service, bare
from warroom.core.ports import Failed, Sent

API = "https://slack.com/api"
EVENT = "warroom_message"
PASSING = frozenset(("internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"))
"""Faults that pass by themselves; whether the message is there, they do not say."""
ADVICE = {
    "not_in_channel": "invite the bot into the channel (`/invite`)",
    "channel_not_found": "correct the channel's name, or map it in slack.channels",
    "is_archived": "take another channel",
    "invalid_auth": "set another token",
    "not_authed": "set a token",
    "token_revoked": "set another token",
    "account_inactive": "set another token",
    "missing_scope": "give the token the scopes that `warroom doctor` names",
    "msg_too_long": "make it shorter",
}
AT_ONCE = 200
MOST_PAGES = 50
EARLIER = 120.0
"""Seconds before it was asked for from which on a message is looked for: clocks differ."""


class Slack:
    service: Service = "slack"

    def __init__(self, web: Web, token: str, address: str = API, channel: str = "", channels: dict[str, str] | None = None) -> None:
        self._web, self._token, self.address, self._channel = web, token, address.rstrip("/"), channel
        self._channels = {bare(name).casefold(): id for name, id in (channels or {}).items()}
        self._ids: dict[str, str] = {}

    def knows_again(self, intent: Intent) -> bool:
        return False

    async def send(self, intent: Intent) -> Sent | Failed:
        body = {
            "channel": self._name(intent),
            "text": intent.text,
            "unfurl_links": False,
            "metadata": {"event_type": EVENT, "event_payload": {"key": intent.key}},
        }
        answer = await self._post("chat.postMessage", body)
        if isinstance(answer, Failed):
            return answer
        channel, ts = str(part(answer.document, "channel") or ""), str(part(answer.document, "ts") or "")
        self._ids[self._name(intent)] = channel
        return Sent(f"{channel}/{ts}")

    async def find(self, intent: Intent) -> Sent | Failed | None:
        channel = await self._id(self._name(intent))
        if isinstance(channel, Failed):
            return channel
        query: dict[str, Any] = {"channel": channel, "limit": AT_ONCE, "include_all_metadata": "true"}
        query["oldest"] = f"{max(0.0, intent.since - EARLIER):.6f}"
        async for message in self._pages("conversations.history", query, "messages"):
            if isinstance(message, Failed):
                return message
            if part(message, "metadata", "event_payload", "key") == intent.key:
                return Sent(f"{channel}/{message.get('ts', '')}")
        return None

    async def prove(self) -> str | Failed:
        """Whose token it is, without changing anything."""
        answer = await self._post("auth.test", {})
        return answer if isinstance(answer, Failed) else f"{part(answer.document, 'user')} in {part(answer.document, 'team')}"

    async def open_channel(self, name: str, topic: str = "") -> Sent | Failed:
        """An incident's own channel; one that is there already is as good."""
        answer = await self._post("conversations.create", {"name": name.lower()[:80], "is_private": False})
        if isinstance(answer, Failed):
            if "name_taken" not in answer.why:
                return answer
            there = await self._id(f"#{name.lower()[:80]}")
            return there if isinstance(there, Failed) else Sent(there, "it was there already")
        id = str(part(answer.document, "channel", "id") or "")
        if topic:
            await self._post("conversations.setTopic", {"channel": id, "topic": topic[:250]})
        return Sent(id)

    def _name(self, intent: Intent) -> str:
        name = bare(intent.channel)
        return self._channels.get(name.casefold()) or self._channel or name

    async def _id(self, name: str) -> str | Failed:
        """History is asked for by id; a name is looked up once."""
        if not name.startswith("#"):
            return name
        if name in self._ids:
            return self._ids[name]
        async for one in self._pages("conversations.list", {"limit": 1000, "exclude_archived": "true"}, "channels"):
            if isinstance(one, Failed):
                return one
            self._ids[f"#{one.get('name', '')}"] = str(one.get("id", ""))
        if name in self._ids:
            return self._ids[name]
        return Failed(f"Slack has no channel {short(name)} that the bot sees: {ADVICE['channel_not_found']}", final=True)

    async def _pages(self, method: str, query: dict[str, Any], field: str) -> AsyncIterator[dict[str, Any] | Failed]:
        """Every object of a list; a fault is the last that comes."""
        cursor = ""
        for _ in range(MOST_PAGES):
            answer = await self._get(method, {**query, **({"cursor": cursor} if cursor else {})})
            if isinstance(answer, Failed):
                yield answer
                return
            for one in many(answer.document, field):
                yield one
            cursor = str(part(answer.document, "response_metadata", "next_cursor") or "")
            if not cursor:
                return
        yield Failed(f"Slack's {field} have no end: name the channel by its id in slack.channels", final=True)

    async def _post(self, method: str, body: dict[str, Any]) -> Answer | Failed:
        return _judged(await self._web.ask("slack", "POST", f"{self.address}/{method}", self._headers(), json=body))

    async def _get(self, method: str, query: dict[str, Any]) -> Answer | Failed:
        return _judged(await self._web.ask("slack", "GET", f"{self.address}/{method}", self._headers(), params=query))

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json; charset=utf-8"}


def _judged(answer: Answer | Failed) -> Answer | Failed:
    """HTTP 200 with `ok: false` is how Slack usually refuses."""
    if isinstance(answer, Failed) or part(answer.document, "ok") is True:
        return answer
    error = short(str(part(answer.document, "error") or "no reason given"))
    if error in ("ratelimited", "rate_limited"):
        return Failed("Slack asks to wait: too many requests", after=asked_to_wait(answer.headers))
    if error in PASSING:
        return Failed(f"Slack is in trouble ({error})", unsure=True)
    return Failed(f"Slack refuses it ({error}): {ADVICE.get(error, 'see what Slack says about this word')}", final=True)
