"""Who does what in an incident: a table, headings, bold list items or sentences that name roles."""

import re
from collections.abc import Iterable, Iterator, Sequence

from warroom.runbook import people
from warroom.runbook.document import Block, List, ListItem, Paragraph, Section, Table
from warroom.runbook.draft import Draft, cell
from warroom.runbook.model import Role
from warroom.runbook.pairs import keyed, pair_of
from warroom.runbook.views import views
from warroom.runbook.vocabulary import plain

_ABBREVIATION = re.compile(r"\s*\(([A-Z][A-Za-z]{0,5})\)")
_STRICT = re.compile(
    r"\b(roles?|responsib\w+|papel|papeis|papeles|funcoes|funciones|rola|role|rollen?|obowiazki|people|who does what|who(?: is|'s|s)? who"
    r"|response team|(?:team|command|response) structure|chain of command"
    r"|team members?|on-?call team|key personnel)\b|роли|役割|体制|担当|角色|职责|역할|담당",
    re.IGNORECASE,
)
_HELD_BY = re.compile(
    r"\b(default|primary|holder|assigned to|owner|backup|deputy|alternate|contact)\s*:\s*([^.;]+?)(?=[.;]|$)", re.IGNORECASE
)
_BOLD = re.compile(r"\*\*([^*\n]{2,40})\*\*")
_FIELDS = {
    "default": "primary",
    "primary": "primary",
    "holder": "primary",
    "assigned to": "primary",
    "owner": "primary",
    "contact": "contact",
}
_MOST_WORDS = 6
_JOB = re.compile(
    r"\b(commander|scribe|liaison|coordinator|facilitator|responders?|leader|lead|manager|sme|officer|sponsor)\s*(\([^()]*\))?$",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"(?:the|an?)\s+((?:[a-z-]+\s+){0,3}?(?:commander|lead|leader|manager|scribe|liaison|coordinator|facilitator|officer|sponsor))"
    r"(\s*\([A-Z]{2,5}\))?\s+(?!and\b|or\b|of\b)[a-z]+s\b",
    re.IGNORECASE,
)
_ON_CALL = re.compile(r"\bon-?call$", re.IGNORECASE)
_SURE = re.compile(r"\b(commander|scribe|liaison|incident (lead|leader|manager|coordinator))\b", re.IGNORECASE)


def columns(draft: Draft, table: Table) -> dict[str, int]:
    """Which column says what; empty when it is no table of roles."""
    found: dict[str, int] = {}
    backed = any(draft.hears(name, "backup") for name in table.header[1:])
    if backed and re.fullmatch(r"(who|name|position)\??", table.header[0], re.IGNORECASE):
        found["role"] = 0
    for concept in ("role", "holder", "backup", "duties", "contact"):
        for number, name in enumerate(table.header):
            asks = concept == "role" and re.fullmatch(r"who\??", name, re.IGNORECASE)
            if concept not in found and number not in found.values() and draft.hears(name, concept) and not asks:
                found[concept] = number
    tiers = any(re.search(r"\b(level|tier|severity|priority|status|date|week)\b", name, re.IGNORECASE) for name in table.header)
    return found if "role" in found and not tiers and found.keys() & {"holder", "backup", "duties"} else {}


def _is_contacts(draft: Draft, section: Section, table: Table) -> bool:
    """A telephone list: no deputies and no duties, below a heading that says so."""
    found = columns(draft, table)
    return draft.hears(section.heading, "contacts") and not draft.hears(section.heading, "role") and not found.keys() & {"backup", "duties"}


def _is_role(draft: Draft, text: str) -> bool:
    return 0 < len(text.split()) <= _MOST_WORDS and draft.hears(text, "role_name")


def _strict(section: Section) -> bool:
    return not section.is_title and bool(_STRICT.search(plain(section.heading)))


def _children(draft: Draft, section: Section) -> list[Section]:
    """The headings below, where they are names of roles."""
    plain_names = [
        child
        for child in [*section.children, *section.parts()]
        if len(child.heading.split()) < 6 and _JOB.search(child.heading) and not draft.hears(child.heading, "checklist")
    ]
    if (
        not _strict(section)
        and len(plain_names) > 1
        and any(_SURE.search(child.heading) for child in plain_names)
        and not draft.hears(section.heading, "template")
    ):
        return [child for child in [*section.children, *section.parts()] if child in plain_names or _is_role(draft, child.heading)]
    below = [*section.children, *section.parts()]
    named = [child for child in below if 0 < len(child.heading.split()) <= _MOST_WORDS and not draft.hears(child.heading, "procedure")]
    known = [child for child in named if _is_role(draft, child.heading)]
    if _strict(section) and len(named) == len(below) and len(known) * 3 >= len(named) and named:
        return named
    return known if _strict(section) and known else known if len(known) > 1 and draft.says(section, "roles") == 2.0 else []


