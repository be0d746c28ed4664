"""Which card a key opens, and when."""

from collections.abc import Callable

from textual.binding import Binding, BindingType

from warroom.core.incident import Incident
from warroom.ui.cards.card import Card
from warroom.ui.cards.deadline import DeadlineCard
from warroom.ui.cards.declare import DeclareCard
from warroom.ui.cards.severity import SeverityCard

CARDS: dict[str, Callable[..., Card]] = {"declare": DeclareCard, "severity": SeverityCard, "deadline": DeadlineCard}
KEYS: list[BindingType] = [
    Binding(
        "comma",
        "card('deadline')",
        "keep promise",
        id="answer.deadline",
        tooltip="what meets the oldest overdue deadline, else the next; sends nothing",
    ),
    Binding("!", "card('declare')", "declare", id="answer.declare", tooltip="declare an incident: title, level, since when"),
    Binding(
        "!", "card('severity')", "level", id="map.severity", tooltip="change the severity, with a reason; says what that starts and stops"
    ),
]


def fits(name: str, incident: Incident) -> bool:
    """Declaring is for a room without an open incident, all else for one with."""
    if name == "declare":
        return not incident.open
    return bool(incident.id) if name == "response" else incident.open
