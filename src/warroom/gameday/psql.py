"""psql as a database's container has it: it answers what runbooks ask of a PostgreSQL, from the figures of the scenario."""

import argparse
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from warroom.gameday.ran import Ran
from warroom.gameday.simulation import Simulation

Row = tuple[str, ...]


class Psql:
    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    def run(self, words: Sequence[str], now: datetime) -> Ran:
        try:
            asked, rest = _FLAGS.parse_known_args(list(words))
        except argparse.ArgumentError as error:
            return Ran(err=f"psql: error: {error}\n".encode(), code=1)
        if strange := next((word for word in rest if word.startswith("-")), ""):
            return Ran(err=f"psql: error: {strange} is not simulated\n".encode(), code=1)
        if not asked.command:
            return Ran(err=b"psql: error: a prompt is not simulated, give -c\n", code=2)
        return self._answer(asked.command, asked, now)

    def _answer(self, sql: str, asked: argparse.Namespace, now: datetime) -> Ran:
        plain = re.sub(r"\s+", " ", sql).strip().rstrip(";").lower()
        if re.fullmatch(r"select count\(\*\)( as \w+)? from pg_stat_activity", plain):
            return _table(("count",), [(str(self._connections(now)),)], asked)
        if "from pg_stat_activity" in plain and "query_start" in plain:
            limit = re.search(r"\blimit (\d+)$", plain)
            return _table(("pid", "duration", "query"), self._queries(sql, now)[: int(limit[1]) if limit else None], asked)
        if plain == "show max_connections":
            return _table(("max_connections",), [(str(self._most()),)], asked)
        if plain == "select 1":
            return _table(("?column?",), [("1",)], asked)
        said = "ERROR:  this simulated database knows pg_stat_activity, its count(*), max_connections and SELECT 1 only\n"
        return Ran(err=said.encode(), code=1)

    def _connections(self, now: datetime) -> int:
        figures = self._simulation.figures
        return int(figures.at(now).connections) if figures is not None else 1

    def _most(self) -> int:
        metrics = self._simulation.scenario.metrics
        return metrics.pool if metrics is not None else 100

    def _queries(self, own: str, now: datetime) -> list[Row]:
        """The longest first; the one that asks is the last."""
        known = [(lasts, plan) for plan in self._simulation.scenario.queries if (lasts := self._simulation.lasts(plan, now)) is not None]
        known.sort(key=lambda item: item[0], reverse=True)
        rows = [(str(plan.pid), _interval(lasts), plan.text) for lasts, plan in known]
        return [*rows, ("5120", _interval(timedelta(microseconds=4412)), own.strip().rstrip(";"))]


def _interval(length: timedelta) -> str:
    seconds = length.total_seconds()
    return f"{int(seconds // 3600):02d}:{int(seconds // 60) % 60:02d}:{seconds % 60:09.6f}"


def _table(head: Row, rows: Sequence[Row], asked: argparse.Namespace) -> Ran:
    if asked.tuples_only or asked.no_align:
        bare = "|" if asked.no_align else " | "
        shown = rows if asked.tuples_only else [head, *rows]
        return Ran("".join(f"{'' if asked.no_align else ' '}{bare.join(row)}\n" for row in shown).encode())
    wide = [max(len(cells[n]) for cells in (head, *rows)) for n in range(len(head))]
    lines = [
        " " + " | ".join(name.center(width) for name, width in zip(head, wide, strict=True)) + " ",
        "-" + "-+-".join("-" * width for width in wide) + "-",
        *(" " + " | ".join(_cell(cell, width) for cell, width in zip(row, wide, strict=True)).rstrip() for row in rows),
        f"({len(rows)} row{'' if len(rows) == 1 else 's'})",
    ]
    return Ran(("\n".join(lines) + "\n\n").encode())


def _cell(text: str, width: int) -> str:
    return text.rjust(width) if text.isdigit() else text.ljust(width)


_FLAGS = argparse.ArgumentParser("psql", add_help=False, exit_on_error=False, allow_abbrev=False)
for _short, _long in (("-U", "--username"), ("-d", "--dbname"), ("-h", "--host"), ("-p", "--port"), ("-c", "--command")):
    _FLAGS.add_argument(_short, _long)
_FLAGS.add_argument("-t", "--tuples-only", action="store_true")
_FLAGS.add_argument("-A", "--no-align", action="store_true")
_FLAGS.add_argument("-X", "--no-psqlrc", action="store_true")
