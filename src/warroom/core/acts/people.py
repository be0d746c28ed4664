"""Roles: taken, taken over, handed back."""

from dataclasses import dataclass
from datetime import datetime

from warroom.core.acts import Decision, Refusal, unless_open
from warroom.core.entries import Draft, RoleSet
from warroom.core.incident import Incident
from warroom.runbook.model import Role, Runbook


def find_role(runbook: Runbook, words: str) -> Role | Refusal:
    """By its name, its abbreviation, its initials, or the start of its name where only one role begins so."""
    wanted = " ".join(words.casefold().split())

    def names(role: Role) -> tuple[str, str, str]:
        return role.name.casefold(), role.abbreviation.casefold(), "".join(word[0] for word in role.name.casefold().split())

    exact = [role for role in runbook.roles if wanted and wanted in names(role)]
    found = exact or [role for role in runbook.roles if wanted and role.name.casefold().startswith(wanted)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(role.name for role in runbook.roles) or "none"
    return Refusal(f"{words!r} is {'more than one role' if found else 'no role of the runbook'}: it knows {known}")


@dataclass(frozen=True, slots=True)
class TakeRole:
    """`person` empty hands the role back. `expected` is who held it when the asker looked (None: whoever)."""

    role: str
    person: str
    expected: str | None = None

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        role = find_role(runbook, self.role)
        if isinstance(role, Refusal):
            return role
        person, holder = " ".join(self.person.split()), incident.roles.get(role.name, "")
        if self.expected is not None and holder != self.expected:
            return Refusal(f"{role.name} is {holder or 'free'} now, not {self.expected or 'free'}: look again", mistake=False)
        if person == holder:
            return Refusal(f"{role.name} is {f'with {holder}' if holder else 'free'} already", mistake=False)
        return (Draft(RoleSet(role=role.name, person=person, previous=holder), now),)
