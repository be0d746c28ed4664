"""What is worth knowing on a calm night: who is on call, what is still owed, what the runbook lacks, what was lately."""

from collections.abc import Sequence
from datetime import date

from warroom.core.entries import ActionAdded
from warroom.core.incident import Incident
from warroom.core.oncall import duties, warnings, watch_of
from warroom.runbook.model import Finding
from warroom.ui.cells import Line, Seg, cell, clip, ends, wrap
from warroom.ui.head import head_line
from warroom.ui.look import chip, foreign, g
from warroom.ui.panes.pane import LinesPane
from warroom.ui.widgets.rows import Row, Rows
from warroom.ui.words import age, lasted, since

MOST = 3
"""Of anything: there is more elsewhere."""


class Parts(Rows):
    """Its heads begin where those of panes do."""

    def draw(self, width: int, height: int) -> Sequence[Line]:
        self.gather(width, height)
        return [row.line for row in self._rows]


class QuietPane(LinesPane):
    """Stands where deadlines and timeline do, before there is an incident. Each part has a ruled head of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._minute = -1
        self._findings: tuple[str, tuple[Finding, ...]] = ("", ())

    def on_mount(self) -> None:
        super().on_mount()
        self.top_line.display = False
        self.body.can_focus = False

    def build(self) -> Rows:
        return Parts(self.lines)

    def tick(self) -> None:
        """What it tells is days and hours old, or ahead."""
        minute = int(self.now.timestamp()) // 60 if self.now else -1
        if minute != self._minute:
            self._minute = minute
            super().tick()

    def lines(self, width: int, height: int) -> Sequence[Row]:
        if self.now is None:
            return ()
        parts = [rows for part in (self._on_call, self._owed, self._runbook, self._last) if (rows := part(width - 1))]
        while len(parts) > 1 and sum(map(len, parts)) > height:
            parts.pop()
        gap = [Row()] if sum(len(part) + 1 for part in parts) <= height + 1 else []
        indented = [[part[0], *(Row(((" ", ""), *row.line)) for row in part[1:])] for part in parts]
        return [row for n, part in enumerate(indented) for row in (gap if n else []) + part]

    def _head(self, name: str, facts: Sequence[Line], width: int) -> Row:
        return Row(tuple(head_line(name, facts, width + 1)))

    def _on_call(self, width: int) -> list[Row]:
        rota = self.runbook.oncall.rota
        if not rota or self.now is None:
            return []
        team = self.console.team
        watch = watch_of(self.runbook, team, self.now)
        if watch is None:
            rows = [Row(((f"{foreign(row.week)}: ", "$soft"), (foreign(row.primary), "$ink"))) for row in rota[:MOST]]
            return [self._head("on call", (), width), *rows]
        left = lasted((watch.until - self.now).total_seconds())
        names = {one.slot: one.called for one in duties(self.runbook, team, self.now)}
        now: Line = [
            ("now  ", "$soft"),
            (foreign(names.get("primary", watch.row.primary)), "$loud bold"),
            ("  secondary ", "$soft"),
            (foreign(names.get("secondary", watch.row.secondary)), "$ink"),
        ]
        then: Line = [
            ("next ", "$soft"),
            (foreign(team.name(watch.next.primary)), "$ink"),
            (f" from {watch.until:%a %H:%M} UTC, in {left}", "$soft"),
        ]
        wrong = [part for told in warnings(self.runbook, team, self.now)[:2] for part in wrap(foreign(told), max(20, width - 2))]
        same = [Row(((f"{g['over']} " if n == 0 else "  ", "$soon"), (part, "$ink"))) for n, part in enumerate(wrong[:4])]
        return [self._head("on call", ([(f"{watch.parity} week {watch.week}", "$soft")],), width), Row(tuple(now)), Row(tuple(then)), *same]

    def _incidents(self) -> list[Incident]:
        """The newest first."""
        found = [incident for incident in self.console.room.incidents.values() if incident.id]
        return sorted(found, key=lambda one: one.declared.timestamp() if one.declared else 0.0, reverse=True)

    def _owed(self, width: int) -> list[Row]:
        found = list[tuple[str, str, str, str]]()
        for incident in self._incidents():
            for entry in incident.actions:
                if isinstance(entry.fact, ActionAdded):
                    amended = incident.amended.get(entry.id)
                    text = getattr(amended.fact, "text", entry.fact.text) if amended else entry.fact.text
                    found.append((entry.fact.due or "9999", text, incident.id, entry.fact.owner))
        if not found:
            return []
        rows = [self._head("still owed", ([(f"{len(found)} action item{'s' if len(found) > 1 else ''}", "$soft")],), width)]
        for due, text, id, owner in sorted(found)[:MOST]:
            days = self._days_until(due)
            late = days is not None and days < 0
            when = "no date" if days is None else f"{-days} d late" if days < 0 else "today" if days == 0 else f"in {days} d"
            right: Line = [(f"{foreign(clip(owner or 'nobody', 12))}, {when}", "$soon bold" if late else "$soft")]
            mark: Seg = (f"{g['over' if late else 'todo']} ", "$soon" if late else "$soft")
            rows.append(Row(tuple(ends(width, [mark, (foreign(text), "$ink"), (f" {foreign(id)}", "$soft")], right))))
        return rows

    def _days_until(self, due: str) -> int | None:
        try:
            return (date.fromisoformat(due) - self.now.date()).days if self.now else None
        except ValueError:
            return None

    def _runbook(self, width: int) -> list[Row]:
        runbook = self.runbook
        file = foreign(self.console.room.text.file.rpartition("/")[2] or runbook.title)
        if self._findings[0] != runbook.sha256 or not runbook.sha256:
            from warroom.runbook.lint import check

            self._findings = (runbook.sha256, runbook.findings or check(runbook, file))
        findings = self._findings[1]
        rows = [self._head("runbook", ([(file, "$soft")] if file else (),), width)]
        order = sorted(findings, key=lambda one: ("error", "warning", "note").index(one.level))
        for one in order[:2]:
            line: Line = [(f"  line {one.line}", "$soft")]
            mark: Seg = (f"{g['over']} ", "$soon") if one.level != "note" else (f"{g['todo']} ", "$soft")
            rows.append(Row(tuple(ends(width, [mark, (foreign(one.message), "$ink")], line))))
        told = [runbook.version or "", f"updated {runbook.updated}" if runbook.updated else ""]
        count = f"{len(findings)} findings" if findings else "no findings"
        words = f" {g['dot']} ".join([*(foreign(word) for word in told if word), count])
        return [*rows, *(Row(((part, "$soft"),)) for part in wrap(words, width))]

    def _last(self, width: int) -> list[Row]:
        found = self._incidents()
        if not found:
            return []
        rows = [self._head("last incidents", (), width)]
        for one in found[:MOST]:
            mark = chip(one.rank, foreign(one.severity or "")) if one.rank else (" none ", "$soft")
            ago = age(since(one.declared, self.now))
            took = lasted(one.elapsed(self.now)) if self.now else ""
            left: Line = [(f"{foreign(one.id)} ", "$soft"), *cell(mark, 6), (foreign(one.title), "$ink")]
            rows.append(Row(tuple(ends(width, left, [(f"{ago:>4} {took:>7}", "$soft")]))))
        return rows
