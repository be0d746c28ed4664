"""Texts to send, with the places that are to be filled."""

import re

from warroom.runbook.document import Fence, Paragraph, Quote, Section
from warroom.runbook.draft import Draft
from warroom.runbook.fences import TEXT
from warroom.runbook.model import Placeholder, Template
from warroom.runbook.pairs import keyed
from warroom.runbook.views import views

_HEADING = re.compile(
    r"\b(templates?|messages?|notifications?|announcements?|communications?|comms|e-?mails?|status ?page|customer updates?)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\b(declar\w+ an|how to|post-?mortem|escalat\w*|retrospective|playbooks?)\b", re.IGNORECASE)
_CHANNELS = (
    ("statuspage", re.compile(r"\bstatus ?-?page\b", re.IGNORECASE)),
    ("email", re.compile(r"\be-?mails?\b|\bmail\b", re.IGNORECASE)),
    ("slack", re.compile(r"\bslack\b", re.IGNORECASE)),
)
_SENTENCE = re.compile(
    r"\b(templates?|messages?|announcements?|wording|status page|e-?mail|post this|send this|modelo|plantilla|mensaje|mod[eè]le)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\s*\d+(\.\d+)*[.)]\s+")
_SUBJECT = re.compile(r"^\**(Title|Subject|Assunto|Asunto|Objet|Sujet|Temat|Betreff)\**:\**\s*(\S.*)$", re.IGNORECASE)
_PLACE = re.compile(
    r"\[(?!\s*\])([^\[\]\n]{1,120})\](?!\()"
    r"|\{\{\s*([^{}\s][^{}\n]{0,80}?)\s*\}\}"
    r"|(?<!\$)\{([^\W\d][^{}\n]{0,60})\}"
    r"|<([^\W\d][\w /-]{0,60})>"
    r"|\(((?:include|insert|add|describe|state|fill in|your|name of|inserir|insertar)\b[^()\n]{0,80})\)"
)
_BULLET = re.compile(r"\s*[-*+] ")
_AUTO = re.compile(
    r"^((start|end|detection|current) )?(time|date|timestamp|duration|date/time|total duration|name|x|severity|level|elapsed)( utc)?$"
    r"|hh:mm|\bx hours\b|^(ic|incident commander|commander)$",
    re.IGNORECASE,
)


def reads(section: Section, draft: Draft) -> float:
    if draft.mapped(section) == "templates":
        return 5.0
    if not any(_texts(view, draft) for view in views(section)):
        return 0.0
    if draft.says(section, "postmortem") and not re.search(
        r"\b(message|e-?mail|notification|status ?page)", section.heading, re.IGNORECASE
    ):
        return 0.0
    said = max(section.says(_HEADING), draft.says(section, "template"))
    if _OTHER.search(section.heading) and not draft.hears(section.heading, "template"):
        return 0.0
    return 1.0 + said if said else 1.2


def read(section: Section, draft: Draft) -> None:
    for view in views(section):
        blocks = [block for block in _texts(view, draft) if block in draft.open(view)]
        for number, block in enumerate(blocks, 1):
            before = view.paragraph_before(block)
            named = before if len(blocks) > 1 or _introduces(before, draft) else None
            heading = _NUMBER.sub("", view.heading) if _NUMBER.match(view.heading) else view.heading
            title = _name(named) or (heading if len(blocks) == 1 else f"{heading} {number}")
            line = block.line
            text = block.text if isinstance(block, Fence) else _quoted(block, draft)
            channel = _channel(view, before, draft)
            subject = _keys(view, draft, "subject")
            for name, message in _messages(text, draft) or [(title, text)]:
                own, body = _split(message)
                template = Template(
                    title=name,
                    channel=channel,
                    subject=own or subject,
                    body=body,
                    placeholders=placeholders(message),
                    line=line if message is text else line + 1 + text[: text.index(message)].count("\n"),
                )
                draft.templates.append(template)
            made = draft.templates[-len(_messages(text, draft) or [1]) :]
            draft.take(
                block.line,
                block.end,
                *made,
                block.language if isinstance(block, Fence) else "",
                "Title Subject title subject",
            )


def _texts(view: Section, draft: Draft) -> list[Fence | Quote]:
    """The fences and quotes of the section that are messages."""
    found: list[Fence | Quote] = []
    said = max(view.says(_HEADING), draft.says(view, "template"), 3.0 if draft.mapped(view) == "templates" else 0.0)
    for block in view.blocks:
        if isinstance(block, Fence):
            if _is_text(block) and (said or _introduces(view.paragraph_before(block), draft)):
                found.append(block)
        elif isinstance(block, Quote) and said and _is_message(block, draft):
            found.append(block)
    return found


def _is_message(quote: Quote, draft: Draft) -> bool:
    """A quote is a message when it has places to fill, or stands right below a heading that says so; an admonition is none."""
    text = _quoted(quote, draft)
    return not re.match(r"\s*(\[!|\W*(note|tip|warning|important|caution)\b)", text, re.IGNORECASE) and bool(placeholders(text))


