"""The words of one rule of escalation: when, after how long, and who is told."""

import re

from warroom.runbook.draft import Draft
from warroom.runbook.labels import in_text
from warroom.runbook.model import EscalationTrigger, TriggerKind
from warroom.runbook.vocabulary import TABLES, pattern, plain, says
from warroom.runbook.words import seconds, slug, window

_NO_RESPONSE = re.compile(r"\b(no|without( an?)?|not|un)[\s-]*(response|answer\w*|ack\w*|repl(y|ied)|reaction)|\bunanswered", re.IGNORECASE)
_NO_PROGRESS = re.compile(
    r"\b(no|without|not|lack of)\s+(progress\w*|fix\w*|mitigat\w*|resol\w+|updates?)|\b(stuck|stalled|unresolved)\b", re.IGNORECASE
)
_DURATION = re.compile(r"\b(duration|lasts?|lasting|longer|exceeds?|open|ongoing|still|runs?|more than|over)\b|[>≥]", re.IGNORECASE)
_ANY_LABEL = re.compile(r"(?<!\w)(?:P|SEV[\s-]?|S)\d(?!\w)", re.IGNORECASE)
_FILLERS = re.compile(r"\b(to|on|in|for|of|the|an?|is|are|within|after|alerts?|been|has|have)\b", re.IGNORECASE)
_ARTICLE = r"(?:(?:the|an?|to|para|ao|aos|al|vers|o|a|os|as|el|la|los|las|le|les|l'|der|die|das|den|our|your)\s+)*"
_ALL_ORDERS = " ".join(table["order"] for name, table in TABLES.items() if name not in ("ja", "zh", "ko"))
_ORDER_WORDS = {word.replace("_", r"[\s-]+").replace("*", r"\w*") for word in _ALL_ORDERS.split()}
_ORDERS = "|".join(sorted(_ORDER_WORDS, key=len, reverse=True))
_IS_PERSON = r"(?!\s+(?:master|person|cent(?:er|re)|point|desk|owner|tree)\b)"
"""`Contact person` and `Ring master` are names, no orders."""
_ORDER = re.compile(
    rf"^(?:(?:immediately|auto(?:matically)?|at once|then|also|please|first)[\s-]+)*"
    rf"(?:(?:they|we|you|i)\s+(?:(?:should|must|will|can|shall|have to|need to)\s+)?(?=(?:{_ORDERS})\b))?"
    rf"(?:(?:{_ORDERS}){_IS_PERSON}\s+(?:up\s+)?)?{_ARTICLE}",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:\+|、|，|和|と|→|➜|⇒|->|/|,|;|&|\band\b|\bthen\b|\bplus\b|\be\b|\by\b|\bet\b|\bund\b|\bi\b|\boraz\b)\s*")
ARROW = re.compile(r"\s*(?:→|➜|⇒|➡️?|-+>|=+>)\s*")
_TAIL = re.compile(
    r"\s*[,(]?\s*\b(if|when|whenever|unless|once|after|within|for|at|se|si|quando|cuando|apos|apres|tras"
    r"|wenn|nach|jesli|gdy|po|as soon as|only)\b.*$",
    re.IGNORECASE,
)
_IS = r"(?:is|are|will be|must be|should be|gets?)\s+(?:automatically\s+|also\s+)?"
_TOLD = "paged|notified|called|informed|contacted|engaged|alerted|woken(?: up)?|told|involved"
PASSIVE = re.compile(
    rf"(.{{2,60}}?)\s+{_IS}(?:(?:escalated|passed on|handed over|re-?assigned)\s+to\s+(.+)|(?:{_TOLD})\b.*)$", re.IGNORECASE
)
_AT_END = re.compile(
    r"\s+(?:anrufen|informieren|benachrichtigen|verstandigen|wecken|eskalieren|kontaktieren|alarmieren)$"
    r"|(?:に|へ|を)?(?:電話)?(?:連絡|通知|報告|エスカレーション|呼び出し?|電話)(?:する|します)?$|(?:에게|께)\s*(?:연락|보고|통보|전화).*$"
)
_AT_START = re.compile(r"^(?:通知|联系|联络|上报(?:给|至|到)?|呼叫|拨打|拉起|升级(?:到|至)?)\s*")
"""Orders of languages that put them behind the name, or before it without a blank."""
_IN_CASE = re.compile(
    r"^(?:for|in case of|during|in|on)\s+((?:[\w/-]+\s+){1,3}?(?:incidents?|issues?|alerts?|events?|cases?|outages?|only))\s*[,:]?\s+(.+)$",
    re.IGNORECASE,
)
_RUNG = re.compile(
    r"(?:(?:level|tier|step|stage|line|l|t)[\s-]?\d|\d(?:st|nd|rd|th)?(?:[\s-](?:line|level|tier|contact))?|(?:first|second|third|fourth|primary|secondary|tertiary|final)"
    r"(?:[\s-](?:line|level|tier|contact|escalation))?)",
    re.IGNORECASE,
)
_MOST_WORDS = 6
_RATE = re.compile(r"\b(?:times|occurrences|alerts)\s+(?:in|within|per)\b", re.IGNORECASE)
"""How often in which time is no delay."""
_AT_ONCE = re.compile(r"^(?:immediate(?:ly)?|at once)\s*:\s*", re.IGNORECASE)


