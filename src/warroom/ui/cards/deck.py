"""Which card a key opens, and when."""

from typing import TYPE_CHECKING

from textual.binding import Binding, BindingType

from warroom.core.incident import Incident

if TYPE_CHECKING:
    from warroom.ui.cards.card import Card

KEYS: list[BindingType] = [
    Binding("comma", "card('deadline')", "keep promise", id="answer.deadline", tooltip="meets the oldest overdue deadline; sends nothing"),
    Binding("full_stop", "step", "next step", id="answer.step", tooltip="the first open step of the runbook; opens it, runs nothing"),
    Binding("!", "card('declare')", "declare", id="answer.declare", tooltip="declare an incident: title, level, since when"),
    Binding("!", "card('severity')", "level", id="map.severity", tooltip="change the severity; says what that starts and stops"),
    Binding("@", "card('roles')", "roles", id="map.roles", tooltip="who leads, who speaks: take a role, give it, hand it back"),
    Binding(
        "U",
        "card('adopt')",
        "runbook anew",
        show=False,
        id="map.adopt",
        tooltip="the runbook's file was written: what is different, and going by it",
    ),
    Binding("W", "arm", "arm", show=False, id="map.arm", tooltip="arm this console for 15 minutes, with a reason; armed: make it safe"),
    Binding(
        "Y", "card('hypotheses')", "why", show=False, id="map.hypotheses", tooltip="what may be the cause: propose, test, refute, confirm"
    ),
    Binding("C", "card('call')", "call", show=False, id="map.call", tooltip="a call by phone: the number, what to say, how it went"),
    Binding("R", "card('response')", "response", id="map.response", tooltip="acknowledge, next phase, restored, resolve, close, action"),
]


def fits(name: str, incident: Incident) -> bool:
    """Declaring is for a room without an open incident, the response also for a closed one, all else for an open one."""
    if name == "declare":
        return not incident.open
    return bool(incident.id) if name in ("response", "deadline") else incident.open


def card(name: str, *about: str) -> "Card":
    """Each is loaded when it is first wanted: forms cost more of a start than all panes."""
    match name:
        case "deadline":
            from warroom.ui.cards.deadline import DeadlineCard

            return DeadlineCard(*about)
        case "declare":
            from warroom.ui.cards.declare import DeclareCard

            return DeclareCard()
        case "severity":
            from warroom.ui.cards.severity import SeverityCard

            return SeverityCard()
        case "adopt":
            from warroom.ui.cards.adopt import AdoptCard

            return AdoptCard()
        case "roles":
            from warroom.ui.cards.roles import RolesCard

            return RolesCard(*about)
        case "hypotheses":
            from warroom.ui.cards.hypotheses import HypothesesCard

            return HypothesesCard()
        case "call":
            from warroom.ui.cards.call import CallCard

            return CallCard(*about)
        case "arm":
            from warroom.ui.cards.arm import ArmCard

            return ArmCard()
    from warroom.ui.cards.response import ResponseCard

    return ResponseCard(*about)
