"""The blast radius: what a command would change, what speaks against it, and the question whether to run it."""

from collections.abc import Iterable, Iterator, Sequence

from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget

from warroom.core.prepared import Blast, Prepared, Ready, Said
from warroom.ui.cards.card import Button, Card
from warroom.ui.cells import Line, Seg
from warroom.ui.look import foreign, g
from warroom.ui.widgets.blank import Blank
from warroom.ui.widgets.rows import Row
from warroom.ui.widgets.words import Words
from warroom.ui.words import utc
from warroom.ui.written import labelled, said, wrapped

DOTS = 20
"""Of more pods only their number is told."""
DIFF, DIFF_LOW = 12, 2
"""Lines of a diff that are shown, and how many on a low screen."""
Told = tuple[str, Sequence[Line]]


class BlastCard(Card):
    """The default does nothing. What destroys, or is warned of, wants the object's name typed."""

    name_of_card = "blast radius"
    BINDINGS = [
        Binding("alt+y", "yes", "run it", show=False, id="blast.yes", tooltip="run it, where no name is asked for"),
        Binding("pagedown", "scroll(1)", "down", show=False, id="blast.down", tooltip="more of the card"),
        Binding("pageup", "scroll(-1)", "up", show=False, id="blast.up", tooltip="the beginning of the card"),
    ]

    def __init__(self, prepared: Prepared, *, only_looks: bool = False) -> None:
        """`only_looks`: a dry run, after which nothing is asked."""
        super().__init__()
        self.prepared, self._only_looks = prepared, only_looks
        self.said: Said | None = None
        """What was answered; None: it is not run."""

    @property
    def asks_name(self) -> bool:
        return self.prepared.asks == "name" and not self._only_looks

    def fields(self) -> Iterable[Widget]:
        yield Words(self._words)
        if self.asks_name:
            self.name_blank = Blank(hint=f"{foreign(self.prepared.word)}, letter by letter", id="typed")
            yield Words(lambda _: [[("type ", "$soft"), (foreign(self.prepared.word), "$loud"), (" to run it", "$soft")]])
            yield Horizontal(self.name_blank, Words(self._to_go), classes="field")

    def buttons(self) -> Sequence[Button]:
        if self._only_looks:
            return (Button("Close", "enter", "cancel"),)
        if self.asks_name:
            return (Button("Cancel", "esc", "cancel"), Button(self.verb, "enter", "answer"))
        return (Button("Cancel", "enter", "cancel"), Button(self.verb, "alt+y", "yes"))

    @property
    def verb(self) -> str:
        """The beginning of the title: `Roll back`."""
        blast = self.prepared.blast
        before, object, _ = blast.title.partition(f" {blast.object}") if blast and blast.object else ("", "", "")
        return foreign(before) if object and len(before) < 24 else "Run it"

    # Answering.

    def action_yes(self) -> None:
        if not self._only_looks and not self.asks_name:
            self._accept()

    def action_answer(self) -> None:
        """Enter is Cancel, until the whole name stands in the field."""
        typed = self.name_blank.value.strip() if self.asks_name else ""
        if not typed:
            self.action_cancel()
        elif typed == self.prepared.word:
            self._accept()
        else:
            self.say(f"that is not {self.prepared.word}: nothing was run")

    def _accept(self) -> None:
        self.said = Said(yes=True, name=self.name_blank.value.strip() if self.asks_name else "")
        self.dismiss()

    def action_scroll(self, way: int) -> None:
        box = self.query_one("#box", VerticalScroll)
        box.scroll_relative(y=way * max(1, box.size.height - 2), animate=False)

    def _to_go(self, width: int) -> Sequence[Line]:
        typed, word = self.name_blank.value.strip(), self.prepared.word
        if typed == word:
            return [[("  enter", "$focus bold"), (f" runs it: {self.verb}", "$loud bold")]]
        if word.startswith(typed):
            left = len(word) - len(typed)
            return [[(f"  {left} letter{'' if left == 1 else 's'} to go", "$soft")]]
        return [[(f"  {g['bad']} that is not its name", "$bad")]]

    # Telling.

    def _words(self, width: int) -> Sequence[Line]:
        low = self.narrow
        out = list[Line]()
        for n, part in enumerate(self._parts(width, low)):
            out += [()] if n and not low else []
            out += [row.line for row in part]
        return out if low else [*out, ()]

    def _parts(self, width: int, low: bool) -> Iterator[list[Row]]:
        prepared, blast = self.prepared, self.prepared.blast
        yield [*self._top(width)]
        runs = [*labelled("runs", prepared.runs, width, "$ink", "")]
        if not low:  # what runs shows it, too
            runs += [row for n, added in enumerate(prepared.added) for row in _one("we added" if n == 0 else "", added, width, "$soft")]
        if blast is None:
            yield [*runs, *_one("effect", f"unknown: {prepared.why}", width, "$soon bold")]
            return
        for n, effect in enumerate(blast.effects or ("unknown: what it changes cannot be foreseen",)):
            runs += _one("effect" if n == 0 else "", effect, width, "$loud" if blast.effects else "$soon bold")
        yield [*runs, *self._server(blast, width)]
        if blast.ready:
            yield [
                row
                for n, one in enumerate(blast.ready)
                if not low or one.when != "during"
                for row in _ready("ready" if n == 0 else "", one, width)
            ]
        if blast.diff:
            yield [*_diff(blast.diff, width, DIFF_LOW if low else DIFF)]
        mind = [
            row
            for n, one in enumerate(blast.warnings)
            for row in _one("mind" if n == 0 else "", one, width, "$loud", ("over", "$soon bold"))
        ]
        if blast.calm and not (low and blast.warnings):
            mind += _one("" if mind else "mind", ", ".join(blast.calm), width, "$ink", ("good", "$good"))
        if mind:
            yield mind
        yield [*_one("to undo", prepared.inverse or "nothing is known that undoes it", width, "$ink" if prepared.inverse else "$soon bold")]

    def _top(self, width: int) -> Iterator[Row]:
        prepared, blast = self.prepared, self.prepared.blast
        yield from wrapped([(foreign(blast.title if blast else prepared.title or prepared.runs), "$loud bold")], width, 0)
        line: list[Seg] = []
        cluster = self.console.incident.cluster
        context, namespace = (blast.context, blast.namespace) if blast else ("", "")
        context = context or (cluster.context if cluster else "")
        namespace = namespace or (", ".join(cluster.namespaces) if cluster else "")
        if context:
            line = [
                ("context ", "$soft"),
                (foreign(context), "$ink bold"),
                (f" {g['dot']} namespace ", "$soft"),
                (foreign(namespace), "$ink bold"),
            ]
            line.append((f" {g['dot']} ", "$soft"))
        line.append((f"{foreign(prepared.wanted.playbook)}, step {prepared.wanted.step}", "$soft"))
        yield Row(tuple(line))

    def _server(self, blast: Blast, width: int) -> Iterable[Row]:
        if not blast.dry_run:
            return ()
        mark = ("good", "$good") if blast.accepted else ("bad", "$bad bold") if blast.accepted is False else ("unknown", "$soon bold")
        at = f" {g['dot']} {utc(blast.at)}" if blast.at else ""
        return _one("server says", f"{blast.dry_run}{at}", width, "$ink", mark)