_TOOLS = r"it|they|pagerduty|opsgenie|victorops|grafana on-?call|(?:the|our)\s+(?:system|tool|bot|policy|alert|pager|schedule|page)"
_TOOL_CALLS = re.compile(
    rf"(,?)\s+(?:{_TOOLS})\s+(?:(?:will|then|also|automatically)\s+)*"
    r"(page|notif|call|alert|inform|contact|escalate|ring|wake)(?:s|es|ies|y)?\b",
    re.IGNORECASE,
)
_FULL = {"notif": "notify"}


def as_order(sentence: str) -> str:
    """`After 30 minutes it pages the manager` asks for what `After 30 minutes, page the manager` does."""
    found = _TOOL_CALLS.search(sentence)
    if not found or found.start() == 0:
        return sentence
    verb = found[2].lower()
    return f"{sentence[: found.start()]}, {_FULL.get(verb, verb)}{sentence[found.end() :]}"


def rule(condition: str, action: str, line: int, draft: Draft, time: str = "") -> EscalationTrigger:
    """What a condition's and an action's words ask for, by the labels of this document."""
    after = next((found for found in (_from(condition), _from(time), _after(action)) if found is not None), None)
    return EscalationTrigger(
        id=draft.unique(slug(_FILLERS.sub(" ", condition), 7) or "rule"),
        condition=condition,
        kind=_kind(f"{condition} {action if after and not seconds(condition) else ''}", after, draft),
        levels=_levels(condition, draft.labels),
        after_seconds=after,
        to=targets(action),
        text=action if not time else f"{action} ({time})",
        line=line,
    )


def _from(words: str) -> float | None:
    """Of a time box the beginning: who is on from 15 to 30 minutes is told after 15."""
    if _RATE.search(words):
        return None
    begin, _ = window(words)
    return seconds(words) if begin is None else begin


def _after(action: str) -> float | None:
    tail = _TAIL.search(plain(action))
    return seconds(tail[0]) if tail else None


def targets(action: str) -> tuple[str, ...]:
    """The names in the words: without the order before them and the circumstance behind."""
    told = _AT_ONCE.sub("", re.sub(r"\([^()]*\)", " ", action.strip()))
    if found := PASSIVE.match(told):
        told = found[2] or found[1]
    tail = _TAIL.search(plain(told))
    if tail and tail.start() > 0:
        told = told[: tail.start()]
    first = _ORDER.match(plain(told))
    told = told[first.end() :] if first else told
    told = _AT_START.sub("", told.rstrip(".:。 "))
    end = _AT_END.search(plain(told))
    told = told[: end.start()] if end and end.start() else told
    parts = _SPLIT.split(" ".join(told.split()))
    return tuple(name for part in parts if (name := part[_ORDER.match(plain(part)).end() :].strip(" .*`")))  # type: ignore[union-attr]


def _kind(condition: str, after: float | None, draft: Draft) -> TriggerKind:
    if _NO_RESPONSE.search(condition) or draft.hears(condition, "no_response"):
        return "no_response"
    if _NO_PROGRESS.search(condition) or draft.hears(condition, "no_progress"):
        return "no_progress"
    return "duration" if after is not None and (_DURATION.search(condition) or draft.hears(condition, "duration")) else "fact"


