"""The runbook as it is read in the console, under Pilot."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from hand import T0, HandClock
from ui.console import HandRoom, console, declared, text_of, until
from warroom.core.acts import Refusal
from warroom.core.acts.checklists import Tick
from warroom.core.entries import RunbookText
from warroom.library import default_runbook, read_text
from warroom.ui.app import WarRoomApp
from warroom.ui.page import page
from warroom.ui.panes.contents import ContentsPane
from warroom.ui.panes.prose import ProsePane
from warroom.ui.places import about
from warroom.ui.screens.live import LiveScreen
from warroom.ui.screens.runbook import RunbookScreen

HOSTILE = """# [bold]Runbook[/] \x1b[31m

**Version**: 2.1
**Last Updated**: 2025-09-01
**Owner**: Ops [red]team[/]

## Contents

- [Checks](#checks)
- [Nowhere](#nowhere)

## Checks

| Name | What is asked of whoever has the night and the phone and the pager and the patience |
|---|---|
| [link=x]a[/] | \u202eright to left |

```bash
# not a heading
echo   "[/]"
```

## Related Documentation

- [SECURITY_INCIDENTS.md](SECURITY_INCIDENTS.md) - what to do [b]then[/]
- [GONE.md](GONE.md) - gone
"""
SECURITY = "# Security\n\n## Call legal\n\nat once [/]\n"


def room_with(text: str, **incident: object) -> HandRoom:
    sha = hashlib.sha256(text.encode()).hexdigest()
    room = HandRoom(declared(**incident), read_text(text, "ours.md"))
    room.text = RunbookText(text=text, sha256=sha, file="ours.md")
    return room


def open_console(text: str = HOSTILE, found: Mapping[str, str] | None = None, **incident: object) -> WarRoomApp:
    documents = {"SECURITY_INCIDENTS.md": SECURITY} if found is None else found

    async def read(target: str) -> str | Refusal:
        return documents.get(target) or Refusal("not found")

    return console(room_with(text, **incident), HandClock(), read_document=read)


def screen(app: WarRoomApp) -> RunbookScreen:
    assert isinstance(app.screen, RunbookScreen)
    return app.screen


def prose(app: WarRoomApp) -> ProsePane:
    return screen(app).query_one(ProsePane)


def contents(app: WarRoomApp) -> ContentsPane:
    return screen(app).query_one(ContentsPane)


def read(app: WarRoomApp) -> str:
    return "\n".join(text_of(app, "#prose .body"))


def listed(app: WarRoomApp) -> str:
    return "\n".join(text_of(app, "#contents .body"))


async def test_f_opens_the_runbook_and_f_or_esc_leads_back() -> None:
    app = open_console()
    async with app.run_test(size=(120, 36)) as pilot:
        for back in ("f", "escape"):
            await pilot.press("f")
            assert isinstance(app.screen, RunbookScreen)
            await pilot.press(back)
            assert isinstance(app.screen, LiveScreen)


async def test_its_head_says_version_date_owner_hash_and_that_it_is_old() -> None:
    app = open_console()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f")
        await pilot.pause()
        told, sha = " ".join(listed(app).split()), hashlib.sha256(HOSTILE.encode()).hexdigest()
        assert "version 2.1 · of 2025-09-01 · owner Ops [red]team[/]" in told
        assert f"sha256 {sha[:12]}" in told
        assert "▲ 155 days old" in told
        assert "▲ 155 days old" in text_of(app, "#prose .head")[0]


@pytest.mark.parametrize(("days", "told"), [(90, "90 days old"), (91, "▲ 91 days old")])
async def test_it_is_old_after_ninety_days(days: int, told: str) -> None:
    updated = (T0 - timedelta(days=days)).date().isoformat()
    app = open_console(HOSTILE.replace("2025-09-01", updated))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f")
        await pilot.pause()
        assert told in [line.strip() for line in listed(app).splitlines()]


async def test_foreign_text_is_shown_as_it_is_and_never_obeyed() -> None:
    app = open_console()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f")
        await pilot.pause()
        shown = read(app)
        assert "# [bold]Runbook[/] ␛[31m" in shown
        assert "| [link=x]a[/] |" in shown
        assert 'echo   "[/]"' in shown
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        await pilot.press("question_mark")
        await pilot.pause()
        assert app.is_running


async def test_every_line_of_the_shipped_runbook_can_be_read() -> None:
    text, _ = default_runbook()
    app = open_console(text)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f")
        await pilot.pause()
        rows = prose(app).lines(70, 30)
        keys = {row.key for row in rows}
        assert keys == {str(n) for n in range(len(text.splitlines()))}
        shown = "".join("".join(part for part, _ in row.line) for row in rows)
        assert all(word in shown for word in ("kubectl get pods", "Revision History", "| --------"))


async def test_moving_in_the_contents_jumps_in_the_text() -> None:
    app = open_console()
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.resize_terminal(120, 30)
        await pilot.press("f", "j", "j")
        await pilot.pause()
        assert prose(app).page.spots[prose(app).at].text == "## Checks"
        await pilot.press("enter")
        assert prose(app).has_focus_within


async def test_the_documents_own_table_of_contents_jumps() -> None:
    app = open_console()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f", "tab", *("j" * 8))
        assert prose(app).page.spots[prose(app).at].text == "- [Checks](#checks)"
        await pilot.press("enter")
        await pilot.pause()
        assert prose(app).page.spots[prose(app).at].text == "## Checks"


async def test_an_anchor_that_leads_nowhere_says_so() -> None:
    app = open_console()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f", "tab", *("j" * 9), "enter")
        await pilot.pause()
        assert [each.message for each in app._notifications] == ["no heading is called #nowhere"]


async def test_search_leaves_the_lines_that_are_found_and_enter_goes_to_one() -> None:
    app = open_console()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f", "tab", "slash", *"^echo")
        await until(pilot, lambda: prose(app).filter is not None and len(prose(app).lines(70, 30)) == 1)
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert prose(app).filter is None
        assert prose(app).page.spots[prose(app).at].text.startswith("echo")
        assert isinstance(app.screen, RunbookScreen)


async def test_a_search_that_finds_nothing_says_so_and_esc_shows_all() -> None:
    app = open_console()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f", "tab", "slash", *"qqq", "enter")
        await pilot.pause()
        assert "no line is found by /qqq" in read(app)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, RunbookScreen)
        assert "**Version**" in read(app)


async def test_a_finding_says_what_to_do_and_jumps_to_its_line() -> None:
    text, _ = default_runbook()
    app = open_console(text)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("colon", *"findings", "enter")
        await until(pilot, lambda: isinstance(app.screen, RunbookScreen))
        await until(pilot, lambda: contents(app).has_focus_within)
        first = screen(app).findings()[0]
        await until(pilot, lambda: prose(app).at == first.line - 1)
        assert f"{first.level}: {first.message[:20]}" in listed(app)
        assert first.fix[:12] in listed(app)


async def test_a_related_document_opens_and_esc_returns_to_the_runbook() -> None:
    app = open_console()
    async with app.run_test(size=(120, 50)) as pilot:
        await pilot.press("f")
        await until(pilot, lambda: len(contents(app).refused) == 2)
        await pilot.press("G", "k", "enter")
        await pilot.pause()
        assert "at once [/]" in read(app)
        assert "Call legal" in listed(app)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, RunbookScreen)
        assert "[GONE.md]" in read(app)


async def test_a_document_that_is_missing_is_no_error() -> None:
    app = open_console()
    async with app.run_test(size=(120, 50)) as pilot:
        await pilot.press("f")
        await until(pilot, lambda: len(contents(app).refused) == 2)
        assert "– GONE.md, not found" in listed(app)
        await pilot.press("G", "enter")
        await pilot.pause()
        assert screen(app).under is None
        assert [(each.message, each.severity) for each in app._notifications] == [("GONE.md: not found", "information")]


async def test_a_link_in_the_text_opens_the_document() -> None:
    app = open_console()
    async with app.run_test(size=(120, 50)) as pilot:
        await pilot.press("f")
        await until(pilot, lambda: len(contents(app).refused) == 2)
        await pilot.press("tab", "G", "k", "enter")
        await until(pilot, lambda: screen(app).under is not None)
        assert "at once [/]" in read(app)


async def test_on_a_small_screen_tab_turns_between_text_and_contents() -> None:
    app = open_console()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f")
        await pilot.pause()
        assert prose(app).display
        assert not contents(app).display
        await pilot.press("tab")
        await pilot.pause()
        assert contents(app).display
        assert not prose(app).display
        await pilot.press("j", "j", "enter")
        await pilot.pause()
        assert prose(app).display
        assert prose(app).page.spots[prose(app).at].text == "## Checks"


async def test_f_on_an_item_opens_its_line() -> None:
    text, _ = default_runbook()
    app = open_console(text)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("6", "j", "j")
        await pilot.pause()
        pane = app.screen.query_one("#severity")
        item = pane.under_cursor()  # type: ignore[attr-defined]
        assert item is not None
        await pilot.press("f")
        await pilot.pause()
        assert item.text in prose(app).page.spots[prose(app).at].text


async def test_ticking_what_a_related_document_is_about_offers_it() -> None:
    text, _ = default_runbook()
    app = open_console(text, severity="P1", rank=1)
    async with app.run_test(size=(120, 36)) as pilot:
        item = next(each for each in app.room.runbook.items() if each.text == "Security breach confirmed")
        await pilot.press("6")
        app.screen.query_one("#severity").turn("levels", item.id)  # type: ignore[attr-defined]
        await pilot.press("x")
        await pilot.pause()
        assert [each.message for each in app._notifications] == ["f opens SECURITY_INCIDENTS.md"]
        assert app.room.asked == [Tick(item.id)]  # type: ignore[attr-defined]
        await pilot.press("f")
        await until(pilot, lambda: isinstance(app.screen, RunbookScreen) and screen(app).under is not None)
        assert "at once [/]" in read(app)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Security breach suspected", "SECURITY_INCIDENTS.md"),
        ("Acknowledge the alert", None),
        ("Declare the incident", None),
        ("Prepare for disaster: a region is gone", "DISASTER_RECOVERY.md"),
    ],
)
def test_a_document_is_offered_by_the_words_of_its_name(words: str, name: str | None) -> None:
    related = read_text(*default_runbook()).related
    found = about(words, related)
    assert (found.target if found else None) == name


async def test_another_runbook_of_a_new_incident_takes_the_place_of_the_old_one() -> None:
    app = open_console()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f")
        room = app.room
        other = room_with("# Another\n\n## Quite\n")
        room.text, room.runbook = other.text, other.runbook  # type: ignore[misc]
        room.becomes(replace(declared(), title="another"))  # type: ignore[attr-defined]
        await until(pilot, lambda: "# Another" in read(app))
        assert "Quite" in listed(app)


def test_fences_tables_and_anchors_are_told_apart() -> None:
    found = page("x", "# A b!\n\n~~~\n# no\n```\n~~~\n| a |\n## A b\nsee [x](#a-b-1)\n## A b\n")
    assert [spot.kind for spot in found.spots] == [
        "heading",
        "text",
        "fence",
        "code",
        "code",
        "fence",
        "table",
        "heading",
        "text",
        "heading",
    ]
    assert [words for _, _, words in found.headings] == ["A b!", "A b", "A b"]
    assert found.anchor(found.target(8)) == 7
    assert found.section(8) == "A b"
