"""Contradictions and gaps of a runbook, each with its line and a proposed fix."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from warroom.runbook.as_written import (
    bare_placeholder,
    blank_after_backslash,
    incomplete,
    smart_quotes,
    to_be_written,
    unset_variable,
    wrapped,
)
from warroom.runbook.contradictions import (
    example_against_criteria,
    hole_between_levels,
    level_offered_but_not_declared,
    no_criteria,
    times_that_contradict,
    two_promises,
    undefined_normal,
    unknown_level,
)
from warroom.runbook.draft import Doubt
from warroom.runbook.model import Finding, Found, Level, Runbook
from warroom.runbook.nobody import (
    contact_against_contacts,
    contact_without_way,
    never_primary,
    nobody_told,
    odd_weeks,
    rank_without_trigger,
    role_without_holder,
    target_without_contact,
)
from warroom.runbook.sections import PARTS
from warroom.runbook.sections.templates import choices
from warroom.runbook.ways_back import without_way_back
from warroom.runbook.words import normal

PAGE_STATES = ("investigating", "identified", "monitoring", "resolved")
"""The states that a status page's incident can have."""
_CHANNELS = {"slack": r"slack|#", "statuspage": r"status ?-?page", "email": r"e-?mail|\bmail\b"}


def check(runbook: Runbook, file: str, doubts: Sequence[Doubt] = (), mapping: Mapping[str, str] | None = None) -> tuple[Finding, ...]:
    """None of these is an error: the console works with a document that has them."""
    found = [
        Finding(
            file=file,
            line=doubt.line,
            level="note",
            code="doubtful",
            message=f"read as {doubt.part} because {doubt.because}",
            fix=f"to be sure write {doubt.write}, or name the heading in warroom.toml under mapping",
        )
        for doubt in doubts
    ]
    known = {normal(heading.title) for heading in runbook.headings}
    for heading, part in (mapping or {}).items():
        message = f"the mapping says that {heading!r} is {part}, "
        if part not in PARTS:
            found.append(_misnamed(file, message + "which is no part of a runbook", f"choose one of {', '.join(PARTS)}"))
        elif normal(heading) not in known:
            found.append(_misnamed(file, message + "but there is no such heading", "write the heading's text as it stands"))
    found += [
        Finding(file=file, line=line, level=level, code=code, message=message, fix=fix)
        for code, level, rule in RULES
        for line, message, fix in rule(runbook)
    ]
    return tuple(sorted(found, key=lambda finding: finding.line))


def _misnamed(file: str, message: str, fix: str) -> Finding:
    return Finding(file=file, line=1, level="warning", code="mapping", message=message, fix=fix)


def empty(runbook: Runbook) -> Iterator[Found]:
    if not runbook.headings and not runbook.prose:
        yield 1, "the runbook is empty", "write it, or leave --runbook away for the shipped one"


def nothing_understood(runbook: Runbook) -> Iterator[Found]:
    parts = (*runbook.items(), *runbook.playbooks, *runbook.severities, *runbook.templates, *runbook.columns, *runbook.escalation.contacts)
    if runbook.prose and not parts:
        yield 1, "nothing of it was understood, all of it is shown as text", "see docs/runbook-format.md for what is read"


def open_fence(runbook: Runbook) -> Iterator[Found]:
    if runbook.open_fence:
        yield (
            runbook.open_fence,
            "this fence is never closed: what follows is taken for its text, in a shell fence up to the next heading",
            "close it with a line of its own marks",
        )


def bare_place(runbook: Runbook) -> Iterator[Found]:
    for template in runbook.templates:
        bare = [
            place.spelling[0]
            for place in template.placeholders
            if place.kind == "free" and len(place.name) < 3 and not place.name.isdigit()
        ]
        if bare:
            yield (
                template.line,
                f"{template.title!r} does not say what {', '.join(bare)} stands for",
                "write what is to be filled in: [customer name] instead of [n]",
            )


def status_without_template(runbook: Runbook) -> Iterator[Found]:
    pages = [normal(template.title) for template in runbook.templates if template.channel == "statuspage"]
    for template in runbook.templates if pages else ():
        offered = {choice for place in template.placeholders if place.kind == "choice" for choice in choices(place.name)}
        for state in PAGE_STATES:
            if state in offered and not any(state in page for page in pages):
                yield (
                    template.line,
                    f"{template.title!r} offers the status {state.capitalize()}, but no text for the status page is named so",
                    f"add a status-page text {state.capitalize()!r}, or say which one is used for it",
                )


