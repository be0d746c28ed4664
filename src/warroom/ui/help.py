"""What to do with a pane in an incident, and the keys that work on it."""

from collections.abc import Iterable, Sequence

from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

from warroom.ui.cells import Line, cell, wrap
from warroom.ui.keys import bindings_of, spelled
from warroom.ui.look import foreign, g
from warroom.ui.panes.pane import Pane
from warroom.ui.widgets.rows import Row, Rows

ADVICE: dict[str, tuple[str, ...]] = {
    "pods": (
        "Look here first: what fails is at the top, and says why in plain words.",
        "Compare the revisions: when only the new one fails, the release is the likely cause.",
        "Restarts count since the incident began; a number that grows means that it is still going on.",
        "When the head says stale, nothing here is news: do not decide by it.",
    ),
    "metrics": (
        "The first row that left its normal range tells when it began: hold it against the mark of the release.",
        "A chip is the level whose range the figure is in now; how long it must hold stands in the severity pane.",
        "What is not known is said in words: no traffic may be the outage itself, and is never 0.",
        "Enter draws the figure over the whole incident, with the timeline on it.",
    ),
    "errors": (
        "Look at what is NEW first: it was not there before the incident.",
        "From says which release most of it comes from; all of it from the new one makes a roll back likely.",
        "Enter shows one of them whole, with its trace; l reads the log it stands in.",
        "GAP, dropped, not folded and left out in the head say what the counts lack.",
    ),
    "events": (
        "Read this when a pod does not say enough: warnings come first, the newest of each kind on top.",
        "A count that climbs is happening now; an old event with one occurrence is history.",
        "Empty is not late: it says when the cluster was last asked.",
    ),
    "deadlines": (
        "These are promises of your runbook; what is overdue is at the top, with what missing it costs and who owes it.",
        "Meet one, then say so: `,` opens the oldest, and your answer becomes an entry.",
        "Let one wait only with a reason: it is in the post-mortem.",
        "Nothing here pages or sends by itself.",
    ),
    "severity": (
        "Tick what you know to be true; the level that follows is suggested with its reasons, never set by itself.",
        "When it is between two levels, take the worse one: lowering it later is cheap.",
        "6 again shows the first response, then the steps of the phase you are in.",
    ),
    "timeline": (
        "Write down what you see and do while you do it: nobody remembers it in the morning.",
        "Put a time in front for what happened earlier: -7m or 02:41.",
        "7 again opens the screen where an entry is reworded, struck or moved; the first text always stays readable.",
    ),
    "history": (
        "The whole incident in order of time; a correction stands beside what it corrects, nothing is ever deleted.",
        "Amend what is worded wrongly, strike what did not happen, move what has the wrong time.",
        "Esc leaves the editor and keeps what you typed.",
    ),
    "editor": (
        "Enter keeps the entry; until it is written down the text stays here, also when the journal refuses it.",
        "Put a time in front for what happened earlier: -7m or 02:41.",
        "Mark it as progress when somebody waits for news: the clock of progress starts again.",
    ),
    "prose": (
        "This is the runbook that holds for this incident, as your team wrote it; what the console did not understand is here, too.",
        "Search with /: only the lines that are found stay, enter shows one of them where it stands.",
        "Enter on a line with a link goes where it leads, in the text or into another document of the team.",
    ),
    "contents": (
        "Move the cursor and the text follows; enter goes over into the text.",
        "Findings say what is doubtful in the runbook and how it was taken; they stop nothing, mend them in the morning.",
        "A related document that is dim is not beside the runbook.",
    ),
    "steps": (
        "The playbook that fits what is measured stands first, and says why; `.` opens the step that is next, from anywhere.",
        "Enter does what a step is for: what only reads runs at once, what changes something shows its blast radius and asks.",
        "A condition wants your answer, y or N; skip what does not help with S, and say why: it is in the post-mortem.",
        "Several steps may run at once; leaving this screen stops nothing.",
    ),
    "step": (
        "Read what will really run: what the console added to the runbook's words stands below it, with the reason.",
        "Measured is not decided: you answer, and the answer has your name.",
        "A step that nothing can be run of is yours to do; enter says what you found.",
    ),
    "outputs": (
        "The words of commands stand behind the bar, and nothing in them is interpreted; the newest run of each is shown.",
        "p pins an output into the timeline with its hash; what printed secrets is not kept at all.",
    ),
    "ledger": (
        "Whatever was changed stands here until it is undone or kept with a reason; the header counts what is owed.",
        "u shows what undoes it, and asks: take changes back in the reverse order, the newest first.",
        "A second roll-back rolls forward again: undo from here, where the revision is named.",
    ),
    "peek": (
        "More about what is under the cursor: the last state, the image, the probes, where it runs.",
        "Move the cursor in the pods to look at another one.",
    ),
    "changes": (
        "What changed shortly before it broke is the first suspect: compare the age of a release with the alert.",
        "The difference of the images names what to roll back to.",
    ),
}
"""In the order in which a tired person needs them; by the id of the pane."""
KEY = 18


