"""The visual vocabulary: tokens, glyphs and their ASCII twins, severities, large figures and foreign text."""

import locale
import re
from functools import lru_cache
from typing import Literal

from textual.theme import Theme

Choice = Literal["auto", "dark", "light", "contrast", "ansi16", "mono"]

# Every colour is a member of the xterm 256 palette, so that truecolor and 256 colours look the same.
FILLS = {
    "p1": "#d70000",
    "p1-on": "#ffffff",
    "p2": "#ff8700",
    "p2-on": "#000000",
    "p3": "#ffd700",
    "p3-on": "#000000",
    "p4": "#87afd7",
    "p4-on": "#000000",
}
ORDER = ("ground", "lift", "rule", "trace", "soft", "ink", "loud", "outside", "focus", "bad", "soon", "good")


def _tones(colours: str) -> dict[str, str]:
    return dict(zip(ORDER, (f"#{colour}" for colour in colours.split()), strict=True))


PALETTES: dict[str, dict[str, str]] = {
    "dark": _tones("121212 262626 444444 767676 949494 c6c6c6 ffffff d7d7af 5fafff ff5f87 d7af5f 87af87") | FILLS,
    "light": _tones("ffffff eeeeee bcbcbc 8a8a8a 626262 303030 000000 5f5f00 005faf af005f 875f00 005f00") | FILLS,
    "contrast": _tones("000000 303030 8a8a8a bcbcbc d0d0d0 ffffff ffffff ffffaf 5fffff ffafd7 ffff5f 87ff87")
    | FILLS
    | {"p1": "#ff5f5f", "p1-on": "#000000"},
    "ansi16": _tones("000000 0000aa 555555 555555 aaaaaa aaaaaa ffffff aaaaaa 55ffff ff5555 ffff55 55ff55")
    | {
        "p1": "#aa0000",
        "p1-on": "#ffffff",
        "p2": "#aa5500",
        "p2-on": "#ffffff",
        "p3": "#ffff55",
        "p3-on": "#000000",
        "p4": "#00aaaa",
        "p4-on": "#000000",
    },
    "mono": _tones("000000 444444 7f7f7f 7f7f7f 949494 c6c6c6 ffffff c6c6c6 ffffff ffffff ffffff c6c6c6")
    | {f"p{n}": "#ffffff" for n in range(1, 5)}
    | {f"p{n}-on": "#000000" for n in range(1, 5)},
}
THEMES = tuple(
    Theme(
        f"room-{name}",
        primary=tones["focus"],
        background=tones["ground"],
        surface=tones["ground"],
        panel=tones["ground"],
        foreground=tones["ink"],
        error=tones["bad"],
        warning=tones["soon"],
        success=tones["good"],
        dark=name != "light",
        variables=tones,
    )
    for name, tones in PALETTES.items()
)

# Meaning, glyph, ASCII.
GLYPHS = {
    "live": "●*",
    "good": "✓+",
    "bad": "✗x",
    "over": "▲!",
    "soon": "△^",
    "run": "◐>",
    "wait": "◌:",
    "stale": "≈~",
    "todo": "○o",
    "skip": "–-",
    "na": "·.",
    "unknown": "??",
    "yes": "◆M",
    "no": "◇m",
    "rule": "─-",
    "heavy": "━=",
    "dot": "·-",
    "up": "↑/",
    "down": "↓\\",
    "flat": "==",
    "more": "….",
    "next": "▸>",
    "open": "▾v",
    "bar": "▏|",
    "times": "×x",
    "cursor": "▌>",
    "hatch": "╱/",
    "mark": "┆:",
    "full": "█#",
    "half": "▒=",
    "void": "░.",
    "edge": "▄ ",
    "to": "→>",
}
SPARK = {False: "▁▂▃▄▅▆", True: "_.,:-="}
g = {name: pair[0] for name, pair in GLYPHS.items()}
"""The glyphs in use; `set_glyphs` swaps them all at once."""
_in_ascii = False
_in_mono = False


def set_glyphs(ascii: bool) -> None:
    global _in_ascii
    _in_ascii = ascii
    g.update({name: pair[int(ascii)] for name, pair in GLYPHS.items()})


def set_mono(on: bool) -> None:
    """Attributes in the place of colours."""
    global _in_mono
    _in_mono = on


def in_ascii() -> bool:
    return _in_ascii


