"""The vocabulary: widths in cells, times in words, and foreign text that does nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from warroom.ui import look, words
from warroom.ui.cells import cell, clip, ends, measure, middle, wrap
from warroom.ui.head import head_line
from warroom.ui.look import foreign

TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Mn", "Me")), max_size=60)


@pytest.fixture(autouse=True)
def _unicode() -> None:
    look.set_glyphs(ascii=False)
    look.set_mono(False)


@given(TEXT, st.integers(0, 40))
def test_a_cell_is_as_wide_as_asked(text: str, width: int) -> None:
    for align in ("<", ">"):
        assert measure(cell((foreign(text), "$ink"), width, align)) == width
    assert measure(ends(width, [(foreign(text), "")], [("ab", "")])) == width
    assert cell_len(clip(text, width)) <= width
    assert cell_len(middle(text, width)) <= max(width, 1)


def test_a_wide_character_is_never_halved() -> None:
    assert cell(("监控系统", ""), 5) == [("监控…", "")]
    assert "".join(text for text, _ in cell(("监控系统", ""), 4)) == "监… "


@given(TEXT, st.integers(2, 40))
def test_wrapped_lines_fit_and_lose_no_word(text: str, room: int) -> None:
    lines = wrap(text, room)
    assert all(cell_len(line) <= room for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("[/x] [ERROR] [@click=app.quit]q", "[/x] [ERROR] [@click=app.quit]q"),
        ("\x1b[2J", "␛[2J"),
        ("\x1b]52;c;eA==\x07", "␛]52;c;eA==␇"),
        ("a\x00b\x7f", "a␀b␡"),
        ("abc\u202edef\u2066", "abc\ufffddef\ufffd"),
        ("a\nb\tc", "a b c"),
        ("\udc80", "\ufffd"),
        ("监控 ok", "监控 ok"),
    ],
)
def test_foreign_text_is_harmless(hostile: str, shown: str) -> None:
    assert foreign(hostile) == shown


def test_a_megabyte_is_cut() -> None:
    assert foreign("x" * 1_000_000) == "x" * 1999 + "…"


def test_facts_drop_whole_and_the_telling_one_stays() -> None:
    facts = [[("13", "")], [("all r42, new", "")], [("✗ 3 failing", "")]]

    def line(width: int) -> str:
        made = head_line("pods", facts, width, digit="2", state=[("● 1 s", "")])
        assert measure(made) == width
        return "".join(text for text, _ in made)

    assert line(60) == "─ 2 pods · 13 · all r42, new · ✗ 3 failing ───────── ● 1 s ─"
    assert line(40) == "─ 2 pods · ✗ 3 failing ───────── ● 1 s ─"
    assert line(20) == "─ 2 pods ─── ● 1 s ─"


@pytest.mark.parametrize(("seconds", "shown"), [(966, "16:06"), (3725, "1:02:05"), (-138, "−02:18"), (0, "00:00"), (-0.5, "−00:01")])
def test_running_clocks(seconds: float, shown: str) -> None:
    assert words.figures(seconds) == shown


def test_ages_and_numbers() -> None:
    assert [words.age(s) for s in (4, 21 * 60, 3 * 3600, 6 * 86400, None)] == ["4s", "21m", "3h", "6d", "?"]
    assert (words.lasted(40), words.lasted(125), words.number(1284), words.number(-3)) == ("40 s", "2 min", "1,284", "−3")


def test_ascii_has_a_twin_for_every_glyph() -> None:
    look.set_glyphs(ascii=True)
    assert all(glyph.isascii() and len(glyph) == 1 for glyph in look.g.values())
    assert look.big("P2") == ("  ", "P2", "  ")
    assert words.figures(-61) == "-01:01"


def test_without_colour_attributes_tell_it() -> None:
    look.set_mono(True)
    try:
        shown = {style: look.tone(style) for style in ("$bad bold", "$soft", "$ink", "$soft on $lift", look.fill(1))}
    finally:
        look.set_mono(False)
    assert shown == {
        "$bad bold": "bold",
        "$soft": "dim",
        "$ink": "",
        "$soft on $lift": "reverse",
        "$p1-on on $p1 bold": "reverse bold",
    }


def test_ranks_beyond_the_fourth_use_its_fill() -> None:
    assert look.fill(7) == look.fill(4) == "$p4-on on $p4 bold"


def test_the_terminal_chooses_a_theme() -> None:
    assert look.theme_for("auto", False, "truecolor") == "room-dark"
    assert look.theme_for("auto", False, "standard") == "room-ansi16"
    assert look.theme_for("auto", True, "truecolor") == "room-mono"
    assert look.theme_for("light", True, None) == "room-light"


def test_a_word_of_a_megabyte_is_wrapped_in_one_scan() -> None:
    lines = wrap("x" * 1_000_000, 50)
    assert (len(lines), {len(line) for line in lines}) == (20_000, {50})
