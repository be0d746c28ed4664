"""What to do about one kind of failure, step by step, with the commands."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from warroom.runbook.alerts import bare, heads, is_alert, is_part_name, says_how
from warroom.runbook.document import Block, Fence, Indented, List, Paragraph, Section, Table
from warroom.runbook.draft import Draft
from warroom.runbook.model import Playbook, Step
from warroom.runbook.plans import is_plan, is_response
from warroom.runbook.steps import (
    bare_step,
    command_column,
    condition,
    counts_steps,
    has_commands,
    is_commands,
    is_links,
    prose_step,
    shown_step,
    spoken,
    stepped,
    tabled,
)

_OWN = re.compile(
    r"^\W*(playbook|runbook|scenario|incident|procedure|alert)(?:[ #-]*\d+|\s+[A-Z])?\s*(?::\s*|[–—]\s*|-\s+)(?=\S)", re.IGNORECASE
)
_LEVEL = re.compile(r"^\W*(p|sev|s)[\s-]?\d\s*(incident)?\s*[:–—-]\s+(?=\S)", re.IGNORECASE)
_PARENT = re.compile(
    r"\b(playbooks|runbooks|scenarios|failure modes|troubleshooting|known (issues?|problems?)"
    r"|common (incidents?|issues?|problems?|failures?|alerts?|tasks|operations)|procedures by)\b",
    re.IGNORECASE,
)
_OF_ONE = re.compile(r"\b(?:playbook|runbook|procedure) (?:for|to|on)\b|\b(?:playbook|runbook)\s*[:–—-]", re.IGNORECASE)
_EACH = re.compile(
    r"^\W*(?:\d+(?:\.\d+)*[.)]?\s+)?(?:alerts?|(?:(?:standard|common|operational|operating|emergency)\s+)*(?:procedures|operations|tasks|recipes))\W*$",
    re.I,
)
"""Headings below which each is one, where it is no mere part of the others."""
_ALERT_NAME = re.compile(r"\W*(?:[A-Z][a-z0-9]+[A-Z]*){3,}\W*")
"""`KubePodCrashLooping`: nothing else is called so."""
_HOW_TO = re.compile(r"^how (?:to|do (?:i|we|you))\b(?!.*\b(?:it|this|them|that)\W*$)", re.IGNORECASE)
_STEP = re.compile(r"^\W*(?:step|phase)\s*\d|^\W*(?:\d+|[A-Z])[.):]\s+\S", re.IGNORECASE)
_USED = (
    "sql",
    "promql",
    "logql",
    "yaml",
    "yml",
    "json",
    "powershell",
    "python",
    "ruby",
    "kusto",
    "kql",
    "groovy",
    "javascript",
    "js",
    "cypher",
    "redis",
)
"""Fences that say what to enter somewhere else than in this shell."""
_MANY = re.compile(
    r"\b(runbooks?|operations?|ops|guide|handbook|manual|procedures|playbooks?|cheat ?sheet|tasks"
    r"|troubleshooting|administration|how-?tos?|operating|operator)\b",
    re.IGNORECASE,
)
SHORT = 4
"""Words below which a line that leads to causes is only their heading: `Common failure scenarios:`."""
_CAUSES = re.compile(
    r"\b(causes?|reasons?|because|due to|can mean|could mean|may mean|symptoms?|resources|such as|conditions|scenarios"
    r"|include|includes|including|links?)\b[^.]*:$",
    re.IGNORECASE,
)
_PRINTS = re.compile(
    r"\b(output|results? in|response|similar to|looks? like"
    r"|(?:should|will|would|might|may) (?:see|return|show|print|look|be)|e\.?g\.?|example|for instance)\b",
    re.IGNORECASE,
)


def root(section: Section) -> Section | None:
    """The section that is a playbook and has this one as a part, or is this one."""
    for each in reversed((section, *section.ancestors())):
        above = each.parent
        if (each.heading or not each.level) and is_alert(each) and section is not each and says_how(section, each) is not False:
            return each
        if each.is_title or not each.heading:
            continue
        if (
            _OWN.search(each.heading)
            or (_LEVEL.search(each.heading) and _has_steps(each))
            or (above and not above.is_title and _PARENT.search(above.heading) and not is_alert(above))
            or (_ALERT_NAME.fullmatch(each.heading) and above and sum(map(_is_alert_name, above.children)) > 1)
            or (above and not above.is_title and _EACH.match(above.heading) and _are_apart(above))
            or (above and _HOW_TO.search(bare(each.heading)) and _are_how_tos(above))
        ):
            return each
    title = next((each for each in section.ancestors() if each.is_title), None)
    whole = title and _OWN.search(title.heading) and not is_plan(title.heading) and says_how(section, title)
    return title if whole else None


def _is_alert_name(section: Section) -> bool:
    return bool(_ALERT_NAME.fullmatch(section.heading))


@lru_cache(maxsize=64)
def _are_apart(above: Section) -> bool:
    """Several headings, none of them a step or a part of the whole."""
    names = [child.heading for child in above.children]
    return len(names) > 1 and not any(_STEP.search(name) or is_part_name(name) for name in names)


@lru_cache(maxsize=64)
def _are_how_tos(above: Section) -> bool:
    return sum(bool(_HOW_TO.search(bare(each.heading))) for each in above.children) > 1


def _has_steps(section: Section) -> bool:
    """Whether it says how: `P1: critical` may as well define a level."""
    return any(each.ordered or has_commands(each) for each in section.lists()) or any(map(is_commands, section.fences()))


def reads(section: Section, draft: Draft) -> float:
    if root(section):
        return 3.5
    boxed = any(entry.box for each in section.lists() for entry in each.items)
    own = is_part_name(section.heading) and not boxed and not is_response(draft)  # `Steps` of one procedure, not a check-list for all
    return 1.5 if own and reads_as_last(section) else 0.0


def reads_as_last(section: Section) -> bool:
    """A section that is nothing else, with steps or commands, is a playbook too."""
    if not section.heading:
        return False
    if any(map(is_commands, section.blocks)):
        return True
    if any(command_column(table) is not None for table in section.tables()):
        return True
    lists = [each for each in section.lists() if not is_links(each)]
    if any(map(has_commands, lists)) or (heads(section.heading) is not False and any(map(spoken, lists))):
        return True
    return heads(section.heading) is not False and any(each.ordered and len(each.items) > 1 for each in lists)


def read(section: Section, draft: Draft) -> None:
    top = root(section) or _whole(section, draft) or _nearest(section)
    title = _OWN.sub("", top.heading).strip() or top.heading or draft.title or draft.document.front.get("title", "") or "Untitled"
    playbook = draft.playbooks.get(top.line) or Playbook(title=title, line=top.line)
    steps = tuple(_steps(section, top, draft)) or tuple(_told(section, top, draft))
    if not steps and section is top and root(section) is section and not section.children:
        steps = tuple(_steps(section, top, draft, plainly=True))
    draft.playbooks[top.line] = msgspec.structs.replace(playbook, steps=playbook.steps + steps)


def _steps(section: Section, top: Section, draft: Draft, *, plainly: bool = False) -> Iterator[Step]:
    """Lists, commands and, below a heading that says what to do, paragraphs. A bold line is a heading for what follows it.

    `plainly`: it has nothing else, so that its paragraphs and queries are its steps.
    """
    says = says_how(section, top)
    listed = section is top and not is_alert(top)
    told = plainly or (says is True and section is not top and is_alert(top))
    given = condition(section.heading) if section is not top else None
    under = given
    alone = sum(map(is_commands, section.blocks)) == 1
    before: Paragraph | None = None
    blocks = draft.open(section)
    for number, block in enumerate(blocks):
        after = blocks[number + 1] if number + 1 < len(blocks) else None
        if isinstance(block, Paragraph) and block.title:
            under = condition(block.title) or given
            if words := _words_of(blocks, number):
                yield _told_step(block.title, block.line, words, draft)
                before, says, listed, told = None, None, False, False
                continue
            says, listed, told = _labelled(block.title, says_how(section, top), section is top, is_alert(top))
        found: list[Step] = []
        if isinstance(block, List):
            if has_commands(block) or (_lists_steps(block, before, says) and (block.ordered or listed or says is True or spoken(block))):
                found = [step for entry in block.items for step in stepped(entry, draft)]
        elif isinstance(block, Table) and (command_column(block) is not None or (says is True and counts_steps(block))):
            found = list(tabled(block, draft))
        elif is_commands(block):
            found = [bare_step(section, before, block, draft, alone=alone and heads(section.heading) is None)]
        elif isinstance(block, Paragraph) and _says_what_to_do(block, told=told) and not _leads_to(block, after):
            found = prose_step(block, after if isinstance(after, (Fence, List)) and block.text.endswith(":") else None, draft)
        elif isinstance(block, Fence) and told and block.language in _USED and (before is None or before.title):
            found = [shown_step(before.title if before else section.heading, block, draft)] if not _shows_output(before) else []
        before = block if isinstance(block, Paragraph) else None
        yield from (msgspec.structs.replace(step, condition=step.condition or under) for step in found)


def _told(section: Section, top: Section, draft: Draft) -> Iterator[Step]:
    """`Step 2: tell the customers`, with nothing below it but words: they are the step."""
    words = [block for block in draft.open(section) if isinstance(block, Paragraph | List)]
    if section is top or section.children or not words or not _STEP.search(section.heading):
        return
    yield _told_step(section.heading, section.line, words, draft)


def _words_of(blocks: list[Block], number: int) -> list[Block]:
    """The same below a bold line; empty where there is more than words until the next one."""
    title = blocks[number]
    if not isinstance(title, Paragraph) or not _STEP.search(title.title):
        return []
    found = list[Block]()
    for block in blocks[number + 1 :]:
        if isinstance(block, Paragraph) and block.title:
            break
        found.append(block)
    only_words = bool(found) and all(isinstance(block, Paragraph) or (isinstance(block, List) and not block.ordered) for block in found)
    return found if only_words and not any(isinstance(block, List) and (has_commands(block) or spoken(block)) for block in found) else []


def _told_step(title: str, line: int, words: Sequence[Block], draft: Draft) -> Step:
    prose = "\n\n".join(textwrap.dedent(draft.source(block.line, block.end)).strip("\n") for block in words)
    step = Step(title=title, line=line, condition=condition(title), prose=prose)
    draft.take(line, words[-1].end, step)
    return step


def _says_what_to_do(block: Paragraph, *, told: bool) -> bool:
    """A paragraph below a heading that says so, or behind a bold word that does."""
    if block.title:
        return False
    said = heads(block.lead) if block.lead and len(block.lead.split()) < 6 else None
    return said is True or (told and said is not False)


def _labelled(label: str, says: bool | None, is_top: bool, alert: bool) -> tuple[bool | None, bool, bool]:
    """What the bold line makes of the blocks below it: whether they say how, and whether bullets and paragraphs are steps."""
    own = heads(label)
    if own is None:
        return says, is_top and not alert, says is True and not is_top and alert
    return own, own, own


def _lists_steps(block: List, before: Paragraph | None, says: bool | None) -> bool:
    """Whether its entries are things to do, not causes, documents or what something is."""
    if says is False or (before and (_CAUSES.search(before.text) or _only_tells(before))):
        return False
    return says is True or not is_links(block)


def _only_tells(before: Paragraph) -> bool:
    """`How it works:` leads to no steps."""
    return before.text.endswith(":") and len(before.text.split()) < 6 and heads(before.text) is False


def _whole(section: Section, draft: Draft) -> Section | None:
    """The title, when the whole document is one playbook: it says nothing of the response, and no heading names a playbook."""
    if draft.severities or draft.roles or draft.phases:
        return None
    named = bool(draft.document.front.get("title"))
    title = next((each for each in section.ancestors() if each.is_title or (named and not each.level)), None)
    if title is None or _has_playbooks(title):
        return None
    if _is_of_parts(title) or (condition(section.heading) and _OF_ONE.search(title.heading)):
        return title
    return None if draft.escalations or draft.contacts or draft.templates or _is_of_many(title) else title


@lru_cache(maxsize=4)
def _has_playbooks(title: Section) -> bool:
    return any(root(each) not in (None, title) for each in title.walk())


@lru_cache(maxsize=4)
def _is_of_parts(title: Section) -> bool:
    """Whether what it has steps in are only parts of one procedure: `Steps`, `Verification`, `Rollback`."""
    having = [each for each in title.children if _has_steps(each) or any(map(spoken, each.lists()))]
    return bool(having) and all(is_part_name(each.heading) for each in having)


@lru_cache(maxsize=4)
def _is_of_many(title: Section) -> bool:
    """Whether it is a collection: `Operations guide`, but not `Runbook: disk full`, or sections that each count from one."""
    if is_alert(title) or len(title.children) < 2:
        return False
    counted = [each for each in title.children if any(block.ordered and len(block.items) > 1 for block in each.lists())]
    apart = [each for each in counted if heads(each.heading) is None and not _STEP.search(each.heading) and not condition(each.heading)]
    return (bool(_MANY.search(title.heading)) and not _OWN.search(title.heading)) or len(apart) > 1


def _nearest(section: Section) -> Section:
    """The section whose part this is: `Step 2`, `Verification` and `If it is down` are parts of what stands above them."""
    here = section
    while (above := here.parent) and above.heading and not above.is_title and _is_part(here, above):
        here = above
    return here


def _is_part(section: Section, above: Section) -> bool:
    numbered = bool(_STEP.search(section.heading)) and not re.match(r"\W*\d", above.heading)
    return numbered or condition(section.heading) is not None or is_part_name(section.heading)


def _shows_output(block: Paragraph | None) -> bool:
    return block is not None and bool(_PRINTS.search(block.text.rpartition(". ")[2]))


def _leads_to(block: Paragraph, after: Block | None) -> bool:
    """Whether it only introduces what follows."""
    if isinstance(after, (Fence, Indented)) or (after and is_commands(after)):
        return is_commands(after) or (block.text.endswith(":") and _shows_output(block))
    if not (isinstance(after, List) and block.text.endswith(":")):
        return False
    return not _CAUSES.search(block.text) or has_commands(after) or len(block.text.split()) < SHORT
