"""Any other list that is meant to be ticked or worked down: boxes, numbers, bullets, rows of a table, numbered headings."""

import re

from warroom.runbook.alerts import is_part_name
from warroom.runbook.document import List, Paragraph, Section, Table
from warroom.runbook.draft import Draft, cell
from warroom.runbook.fences import in_passing
from warroom.runbook.labels import fold, label
from warroom.runbook.model import Checklist, Item
from warroom.runbook.plans import is_response, names_a_failure
from warroom.runbook.steps import has_commands
from warroom.runbook.views import views
from warroom.runbook.vocabulary import plain

_HEADING = re.compile(r"\b(check-?lists?|steps for|before (you )?clos\w+|hand-?(off|over)|to-?do)\b", re.IGNORECASE)
_FOR = re.compile(r"\b(?:steps|check-?list|tasks|duties|guide|procedure) for (?:the )?(.+)$", re.IGNORECASE)
_PHASE = re.compile(
    r"\b(detect\w*|triage|identif\w+|investigat\w+|contain\w*|mitigat\w+|eradicat\w+|recover\w*|resol\w+|clos\w+|post-incident|preparation)\b",
    re.IGNORECASE,
)
_STEP = re.compile(r"^\W*(?:step\s*)?(\d+)(?:\.\d+)*[.):]?\s+\S", re.IGNORECASE)
_PROCESS = re.compile(
    r"\b(process\w*|proces|prozess|procedures?|workflow|life-?cycle|flow|steps|phases|stages|protocol|proceso|procedimento|fluxo|flujo|ablauf|процесс)\b"
    r"|手順|流れ|フロー|流程|절차|порядок",
    re.IGNORECASE,
)
"""Headings below which each short one is a step of the whole."""
_DO = re.compile(r"^(actions?|steps?|tasks?|what to do|do)\b", re.IGNORECASE)
_TIMED = re.compile(r"(time|when|minutes?|t\b|t\+|elapsed)", re.IGNORECASE)
_ROWS = re.compile(
    r"^(#|no\.?|step|steps|check|checks|action|actions|task|tasks|item|done|passo|paso|etape|krok|schritt|acao|accion)\b", re.IGNORECASE
)


def _boxed(each: List) -> bool:
    return any(entry.box for entry in each.items)


def _has_commands(each: List) -> bool:
    """Whether some entry has a block of commands, or most name one in their sentences."""
    if has_commands(each):
        return True
    paragraphs = [[block for block in entry.blocks if isinstance(block, Paragraph)] for entry in each.items]
    named = sum(bool(in_passing(aside for below in blocks for aside in below.asides)) for blocks in paragraphs)
    return named * 2 > len(each.items)


def _is_checklist(draft: Draft, view: Section, each: List) -> bool:
    if _names_what_follows(view, each) or (is_part_name(view.heading) and _is_of_a_failure(view)):
        return False
    before = view.paragraph_before(each)
    said = before.text if before and before.text.endswith(":") and len(before.text.split()) < 12 else ""
    if _boxed(each) or _HEADING.search(view.heading) or draft.mapped(view) == "checklists":
        return True
    if all(entry.links and len(entry.text) < 80 for entry in each.items) or _has_commands(each) or len(each.items) < 2:
        return False
    if draft.hears(view.heading, "no_checklist") or draft.hears(said, "no_checklist"):
        return False
    if draft.hears(view.heading, "checklist") or draft.hears(said, "checklist"):
        return True
    above = view.parent
    within = above and not above.is_title and _PROCESS.search(plain(above.heading)) and len(view.heading.split()) < 4
    numbered = above and not above.is_title and _STEP.match(view.heading) and draft.hears(above.heading, "procedure")
    step = within or (numbered and above and not draft.hears(above.heading, "roles"))
    questions = sum(entry.text.endswith("?") for entry in each.items)
    if (questions * 2 > len(each.items) and not step) or not is_response(draft):
        return False
    if draft.hears(said, "procedure") or (each.ordered and not _is_of_a_failure(view)):
        return True
    return bool((draft.hears(view.heading, "procedure") or step) and not view.is_title and (each.ordered or not before or said or step))


def _names_what_follows(view: Section, each: List) -> bool:
    """Its entries are the headings below it, so that it only tells what comes."""
    headings = {fold(child.heading) for child in view.children}
    return sum(fold(entry.lead.rstrip(": ")) in headings for entry in each.items if entry.lead) * 2 >= len(each.items) and bool(headings)


def _is_of_a_failure(view: Section) -> bool:
    """Its numbers are the steps of one failure's playbook."""
    return any(not each.is_title and names_a_failure(each.heading) for each in (view, *view.ancestors()))


