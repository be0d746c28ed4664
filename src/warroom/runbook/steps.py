"""The steps that lists, commands and paragraphs of a playbook are."""

import re
import textwrap
from collections.abc import Iterable, Iterator

from warroom.runbook.alerts import heads
from warroom.runbook.asides import Aside
from warroom.runbook.document import Block, Fence, Indented, List, ListItem, Paragraph, Section, Table
from warroom.runbook.draft import Draft, cell
from warroom.runbook.fences import code, commands, in_passing
from warroom.runbook.model import Command, Step
from warroom.runbook.words import normal, seconds

_NUMBERED = re.compile(r"\W*(?:(?:step|solution|option|fix|phase|part)\s*)?\d", re.IGNORECASE)
_COMMANDS = re.compile(r"\W*(?:commands?|cli|run|kubectl|shell|how(?: to(?: \w+)?)?)\W*(?:\([^()]*\))?", re.IGNORECASE)
_COUNTER = re.compile(r"\W*(?:#|no\.?|nr\.?|steps?|order)?\W*", re.IGNORECASE)
_ACTION = re.compile(r"\W*(?:actions?|steps? to|tasks?|checks?|what(?: to do)?|do|descriptions?|instructions?|purpose)\b", re.IGNORECASE)
LONGEST = 140
"""A longer title ends with its first sentence; the rest is the step's text."""
_TO_WRITE = re.compile(r"^\W*(TODO|TBD|FIXME|to be (written|added|done)|insert\b|n/?a\W*$)", re.IGNORECASE)
_EXPECTS = re.compile(
    r"(?:the|this|its|that)\s+(?:\w+\s+)?(?:output|command|result|query|response)s?\s+(?:should|will|shows?|returns?|prints?|describes?|tells?|lists?)\b"
    r"|expected\b|you (?:should|will) (?:see|get)\b",
    re.IGNORECASE,
)
"""What one should see is told of the step before, and is none."""
_IF = re.compile(r"^((?:if|when|otherwise|unless)\b.*?)(?:\s+[-–—]\s+|\s*[:,]\s+|$)", re.IGNORECASE)
_IF_AT_END = re.compile(r"\(((?:if|when|unless)\b[^()]*)\)\s*\.?\s*$", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    r"(?:(?:run|execute|use|command|commands|example|e\.g\.?|like so|for example|the|this|following|by running|with)\W*)+", re.IGNORECASE
)


def condition(title: str) -> str | None:
    """The words under which a step applies: at its start, or in brackets at its end."""
    if title.rstrip("*_ ").endswith("?"):
        return None
    if found := _IF.match(title):
        return found[1].strip()
    return found[1].strip() if (found := _IF_AT_END.search(title)) else None


def has_commands(block: List) -> bool:
    """Whether an entry of it, or of a list in it, has a block of commands."""
    return any(has_commands(each) if isinstance(each, List) else is_commands(each) for entry in block.items for each in entry.blocks)


def is_commands(block: Block) -> bool:
    found = code(block)
    return found is not None and bool(commands(found))


def spoken(block: List) -> bool:
    """Whether some entry names a command in its sentence."""
    return any(
        bool(in_passing(entry.asides)) or any(spoken(each) for each in entry.blocks if isinstance(each, List)) for entry in block.items
    )


def is_links(block: List) -> bool:
    """Whether each entry is a link and nothing else: documents, not steps."""
    return all(
        entry.links and not entry.blocks and normal(entry.text) == normal(" ".join(words for words, _ in entry.links))
        for entry in block.items
    )


def stepped(entry: ListItem, draft: Draft, under: str | None = None) -> Iterator[Step]:
    """The entry's step, and those of its own lists that have commands; `under` is the condition of the entry that they stand below."""
    if _is_to_write(entry, draft):
        return
    title, rest = _title(entry)
    prose = [rest] if rest else []
    ran: list[Command] = []
    deeper: list[List] = []
    end = entry.end
    for block in entry.blocks:
        if found := _commands(block):
            ran += found
        elif isinstance(block, List) and (only := _only_commands(block)):
            ran += only
        elif isinstance(block, List) and (has_commands(block) or spoken(block)):
            deeper.append(block)
            end = min(end, block.line)
        else:
            prose.append(textwrap.dedent(draft.source(block.line, block.end)).strip("\n"))
            ran += _named(block.asides) if isinstance(block, Paragraph) else []
    if not ran and (named := _named(entry.asides)):
        ran = named
        title = _without(title, [each.text for each in entry.asides if each.bare])
    given = condition(title) or under
    step = Step(
        title=title,
        line=entry.line,
        condition=given,
        prose="\n".join(prose),
        seconds=seconds(title) if "(" in title else None,
        commands=tuple(ran),
    )
    languages = [block.language for block in entry.blocks if isinstance(block, Fence)]
    draft.take(entry.line, end, step, languages)
    for block in entry.blocks:
        if block.line >= end and block not in deeper:
            draft.take(block.line, block.end, step, languages)
    yield step
    for each in deeper:
        for inner in each.items:
            yield from stepped(inner, draft, given)


def _title(entry: ListItem) -> tuple[str, str]:
    """The step's title, and what its first paragraph says beyond it."""
    if entry.lead and entry.text.startswith(entry.lead):
        rest = entry.text[len(entry.lead) :].strip()
        if rest and not _IF_AT_END.fullmatch(rest):
            return entry.lead.rstrip(":"), rest.lstrip(":–—- ")
    return _short(entry.text)


