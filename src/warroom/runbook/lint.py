"""Contradictions and gaps of a runbook, each with its line and a proposed fix."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from warroom.runbook.as_written import (
    bare_placeholder,
    blank_after_backslash,
    incomplete,
    smart_quotes,
    to_be_written,
    unset_variable,
    wrapped,
)
from warroom.runbook.draft import Doubt
from warroom.runbook.model import Finding, Item, Level, Runbook, Template
from warroom.runbook.sections import PARTS
from warroom.runbook.sections.templates import choices
from warroom.runbook.ways_back import without_way_back
from warroom.runbook.words import normal

Found = tuple[int, str, str]
"""Line, message, fix."""
PAGE_STATES = ("investigating", "identified", "monitoring", "resolved")
"""The states that a status page's incident can have."""
_CHANNELS = {"slack": r"slack|#", "statuspage": r"status ?-?page", "email": r"e-?mail|\bmail\b"}
_NORMAL = re.compile(r"\b(normal|baseline|usual|typical)\b", re.IGNORECASE)
_NORMAL_DEFINED = re.compile(
    r"\b(normal|baseline|usual|typical)\b[^.\n]*\b(is|means|=)\s[^.\n]*(median|average|mean|p\d|\d)", re.IGNORECASE
)
_BOUND = re.compile(r"([<>])\s*(\d+(?:\.\d+)?)\s*(%|x\b|[a-z]{1,3}\b)?([^()]*)", re.IGNORECASE)
_EXAMPLE = re.compile(r"(\d+(?:\.\d+)?)\s*%\+?\s+([a-z][a-z ]*[a-z])", re.IGNORECASE)
_WITHIN = re.compile(r"\bwithin\s+(\d+\s*\w+)", re.IGNORECASE)
_REVIEW = re.compile(r"\b(post-?\s?mortem|post-?incident|report|review)\b", re.IGNORECASE)
_NOBODY = re.compile(r"(tbd|tba|tbc|\?+|n/?a|none|-+|x+|\.\.\.|to be (named|defined|decided))?", re.IGNORECASE)
_LABEL = re.compile(r"(?<!\w)(?:P|SEV[\s-]?)\d(?!\w)", re.IGNORECASE)


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


def no_criteria(runbook: Runbook) -> Iterator[Found]:
    others = any(severity.criteria for severity in runbook.severities)
    for severity in runbook.severities if others else ():
        if not severity.criteria:
            yield (
                severity.line,
                f"{severity.level} has no criteria, so it is never suggested",
                f"list them below a heading that names {severity.level}",
            )


def nobody_told(runbook: Runbook) -> Iterator[Found]:
    for trigger in runbook.escalation.triggers:
        if not trigger.to:
            yield trigger.line, f"the rule {trigger.condition!r} names nobody to tell", "write who is told"


def unknown_level(runbook: Runbook) -> Iterator[Found]:
    known = {normal(severity.level).replace(" ", "") for severity in runbook.severities}
    for trigger in runbook.escalation.triggers:
        for name in _LABEL.findall(trigger.condition) if known else ():
            if normal(name).replace(" ", "") not in known:
                yield (
                    trigger.line,
                    f"the rule {trigger.condition!r} is about {name}, which is no severity here",
                    "use one of the severities' labels",
                )


def target_without_contact(runbook: Runbook) -> Iterator[Found]:
    contacts = [normal(f"{contact.level} {contact.role}") for contact in runbook.escalation.contacts]
    if not contacts:
        return
    for trigger in runbook.escalation.triggers:
        for target in trigger.to:
            if not any(re.search(rf"\b{re.escape(normal(target))}\b", contact) for contact in contacts):
                yield (
                    trigger.line,
                    f"{trigger.condition!r} goes to {target}, who has no row among the contacts",
                    f"add a row for {target}, or name someone who has one",
                )


def rank_without_trigger(runbook: Runbook) -> Iterator[Found]:
    named = {level for trigger in runbook.escalation.triggers for level in trigger.levels}
    for severity in runbook.severities:
        if named and severity.rank <= 2 and severity.level not in named:
            yield (
                runbook.escalation.triggers[0].line,
                f"no escalation rule is about {severity.level}",
                f"add one, or say that {severity.level} never escalates by itself",
            )


