"""Which card a key opens, and when."""

from collections.abc import Callable

from textual.binding import Binding, BindingType

from warroom.core.incident import Incident
from warroom.ui.cards.card import Card
from warroom.ui.cards.deadline import DeadlineCard
from warroom.ui.cards.declare import DeclareCard
from warroom.ui.cards.response import ResponseCard
from warroom.ui.cards.roles import RolesCard
from warroom.ui.cards.severity import SeverityCard

CARDS: dict[str, Callable[..., Card]] = {
    "deadline": DeadlineCard,
    "declare": DeclareCard,
    "severity": SeverityCard,
    "roles": RolesCard,
    "response": ResponseCard,
}
KEYS: list[BindingType] = [
    Binding("comma", "card('deadline')", "keep promise", id="answer.deadline", tooltip="meets the oldest overdue deadline; sends nothing"),
    Binding("full_stop", "step", "next step", id="answer.step", tooltip="the first open step of the runbook; opens it, runs nothing"),
    Binding("!", "card('declare')", "declare", id="answer.declare", tooltip="declare an incident: title, level, since when"),
    Binding("!", "card('severity')", "level", id="map.severity", tooltip="change the severity; says what that starts and stops"),
    Binding("@", "card('roles')", "roles", id="map.roles", tooltip="who leads, who speaks: take a role, give it, hand it back"),
    Binding("R", "card('response')", "response", id="map.response", tooltip="acknowledge, next phase, restored, resolve, close, action"),
]


def fits(name: str, incident: Incident) -> bool:
    """Declaring is for a room without an open incident, the response also for a closed one, all else for an open one."""
    if name == "declare":
        return not incident.open
    return bool(incident.id) if name in ("response", "deadline") else incident.open
