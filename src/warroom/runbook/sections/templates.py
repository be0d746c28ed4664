"""Texts to send, with the places that are to be filled."""

import re

from warroom.runbook.document import Fence, Paragraph, Section
from warroom.runbook.draft import Draft
from warroom.runbook.fences import TEXT
from warroom.runbook.model import Placeholder, Template

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
_SUBJECT = re.compile(r"^\**(Title|Subject)\**:\**\s*(\S.*)$", re.IGNORECASE)
_PLACE = re.compile(
    r"\[(?!\s*\])([^\[\]\n]{1,120})\](?!\()"
    r"|\{\{\s*([^{}\s][^{}\n]{0,80}?)\s*\}\}"
    r"|(?<![$\w])\{([A-Za-z][^{}\n]{0,60})\}"
    r"|<([A-Za-z][\w /-]{0,60})>"
)
_BULLET = re.compile(r"\s*[-*+] ")
_AUTO = re.compile(
    r"^((start|end|detection|current) )?(time|date|timestamp|duration|date/time|total duration|name|x|severity|level|elapsed)( utc)?$"
    r"|hh:mm|\bx hours\b|^(ic|incident commander|commander)$",
    re.IGNORECASE,
)


def reads(section: Section, draft: Draft) -> float:
    if not any(_is_text(fence) for fence in section.fences()):
        return 0.0
    said = section.says(_HEADING)
    return 0.0 if not said or _OTHER.search(section.heading) else 1.0 + said


def read(section: Section, draft: Draft) -> None:
    fences = [fence for fence in draft.open_fences(section) if _is_text(fence)]
    for number, fence in enumerate(fences, 1):
        before = section.paragraph_before(fence) if len(fences) > 1 else None
        title = _name(before) or (section.heading if len(fences) == 1 else f"{section.heading} {number}")
        subject, body = _split(fence.text)
        template = Template(
            title=title, channel=_channel(section), subject=subject, body=body, placeholders=placeholders(fence.text), line=fence.line
        )
        draft.templates.append(template)
        draft.take_fence(fence, template, "Title Subject title subject")


def placeholders(text: str) -> tuple[Placeholder, ...]:
    """Each place to fill once, however often and in whatever case it is written, in the order of the text."""
    spelled: dict[str, list[str]] = {}
    times: dict[str, int] = {}
    for found in _PLACE.finditer(text):
        if found[0] in ("[x]", "[X]") and _BULLET.fullmatch(text[text.rfind("\n", 0, found.start()) + 1 : found.start()]):
            continue  # a box that is ticked
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
    return paragraph.lead.rstrip(":") or (paragraph.text.rstrip(":") if paragraph.text.endswith(":") else "")


def _channel(section: Section) -> str:
    """The nearest heading that names one decides."""
    for each in (section, *section.ancestors()):
        for channel, pattern in _CHANNELS:
            if not each.is_title and pattern.search(each.heading):
                return channel
    return ""


def _split(text: str) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    if found := _SUBJECT.match(first.strip()):
        return found[2].strip(), rest.strip("\n")
    return "", text.strip("\n")