def _role_lists(draft: Draft, section: Section) -> Iterator[tuple[Section, List]]:
    if (
        draft.says(section, "escalate")
        or (draft.says(section, "contacts") == 2.0 and not _strict(section))
        or draft.says(section, "template")
    ):
        return
    for view in views(section):
        for each in view.lists():
            named = _strict(view) or _strict(section)
            names = [pair.key for entry in each.items if (pair := pair_of(entry)) and (pair.bold or entry.lead or (named and pair.value))]
            known = sum(_is_role(draft, name) or bool(_ON_CALL.search(name)) for name in names)
            before = view.paragraph_before(each)
            said = _strict(view) or _strict(section) or bool(before and re.search(r"\broles?\b", before.text, re.IGNORECASE))
            if (
                len(names) == len(each.items)
                and (known > 1 or (said and known))
                and known * 2 >= len(names)
                and (said or known * 3 >= 2 * len(names))
            ):
                yield view, each


def reads(section: Section, draft: Draft) -> float:
    if draft.mapped(section) == "roles":
        return 5.0
    if any(columns(draft, table) and not _is_contacts(draft, section, table) for table in section.tables()):
        return 2.0 + draft.says(section, "roles", "roles")
    if _children(draft, section) or any(_role_lists(draft, section)) or (_strict(section) and section.paragraphs()):
        return 2.5
    return 0.0


def read(section: Section, draft: Draft) -> None:
    for table in draft.open_tables(section):
        if (found := columns(draft, table)) and not _is_contacts(draft, section, table):
            _read_table(draft, table, found)
    for child in _children(draft, section):
        if not draft.open_tables(child) or child.lists() or child.paragraphs():
            _read_heading(draft, child)
    for view, each in _role_lists(draft, section):
        if each in draft.open_lists(section):
            if not any(map(_strict, (view, section, *section.ancestors()))):
                draft.doubt(each.line, "roles", "its entries have the names of roles", 'a heading "Roles" above it')
            named = _name_people(each)
            for entry in each.items:
                _read_entry(draft, entry, named)
    if _strict(section) and not section.children:
        going_on = False
        for paragraph in draft.open(section):
            if isinstance(paragraph, Paragraph) and not (going_on := _read_lines(draft, paragraph, going_on)):
                _read_sentences(draft, paragraph)


def _read_table(draft: Draft, table: Table, found: dict[str, int]) -> None:
    draft.take_columns(table)
    for row in table.rows:
        duties = cell(row, found.get("duties"))
        role = _role(
            cell(row, found["role"]),
            row.line,
            primary=cell(row, found.get("holder")),
            backup=cell(row, found.get("backup")),
            contact=cell(row, found.get("contact")),
            duties=(duties,) if duties else (),
        )
        if role.name:
            _keep(draft, role)
            draft.take_row(row, role)


def _role(text: str, line: int, duties: tuple[str, ...] = (), primary: str = "", backup: str = "", contact: str = "") -> Role:
    abbreviation = _ABBREVIATION.search(text)
    name = re.sub(r"^[^\w\[(]+", "", _ABBREVIATION.sub("", text)).strip(" :")
    held = {"primary": primary, "backup": backup, "contact": contact}
    for duty in duties:
        for key, value in _HELD_BY.findall(duty):
            field = _FIELDS.get(key.casefold(), "backup")
            held[field] = held[field] or value.strip()
    return Role(name=name, abbreviation=abbreviation[1] if abbreviation else "", duties=duties, line=line, **held)


def _keep(draft: Draft, role: Role) -> None:
    """The second time a role is named, it is the same one unless that adds something."""
    same = next((at for at, each in enumerate(draft.roles) if each.name.casefold() == role.name.casefold()), None)
    if same is None or role.primary or role.backup:
        draft.roles.append(role)
    elif role.duties and not draft.roles[same].duties:
        import msgspec

        draft.roles[same] = msgspec.structs.replace(draft.roles[same], duties=role.duties)
    else:
        draft.roles.append(role)


