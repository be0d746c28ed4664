"""Who pressed a key, as far as whole seconds tell."""

import random
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from warroom.core.company import UNSURE, Client, author, driver, pressed

PEOPLE = ("ada", "bo", "eve")


def client(name: str, active: int, reads: bool = False) -> Client:
    return Client(f"/dev/{name}", name, active, reads)


def test_whoever_was_active_in_the_second_of_the_key() -> None:
    assert pressed([client("ada", 100), client("bo", 98)], 100.5) == ("ada",)


def test_two_in_one_second_are_not_told_apart() -> None:
    assert author([client("ada", 100), client("bo", 100)], 100.9) == "unsure: ada or bo"


def test_one_who_was_active_since_may_have_been_active_before() -> None:
    assert author([client("ada", 100), client("bo", 101)], 100.95) == "unsure: ada or bo"


def test_who_only_looks_presses_nothing() -> None:
    clients = [client("ada", 100), client("eve", 100, reads=True)]
    assert author(clients, 100.4) == "ada"
    assert driver(clients) == clients[0]


def test_a_key_that_came_too_late_is_nobodys() -> None:
    assert author([client("ada", 100), client("bo", 90)], 102.5) == "unsure: ada or bo"


def test_200_keys_more_than_a_second_apart_are_nearly_all_known_and_never_wrong() -> None:
    chance, at, right = random.Random(7), 1000.0, 0
    active = dict.fromkeys(PEOPLE, 0)
    for _ in range(200):
        at += 1.1 + chance.random()
        who = chance.choice(PEOPLE)
        active[who] = floor(at)
        name = author([client(one, second) for one, second in active.items()], at + chance.random() * 0.02)
        assert name == who or name.startswith(UNSURE)
        right += name == who
    assert right > 190


@given(st.lists(st.tuples(st.sampled_from(PEOPLE), st.floats(0, 3)), min_size=1, max_size=30), st.floats(0, 0.1), st.floats(0, 2))
def test_however_fast_they_type_it_is_never_wrong(keys: list[tuple[str, float]], delay: float, looks_after: float) -> None:
    """Each key arrives `delay` later and is looked at after that; whoever typed meanwhile is known to tmux by then."""
    at, times = 1000.0, list[tuple[str, float]]()
    for who, pause in keys:
        at += pause
        times.append((who, at))
    for who, pressed_at in times:
        looked = pressed_at + delay + looks_after
        active = {one: floor(max((t for name, t in times if name == one and t <= looked), default=0.0)) for one in PEOPLE}
        name = author([client(one, second) for one, second in active.items()], pressed_at + delay)
        assert name == who or name.startswith(UNSURE)
