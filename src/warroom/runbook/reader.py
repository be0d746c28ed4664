"""A Markdown text becomes a Runbook: nothing is lost, and it never fails."""

import hashlib
from collections.abc import Callable, Mapping

import msgspec

from warroom.runbook import folder
from warroom.runbook.draft import Draft
from warroom.runbook.lint import check
from warroom.runbook.markdown import parse
from warroom.runbook.model import Declaration, Escalation, Heading, OnCall, PostMortem, Runbook
from warroom.runbook.sections import read_sections
from warroom.runbook.vocabulary import language_of

ReadPart = Callable[[str, str, Mapping[str, str]], Runbook]


def read(text: str, file: str = "runbook.md", mapping: Mapping[str, str] | None = None, read_part: ReadPart | None = None) -> Runbook:
    """All that was understood; what was not is in `prose`. `file` is the name that the findings give.

    `mapping` names headings and the part (severities, roles, escalation, …, text) that the team says their sections are.
    `read_part` reads each file where the text is that of several.
    """
    if several := folder.parts(text):
        theirs = [{each: what for each, what in (mapping or {}).items() if each.casefold() in part.casefold()} for _, part in several]
        each = read_part or read
        return folder.merged([(name, each(part, name, own)) for (name, part), own in zip(several, theirs, strict=True)], text)
    document = parse(text)
    language = language_of(text)
    draft = Draft(document, language, mapping)
    read_sections(draft)
    headings = []
    for section in document.sections():
        if section.level:
            heading = Heading(level=section.level, title=section.heading, line=section.line)
            headings.append(heading)
            draft.take(section.line, section.end, heading)
    first = headings[0].title if headings else ""
    runbook = Runbook(
        title=draft.title or document.front.get("title", "") or first,
        version=draft.version or document.front.get("version"),
        updated=draft.updated,
        owner=draft.owner or document.front.get("owner"),
        sha256=hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest(),
        lines=text.count("\n"),
        language=language,
        counts=document.counts,
        open_fence=document.open_fence,
        roles=tuple(draft.roles),
        channels=tuple(draft.channels),
        declaration=Declaration(definition=draft.definition, triggers=tuple(draft.triggers), ways=tuple(draft.ways)),
        severities=tuple(sorted(draft.severities.values(), key=lambda severity: severity.rank)),
        oncall=OnCall(
            responsibilities=tuple(draft.responsibilities),
            rota=tuple(draft.rota),
            checklist=tuple(draft.checklist),
            quick_assessment=tuple(draft.quick),
        ),
        phases=tuple(draft.phases),
        checklists=tuple(draft.checklists),
        templates=tuple(draft.templates),
        escalation=Escalation(triggers=tuple(draft.escalations), contacts=tuple(draft.contacts), include=tuple(draft.include)),
        postmortem=PostMortem(template=draft.postmortem, line=draft.postmortem_line, agenda=tuple(draft.agenda)),
        playbooks=tuple(playbook for _, playbook in sorted(draft.playbooks.items()) if playbook.steps),
        related=tuple(draft.related),
        revisions=tuple(draft.revisions),
        headings=tuple(headings),
        columns=tuple(draft.columns),
        prose=tuple(draft.prose()),
    )
    return msgspec.structs.replace(runbook, findings=check(runbook, file, draft.doubts, mapping))
