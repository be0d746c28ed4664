"""The last row: the keys that work now, and nothing else."""

from collections.abc import Sequence

from textual.binding import Binding
from textual.screen import Screen

from warroom.ui.cells import Line, Seg, ends, measure
from warroom.ui.widgets.painted import Painted

ANSWERS, MAP = "answer.", "map."
FIRST = ("answer.deadline", "answer.step", "answer.note", "answer.declare")
"""In this order, wherever they come from."""
"""How the ids of bindings begin that stand at the left and at the right; what is between belongs to the pane."""


class KeyBar(Painted):
    """The keys that answer, the pane's own, then the map; where room is short whole keys go, first what the heads of panes say."""

    def __init__(self) -> None:
        super().__init__(id="keys")

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _: Screen[object]) -> None:
        if self.is_attached:
            self.redraw()

    def draw(self, width: int, height: int) -> Sequence[Line]:
        answers, own, places = list[list[Seg]](), list[list[Seg]](), list[list[Seg]]()
        digits = 0
        for binding, enabled in sorted(self._shown(), key=self._rank):
            keys = self.app.get_key_display(binding).replace("upper_", "")
            piece: list[Seg] = [
                (keys, "$focus bold" if enabled else "$soft"),
                (f" {binding.description}" if binding.description else "", "$soft"),
            ]
            side = answers if (binding.id or "").startswith(ANSWERS) else places if (binding.id or "").startswith(MAP) else own
            side.append(piece)
            digits += side is places and binding.key.isdigit()
        while digits and self._taken(answers, own, places) > width:
            digits -= 1
            places.pop(0)
        while own and self._taken(answers, own, places) > width:
            own.pop()
        while places and self._taken(answers, own, places) > width:
            places.pop(0)
        while answers and self._taken(answers, own, places) > width:
            answers.pop()
        return [ends(width, self._apart([*answers, *own]), self._apart(places))]

    def _rank(self, shown: tuple[Binding, bool]) -> tuple[int, bool]:
        """Of the map the digits stand first, and so go first: the heads of the panes and the strip say them, too."""
        binding, _ = shown
        return FIRST.index(binding.id) if binding.id in FIRST else len(FIRST), not binding.key.isdigit()

    def _shown(self) -> list[tuple[Binding, bool]]:
        seen = dict[str, tuple[Binding, bool]]()
        writes = self.screen.focused is not None and self.screen.focused.check_consume_key("x", "x")
        for _, binding, enabled, _ in self.screen.active_bindings.values():
            typed = writes and len(self.app.get_key_display(binding)) == 1
            if binding.show and enabled and not typed:
                seen.setdefault(binding.action, (binding, enabled))
        return list(seen.values())

    def _taken(self, *sides: list[list[Seg]]) -> int:
        return sum(measure(piece) + 2 for side in sides for piece in side)

    def _apart(self, pieces: list[list[Seg]]) -> list[Seg]:
        return [part for n, piece in enumerate(pieces) for part in ([("  ", "")] if n else []) + piece]