def _one(label: str, text: str, width: int, style: str, mark: tuple[str, str] | None = None) -> Iterable[Row]:
    lead: list[Seg] = [(f"{g[mark[0]]} ", mark[1])] if mark else []
    return said(label, [*lead, (foreign(text), style)], width, "")


def _ready(label: str, one: Ready, width: int) -> Iterator[Row]:
    """Pods as dots where they can be counted."""
    dots: list[Seg] = []
    if one.wanted <= DOTS:
        lost = max(0, one.wanted - one.most)
        dots = [
            (f"{g['live']} " * one.least, "$good"),
            (f"{g['wait']} " * max(0, one.most - one.least), "$soon"),
            (f"{g['bad']} " * lost, "$bad bold"),
            (" ", ""),
        ]
    count = f"{one.least}" if one.least == one.most else f"{one.least} to {one.most}"
    told = f"{count} of {one.wanted}"
    line: list[Seg] = [(f"{one.when:<8}", "$soft"), *dots, (told, "$loud"), (f"   {foreign(one.words)}" if one.words else "", "$soft")]
    yield Row(((f"{label:<12}", "$soft"), *line))


def _diff(lines: Sequence[str], width: int, most: int) -> Iterator[Row]:
    for n, text in enumerate(lines[:most]):
        style = "$loud" if text.startswith("+") else "$ink"
        yield from _one("diff" if n == 0 else "", text, width, style)
    if len(lines) > most:
        yield from _one("", f"and {len(lines) - most} lines more", width, "$soft")
