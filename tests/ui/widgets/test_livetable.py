"""The table keeps its cursor, its order and its place, and paints only what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot

from warroom.ui import look
from warroom.ui.widgets.livetable import Cell, Column, LiveTable, fit, held
from warroom.ui.widgets.rows import Rows


@dataclass(frozen=True)
class Thing:
    name: str
    count: int = 0


def columns(width: int) -> Sequence[Column[Thing]]:
    return (
        Column("name", 0, least=10, by=lambda thing: thing.name),
        Column("count", 6, ">", drop=2, by=lambda thing: -thing.count),
        Column("note", 12, drop=1),
    )


class Bench(App[None]):
    CSS = "LiveTable { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.made = list[str]()
        self.chosen = list[str]()

    def cells(self, thing: Thing) -> Mapping[str, Cell]:
        self.made.append(thing.name)
        return {"name": (thing.name, ""), "count": (str(thing.count), "bold"), "note": ("ok", "")}

    def compose(self) -> ComposeResult:
        self.table = LiveTable(columns, self.cells)
        yield self.table

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return look.theme_variables()

    def on_rows_chosen(self, message: Rows.Chosen) -> None:
        self.chosen.append(message.key)

    def lines(self) -> list[str]:
        return [self.table.render_line(y).text.rstrip() for y in range(self.table.size.height)]


def things(*names: str) -> list[tuple[str, Thing]]:
    return [(name, Thing(name)) for name in names]


async def at(pilot: Pilot[None], table: LiveTable[Thing], *keys: str) -> str:
    await pilot.press(*keys)
    return table.cursor


def test_columns_drop_in_their_order_and_the_rest_is_shared() -> None:
    assert [column.name for column in fit(columns(40), 40)[0]] == ["name", "count", "note"]
    assert [column.name for column in fit(columns(20), 20)[0]] == ["name", "count"]
    assert [column.name for column in fit(columns(12), 12)[0]] == ["name"]
    assert fit(columns(40), 40)[1] == [20, 6, 12]


@given(st.lists(st.sampled_from("abcdefgh"), unique=True), st.lists(st.sampled_from("abcdefgh"), unique=True))
def test_a_held_order_keeps_what_was_there(before: list[str], wanted: list[str]) -> None:
    after = held(before, wanted)
    assert sorted(after) == sorted(wanted)
    assert [key for key in after if key in before] == [key for key in before if key in wanted]


async def test_keys_move_the_cursor_and_enter_chooses() -> None:
    app = Bench()
    async with app.run_test(size=(40, 8)) as pilot:
        app.table.show(things(*"abcdefghij"))
        app.table.focus()
        assert [await at(pilot, app.table, key) for key in ("j", "down", "k", "G", "g", "pagedown")] == list("bcbjag")
        await pilot.press("enter")
        assert app.chosen == ["g"]


async def test_the_cursor_stays_on_its_key() -> None:
    app = Bench()
    async with app.run_test(size=(40, 8)) as pilot:
        app.table.show(things(*"abc"))
        app.table.focus()
        await pilot.press("j")
        app.table.show(things(*"bca"))
        assert app.table.cursor == "b"
        app.table.show(things(*"ac"))
        assert app.table.cursor == "c"
        app.table.show([])
        assert app.table.cursor == ""


async def test_the_order_holds_while_focused() -> None:
    app = Bench()
    async with app.run_test(size=(40, 8)) as pilot:
        app.screen.set_focus(None)
        await pilot.pause()
        app.table.show(things(*"abc"))
        app.table.show(things(*"cab"))
        assert list(app.table.order) == ["c", "a", "b"]
        app.table.focus()
        await pilot.pause()
        app.table.show(things(*"xabc"))
        assert list(app.table.order) == ["x", "c", "a", "b"]
        app.screen.set_focus(None)
        await pilot.pause()
        app.table.show(things(*"xabc"))
        assert list(app.table.order) == ["x", "a", "b", "c"]


async def test_what_is_under_the_cursor_does_not_move_when_rows_come_above() -> None:
    app = Bench()
    async with app.run_test(size=(40, 6)) as pilot:
        app.table.show(things(*"abcdefghij"))
        app.table.focus()
        await pilot.press("G")
        row = next(y for y, line in enumerate(app.lines()) if " j " in line or line.lstrip("▌ ").startswith("j"))
        app.table.show(things("0", "1", *"abcdefghij"))
        assert app.lines()[row].lstrip("▌ ").startswith("j")


async def test_only_changed_cells_of_visible_rows_are_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Bench()
    async with app.run_test(size=(40, 8)) as pilot:
        rows = things(*(f"{n:05}" for n in range(10_000)))
        app.table.show(rows)
        await pilot.pause()
        assert len(app.made) < 20
        painted = list[Region]()
        monkeypatch.setattr(app.table, "refresh", lambda *regions, **_: painted.extend(regions))
        app.made.clear()
        rows[2] = ("00002", Thing("00002", 7))
        rows[9_000] = ("09000", Thing("09000", 7))
        app.table.show(rows)
        assert app.made == ["00002"]
        assert [(region.y, region.height) for region in painted] == [(3, 1)]
        assert painted[0].width == 1
        painted.clear()
        app.table.show(list(rows))
        app.table.retell()
        assert painted == []


async def test_a_filter_and_a_sort() -> None:
    app = Bench()
    async with app.run_test(size=(40, 8)) as pilot:
        app.table.show([("a", Thing("a", 1)), ("b", Thing("b", 3)), ("c", Thing("c", 2))])
        app.table.focus()
        await pilot.press("o", "o")
        assert (app.table.sorted_by, list(app.table.order)) == ("count", ["b", "c", "a"])
        assert "count↓" in app.lines()[0]
        await pilot.press("O")
        assert list(app.table.order) == ["a", "c", "b"]
        app.table.filter_by(lambda thing: thing.count > 1)
        assert list(app.table.order) == ["c", "b"]
        app.table.filter_by(None)
        assert set(app.table.order) == {"a", "b", "c"}


async def test_the_mouse_points_and_scrolls() -> None:
    app = Bench()
    async with app.run_test(size=(40, 6)) as pilot:
        app.table.show(things(*"abcdefghij"))
        await pilot.click(app.table, offset=(3, 2))
        assert app.table.cursor == "b"
        app.table.scroll(3)
        await pilot.click(app.table, offset=(3, 2), times=2)
        assert app.chosen == ["e"]


async def test_hostile_names_are_text() -> None:
    app = Bench()
    async with app.run_test(size=(60, 6)):
        names = ("[/x]", "[ERROR] x", "[@click=app.quit]x")
        app.table.show(things(*names))
        assert [line.lstrip("▌ ").split("  ")[0] for line in app.lines()[1:4]] == list(names)
