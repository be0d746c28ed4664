"""The incident handed to somebody else: offered by one, or by the rota, and signed by the other."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from warroom.core.acts import Decision, Refusal, unless_open
from warroom.core.entries import Accepted, Draft, HandedOver, RoleSet
from warroom.core.incident import Incident
from warroom.core.oncall import duty
from warroom.core.rule import commanding
from warroom.core.team import Team
from warroom.runbook.model import Runbook


@dataclass(frozen=True, slots=True)
class HandOver:
    """Offers what `by` holds; nothing moves and no clock stops until `to` has signed."""

    to: str
    why: str = ""

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        to, offered = " ".join(self.to.split()), incident.handoff
        if not to:
            return Refusal("say who takes over (`--to NAME`)")
        if same(to, by):
            return Refusal(f"{by} cannot hand over to {to}: name who takes over (`--to NAME`)")
        if offered and isinstance(offered.fact, HandedOver) and offered.by == by and same(offered.fact.to, to):
            return Refusal(f"{by} handed over to {to} at {incident.at(offered):%H:%M} UTC: it waits for {to}'s signature", mistake=False)
        roles = tuple(role for role, person in incident.roles.items() if same(person, by))
        command = commanding(runbook)
        if not roles and command and (holder := incident.roles.get(command)):
            return Refusal(f"{by} holds no role, and {holder} is {command}: let {holder} hand over, or take the role first")
        if not roles and command:
            roles = (command,)  # nobody commands: whoever hands over did
        return (Draft(HandedOver(to=to, roles=roles, why=self.why.strip()), now),)


@dataclass(frozen=True, slots=True)
class Accept:
    """The receiver's signature: the roles move in the same moment. `words`: what is broken, as the receiver understood it."""

    words: str = ""

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        offered = incident.handoff
        if offered is None or not isinstance(offered.fact, HandedOver):
            return Refusal("nobody has handed over: ask for it (`warroom handoff --to NAME`)", mistake=False)
        fact = offered.fact
        if not same(fact.to, by):
            return Refusal(f"{offered.by} handed over to {fact.to}, not to {by}: sign as {fact.to} (`--as`), or let {offered.by} name {by}")
        moved = [
            Draft(RoleSet(role=role, person=fact.to, previous=holder), now)
            for role in fact.roles
            if same(holder := incident.roles.get(role, ""), fact.giver or offered.by)
            or not holder  # what a third took meanwhile stays there
        ]
        return (Draft(Accepted(handed=offered.id, text=self.words.strip()), now), *moved)


@dataclass(frozen=True, slots=True)
class ChangeOver:
    """The on-call change-over in the middle of an incident, by the watch with this number: an offer, never a silent change of roles."""

    number: int
    team: Team

    def decide(self, incident: Incident, runbook: Runbook, now: datetime, by: str) -> Decision:
        if refusal := unless_open(incident):
            return refusal
        if incident.watch > self.number:
            return Refusal(f"watch {incident.watch} has taken over from watch {self.number}", mistake=False)
        offer = changing(incident, runbook, self.team, now)
        return (Draft(offer, now),) if offer else ()


def changing(incident: Incident, runbook: Runbook, team: Team, now: datetime) -> HandedOver | None:
    """What a change-over since the declaration offers: the roles of whoever left on call, if that is who commands. Once."""
    comes, commander = duty(runbook, team, now, "primary"), incident.roles.get(commanding(runbook), "")
    if comes is None or comes.start is None or not commander or incident.declared is None:
        return None
    if not incident.declared < comes.start <= now or any(incident.at(entry) >= comes.start for entry in incident.handoffs):
        return None
    left = duty(runbook, team, comes.start - timedelta(seconds=1), "primary")
    person = team.person(commander)
    if left is None or not (same(left.called, commander) or (person and person == left.person)) or left.called == comes.called:
        return None
    to = comes.person.login or comes.person.name if comes.person else comes.name
    roles = tuple(role for role, holder in incident.roles.items() if same(holder, commander))
    return HandedOver(to=to, roles=roles, why=f"on-call change-over {comes.start:%H:%M} UTC, {comes.why}", giver=commander)


def keeps(fact: HandedOver, giver: str, runbook: Runbook) -> str:
    """What holds until somebody signs: `ada commands`."""
    return f"{fact.giver or giver} {'commands' if commanding(runbook) in fact.roles else 'keeps them' if fact.roles else 'goes on'}"


def same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