def _levels(condition: str, labels: list[str]) -> tuple[str, ...]:
    if not labels:
        return tuple(dict.fromkeys(_ANY_LABEL.findall(condition)))
    return in_text(condition, labels)


def is_condition(draft: Draft, text: str) -> bool:
    words = plain(text)
    return bool(
        in_text(text, draft.labels)
        or seconds(text) is not None
        or says(draft.language, "if").match(words)
        or any(draft.hears(text, concept) for concept in ("no_response", "no_progress", "duration"))
    )


def is_ordered(text: str) -> bool:
    """It begins with an order: page, notify, call, also "they call"; or says who is told."""
    if PASSIVE.match(text):
        return True
    found = _ORDER.match(plain(text))
    return bool(found and re.match(rf"(?:\w+[\s-]+)*?(?:{_ORDERS})\b", found[0], re.IGNORECASE))


def parted(text: str, lead: str, draft: Draft, ladder: bool = False) -> tuple[str, str] | None:
    """Condition and action of a line; None: it is no rule. On a ladder a name alone is one."""
    text = text.strip().rstrip(".")
    halves = ARROW.split(text, maxsplit=1)
    if len(halves) == 2 and halves[0] == lead and halves[1]:
        return _of_name(lead, halves[1], draft)
    if len(halves) == 2 and all(halves):
        return (halves[0], halves[1]) if is_condition(draft, halves[0]) or len(halves[0].split()) > 3 else None
    if lead and text.startswith(lead):
        return _of_name(lead.rstrip(": "), text[len(lead) :].strip().lstrip(":–—-, ").strip(), draft)
    words = plain(text)
    if says(draft.language, "if").match(words) or re.match(r"(after|no|apos|apres|tras|nach|po)\b", words, re.IGNORECASE):
        if found := re.match(r"(.+?)\s*(?:,\s*(?:then\s+)?|:\s+|\s+[-–—]\s+)(.+)$", text):
            best = next((cut for cut in re.finditer(r",\s*(?:then\s+)?|:\s+|\s+[-–—]\s+", text) if is_ordered(text[cut.end() :])), None)
            return (text[: best.start()], text[best.end() :]) if best else (found[1], found[2])
        return None
    if (found := _IN_CASE.match(text)) and is_ordered(found[2]):
        return found[1], found[2]
    if (
        (found := re.match(r"(?:for|in)\s+(.{2,80}?),\s+(.+)$", text, re.IGNORECASE))
        and in_text(found[1], draft.labels)
        and is_ordered(found[2])
    ):
        return found[1], found[2]
    if is_ordered(text):
        tail = _TAIL.search(words)
        if tail and tail.start() > 0:
            return text[tail.start() :].strip(" ,()"), text[: tail.start()].strip()
        return (text, text) if ladder else None
    if found := re.match(r"([^:]{2,60}?):\s+(.+)$", text):
        return _of_name(found[1], found[2], draft)
    if found := re.match(r"(.{2,60}?)\s*\((.+)\)$", text):
        return _of_name(found[1], found[2], draft)
    if found := re.match(r"(.{2,60}?)\s+[-–—]\s+(.+)$", text):
        return _of_name(found[1], found[2], draft)
    return (text, text) if ladder and len(text.split()) <= _MOST_WORDS else None


def _of_name(name: str, rest: str, draft: Draft) -> tuple[str, str] | None:
    """`P1: page the director` is condition and action; `Director (no fix in 20 min)` is a name and its condition."""
    if found := re.fullmatch(r"\((.*)\)\s*(?:[:–—-]\s*)?(.*)", rest):
        rest = ", ".join(filter(None, found.groups()))
    if not rest:
        return (name, name)
    if _RUNG.fullmatch(name) and not in_text(name, draft.labels) and not is_ordered(rest):
        told = re.fullmatch(r"(.+?)\s*[(\[](.+)[)\]]", rest) or re.fullmatch(r"(.+?)\s*(?:,|;|\s[-–—])\s+(.+)", rest)
        return (told[2], told[1]) if told else (name, rest)
    if is_ordered(rest) or (is_condition(draft, name) and not is_ordered(name)):
        return name, rest
    return rest, name


def orders() -> re.Pattern[str]:
    return pattern(_ALL_ORDERS)
