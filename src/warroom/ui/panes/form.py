"""The blanks of a message, each with what stands in it and where that is from."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.message import Message as Told
from textual.widget import Widget
from textual.widgets import Input

from warroom.core.messages import Blank as Place
from warroom.core.messages import Message
from warroom.ui.cells import Line, Seg, clip, measure
from warroom.ui.head import head_line
from warroom.ui.look import foreign, g
from warroom.ui.widgets.blank import Blank
from warroom.ui.widgets.choice import Choice, Option
from warroom.ui.widgets.painted import Painted
from warroom.ui.widgets.words import Words

if TYPE_CHECKING:
    from warroom.ui.app import WarRoomApp

GLYPHS = {
    "filled": ("yes", "$focus"),
    "typed": ("good", "$good"),
    "unknown": ("unknown", "$soon"),
    "kept": ("na", "$soft"),
    "dropped": ("na", "$soft"),
    "unfilled": ("over", "$bad bold"),
}


class FormHead(Painted):
    def __init__(self, form: "FormPane") -> None:
        super().__init__(classes="head")
        self._form = form

    def draw(self, width: int, height: int) -> Sequence[Line]:
        made = self._form.made
        left, whole = len(made.unfilled) if made else 0, len(made.blanks) if made else 0
        facts: list[Line] = [[(f"{g['over']} {left} of {whole} unfilled", "$bad bold")]] if left else []
        name = foreign(clip(made.name, max(10, width - 8 - sum(map(measure, facts))))) if made else "message"
        return [head_line(name, facts, width, focused=self._form.has_focus_within)]


class FormPane(Vertical):
    """What is typed is told; what fills itself goes on by itself until somebody types there."""

    class Typed(Told):
        """Somebody changed a blank."""

        def __init__(self, name: str, text: str) -> None:
            super().__init__()
            self.name, self.text = name, text

    class Entered(Told):
        """Enter in a blank."""

    def __init__(self) -> None:
        super().__init__(id="form")
        self.made: Message | None = None
        self._shown: tuple[str, tuple[str, ...]] = ("", ())
        self._fields: dict[str, Blank | Choice] = {}

    @property
    def console(self) -> "WarRoomApp":
        return cast("WarRoomApp", self.app)

    def compose(self) -> ComposeResult:
        self.top_line = FormHead(self)
        self.blanks = VerticalScroll(id="blanks", can_focus=False)
        yield self.top_line
        yield self.blanks

    async def show(self, made: Message | None) -> None:
        """The same message goes on in the same fields; another has its own."""
        self.made = made
        names = tuple(blank.name for blank in made.blanks) if made else ()
        if self._shown != (made.name if made else "", names):
            self._shown = (made.name if made else "", names)
            await self._anew(made)
        for place in made.blanks if made else ():
            self._refresh_field(place)
        for words in self.blanks.query(Words):
            words.retell()
        self.top_line.redraw()

    def forget(self) -> None:
        """The next message begins with empty blanks, also where it is the same."""
        self._shown = ("", ())

    async def _anew(self, made: Message | None) -> None:
        self._fields = {}
        fields: list[Widget] = []
        for n, place in enumerate(made.blanks if made else ()):
            fields.append(Words(lambda width, name=place.name: self._label(name, width), classes="label"))  # type: ignore[misc]
            fields.append(self._field(n, place))
        if not fields:
            fields.append(Words(lambda _: [[("nothing to fill: enter sends it", "$soft")]], classes="label"))
        await self.blanks.remove_children()
        await self.blanks.mount_all(fields)

    def _field(self, n: int, place: Place) -> Widget:
        if place.choices:
            options = [Option("", foreign(one), one) for one in place.choices]
            self._fields[place.name] = field = Choice(
                options if place.text else [Option("", "?", ""), *options], place.text, id=f"blank{n}"
            )
            return field
        text = Blank(place.text if place.state != "unfilled" else "", hint="unfilled", id=f"blank{n}")
        text.disabled = place.state in ("kept", "dropped")
        self._fields[place.name] = text
        return text

    def _refresh_field(self, place: Place) -> None:
        """A moment that goes on by itself, until somebody types there."""
        field = self._fields.get(place.name)
        if isinstance(field, Blank):
            field.set_class(place.wants, "-unfilled")
            if place.state in ("filled", "unknown") and not field.has_focus and field.value != foreign(place.text):
                with field.prevent(Input.Changed):
                    field.value = foreign(place.text)

    def _label(self, name: str, width: int) -> Sequence[Line]:
        made = self.made
        place = next((one for one in made.blanks if one.name == name), None) if made else None
        if place is None:
            return [[]]
        glyph, style = GLYPHS[place.state]
        source = place.source if place.state != "unfilled" else "only you can say it"
        line: list[Seg] = [(f"{g[glyph]} ", style), (foreign(clip(place.written, width - 4)), "$ink bold")]
        room = width - measure(line) - 2
        return [[*line, (f"  {foreign(clip(source, room))}" if room > 8 else "", "$soft")]]

    def focus_first(self) -> None:
        """What is unfilled, else the first."""
        wanting = [name for name in (self.made.unfilled if self.made else ()) if name in self._fields]
        field = self._fields.get(wanting[0]) if wanting else next((one for one in self._fields.values() if not one.disabled), None)
        if field is not None:
            field.focus()

    @property
    def fields(self) -> Sequence[Widget]:
        return [field for field in self._fields.values() if not field.disabled]

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        event.stop()
        name = next((name for name, field in self._fields.items() if field is event.input), "")
        if name and event.input.has_focus:
            self.post_message(self.Typed(name, event.value))

    @on(Choice.Changed)
    def chosen(self, event: Choice.Changed) -> None:
        event.stop()
        name = next((name for name, field in self._fields.items() if field is event.choice), "")
        if name:
            self.post_message(self.Typed(name, event.choice.value))

    @on(Input.Submitted)
    def entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Entered())

    def on_descendant_focus(self) -> None:
        self.set_class(True, "-focus")
        self.top_line.redraw()

    def on_descendant_blur(self) -> None:
        self.top_line.redraw()
