"""The page of keys, and what holds for every binding."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.binding import Binding
from textual.widgets import Input

from hand import HandClock
from ui.console import HandRoom, console, declared
from warroom.core.incident import Incident
from warroom.ui.app import WarRoomApp
from warroom.ui.cards.deck import fits
from warroom.ui.keys import contexts, free_alt, page, spelled
from warroom.ui.panes.cluster import ClusterPane
from warroom.ui.screens.live import LiveScreen
from warroom.ui.screens.timeline import TimelineScreen
from warroom.ui.widgets.livetable import LiveTable
from warroom.ui.widgets.rows import Rows

PAGE = Path(__file__).parents[2] / "docs" / "keys.md"
LATER = {"s", "N", "S", "u", "D", "t", "y"}
"""Keys whose feature is not there yet."""


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "write it anew: python -m warroom.ui.keys > docs/keys.md"


def test_each_binding_says_what_it_does() -> None:
    for kind, own in contexts():
        for binding in own:
            noun, _, verb = (binding.id or "").partition(".")
            assert noun.islower(), (kind, binding)
            assert verb, (kind, binding)
            assert binding.tooltip, (kind, binding)
            assert not binding.tooltip.endswith("."), (kind, binding)


def test_one_id_is_one_action() -> None:
    actions: dict[str, set[tuple[str, str]]] = {}
    for kind, own in contexts():
        for binding in own:
            actions.setdefault(binding.id or "", set()).add((kind.__name__, binding.action))
    assert {id: those for id, those in actions.items() if len(those) > 1} == {}


def test_no_key_of_a_context_does_two_things() -> None:
    for kind, own in contexts():
        for key, count in Counter(binding.key for binding in own).items():
            acts = [binding.action for binding in own if binding.key == key]
            if count > 1:  # then never both at once
                names = [action.removeprefix("card('").removesuffix("')") for action in acts]
                for incident in (Incident(), Incident(id="x", title="x")):
                    assert sum(fits(name, incident) for name in names) <= 1, (kind, key, acts)


def test_no_key_hides_one_of_another_level() -> None:
    """Of what is above one another while nobody writes: rows, pane, screen, App."""
    own = dict(contexts())

    def of(kind: type) -> list[Binding]:
        return [binding for each in kind.__mro__ for binding in own.get(each, ())]

    for chain in ([LiveTable, ClusterPane, LiveScreen, WarRoomApp], [Rows, TimelineScreen, WarRoomApp]):
        keys = [{binding.key for binding in of(kind)} for kind in chain]
        for lower, upper in pairwise(keys):
            assert lower & upper <= {"escape"}  # it goes back by one thing at a time: a filter, the zoom, the screen
        assert set.union(*keys) & LATER == set()


def test_keys_are_spelled_as_people_write_them() -> None:
    assert [spelled(key) for key in ("question_mark", "ctrl+q", "upper_x", "alt+enter", "escape", "shift+tab")] == [
        "?",
        "ctrl+q",
        "X",
        "alt+enter",
        "esc",
        "shift+tab",
    ]


def sent_by(sequence: str) -> list[events.Key]:
    """What Textual makes of what a terminal sends."""
    return [event for event in XTermParser().feed(sequence) if isinstance(event, events.Key)]


def test_each_key_with_alt_arrives_as_one() -> None:
    free_alt()
    with_alt = {binding.key for _, own in contexts() for binding in own if binding.key.startswith("alt+") and binding.key != "alt+enter"}
    assert {"alt+0", "alt+9", "alt+p", "alt+y"} <= with_alt
    for key in with_alt:
        assert [event.key for event in sent_by(f"\x1b{key.removeprefix('alt+')}")] == [key]


@pytest.mark.parametrize("sign", ["3", "p", "%"])
async def test_alt_never_writes(sign: str) -> None:
    app = console(HandRoom(declared()), HandClock())
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("n")
        app.post_message(events.Key(f"alt+{sign}", sign))
        await pilot.press("a")
        assert app.screen.query_one("#note", Input).value == "a"
