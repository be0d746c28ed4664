"""Freed memory goes back, and where that cannot be asked for nothing happens."""

import ctypes

import pytest

from warroom.feeds.heap import give_back


def test_the_c_library_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    class Library:
        @staticmethod
        def malloc_trim(pad: int) -> int:
            asked.append(pad)
            return 1

    monkeypatch.setattr(ctypes, "CDLL", lambda name: Library)
    give_back()
    assert asked == [0]


def test_a_c_library_that_knows_no_such_call_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    give_back()
