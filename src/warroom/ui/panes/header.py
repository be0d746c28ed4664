"""The four answers: what is broken, how bad, by when, and what to do now."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast

from textual.reactive import var

from warroom.core.acts.arming import armed_until
from warroom.core.company import driver
from warroom.core.deadlines import Deadline, overdue
from warroom.core.incident import Incident
from warroom.core.ledger import owed
from warroom.core.measured import measured
from warroom.core.oncall import duties
from warroom.core.outbox import unhandled
from warroom.core.readings import Cluster, World
from warroom.core.rules import phase_name
from warroom.core.severity import suggest, suggest_from
from warroom.core.steps import next_step
from warroom.runbook.model import Role, Runbook
from warroom.ui.cells import Line, Seg, cell, clip, ends, joined, measure, wrap
from warroom.ui.look import big, chip, fill, foreign, g, in_ascii
from warroom.ui.panes.pods import done, ready
from warroom.ui.panes.roll import roll
from warroom.ui.vitals import Vitals, fitting
from warroom.ui.widgets.painted import Painted
from warroom.ui.words import figures, utc

if TYPE_CHECKING:
    from warroom.ui.app import WarRoomApp

TELLING, FIGURES = 140, 140
"""From these widths on it says more, and draws the time large."""
ROLL = 220
"""From this width on it tells roles and phases."""
MOST, LARGE, STATE, TITLE = 44, 21, 40, 60
"""Cells: of the deadline at most, of large figures of an hour or less, and what state and title may claim before it does."""


class Header(Painted):
    """Follows the same three truths as a pane; a second costs the figures that changed."""

    world: var[World] = var(World(), init=False)
    incident: var[Incident] = var(Incident(), init=False)
    now: var[datetime | None] = var[datetime | None](None, init=False)

    def __init__(self) -> None:
        super().__init__(id="header")
        self._second = -1
        self._counted: tuple[object, int, int] = (None, 0, 0)
        self._vitals = Vitals()

    def on_mount(self) -> None:
        super().on_mount()
        self.watch(self.app, "draft", self.redraw, init=False)
        self.watch(self.app, "journal_trouble", self.redraw, init=False)

    def watch_world(self) -> None:
        self.redraw()

    def watch_incident(self) -> None:
        self.redraw()

    def watch_now(self) -> None:
        if self.now is not None and int(self.now.timestamp()) != self._second:
            self._second = int(self.now.timestamp())
            self.redraw()

    def draw(self, width: int, height: int) -> Sequence[Line]:
        if self.now is None:
            return ()
        if not self.incident.id:
            return self._quiet(width, height)
        return self._narrow(width) if height < 4 else self._full(width)

    @property
    def _runbook(self) -> Runbook:
        """An incident brings its own, so it is asked for each time."""
        return self._app.room.runbook

    @property
    def _app(self) -> "WarRoomApp":
        return cast("WarRoomApp", self.app)

    # The pieces.

    def _cluster(self) -> Cluster | None:
        return self.incident.cluster or self.world.cluster.value

    def _place(self, width: int) -> Line:
        """Context and namespace never go."""
        cluster = self._cluster()
        if cluster is None:
            return [("no cluster", "$soft")]
        names = ", ".join(foreign(name) for name in cluster.namespaces) or "all namespaces"
        if width < 100:
            return [(f"{foreign(cluster.context)}/{names}", "$ink")]
        return [(foreign(cluster.context), "$ink"), (" / ", "$soft"), (names, "$ink"), (" pinned", "$soft")]

    def _right(self, width: int) -> list[Seg]:
        safe: list[Seg] = [(f"{g['todo']} ", "$soft"), ("SAFE", "$ink bold")]
        armed = self._armed(width)
        if self._app.journal_trouble:
            lost: Seg = (f"{g['bad']} {'NOT KEPT' if width < 100 else 'journal lost, NOTHING IS KEPT'}", "$bad bold")
            return [lost] if width < 100 else [lost, (f"  {utc(self.now)} UTC", "$ink")]
        more = [
            *([] if armed else [(" read-only", "$soft")]),
            *self._written(),
            *self._company(),
            *self._watch(width),
            (f"  {utc(self.now)} UTC", "$ink"),
        ]
        narrow: Line = self._written()[:1] and [(f"{g['over']} ", "$soon bold"), ("U ", "$focus bold")]
        return [*narrow, *(armed or safe)] if width < 100 else [*(armed or safe), *more]

    def _armed(self, width: int) -> list[Seg]:
        """For how long this console may still change something; empty while it is safe."""
        runner = self._app.runner
        until = armed_until(self.incident, runner.console, self.now) if runner and self.now else None
        if until is None or self.now is None:
            return []
        left = figures((until - self.now).total_seconds())
        return [(f" ARMED {left} " if width < 100 else f" ARMED {left} left ", "reverse bold")]

    def _written(self) -> Line:
        """The runbook's file was written since; nothing goes by it before somebody says so."""
        if self.world.written.value is None:
            return ()
        return [(f"  {g['over']} ", "$soon bold"), ("runbook written ", "$ink"), ("U", "$focus bold")]

    def _company(self) -> Line:
        """Who of those who share this terminal typed last, and how many they are."""
        clients = self.world.company.value
        drives = driver(clients)
        if len(clients) < 2 or drives is None:
            return ()
        return [(f"  {foreign(clip(drives.name, 14))} drives", "$ink"), (f" of {len(clients)}", "$soft")]

    def _watch(self, width: int) -> Line:
        """Who writes down what happens, once that is known."""
        reading = self.world.watch
        lease = reading.value
        if width < TELLING or (lease is None and not reading.trouble):
            return ()
        if lease is None or not lease.number:
            return [("  nobody on watch", "$soon")]
        return [("  on watch" if lease.mine else f"  {foreign(clip(lease.holder.partition('@')[0], 10))} on watch", "$soft")]

    def _drill(self) -> list[Seg]:
        return self._hatched("DRILL, nothing leaves this machine") if self.incident.drill else []

    def _hatched(self, word: str) -> list[Seg]:
        return [(f"{g['hatch'] * 3} {word} {g['hatch'] * 3}", "$loud bold"), ("   ", "")]

    def _ready(self) -> tuple[int, int]:
        """How many pods are ready, and of how many; there may be ten thousand, so they are counted when they change."""
        pods = self.world.pods.value
        if self._counted[0] is not pods:
            running = [pod for pod in pods if not done(pod)]
            self._counted = (pods, sum(map(ready, running)), len(running))
        return self._counted[1:]

    def _facts(self) -> list[Line]:
        up, all_ = self._ready()
        if not all_:
            return []
        old = self.now is not None and self.world.pods.state(self.now) != "live"
        style = "$soft" if old else "$bad bold" if not up else "$loud" if up < all_ else "$good" if self.incident.restored else "$ink"
        return [*self._suggested(), [(f"{up} of {all_} ready", style)], *self._vitals.lines(self.world, self._runbook, self.now)]

    def _suggested(self) -> list[Line]:
        """A worse level than the one that is set; it is never set by itself."""
        incident = self.incident
        if not incident.open:
            return []
        found = suggest(self._runbook, incident, self.world.verdicts.value)
        if found.level is None or found.rank is None or (incident.rank is not None and found.rank >= incident.rank):
            return []
        told: Line = [
            (f"{g['over']} ", "$soon"),
            ("suggests ", "$ink"),
            chip(found.rank, foreign(found.level)),
            ("  ", ""),
            ("!", "$focus bold"),
            (" sets it", "$soft"),
        ]
        return [told]

    def _leader(self) -> Role | None:
        return next((role for role in self._runbook.roles if role.abbreviation == "IC" or "commander" in role.name.casefold()), None)

    def _state(self, width: int, room: int) -> list[Seg]:
        incident, now = self.incident, self.now
        assert now is not None
        role = self._leader()
        holder = incident.roles.get(role.name, "") if role else next(iter(incident.roles.values()), "")
        who: Line = [("IC ", "$soft"), (foreign(holder) if holder else "nobody", "$ink bold" if holder else "$soon bold")]
        phases, at = self._runbook.phases, incident.phase
        phase: Line = ()
        if 0 < at <= len(phases):
            title = foreign(phase_name(phases[at - 1].title))
            phase = [(f"{at}/{len(phases)} {title}" if width >= 100 else f"{at} {title}", "$ink")]
        spent: Line = [(figures(incident.elapsed(now)), "$ink bold")]
        if incident.state in ("monitoring", "resolved", "closed"):
            word = {"monitoring": "restored ", "resolved": "resolved ", "closed": "closed "}[incident.state]
            when = {"monitoring": incident.restored, "resolved": incident.resolved, "closed": incident.closed}[incident.state]
            spent = [(word, "$soft"), (utc(when, seconds=False), "$ink bold"), (" after ", "$soft"), *spent]
        count = len(owed(incident)) if incident.steps else 0
        debt: Line = [(f"{g['over']} {count} owed", "$soon bold")] if count else ()
        failed = len(unhandled(incident)) if incident.sendings else 0
        unsent: Line = [(f"{g['bad']} {failed} NOT SENT", "$bad bold")] if failed else ()
        for parts in ((unsent, who, phase, spent, debt), (unsent, who, spent, debt), (unsent, spent, debt), (unsent, spent)):
            line = joined(parts)
            if measure(line) <= room:
                break
        return line

    def _due(self) -> tuple[Deadline | None, list[Deadline]]:
        """The next deadline, and the overdue ones, oldest first."""
        assert self.now is not None
        found = self._app.due.at(self._runbook, self.incident, self.now)
        return next((one for one in found if one.state == "running"), None), list(overdue(found))

    def _when(self, width: int, room: int) -> tuple[tuple[str, str], list[list[Seg]]]:
        """The figures and their style, and the three lines beside them."""
        coming, late = self._due()
        style = "$soft" if coming is None else "$soon" if coming.soon else "$ink"
        left = figures(coming.left_seconds) if coming else ""
        lines: list[list[Seg]] = [[], [], []]
        if coming:
            lines[0] = [
                (",", "$focus bold"),
                ("" if width >= FIGURES else f" {left}", f"{style} bold"),
                (f" {foreign(coming.title)}", "$loud bold"),
            ]
            lines[1:] = self._told("else", coming.consequence, room, 2)
        elif not late:
            lines[0] = [("  nothing is due", "$soft")]
        if late:
            if coming and lines[2]:  # the cost and what is overdue share a line, or the cost is cut
                count: Seg = (f"  {g['over']} {len(late)} overdue", "$bad bold")
                if measure(lines[2]) + measure([count]) <= room:
                    lines[2].append(count)
                else:
                    lines[1:] = [*self._told("else", coming.consequence, room, 1)[:1], [(self._late(late, room), "$bad bold")]]
            elif coming:
                lines[2] = [(self._late(late, room), "$bad bold")]
            else:
                lines[0] = [(",", "$focus bold"), (" ", ""), (self._late(late, room - 2), "$bad bold")]
                lines[1:] = self._told("so", late[0].consequence, room, 2)
        return (left, style), lines

    def _told(self, word: str, consequence: str, room: int, most: int) -> list[list[Seg]]:
        """What missing it costs, on as many of two lines as are free."""
        parts = wrap(f"{word} {foreign(consequence)}", room - 2)
        if len(parts) > most:
            parts = [*parts[: most - 1], clip(" ".join(parts[most - 1 :]), room - 2)]
        return [*([("  ", ""), (part, "$ink")] for part in parts), *([] for _ in range(2 - len(parts)))]

    def _late(self, late: Sequence[Deadline], room: int) -> str:
        """How many are overdue, and the oldest by as much of its name as has room whole."""
        count, title = f"{g['over']} {len(late)} overdue", foreign(late[0].title)
        names = (title, title.partition(":")[0], title.partition("(")[0].strip())
        return next((told for name in names if measure([(told := f"{count}: {name}", "")]) <= room), count)

    def _then(self, room: int) -> list[list[Seg]]:
        step = next_step(self._runbook, self.incident, self.now)
        if step is None:
            return [[], [], []]
        first, *more = wrap(foreign(step.title), room - 2)
        lines: list[list[Seg]] = [[(".", "$focus bold"), (f" {first}", "$loud bold")]]
        if more:
            lines.append([("  ", ""), (clip(" ".join(more), room - 2), "$loud bold")])
        lines.append([(f"  {foreign(step.where)}", "$ink")])
        return lines if more else [*lines, [("  opens it, runs nothing", "$soft")]]

    # The three forms.

    def _full(self, width: int) -> Sequence[Line]:
        incident = self.incident
        level, rank = foreign(incident.severity or "?"), incident.rank or 4
        known = self._runbook.severity(incident.severity) if incident.severity else None
        word = foreign(known.name.upper()) if known else "UNKNOWN"
        short = len(level) <= 2 and not in_ascii() and bool(big(level)[0].strip())
        style = fill(rank) if incident.severity else "reverse bold"
        rows = big(level) if short else ("", f"{level} {word}", "")
        size = len(rows[0]) + 6 + len(word) if short else max(13, measure([(rows[1], "")]) + 4)
        block = [cell([("  ", style), (row, style), (f"  {word}" if short and n == 1 else "", style)], size) for n, row in enumerate(rows)]
        block = [[(text, name or style) for text, name in line] for line in block]
        tone = style.split(" on ")[1].split()[0] if " on " in style else "$ink"
        edge: Seg = (" " * size, style) if in_ascii() or not incident.severity else (g["edge"] * size, tone)
        drill = self._drill()
        name: Line = [(foreign(incident.id), "$ink bold")] if not drill or width >= TELLING else ()
        alert: Line = [(f"alert {utc(incident.alerted, seconds=False)}", "$soft")] if name and not drill else ()
        right, lead = self._right(width), [edge, ("  ", "")]
        place = list(self._place(width))
        for drilled, named, placed in (
            (drill, joined([name, alert]), place),
            (drill, [*name], place),
            (drill, [], place),
            (drill, [], place[:-1]),
            (drill[:1] and self._hatched("DRILL"), [], place[:-1]),
        ):
            top = [*lead, *drilled, *named, *([("   ", "")] if named else []), *placed]
            if measure(top) + measure(right) + 2 <= width:
                break
        then = self._then(29)
        thens = max(map(measure, then))
        title: Line = [(foreign(incident.title), "$loud bold")]
        least = (30 if width >= TELLING else 26) + (0 if thens else 20)
        # What the title leaves is the deadline's, as much as it has to say.
        told = max(map(measure, self._when(width, MOST)[1]))
        large = width >= FIGURES and bool(self._due()[0])
        spare = width - size - 2 - (LARGE if large else 0) - thens - 2 - min(max(measure(title), STATE), TITLE)
        whens = max(least, min(told, spare))
        (left, due_style), when = self._when(width, whens)
        digits = [("", ""), ("", ""), ("", "")]
        if large:
            digits = [(row, due_style) for row in big(left)]
        wide = (max(measure([row]) for row in digits) + 2) if large else 0
        room = width - size - 2 - wide - whens - thens - 2
        rolled = roll(self._runbook, incident, self._leader()) if width >= ROLL else ((), (), ())
        size_of_roll = measure(rolled[0]) + 2 if width >= ROLL else 0
        if size_of_roll > room - max(measure(title), STATE):
            rolled, size_of_roll = ((), (), ()), 0
        room -= size_of_roll
        what: list[Line] = [title, fitting(self._facts(), room), self._state(width, room)]
        out: list[Line] = [ends(width, top, right)]
        for n in range(3):
            out.append(
                [
                    *block[n],
                    ("  ", ""),
                    *cell(what[n], room),
                    *cell(rolled[n], size_of_roll),
                    (" ", ""),
                    *cell(digits[n], wide),
                    *cell(when[n], whens),
                    (" ", ""),
                    *cell(then[n], thens),
                ]
            )
        return out

    def _narrow(self, width: int) -> Sequence[Line]:
        incident = self.incident
        known = self._runbook.severity(incident.severity) if incident.severity else None
        label = f"{foreign(incident.severity)} {foreign(known.name.upper()) if known else ''}".strip() if incident.severity else "?"
        mark = chip(incident.rank or 4, label) if incident.severity else (f" {label} ", "reverse bold")
        hatch = g["hatch"] * 3
        drill: list[Seg] = [(f"{hatch} DRILL {hatch} ", "$loud bold")] if incident.drill else []
        coming, late = self._due()
        due: list[Seg] = []
        if coming or late:
            due.append((", ", "$focus bold"))
        if coming:
            soon = coming.soon
            style = "$soon bold" if soon else "$ink bold"
            due += [
                (f"{g['soon'] if soon else g['run']} {figures(coming.left_seconds)}", style),
                (f" {foreign(coming.title)}", "$ink"),
                ("  ", ""),
            ]
        over: list[Seg] = [(f"{g['over']} {len(late)} overdue", "$bad bold")] if late else []
        step = next_step(self._runbook, incident, self.now)
        then: list[Seg] = [(".", "$focus bold"), (f" {foreign(step.title)}", "$loud")] if step else []
        half = cell(then, min(measure(then), max(0, width - 44))) if then else []
        room = max(0, width - measure(half) - 1 - measure(over))
        third = [*(cell(due, min(measure(due), room)) if due else []), *over] or [(" nothing is due", "$soft")]
        place = [*self._place(width), (" ", ""), *self._right(width)]
        state = self._state(width, width - 16)
        return [
            ends(width, [*drill, mark, (" ", ""), (foreign(incident.title), "$loud bold")], place),
            ends(width, fitting(self._facts(), width - 1 - measure(state)), state),
            ends(width, third, half),
        ]

    def _quiet(self, width: int, height: int) -> Sequence[Line]:
        """Calm, or what was ticked and is not declared yet."""
        triggers, draft = self._runbook.declaration.triggers, self._app.draft
        known = measured(self.incident, self.world.verdicts.value)
        met = {item.id: known[item.id].evidence for item in triggers if item.id in known and known[item.id].speaks}
        reasons = [foreign(item.text if item.id in draft else met[item.id]) for item in triggers if item.id in draft or item.id in met]
        suggestion = suggest_from(self._runbook, frozenset(draft), live=self.world.verdicts.value)
        second: Line = joined([*self._facts(), [(f"{len(triggers)} triggers to watch", "$ink")] if triggers else ()])
        third, owed = self._on_call(width - 30), list[Seg]([("nothing is due ", "$soft")])
        word: Seg = (" WATCHING", "$good bold")
        if draft or reasons or suggestion.level:
            word, since = (" WATCHING", "$soon bold"), [*draft.values(), *(one.since for one in known.values() if one.since)]
            level = self._runbook.severity(suggestion.level or "")
            count: Line = [(f"{len(reasons)} of {len(triggers)} triggers met", "$loud bold")] if reasons else ()
            told: Line = ()
            if level:
                told = [
                    (f"{g['over']} ", "$soon"),
                    ("suggests ", "$ink"),
                    chip(level.rank, f"{foreign(level.level)} {foreign(level.name.upper())}"),
                ]
            second = [*told, *([("  ", "")] if told and count else []), *count]
            why = ", ".join(dict.fromkeys([*map(foreign, suggestion.reasons), *reasons]))
            third = joined([[(why, "$ink")], *self._facts()])
            left = figures((self.now - min(since)).total_seconds()) if self.now and since else ""
            owed = [(f"not declared for {left} " if left else "not declared ", "$soon bold")]
        declare: Line = [("!", "$focus bold"), (" Declare an incident " if width >= 80 else " Declare ", "$loud bold")]
        watch = ends(width, [word, ("   ", ""), *second], declare)
        last = ends(width, [(" " * 12, ""), *third], owed)
        top: Line = [("no incident", "$ink bold"), ("   ", ""), *self._place(width)]
        first = ends(width, top, self._right(width))
        return [first, watch, last] if height < 4 else [first, (), watch, last]

    def _on_call(self, room: int) -> list[Seg]:
        found = {one.slot: one for one in duties(self._runbook, cast("WarRoomApp", self.app).team, self.now)} if self.now else {}
        first, second = found.get("primary"), found.get("secondary")
        if first is None:
            return []
        line: list[Seg] = [("on call ", "$soft"), (foreign(first.called), "$ink")]
        for more in (
            [(", secondary ", "$soft"), (foreign(second.called), "$ink")] if second else [],
            [(f", change-over {first.until:%a %H:%M} UTC", "$soft")] if first.until else [],
        ):
            if measure(line) + measure(more) <= room:
                line += more
        return line