def _quoted(quote: Quote, draft: Draft) -> str:
    return "\n".join(re.sub(r"^\s*(>\s?)+", "", line) for line in draft.document.lines[quote.line - 1 : quote.end - 1]).strip("\n")


def _introduces(before: Paragraph | None, draft: Draft) -> bool:
    """The sentence before a fence says that it is a message."""
    return bool(
        before
        and before.text.endswith(":")
        and len(before.text.split()) < 16
        and re.search(_SENTENCE, before.text)
        and not _OTHER.search(before.text)
    )


def _messages(text: str, draft: Draft) -> list[tuple[str, str]]:
    """Several messages in one text, each begun by the state that it is for; empty when it is one."""
    starts = []
    for found in re.finditer(r"(?:^|\n\s*\n)([^\w\n]*([^\W\d][\w ]{2,30}?)\s*[:*\]])", text):
        if draft.hears(found[2], "states") and len(found[2].split()) < 4:
            starts.append((found.start(1), found[2].strip()))
    names = [name.casefold() for _, name in starts]
    if len(starts) < 2 or len(set(names)) != len(names) or text[: starts[0][0]].strip():
        return []
    ends = [start for start, _ in starts[1:]] + [len(text)]
    return [(name, text[start:end].strip("\n")) for (start, name), end in zip(starts, ends, strict=True)]


def _keys(view: Section, draft: Draft, key: str) -> str:
    """A line `Subject: …` or `Channel: …` between the name and the text."""
    for paragraph in view.paragraphs():
        for line in draft.document.lines[paragraph.line - 1 : paragraph.end - 1]:
            if (pair := keyed(line)) and pair[1] and len(pair[0].split()) < 3 and draft.hears(pair[0], key):
                return pair[1]
    return ""


_STATE = re.compile(r"\[(INVESTIGATING|IDENTIFIED|MONITORING|RESOLVED|UPDATE|INCIDENT|OUTAGE|MAINTENANCE|ALERT)\]")


def placeholders(text: str) -> tuple[Placeholder, ...]:
    """Each place to fill once, however often and in whatever case it is written, in the order of the text."""
    spelled: dict[str, list[str]] = {}
    times: dict[str, int] = {}
    for found in _PLACE.finditer(text):
        if found[0] in ("[x]", "[X]") and _BULLET.fullmatch(text[text.rfind("\n", 0, found.start()) + 1 : found.start()]):
            continue  # a box that is ticked
        if _STATE.fullmatch(found[0]) and not text[text.rfind("\n", 0, found.start()) + 1 : found.start()].strip():
            continue  # the state that the message begins with
        name = " ".join(next(filter(None, found.groups())).casefold().split())
        spellings = spelled.setdefault(name, [])
        times[name] = times.get(name, 0) + 1
        if found[0] not in spellings:
            spellings.append(found[0])
    return tuple(_placeholder(name, tuple(spelling), times[name]) for name, spelling in spelled.items())


def _placeholder(name: str, spelling: tuple[str, ...], times: int) -> Placeholder:
    if re.search(r"\bif\b|\bwhen applicable\b", name):
        return Placeholder(name=name, kind="conditional", spelling=spelling)
    if choices(name):
        return Placeholder(name=name, kind="choice", spelling=spelling)
    if times > 1:
        return Placeholder(name=name, kind="repeated", spelling=spelling)
    return Placeholder(name=name, kind="auto" if _AUTO.search(name) else "free", spelling=spelling)


def choices(name: str) -> tuple[str, ...]:
    """The alternatives of "a/b/c" or "1-4"; empty when it is no choice."""
    if found := re.fullmatch(r"(\d)\s*[-–]\s*(\d)", name):
        return tuple(str(number) for number in range(int(found[1]), int(found[2]) + 1))
    parts = tuple(part.strip() for part in name.split("/"))
    words = all(re.fullmatch(r"[\w-]+", part) for part in parts)
    return parts if len(parts) > 1 and words and not any(_AUTO.match(part) for part in parts) else ()


def _is_text(fence: Fence) -> bool:
    return fence.language in TEXT and bool(fence.text.strip())


def _name(paragraph: Paragraph | None) -> str:
    if paragraph is None:
        return ""
    if paragraph.title:
        return paragraph.lead.rstrip(":")
    return paragraph.lead.rstrip(":") or (paragraph.text.rstrip(":") if paragraph.text.endswith(":") else "")


def _channel(section: Section, before: Paragraph | None, draft: Draft) -> str:
    """A line that says so, the sentence before, else the nearest heading that names one decides."""
    said = [_keys(section, draft, "channel_key"), before.text if before and before.text.endswith(":") else ""]
    headings = [each.heading for each in (section, *section.ancestors()) if not each.is_title]
    for words in [*said, *headings]:
        for channel, pattern in _CHANNELS:
            if pattern.search(words):
                return channel
    return ""


def _split(text: str) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    if found := _SUBJECT.match(first.strip()):
        return found[2].strip(), rest.strip("\n")
    return "", text.strip("\n")