def speaks_unicode() -> bool:
    """Whether the locale can spell our glyphs."""
    return "utf" in locale.getpreferredencoding(False).casefold()


def spark_steps() -> str:
    """Six eighths of a row, so that rows never touch."""
    return SPARK[_in_ascii]


def theme_for(choice: Choice, no_color: bool, color_system: str | None) -> str:
    """What was asked for; else what the terminal can show."""
    if choice != "auto":
        return f"room-{choice}"
    return "room-mono" if no_color or color_system is None else "room-ansi16" if color_system == "standard" else "room-dark"


def theme_variables() -> dict[str, str]:
    """Every token, for the sheets: a theme overrides them."""
    return dict(PALETTES["dark"])


_PLAIN = {"loud": "bold", "bad": "bold", "soon": "bold", "focus": "bold", "soft": "dim", "rule": "dim", "trace": "dim"}


@lru_cache(maxsize=1024)
def _without_colour(style: str) -> str:
    if " on $" in f" {style}":
        style = re.sub(r"(?:\$[\w-]+ )?on \$[\w-]+", "reverse", style)
    words = [_PLAIN.get(word[1:], "") if word.startswith("$") else word for word in style.split()]
    kept = dict.fromkeys(word for word in words if word)
    if "bold" in kept:
        kept.pop("dim", None)
    return " ".join(kept)


def tone(style: str) -> str:
    """A style as it can be shown: without colour a fill is reverse and a token is bold, plain or dim."""
    return _without_colour(style) if _in_mono else style


def fill(rank: int) -> str:
    """The style of a severity; the fourth stands for all behind it. Nothing else has a coloured fill."""
    n = min(max(rank, 1), 4)
    return f"$p{n}-on on $p{n} bold"


def chip(rank: int, text: str) -> tuple[str, str]:
    return f" {text} ", fill(rank)


BIG = {
    "0": ("█▀█", "█ █", "▀▀▀"),
    "1": ("▀█ ", " █ ", "▀▀▀"),
    "2": ("▀▀█", "█▀▀", "▀▀▀"),
    "3": ("▀▀█", " ▀█", "▀▀▀"),
    "4": ("█ █", "▀▀█", "  ▀"),
    "5": ("█▀▀", "▀▀█", "▀▀▀"),
    "6": ("█▀▀", "█▀█", "▀▀▀"),
    "7": ("▀▀█", "  █", "  ▀"),
    "8": ("█▀█", "█▀█", "▀▀▀"),
    "9": ("█▀█", "▀▀█", "▀▀▀"),
    ":": ("▄", "▄", " "),
    "−": ("  ", "▀▀", "  "),
    "P": ("█▀█", "█▀▀", "▀  "),
    "S": ("█▀▀", "▀▀█", "▀▀▀"),
    "L": ("█  ", "█  ", "▀▀▀"),
    "E": ("█▀▀", "█▀▀", "▀▀▀"),
}


def big(text: str) -> tuple[str, str, str]:
    """Three rows of large figures; plain text in the middle where they cannot be drawn."""
    if _in_ascii or any(char not in BIG for char in text):
        return " " * len(text), text, " " * len(text)
    first, second, third = (" ".join(BIG[char][row] for char in text) for row in range(3))
    return first, second, third


@lru_cache(maxsize=16384)
def _harmless(text: str) -> str:
    return "".join(char if char.isprintable() else _shown(char) for char in text)


def _shown(char: str) -> str:
    if char in "\t\n\r":
        return " "
    code = ord(char)
    if _in_ascii:
        return f"^{chr(code + 64)}" if code < 32 else "?"
    return chr(0x2400 + code) if code < 32 else "\N{SYMBOL FOR DELETE}" if code == 127 else "\N{REPLACEMENT CHARACTER}"


def foreign(text: str, most: int = 2000) -> str:
    """Words from outside, harmless: the only helper that lets them onto the screen.

    Control, bidi and other invisible characters become visible ones, joiners of emoji go, and the text ends after `most`
    characters. Markup stays what it is, text: nothing of ours parses it, and notices are told with `markup=False`.
    """
    cut = text[: most + 1].replace("\ufe0f", "").replace("\ufe0e", "")
    if len(cut) > most:
        cut = cut[: most - 1] + g["more"]
    return cut if cut.isascii() and cut.isprintable() else _harmless(cut)
