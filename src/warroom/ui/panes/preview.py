"""The bytes that will be sent, with our wrap marked, and what speaks against sending them."""

from collections.abc import Iterator, Sequence

from warroom.core.claim import Doubt
from warroom.core.messages import Message
from warroom.ui.cells import Line, Seg, measure, wrap
from warroom.ui.look import foreign, g
from warroom.ui.panes.pane import LinesPane
from warroom.ui.widgets.rows import Row
from warroom.ui.words import number


class PreviewPane(LinesPane):
    label = "preview"
    ticks = False

    def __init__(self) -> None:
        super().__init__(id="preview")
        self.made: Message | None = None
        self.doubts: tuple[Doubt, ...] = ()
        self.changes: tuple[str, ...] = ()
        self.told = ""
        """What the last send came to."""

    def show(self, made: Message | None, doubts: tuple[Doubt, ...], changes: tuple[str, ...]) -> None:
        self.made, self.doubts, self.changes = made, doubts, changes
        self.update()

    def facts(self) -> Sequence[Line]:
        return ([(f"the bytes; {g['mark']} our wrap", "$soft")],)

    def shows_nothing(self) -> bool:
        return self.made is None

    def empty_words(self) -> Sequence[Line]:
        return [[("choose a message", "$soft")]]

    def lines(self, width: int, height: int) -> Sequence[Row]:
        made = self.made
        if made is None:
            return []
        size = number(len(made.text.encode()))
        rows = [Row((("to ", "$soft"), (foreign(made.channel, 60), "$loud bold"), (f" {size} bytes", "$soft")))]
        if made.subject:
            rows += [Row((("subject ", "$soft"), (part, "$ink"))) for part in wrap(foreign(made.subject), max(10, width - 8))]
        rows.append(Row())
        rows += [Row(tuple(line)) for line in written(made, max(10, width - 2))]
        rows.append(Row())
        rows += [Row(tuple(line)) for line in self._judged(made, width)]
        return rows

    def _judged(self, made: Message, width: int) -> Iterator[Line]:
        for doubt in self.doubts:
            yield from _told("over", "$bad bold", f"{doubt.claim}", width, "$loud")
            yield from _told("", "", doubt.fact, width, "$ink")
        for name in made.nobody:
            yield from _told("bad", "$bad bold", f"nobody knows the Slack id of {name}", width, "$ink")
        if not (self.doubts or made.unfilled):
            yield [(f"{g['good']} ", "$good"), ("nothing known speaks against it", "$soft")]
        if count := len(made.unfilled):
            yield [(f"{g['over']} {count} {'field' if count == 1 else 'fields'} unfilled, underlined", "$bad bold")]
        for line in self.changes[:6]:
            new = line.startswith("+")
            yield from _told("", "", f"{'new' if new else 'gone'} {line[2:]}", width, "$ink" if new else "$soft")
        yield ()
        if made.unfilled:
            more = "" if made.public else ', or U says "unknown at this time"'
            yield from _told("", "", f"closed until you fill it{more}", width, "$soft")
        else:
            keys = ", one key of two" if made.public else ""
            yield [("enter", "$focus bold"), (f" sends it{keys}", "$soft")]
        for part in wrap(foreign(self.told), width):
            yield [(part, "$soon")]


def _told(glyph: str, style: str, text: str, width: int, ink: str) -> Iterator[Line]:
    for n, part in enumerate(wrap(foreign(text), max(10, width - 2))):
        mark: Seg = (f"{g[glyph]} ", style) if glyph and n == 0 else ("  ", "")
        yield [mark, (part, ink)]


def written(made: Message, width: int) -> Iterator[Line]:
    """Each line of the text behind a bar; where we break it, behind another mark. What is unfilled is underlined."""
    line, styles = list[Seg](), made.pieces
    for piece in styles:
        style = "$bad underline" if piece.gap else "$loud" if piece.blank else "$ink"
        for n, part in enumerate(piece.text.split("\n")):
            if n:
                yield from _broken(line, width)
                line = []
            if part:
                line.append((foreign(part, 20_000), style))
    yield from _broken(line, width)


def _broken(line: list[Seg], width: int) -> Iterator[Line]:
    """At spaces, where there are any."""
    rows, room = [list[Seg]()], width
    words = [(word, style) for text, style in line for word in _words(text)]
    for word, style in words:
        while measure([(word.rstrip(), style)]) > width:
            rows[-1].append((word[: max(0, room)], style))
            word, room = word[max(0, room) :], width
            rows.append([])
        if measure([(word.rstrip(), style)]) > room:
            rows.append([])
            room = width
        rows[-1].append((word if measure([(word, style)]) <= room else word.rstrip(), style))
        room -= measure([(word, style)])
    for n, row in enumerate(rows):
        yield [(g["bar"] if n == 0 else g["mark"], "$focus"), (" ", ""), *row]


def _words(text: str) -> list[str]:
    """With the blanks behind them."""
    out, start = [], 0
    for n in range(1, len(text)):
        if text[n - 1] == " " and text[n] != " ":
            out.append(text[start:n])
            start = n
    return [*out, text[start:]] if text else []