def _is_rows(draft: Draft, section: Section, table: Table) -> bool:
    if not table.header or len(table.rows) < 2:
        return False
    said = draft.hears(section.heading, "checklist") or (is_response(draft) and draft.hears(section.heading, "procedure"))
    timed = re.match(r"(time|when|minutes?|t\b|t\+|elapsed)", table.header[0], re.IGNORECASE) and any(
        _DO.search(name) for name in table.header[1:]
    )
    if timed and is_response(draft) and not draft.hears(section.heading, "no_checklist"):
        return True
    return bool(
        said
        and (_ROWS.match(plain(table.header[0])) or (len(table.header) > 1 and not table.header[0] and _ROWS.match(plain(table.header[1]))))
    )


def _steps(draft: Draft, section: Section) -> list[Section]:
    """The headings below that are numbered steps, where none of them has a list of its own."""
    if (
        section.is_title
        or not (draft.hears(section.heading, "procedure") or draft.hears(section.heading, "checklist"))
        or not is_response(draft)
    ):
        return []
    steps = [child for child in section.children if _STEP.match(child.heading)]
    plainly = not any(child.lists() or child.tables() or child.fences() for child in steps)
    return steps if len(steps) > 2 and plainly else []


def reads(section: Section, draft: Draft) -> float:
    if draft.mapped(section) == "checklists":
        return 5.0
    if section.lists() and _HEADING.search(section.heading):
        return 2.0
    if any(_is_checklist(draft, view, each) and not _boxed(each) for view in views(section) for each in view.lists()):
        return 1.0
    if _steps(draft, section) or any(_is_rows(draft, section, table) for table in section.tables()):
        return 1.0
    return 0.4 if any(map(_boxed, section.lists())) else 0.0


def read(section: Section, draft: Draft) -> None:
    for view in views(section):
        lists = draft.open_lists(view)
        for each in lists:
            if not _is_checklist(draft, view, each):
                continue
            before = view.paragraph_before(each)
            named = before and (
                len(lists) > 1
                or (before.text.endswith(":") and draft.hears(before.text, "procedure") and not _HEADING.search(view.heading))
            )
            title = before.text.rstrip(":") if before and named else view.heading.rstrip(": ")
            line = before.line if before else view.line
            if view.line != section.line and (level := label(section.heading)) and level.family not in ("word", "digit"):
                title = f"{level.text}: {title}"
            _keep(draft, view, title, tuple(draft.items(view, [each])), line)
    for table in draft.open_tables(section):
        if _is_rows(draft, section, table):
            _read_rows(draft, section, table)
    if steps := _steps(draft, section):
        items = tuple(
            draft.named(section, re.sub(r"^\W*(?:step\s*)?\d+(?:\.\d+)*[.):]?\s+", "", child.heading, flags=re.I), child.line)
            for child in steps
        )
        _keep(draft, section, re.sub(r"^\s*\d+(\.\d+)*[.)]?\s+", "", section.heading), items, section.line)


def _keep(draft: Draft, view: Section, title: str, items: tuple[Item, ...], line: int) -> None:
    phase = title if _PHASE.search(title) and len(title.split()) < 4 else None
    draft.checklists.append(Checklist(title=title, role=_role(draft, title), phase=phase, items=items, line=line))


def _role(draft: Draft, title: str) -> str | None:
    """The role whose list it is, by the document's own name for it."""
    named = [role.name for role in draft.roles if role.name and re.search(rf"(?<!\w){re.escape(role.name)}(?!\w)", title, re.IGNORECASE)]
    if named:
        return max(named, key=len)
    if found := _FOR.search(title):
        said = found[1].strip()
        if draft.hears(said, "role_name"):
            return next((role.name for role in draft.roles if fold(role.name) == fold(said)), said[:1].upper() + said[1:])
    found = re.match(r"(.+?)(?:'s)?\s+(?:check-?list|steps|duties|tasks)\b", title, re.IGNORECASE)
    name = found[1] if found else title
    words = name.split()
    return name if 0 < len(words) < 4 and draft.hears(words[-1], "role_name") else None


def _read_rows(draft: Draft, section: Section, table: Table) -> None:
    draft.take_columns(table)
    items = []
    for row in table.rows:
        cells = [cell(row, number) for number in range(len(table.header))]
        texts = [text for text in cells if re.search(r"[^\W\d]", text)]
        if texts:
            item = draft.named(section, " - ".join(texts), row.line)
            items.append(item)
            draft.take_row(row, item)
    _keep(draft, section, section.heading.rstrip(": "), tuple(items), table.line)
