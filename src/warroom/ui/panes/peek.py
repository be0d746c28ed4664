"""More about whatever is under the cursor."""

from collections.abc import Sequence

from warroom.core.readings import ClusterEvent, Pod
from warroom.ui.cells import Line, wrap
from warroom.ui.look import foreign, g
from warroom.ui.panes.pane import LinesPane
from warroom.ui.widgets.rows import Row


class PeekPane(LinesPane):
    """Shows `subject`, which the screen sets when a cursor moves."""

    label = "peek"

    def __init__(self) -> None:
        super().__init__()
        self.subject: Pod | ClusterEvent | None = None

    def look_at(self, subject: Pod | ClusterEvent | None) -> None:
        if subject is not self.subject:
            self.subject = subject
            self.update()

    def lines(self, width: int, height: int) -> Sequence[Row]:
        out = list[Row]()
        for name, text in self._said():
            for n, part in enumerate(wrap(foreign(text), max(10, width - 14))):
                out.append(Row(((f"{name if n == 0 else '':12}", "$soft"), (f"{g['bar']} ", "$outside"), (part, "$outside"))))
        return out

    def _said(self) -> list[tuple[str, str]]:
        match self.subject:
            case Pod() as pod:
                own = [c for c in pod.containers if not c.init]
                last = [f"{c.name}: {c.last_reason}, exit {c.last_exit}" for c in own if c.last_reason]
                return [
                    *(("last state", text) for text in last),
                    *(("image", c.image) for c in own),
                    *(("probes", c.probes) for c in own if c.probes),
                ]
            case ClusterEvent() as event:
                return [(event.reason, event.message)]
        return []

    def shows_nothing(self) -> bool:
        return self.subject is None

    def empty_words(self) -> Sequence[Line]:
        return [[("nothing is under the cursor", "$soft")]]

    def facts(self) -> Sequence[Line]:
        match self.subject:
            case Pod() as pod:
                return ([(f"pod {foreign(pod.name)}", "$soft")],)
            case ClusterEvent() as event:
                return ([(f"{event.kind.lower()} {foreign(event.object)}", "$soft")],)
        return ()