def pane_of(screen: Screen[object]) -> Pane | None:
    node: DOMNode | None = screen.focused
    while node is not None and not (isinstance(node, Pane) or node.id in ADVICE):
        node = node.parent
    return node if isinstance(node, Pane) else None


def place_of(screen: Screen[object]) -> str:
    """The id of the pane that has the focus."""
    node: DOMNode | None = screen.focused
    while node is not None and node.id not in ADVICE:
        node = node.parent
    return (node.id or "") if node else ""


def keys_of(screen: Screen[object]) -> tuple[list[Binding], list[Binding]]:
    """Those of the place, and those of everywhere; what cannot be done now is in neither."""
    here, everywhere = list[Binding](), list[Binding]()
    for node, binding, enabled, _ in screen.active_bindings.values():
        if enabled and binding.id:
            (everywhere if node is screen.app else here).append(binding)
    order = [key for key, _ in screen.app._bindings]
    moving = {binding.id for binding in bindings_of(Rows)}
    here.sort(key=lambda binding: binding.id in moving)  # what is special to the place first
    return here, sorted(everywhere, key=lambda binding: order.index(binding.key))


def help_rows(screen: Screen[object], joins: str, width: int) -> Sequence[Row]:
    """What the card shows of the screen behind it."""
    place = place_of(screen)
    here, everywhere = keys_of(screen)
    out = list[Line]()
    if place:
        pane = pane_of(screen)
        out += _head(pane.called() if pane else place)
        for sentence in ADVICE[place]:
            out += [[("  ", ""), (part, "$ink")] for part in wrap(sentence, max(20, width - 3))]
        out.append(())
    out += [*_head("keys here"), *_keys(here, width), ()]
    out += [*_head("keys everywhere"), *_keys(everywhere, width)]
    if joins:
        out += [(), *_head("another terminal joins this drill")]
        out += [
            [(f"{g['bar']} ", "$outside"), (foreign(part), "$outside")] for line in joins.splitlines() for part in wrap(line, width - 3)
        ]
    return [Row(tuple(line)) for line in out]


def _head(text: str) -> list[Line]:
    return [[(foreign(text), "$loud bold")]]


def _keys(bindings: Iterable[Binding], width: int) -> list[Line]:
    grouped: dict[str, list[Binding]] = {}
    for binding in bindings:
        grouped.setdefault(binding.id or "", []).append(binding)
    out = list[Line]()
    for those in grouped.values():
        keys = " ".join(spelled(each.key) for each in those)
        says = those[0].tooltip or those[0].description
        for n, part in enumerate(wrap(says, max(20, width - KEY - 3))):
            out.append([*cell([("  ", ""), (keys if n == 0 else "", "$focus bold")], KEY), (" ", ""), (part, "$ink")])
    return out
