"""Damaged and shuffled documents are still read, and keep every word; WARROOM_MUTATIONS=10000 tries more of them."""

import os
import random
from collections.abc import Callable

import pytest

from runbook.test_documents import FOLDER, NAMES
from runbook.test_nothing_lost import lost

MARKS = {"Subject", "Title"}
"""What stands before a message's subject is its place, not its text."""
ROUNDS = 20
EACH = int(os.environ.get("WARROOM_MUTATIONS", "500")) // ROUNDS
SIGNS = (
    "|",
    "```",
    "> ",
    "- ",
    "1. ",
    "**",
    "#",
    "<table>",
    "</table>",
    "<br>",
    "[ ] ",
    "---",
    "\t",
    "    ",
    "\\",
    "→",
    "P1",
    "SEV2: ",
    "🔥",
    "\u2028",
)
TEXTS = tuple((FOLDER / f"{name}.md").read_text(encoding="utf-8") for name in NAMES)


def cut(lines: list[str], chance: random.Random) -> None:
    del lines[chance.randrange(len(lines))]


def double(lines: list[str], chance: random.Random) -> None:
    at = chance.randrange(len(lines))
    lines[at:at] = lines[at : at + chance.randrange(1, 6)]


def swap(lines: list[str], chance: random.Random) -> None:
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def indent(lines: list[str], chance: random.Random) -> None:
    at = chance.randrange(len(lines))
    lines[at] = " " * chance.randrange(1, 9) + lines[at]


def shorten(lines: list[str], chance: random.Random) -> None:
    at = chance.randrange(len(lines))
    lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]


def insert(lines: list[str], chance: random.Random) -> None:
    at = chance.randrange(len(lines))
    place = chance.randrange(len(lines[at]) + 1)
    lines[at] = lines[at][:place] + chance.choice(SIGNS) + lines[at][place:]


def graft(lines: list[str], chance: random.Random) -> None:
    other = chance.choice(TEXTS).split("\n")
    first = chance.randrange(len(other))
    at = chance.randrange(len(lines))
    lines[at:at] = other[first : first + chance.randrange(1, 20)]


MUTATIONS: tuple[Callable[[list[str], random.Random], None], ...] = (cut, double, swap, indent, shorten, insert, graft)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_mutated_document_is_read_and_keeps_every_word(number: int) -> None:
    chance = random.Random(number)
    for _ in range(EACH):
        lines = chance.choice(TEXTS).split("\n")
        for _ in range(chance.randrange(1, 8)):
            chance.choice(MUTATIONS)(lines, chance)
        text = "\n".join(lines)
        assert lost(text) - MARKS == set(), text
