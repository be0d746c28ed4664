"""What to do about one kind of failure, step by step, with the commands."""

import re
import textwrap

import msgspec

from warroom.runbook.document import Block, Fence, Indented, List, ListItem, Paragraph, Section
from warroom.runbook.draft import Draft
from warroom.runbook.fences import commands
from warroom.runbook.model import Command, Playbook, Step
from warroom.runbook.words import seconds

_OWN = re.compile(r"^\W*(playbook|runbook|scenario|incident|procedure|alert)\b\s*\d*\s*[:–—-]\s*(?=\S)", re.IGNORECASE)
_LEVEL = re.compile(r"^\W*(p|sev|s)[\s-]?\d\s*(incident)?\s*[:–—-]\s+(?=\S)", re.IGNORECASE)
_PARENT = re.compile(
    r"\b(playbooks|runbooks|scenarios|failure modes|troubleshooting|known (issues?|problems?)"
    r"|common (incidents?|issues?|problems?|failures?)|procedures by)\b",
    re.IGNORECASE,
)
_TO_WRITE = re.compile(r"^\W*(TODO|TBD|FIXME|to be (written|added|done)|insert\b|n/?a\W*$)", re.IGNORECASE)
_IF = re.compile(r"^((?:if|when|otherwise|unless)\b.*?)(?:\s+[-–—]\s+|\s*[:,]\s+|$)", re.IGNORECASE)
_IF_AT_END = re.compile(r"\(((?:if|when|unless)\b[^()]*)\)\s*\.?\s*$", re.IGNORECASE)
_ALERT = re.compile(
    r"^\W*(meaning|impact|diagnos\w*|mitigat\w*|resolution|remediation|symptoms?|cause|overview"
    r"|verification|triage|investigat\w*|recovery)\b",
    re.IGNORECASE,
)
_NO_STEPS = re.compile(
    r"^\W*(meaning|impact|symptoms?|overview|background|summary|references?|links|see also|additional|notes?|related)\b", re.IGNORECASE
)


def is_alert(section: Section) -> bool:
    """Whether it is about one alert or failure: what it means, how it is found, what helps."""
    below = [child.heading for child in section.children if _ALERT.search(child.heading)]
    return len({_first_word(heading) for heading in below}) >= 2 and any(not _NO_STEPS.search(heading) for heading in below)


def _first_word(heading: str) -> str:
    return next(iter(re.findall(r"[a-z]+", heading.casefold())), "")


def root(section: Section) -> Section | None:
    """The section that is a playbook and has this one as a part, or is this one."""
    for each in reversed((section, *section.ancestors())):
        above = each.parent
        if (each.heading or not each.level) and is_alert(each) and section is not each and not _NO_STEPS.search(section.heading):
            return each
        if each.is_title or not each.heading:
            continue
        if (
            _OWN.search(each.heading)
            or (_LEVEL.search(each.heading) and _has_steps(each))
            or (above and not above.is_title and _PARENT.search(above.heading))
        ):
            return each
    return None


def _has_steps(section: Section) -> bool:
    """Whether it says how: `P1: critical` may as well define a level."""
    return any(each.ordered or _has_commands(each) for each in section.lists()) or any(map(commands, section.fences()))


def reads(section: Section, draft: Draft) -> float:
    return 3.5 if root(section) else 0.0


def reads_as_last(section: Section) -> bool:
    """A section that is nothing else, with steps or commands, is a playbook too."""
    steps = any(each.ordered and len(each.items) > 1 and not all(entry.links for entry in each.items) for each in section.lists())
    return bool(section.heading) and (steps or any(map(commands, section.fences())))