def role_without_holder(runbook: Runbook) -> Iterator[Found]:
    held = [role for role in runbook.roles if role.primary]
    for role in runbook.roles if held else ():
        if not role.primary or _NOBODY.fullmatch(role.primary.strip()):
            yield role.line, f"nobody holds the role {role.name}", "name who takes it first, or a rota"


def contact_without_way(runbook: Runbook) -> Iterator[Found]:
    for contact in runbook.escalation.contacts:
        if not contact.method or _NOBODY.fullmatch(contact.method.strip(" ,")):
            yield contact.line, f"there is no way to reach {contact.role or contact.level}", "write the number, the address or the channel"


def times_that_contradict(runbook: Runbook) -> Iterator[Found]:
    for severity in runbook.severities:
        for kind in ("acknowledge", "respond", "resolve"):
            said = {time.seconds: time.text for time in severity.times if time.kind == kind and time.seconds is not None}
            if len(said) > 1:
                yield (
                    severity.line,
                    f"{severity.level} gives more than one time to {kind}: {' and '.join(map(repr, said.values()))}",
                    "leave one of them; the console takes the first",
                )
        first = {time.kind: time for time in reversed(severity.times) if time.seconds is not None and time.hours == "any"}
        for sooner, later in (("acknowledge", "respond"), ("respond", "resolve")):
            one, other = first.get(sooner), first.get(later)  # type: ignore[call-overload]
            if one and other and one.seconds > other.seconds:
                yield (
                    severity.line,
                    f"{severity.level} is to {sooner} in {one.text!r} but to {later} in {other.text!r}",
                    "make the first the shorter one",
                )
    timed = [severity for severity in runbook.severities if severity.response_seconds is not None]
    for worse, lesser in pairwise(timed):
        if (worse.response_seconds or 0) > (lesser.response_seconds or 0):
            yield (
                worse.line,
                f"{worse.level} is worse than {lesser.level} but is answered later",
                "check both response times, or the order of the levels",
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


def odd_weeks(runbook: Runbook) -> Iterator[Found]:
    for row in runbook.oncall.rota:
        if re.search(r"\bodd\b", row.week, re.IGNORECASE):
            yield (
                row.line,
                f"in a year of 53 ISO weeks (2026, 2032, 2037) week 53 and the next week 1 are both odd: {row.primary} is primary twice",
                "say who takes week 53",
            )


def never_primary(runbook: Runbook) -> Iterator[Found]:
    rows = [row for row in runbook.oncall.rota if re.search(r"\b(odd|even|week \d+|every)\b", row.week, re.IGNORECASE)]
    primaries = {row.primary.casefold() for row in rows}
    for row in rows if len(rows) > 1 else ():
        if row.secondary and row.secondary.casefold() not in primaries:
            yield row.line, f"{row.secondary} is secondary but never primary", "add a week, or say that this is meant"


def undefined_normal(runbook: Runbook) -> Iterator[Found]:
    relative = [item for item in _criteria(runbook) if _NORMAL.search(item.text)]
    words = [prose.text for prose in runbook.prose] + [severity.impact for severity in runbook.severities]
    if relative and not any(map(_NORMAL_DEFINED.search, words)):
        yield (
            relative[0].line,
            f"{relative[0].text!r} compares with a normal that is defined nowhere",
            "say what it is, for example: normal is the median of the same hour over 7 days (that is what the console takes)",
        )


def hole_between_levels(runbook: Runbook) -> Iterator[Found]:
    bounds: dict[tuple[str, str, str], dict[str, Item]] = {}
    for item in _criteria(runbook):
        for sign, number, unit, rest in _BOUND.findall(item.text):
            bounds.setdefault((number, unit, normal(rest)), {}).setdefault(sign, item)
    for (number, unit, _), signs in bounds.items():
        if len(signs) == 2:
            first, second = sorted(signs.values(), key=lambda item: item.line)
            yield (
                second.line,
                f"exactly {number}{unit} is neither in {first.text!r} (line {first.line}) nor in {second.text!r}",
                f"write ≥ or ≤ in one of them; the console takes the worse level at exactly {number}{unit}",
            )


def example_against_criteria(runbook: Runbook) -> Iterator[Found]:
    for severity in runbook.severities:
        for number, measure in _EXAMPLE.findall(f"{severity.example}, {severity.impact}"):
            for item in severity.criteria:
                if normal(measure) in normal(item.text) and "%" in item.text and not re.search(rf"(?<!\d){number}\s*%", item.text):
                    yield (
                        severity.line,
                        f"{severity.level}: the example says {number}% {measure.strip()}, line {item.line} says {item.text!r}",
                        "make the two agree, or give the example to the level it belongs to",
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


def level_offered_but_not_declared(runbook: Runbook) -> Iterator[Found]:
    labels = {severity.level.casefold(): severity.level for severity in runbook.severities}
    rules = [item for phase in runbook.phases for item in phase.steps if re.search(r"\bdeclar\w+", item.text, re.IGNORECASE)]
    rules = [item for item in rules if re.search(r"\bif\b", item.text, re.IGNORECASE) and _labels_in(item.text, labels)]
    for template in runbook.templates if rules else ():
        if not re.search(r"\bdeclar", template.title, re.IGNORECASE):
            continue
        extra = [level for level in _offered(template, labels) if level not in _labels_in(rules[0].text, labels)]
        if extra:
            yield (
                template.line,
                f"{template.title!r} offers {', '.join(extra)}, but {rules[0].text!r} (line {rules[0].line}) does not declare it",
                "offer the same levels in both",
            )


def two_promises(runbook: Runbook) -> Iterator[Found]:
    inside = [(item.text, item.line, found[1]) for phase in runbook.phases for item in phase.steps if (found := _promise(item.text))]
    for template in runbook.templates:
        for sentence in re.split(r"(?<=[.!?])\s+", " ".join(template.body.split())):
            found = _promise(sentence)
            for text, line, span in inside if found else ():
                if found and normal(span) == normal(found[1]):
                    yield (
                        template.line,
                        f"two promises of {span}: {text!r} (line {line}) inside, {sentence!r} to the outside",
                        "say from when each counts; the console keeps them as two deadlines",
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


def contact_against_contacts(runbook: Runbook) -> Iterator[Found]:
    channels = {word for channel in runbook.channels for word in normal(channel.name).split()}
    for role in runbook.roles:
        ways = set(normal(role.contact).split())
        if not ways or ways & channels:
            continue
        holders = (role.primary.casefold(), role.backup.casefold())
        others = [
            each for each in runbook.escalation.contacts if each.role.casefold() in holders and not ways & set(normal(each.method).split())
        ]
        if others:
            theirs = ", ".join(f"{each.role} (line {each.line}) by {each.method!r}" for each in others)
            yield role.line, f"{role.name} is reached by {role.contact!r}, but {theirs}", "give the same way in both tables"


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


def _criteria(runbook: Runbook) -> Iterator[Item]:
    for severity in runbook.severities:
        yield from severity.criteria


def _promise(text: str) -> re.Match[str] | None:
    return _WITHIN.search(text) if _REVIEW.search(text) else None


def _labels_in(text: str, labels: dict[str, str]) -> list[str]:
    return [level for folded, level in labels.items() if re.search(rf"(?<!\w){re.escape(folded)}(?!\w)", text, re.IGNORECASE)]


def _offered(template: Template, labels: dict[str, str]) -> list[str]:
    """The levels that a choice in the text stands for: P[1/2/3] offers P1, P2 and P3."""
    offered = []
    for place in template.placeholders:
        if place.kind == "choice":
            for spelling in place.spelling:
                before = re.search(rf"([\w-]*){re.escape(spelling)}", template.body)
                names = [(before[1] if before else "") + choice for choice in choices(place.name)]
                offered += [labels[name.casefold()] for name in names if name.casefold() in labels]
    return offered
