"""The rows of a table that is written in HTML."""

from html.parser import HTMLParser

from warroom.runbook.document import Row


class HtmlRows(HTMLParser):
    """The rows of the tables in a stretch of HTML."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.first = line - 1
        self.rows: list[Row] = []
        self._cells: list[tuple[str, ...]] = []
        self._begun = 0
        self._pieces: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._row()
            self._begun = self.first + self.getpos()[0]
        elif tag in ("td", "th"):
            self._cell()
            self._begun = self._begun or self.first + self.getpos()[0]
            self._pieces = [""]
        elif tag in ("br", "li", "p") and self._pieces is not None:
            self._pieces.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell()
        elif tag in ("tr", "table"):
            self._row()

    def handle_data(self, data: str) -> None:
        if self._pieces is not None:
            self._pieces[-1] += data

    def _cell(self) -> None:
        if self._pieces is not None:
            self._cells.append(tuple(piece for each in self._pieces if (piece := " ".join(each.replace("**", "").split()))))
        self._pieces = None

    def _row(self) -> None:
        self._cell()
        if self._cells:
            cells = tuple(" ".join(pieces) for pieces in self._cells)
            self.rows.append(Row(cells, self._begun, self.first + self.getpos()[0] + 1, tuple(self._cells)))
        self._cells, self._begun = [], 0