def template_without_channel(runbook: Runbook) -> Iterator[Found]:
    for template in runbook.templates if runbook.channels else ():
        if template.channel and not any(re.search(_CHANNELS[template.channel], each.name, re.IGNORECASE) for each in runbook.channels):
            yield (
                template.line,
                f"{template.title!r} goes by {template.channel}, which is none of the channels",
                "add that channel with its purpose",
            )


def mitigation_without_playbook(runbook: Runbook) -> Iterator[Found]:
    parts = [
        f"{step.title} {step.prose} {' '.join(each.command for each in step.commands)}" for book in runbook.playbooks for step in book.steps
    ]
    said = re.sub(r"[\s-]", "", " ".join([*parts, *(book.title for book in runbook.playbooks)])).casefold()
    for phase in runbook.phases if runbook.playbooks else ():
        for item in phase.steps:
            found = re.match(r"([\w-]+)\s+(?:if|when)\b", item.text, re.IGNORECASE)
            if found and found[1].replace("-", "").casefold() not in said:
                yield (
                    item.line,
                    f"{item.text!r}: no playbook says how to {found[1].lower()}",
                    "add a playbook or a step, or link the document that has it",
                )


def slash_command(runbook: Runbook) -> Iterator[Found]:
    for way in runbook.declaration.ways:
        if found := re.search(r"^/(\w[\w-]*)", way.text, re.MULTILINE):
            yield (
                way.line,
                f"{way.title!r} uses the slash command {found[0]}, which a program cannot send",
                "type it by hand; the console posts the text or copies it",
            )


def pd_verb(runbook: Runbook) -> Iterator[Found]:
    commands = [(each.line, each.command) for book in runbook.playbooks for step in book.steps for each in step.commands]
    for first, text in [*commands, *((prose.line, prose.text) for prose in runbook.prose)]:
        for number, line in enumerate(text.split("\n"), first):
            if re.search(r"\bpd\s+incident:escalate\b", line):
                yield (
                    number,
                    "`pd incident:escalate` is in no version of the PagerDuty command line",
                    "write the steps in PagerDuty's pages, or the REST call",
                )


RULES: tuple[tuple[str, Level, Callable[[Runbook], Iterator[Found]]], ...] = (
    ("empty", "warning", empty),
    ("nothing-understood", "warning", nothing_understood),
    ("open-fence", "warning", open_fence),
    ("no-criteria", "note", no_criteria),
    ("nobody-told", "warning", nobody_told),
    ("unknown-level", "warning", unknown_level),
    ("target-without-contact", "warning", target_without_contact),
    ("rank-without-trigger", "note", rank_without_trigger),
    ("role-without-holder", "warning", role_without_holder),
    ("contact-without-way", "warning", contact_without_way),
    ("times-contradict", "warning", times_that_contradict),
    ("bare-place", "note", bare_place),
    ("odd-weeks", "warning", odd_weeks),
    ("never-primary", "note", never_primary),
    ("undefined-normal", "warning", undefined_normal),
    ("hole-between-levels", "warning", hole_between_levels),
    ("example-against-criteria", "warning", example_against_criteria),
    ("status-without-template", "warning", status_without_template),
    ("template-without-channel", "note", template_without_channel),
    ("level-not-declared", "note", level_offered_but_not_declared),
    ("two-promises", "note", two_promises),
    ("mitigation-without-playbook", "warning", mitigation_without_playbook),
    ("contact-differs", "note", contact_against_contacts),
    ("slash-command", "note", slash_command),
    ("pd-verb", "warning", pd_verb),
    ("blank-after-backslash", "warning", blank_after_backslash),
    ("wrapped", "warning", wrapped),
    ("smart-quotes", "warning", smart_quotes),
    ("incomplete", "warning", incomplete),
    ("to-be-written", "note", to_be_written),
    ("bare-placeholder", "note", bare_placeholder),
    ("unset-variable", "note", unset_variable),
    ("no-way-back", "note", without_way_back),
)