def read(section: Section, draft: Draft) -> None:
    top = root(section) or _whole(section, draft) or section
    title = _OWN.sub("", top.heading).strip() or top.heading or draft.title or draft.document.front.get("title", "") or "Untitled"
    playbook = draft.playbooks.get(top.line) or Playbook(title=title, line=top.line)
    steps: list[Step] = []
    blocks = draft.open(section)
    for number, block in enumerate(blocks):
        after = blocks[number + 1] if number + 1 < len(blocks) else None
        if isinstance(block, List) and (block.ordered or _has_commands(block) or section is top or is_alert(top)):
            steps += [_step(entry, draft) for entry in block.items if not _to_write(entry, draft)]
        elif isinstance(block, (Fence, Indented)) and commands(block):
            steps.append(_bare_step(section, block, draft))
        elif isinstance(block, Paragraph) and section is not top and is_alert(top) and not _leads_to(block, after):
            steps += _prose_step(block, draft)
    given = condition(section.heading) if section is not top else None
    steps = [msgspec.structs.replace(step, condition=step.condition or given) for step in steps]
    draft.playbooks[top.line] = msgspec.structs.replace(playbook, steps=playbook.steps + tuple(steps))


def _whole(section: Section, draft: Draft) -> Section | None:
    """The title, when the whole document is one playbook: it says nothing of the response, and no heading names a playbook."""
    if draft.severities or draft.roles or draft.escalations or draft.contacts or draft.templates or draft.phases:
        return None
    named = bool(draft.document.front.get("title"))
    title = next((each for each in section.ancestors() if each.is_title or (named and not each.level)), None)
    if title is None or any(map(root, title.walk())):
        return None
    return title


def _leads_to(block: Paragraph, after: Block | None) -> bool:
    """Whether it only introduces what follows."""
    if isinstance(after, (Fence, Indented)):
        return bool(commands(after))
    return isinstance(after, List) and block.text.endswith(":")


def _prose_step(block: Paragraph, draft: Draft) -> list[Step]:
    """A paragraph that says what to do; one that only says that something is to be written is left alone."""
    if _TO_WRITE.search(block.text):
        return []
    first, _, rest = block.text.partition(". ")
    title = f"{first}." if rest else first
    step = Step(title=title, line=block.line, condition=condition(title), prose=rest)
    draft.take(block.line, block.end, step)
    return [step]


def _to_write(entry: ListItem, draft: Draft) -> bool:
    """Whether it only says that something is to be written; what stands between < and > is no text of the entry."""
    said = entry.text or re.sub(r"^\s*(?:[-*+]|\d+[.)])\s+", "", draft.source(entry.line, entry.line + 1))
    return not entry.blocks and bool(_TO_WRITE.search(said))


def condition(title: str) -> str | None:
    """The words under which a step applies: at its start, or in brackets at its end."""
    if found := _IF.match(title):
        return found[1].strip()
    return found[1].strip() if (found := _IF_AT_END.search(title)) else None


def _has_commands(block: List) -> bool:
    return any(isinstance(each, (Fence, Indented)) and commands(each) for entry in block.items for each in entry.blocks)


def _step(entry: ListItem, draft: Draft) -> Step:
    title, prose = entry.text, []
    if entry.lead and entry.text.startswith(entry.lead):
        rest = entry.text[len(entry.lead) :].strip()
        if rest and not _IF_AT_END.fullmatch(rest):
            title = entry.lead.rstrip(":")
            prose.append(rest.lstrip(":–—- "))
    ran: list[Command] = []
    for block in entry.blocks:
        if found := _commands(block):
            ran += found
        else:
            prose.append(textwrap.dedent(draft.source(block.line, block.end)).strip("\n"))
    step = Step(
        title=title,
        line=entry.line,
        condition=condition(title),
        prose="\n".join(prose),
        seconds=seconds(title) if "(" in title else None,
        commands=tuple(ran),
    )
    languages = [block.language for block in entry.blocks if isinstance(block, Fence)]
    draft.take(entry.line, entry.end, step, languages)
    return step


def _bare_step(section: Section, fence: Fence | Indented, draft: Draft) -> Step:
    before: Paragraph | None = section.paragraph_before(fence)
    title = before.text.rstrip(":") if before else section.heading
    line = before.line if before else fence.line
    step = Step(title=title, line=line, condition=condition(title), commands=tuple(_commands(fence)))
    draft.take(line, fence.end, step, fence.language if isinstance(fence, Fence) else "")
    return step


def _commands(block: Block) -> list[Command]:
    if not isinstance(block, (Fence, Indented)):
        return []
    return [Command(command=command, line=line, block_line=block.line) for command, line, _ in commands(block)]