def _short(text: str) -> tuple[str, str]:
    first, _, rest = text.partition(". ")
    return (f"{first}.", rest) if rest and len(text) > LONGEST else (text, "")


def bare_step(section: Section, before: Paragraph | None, fence: Block, draft: Draft, *, alone: bool) -> Step:
    """Commands that stand in no list. Their heading is the title where it is of them `alone`, else the sentence before them."""
    title, prose = (before.text.rstrip(":"), "") if before else (section.heading, "")
    named = heads(section.heading) is None or _NUMBERED.match(section.heading)
    if before and section.heading and (alone or _SAYS_NOTHING.fullmatch(title) or heads(before.lead) is False or (before.title and named)):
        title, prose = section.heading, title if not _SAYS_NOTHING.fullmatch(title) else ""
    line = before.line if before else fence.line
    step = Step(title=title, line=line, condition=condition(title), prose=prose, commands=tuple(_commands(fence)))
    draft.take(line, fence.end, step, fence.language if isinstance(fence, Fence) else "", before.text if before and not prose else "")
    return step


def command_column(table: Table) -> int | None:
    """The column that holds commands: by its name, or because its cells begin with known programs."""
    for number, name in enumerate(table.header):
        cells = [text for row in table.rows if re.search(r"\w", text := cell(row, number))]
        runs = sum(bool(_of_cell(text, table.line)) for text in cells)
        if runs and runs * 2 > len(cells) and (_COMMANDS.fullmatch(name) or runs == len(cells) > 1):
            return number
    return None


def tabled(table: Table, draft: Draft) -> Iterator[Step]:
    """A step for each row of a table that has a column of commands, or that counts its steps."""
    ran = command_column(table)
    told = next((number for number, name in enumerate(table.header) if number != ran and _ACTION.match(name)), None)
    draft.take_columns(table)
    for row in table.rows:
        texts = {number: text for number, text in enumerate(row.cells) if number != ran and re.search(r"[^\W\d]", text)}
        first = told if told in texts else next(iter(texts), None)
        title = texts.pop(first) if first is not None else cell(row, ran)
        found = tuple(_of_cell(cell(row, ran), row.line)) if ran is not None else ()
        rest = "\n".join([*texts.values(), *([cell(row, ran)] if not found and cell(row, ran) else [])])
        if title and re.search(r"\w", title):
            step = Step(title=title, line=row.line, condition=condition(title), prose=rest, commands=found)
            draft.take(row.line, row.end, step)
            yield step


def counts_steps(table: Table) -> bool:
    """`Step | Action | …`: the rows are steps, also without commands."""
    return len(table.header) > 1 and bool(_COUNTER.fullmatch(table.header[0])) and any(map(_ACTION.match, table.header[1:]))


def _of_cell(text: str, line: int) -> list[Command]:
    return [Command(command=command, line=line, block_line=line) for command, _, _ in commands(Indented(text, line, line + 1))]


def shown_step(title: str, fence: Fence, draft: Draft) -> Step:
    """A query or a file below a heading that says what to do: to be used by hand."""
    shown = textwrap.dedent(draft.source(fence.line, fence.end)).strip("\n")
    step = Step(title=title, line=fence.line, condition=condition(title), prose=shown)
    draft.take(fence.line, fence.end, step)
    return step


def prose_step(block: Paragraph, shows: Fence | List | None, draft: Draft) -> list[Step]:
    """A paragraph that says what to do, with what it `shows`; one that only says that something is to be written is left alone."""
    if _TO_WRITE.search(block.text) or _EXPECTS.match(block.text):
        return []
    first, _, rest = block.text.partition(". ")
    title = f"{first}." if rest else first
    shown = textwrap.dedent(draft.source(shows.line, shows.end)).strip("\n") if shows else ""
    step = Step(
        title=title,
        line=block.line,
        condition=condition(title),
        prose="\n".join(filter(None, (rest, shown))),
        commands=tuple(_named(block.asides)),
    )
    draft.take(block.line, shows.end if shows else block.end, step)
    return [step]


def _is_to_write(entry: ListItem, draft: Draft) -> bool:
    """Whether it only says that something is to be written; what stands between < and > is no text of the entry."""
    said = entry.text or re.sub(r"^\s*(?:[-*+]|\d+[.)])\s+", "", draft.source(entry.line, entry.line + 1))
    return not entry.blocks and bool(_TO_WRITE.search(said))


def _named(asides: Iterable[Aside]) -> list[Command]:
    return [Command(command=command, line=line, block_line=line) for command, line in in_passing(asides)]


def _only_commands(block: List) -> list[Command]:
    """The commands of a list whose entries are nothing else; empty when one has other words."""
    found = [_named(entry.asides) for entry in block.items]
    alone = all(
        len(named) == 1 and named[0].command == entry.text and not entry.blocks for entry, named in zip(block.items, found, strict=True)
    )
    return [command for named in found for command in named] if alone else []


def _without(title: str, bare: list[str]) -> str:
    """The title without the commands that stand at its end."""
    for text in reversed(bare):
        title = title.removesuffix(" ".join(text.split())).rstrip()
    return title.rstrip(":") or (bare[0] if bare else title)


def _commands(block: Block) -> list[Command]:
    found = code(block)
    return [Command(command=command, line=line, block_line=block.line) for command, line, _ in commands(found)] if found else []
