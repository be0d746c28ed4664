"""Who is told of an incident, who holds a role, and how they are reached: what a runbook leaves open."""

import re
from collections.abc import Iterator

from warroom.runbook.model import Found, Runbook
from warroom.runbook.words import normal

_NOBODY = re.compile(r"(tbd|tba|tbc|\?+|n/?a|none|-+|x+|\.\.\.|to be (named|defined|decided))?", re.IGNORECASE)


def nobody_told(runbook: Runbook) -> Iterator[Found]:
    for trigger in runbook.escalation.triggers:
        if not trigger.to:
            yield trigger.line, f"the rule {trigger.condition!r} names nobody to tell", "write who is told"


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
