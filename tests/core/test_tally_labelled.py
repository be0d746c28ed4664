"""How well messages are grouped, of logs whose truth is known: each was made from one of the messages of `labelled.toml`."""

import random
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from warroom.core.tally import Source, Tallies

SYSTEMS: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("labelled.toml").read_text())
LINES = 600
WORST = {"Spark": (0.70, 0.80), "Linux": (0.80, 0.88), "Thunderbird": (0.85, 0.70), "OpenStack": (0.75, 0.85)}
"""What is not grouped as labelled: a word that is no number is told from a value by nothing but what it means."""
USERS = ("root", "admin", "test", "oracle", "guest", "ftpuser", "john", "mysql", "webmaster", "nagios")
SITES = ("proxy.example.hk:5070", "www.example.com:443", "59.37.96.63:80", "clients4.example.com:443")
Chance = random.Random


def digits(chance: Chance, number: int) -> str:
    return "".join(chance.choices("0123456789", k=number))


def hexes(chance: Chance, number: int) -> str:
    return "".join(chance.choices("0123456789abcdef", k=number))


VALUES: dict[str, Callable[[Chance], str]] = {
    "n": lambda c: str(c.randrange(99_999)),
    "s": lambda c: str(c.randrange(50)),
    "d": lambda c: digits(c, 1),
    "ddd": lambda c: digits(c, 3),
    "dddd": lambda c: digits(c, 4),
    "ip": lambda c: ".".join(str(c.randrange(1, 255)) for _ in range(4)),
    "pointer": lambda c: "0x" + hexes(c, c.choice((4, 8, 12))),
    "hex32": lambda c: hexes(c, 32),
    "id": lambda c: "-".join(hexes(c, size) for size in (8, 4, 4, 4, 12)),
    "user": lambda c: c.choice(USERS),
    "block": lambda c: f"blk_{c.choice(('', '-'))}{c.randrange(10**15, 10**18)}",
    "path": lambda c: (
        "/" + "/".join(c.choices(("usr", "var", "lib", "tmp", "data", "log"), k=c.randrange(2, 5))) + f"/part{c.randrange(99)}"
    ),
    "host": lambda c: c.choice(("ns.mary.com", "gw.example.net", "server1.uni.edu", "cache.isp.org")),
    "float": lambda c: f"{c.random() * 100:.2f}",
    "task": lambda c: f"attempt_{c.randrange(10**12, 10**13)}_{digits(c, 4)}_{c.choice('mr')}_{digits(c, 6)}_0",
    "rdd": lambda c: f"rdd_{c.randrange(99)}_{c.randrange(99)}",
    "time": lambda c: f"{c.randrange(24):02}:{c.randrange(60):02}:{c.randrange(60):02}",
    "site": lambda c: c.choice(SITES),
    "lifetime": lambda c: c.choice(("<1 sec", f"00:{c.randrange(60):02}", f"01:02:{c.randrange(60):02}")),
}


def filled(text: str, chance: Chance) -> str:
    """With a value for each `{name}`, and one of `{a|b}`."""

    def value(found: re.Match[str]) -> str:
        return chance.choice(found[1].split("|")) if "|" in found[1] else VALUES[found[1]](chance)

    return re.sub(r"\{([\w |#.-]+)\}", value, text)


@cache
def made(name: str) -> tuple[tuple[int, ...], tuple[str, ...], tuple[str, ...]]:
    """The message that each line is made of; the lines; the same without their heads."""
    chance, system = random.Random(7), SYSTEMS[name]
    messages = system["messages"]
    truth = tuple(min(int(chance.expovariate(0.25)), len(messages) - 1) for _ in range(LINES))
    said = tuple(filled(messages[number][1], chance) for number in truth)
    heads = (filled(system["head"].replace("@", messages[number][0]), chance) for number in truth)
    return truth, tuple(head + text for head, text in zip(heads, said, strict=True)), said


def grouped(lines: Sequence[str]) -> list[str]:
    """The pattern of each line."""
    told: dict[int, str] = {}

    def closed(source: Source, first: int, last: int, pattern: str | None) -> None:
        told.update(dict.fromkeys(range(first - 1, last), pattern or ""))

    tallies = Tallies(every=True, budget=None, closed=closed)
    tallies.read(Source("log"), "\n".join(lines).encode(), None)
    tallies.end_all()
    return [told[number] for number in range(len(lines))]


def accuracy(truth: Sequence[Hashable], found: Sequence[Hashable]) -> tuple[float, float]:
    """GA: the share of lines whose group is exactly the true one. FGA: the same of groups, as the mean of precision and recall."""
    true, ours = sets(truth), sets(found)
    right = true & ours
    precision, recall = len(right) / len(ours), len(right) / len(true)
    return sum(map(len, right)) / len(truth), 2 * precision * recall / (precision + recall) if right else 0.0


def sets(names: Sequence[Hashable]) -> set[frozenset[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        groups[name].append(place)
    return set(map(frozenset, groups.values()))


def test_the_scorer_knows_right_from_wrong() -> None:
    assert accuracy("aabbc", "xxyyz") == (1, 1)
    ga, fga = accuracy("aabb", "xxyz")
    assert (ga, round(fga, 6)) == (0.5, 0.4)  # one of three groups, one of two
    assert accuracy("ab", "xx") == (0, 0)


@pytest.mark.parametrize("name", SYSTEMS)
def test_lines_of_one_message_are_one_pattern(name: str) -> None:
    truth, lines, _ = made(name)
    ga, fga = accuracy(truth, grouped(lines))
    least = WORST.get(name, (0.99, 0.99))
    assert (ga >= least[0], fga >= least[1]) == (True, True), (ga, fga)


@pytest.mark.parametrize("name", SYSTEMS)
def test_what_stands_before_a_message_makes_no_difference(name: str) -> None:
    _, lines, said = made(name)
    assert sets(grouped(lines)) == sets(grouped(said))


def test_all_in_all() -> None:
    scores = [accuracy(made(name)[0], grouped(made(name)[1])) for name in SYSTEMS]
    assert sum(ga for ga, _ in scores) / len(scores) >= 0.93
    assert sum(fga for _, fga in scores) / len(scores) >= 0.94
