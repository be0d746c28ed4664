"""What to do about one kind of failure, step by step, with the commands."""

import re
import textwrap

import msgspec

from warroom.runbook.document import Block, Fence, List, ListItem, Paragraph, Section
from warroom.runbook.draft import Draft
from warroom.runbook.fences import commands
from warroom.runbook.model import Command, Playbook, Step
from warroom.runbook.words import seconds

_OWN = re.compile(r"^\W*(playbook|runbook|scenario|incident|procedure)\b\s*\d*\s*[:–—-]\s*", re.IGNORECASE)
_PARENT = re.compile(
    r"\b(playbooks|runbooks|scenarios|failure modes|common (incidents?|issues?|problems?|failures?)|procedures by)\b", re.IGNORECASE
)
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
        if each.heading and is_alert(each) and section is not each and not _NO_STEPS.search(section.heading):
            return each
        if each.is_title or not each.heading:
            continue
        if _OWN.search(each.heading) or (above and not above.is_title and _PARENT.search(above.heading)):
            return each
    return None


def reads(section: Section, draft: Draft) -> float:
    return 3.5 if root(section) else 0.0


def reads_as_last(section: Section) -> bool:
    """A section that is nothing else, with steps or commands, is a playbook too."""
    steps = any(each.ordered and len(each.items) > 1 and not all(entry.links for entry in each.items) for each in section.lists())
    return bool(section.heading) and (steps or any(map(commands, section.fences())))


def read(section: Section, draft: Draft) -> None:
    top = root(section) or section
    title = _OWN.sub("", top.heading).strip() or top.heading
    playbook = draft.playbooks.get(top.line) or Playbook(title=title, line=top.line)
    steps: list[Step] = []
    for block in draft.open(section):
        if isinstance(block, List) and (block.ordered or _has_commands(block) or section is top):
            steps += [_step(entry, draft) for entry in block.items]
        elif isinstance(block, Fence) and commands(block):
            steps.append(_bare_step(section, block, draft))
    draft.playbooks[top.line] = msgspec.structs.replace(playbook, steps=playbook.steps + tuple(steps))


def condition(title: str) -> str | None:
    """The words under which a step applies: at its start, or in brackets at its end."""
    if found := _IF.match(title):
        return found[1].strip()
    return found[1].strip() if (found := _IF_AT_END.search(title)) else None


def _has_commands(block: List) -> bool:
    return any(isinstance(each, Fence) and commands(each) for entry in block.items for each in entry.blocks)


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


def _bare_step(section: Section, fence: Fence, draft: Draft) -> Step:
    before: Paragraph | None = section.paragraph_before(fence)
    title = before.text.rstrip(":") if before else section.heading
    line = before.line if before else fence.line
    step = Step(title=title, line=line, condition=condition(title), commands=tuple(_commands(fence)))
    draft.take(line, fence.end, step, fence.language)
    return step


def _commands(block: Block) -> list[Command]:
    if not isinstance(block, Fence):
        return []
    return [Command(command=command, line=line, block_line=block.line) for command, line, _ in commands(block)]