def _read_heading(draft: Draft, section: Section) -> None:
    duties: list[str] = []
    held: dict[str, str] = {}
    taken: list[Block] = []
    for block in _all(section):
        if not draft.understood.isdisjoint(range(block.line, block.end)):
            continue
        if isinstance(block, List):
            duties += _texts(block.items)
        elif isinstance(block, Paragraph):
            for number in range(block.line, block.end):
                pair = keyed(draft.document.lines[number - 1])
                if pair and pair[1] and (field := _field(draft, pair[0])):
                    several = [
                        (_FIELDS.get(key.casefold(), "backup"), value) for key, value in _HELD_BY.findall(draft.document.lines[number - 1])
                    ]
                    for name, value in several if len(several) > 1 else [(field, pair[1])]:
                        held.setdefault(name, value.strip())
            if not held and not block.title and not block.text.endswith(":"):
                duties.append(block.text)
        else:
            continue
        taken.append(block)
    role = _role(
        re.sub(r"^\s*(?:\d+(\.\d+)*[.)]?\s+|role\s*:\s*)", "", section.heading, flags=re.IGNORECASE), section.line, tuple(duties), **held
    )
    draft.roles.append(role)
    for block in taken:
        draft.take(block.line, block.end, role)


def _all(section: Section) -> Iterator[Block]:
    for each in section.walk():
        yield from each.blocks


def _field(draft: Draft, key: str) -> str | None:
    for field, concept in (("backup", "backup"), ("contact", "contact"), ("primary", "holder")):
        if draft.hears(key, concept):
            return field
    return None


def _texts(items: Iterable[ListItem]) -> list[str]:
    found = []
    for entry in items:
        found.append(entry.text)
        for block in entry.blocks:
            if isinstance(block, List):
                found += _texts(block.items)
    return found


def _name_people(each: List) -> bool:
    """Whether its entries say who holds a role, and not what it does: somebody has a number, or most are names."""
    said = [entry.text[len(entry.lead) :].lstrip(" :–—-") for entry in each.items if entry.lead]
    found = [person for text in said if (person := people.held(text))]
    return any(ways for _, ways in found) or (len(found) == len(said) > 1 and any(" " in name for name, _ in found))


def _read_entry(draft: Draft, entry: ListItem, named: bool) -> None:
    if pair := pair_of(entry):
        nested = _texts(pair.items)
        own = entry.text[len(entry.lead) :].lstrip(" :–—-") if entry.lead else pair.value
        name = entry.lead.rstrip(": ") if entry.lead else pair.key
        if found := _ABBREVIATION.match(own):
            name, own = f"{name} ({found[1]})", own[found.end() :].lstrip(" :–—-")
        who = people.held(own) if named else None
        if who:
            role = _role(name, entry.line, tuple(nested), primary=who[0], contact=who[1])
        else:
            role = _role(name, entry.line, tuple(filter(None, [own, *nested])))
        draft.roles.append(role)
        draft.take(entry.line, entry.end, role)


def _read_lines(draft: Draft, paragraph: Paragraph, going_on: bool) -> bool:
    """`Incident manager (IM): leads the call`, `IT: Ann Lee, 555-0101`: lines that each give a role, and who holds it or what it does.

    `going_on`: the paragraph before gave roles, so that this one may give one by a name that is not known.
    """
    found: list[Role] = []
    for number in range(paragraph.line, paragraph.end):
        pair = keyed(draft.document.lines[number - 1])
        if draft.document.lines[number - 1].count("**") > 2:
            return False
        if not pair or not pair[1] or len(pair[0].split()) > _MOST_WORDS or draft.hears(pair[0], "contacts"):
            return False
        who = people.held(pair[1])
        if who:
            found.append(_role(pair[0], number, primary=who[0], contact=who[1]))
        elif _is_role(draft, pair[0]) or _ABBREVIATION.search(pair[0]) or found or going_on:
            found.append(_role(pair[0], number, (pair[1],)))
        else:
            return False
    draft.roles += found
    draft.take(paragraph.line, paragraph.end, *found)
    return bool(found)


def _read_sentences(draft: Draft, paragraph: Paragraph) -> None:
    """The **scribe** writes …: the bold words are the role, the sentence its duty."""
    source = " ".join(draft.document.lines[paragraph.line - 1 : paragraph.end - 1])
    found: list[Role] = []
    for sentence in re.split(r"(?<=[.;])\s+", source):
        bold = _BOLD.search(sentence)
        if (
            bold
            and not bold[1].rstrip().endswith(":")
            and re.fullmatch(r"(the|an?|der|die|das|le|la|l'|o|a|el)?\s*", sentence[: bold.start()].strip(" -*"), re.I)
        ):
            found.append(_role(bold[1], paragraph.line, (sentence.replace("**", "").strip(),)))
        elif job := _DOES.match(sentence):
            found.append(_role(job[1] + (job[2] or ""), paragraph.line, (sentence.strip(),)))
    if found and (len(found) > 1 or _is_role(draft, found[0].name)):
        draft.roles += found
        draft.take(paragraph.line, paragraph.end, *found)


def names(draft: Draft) -> Sequence[str]:
    return [role.name for role in draft.roles]
