"""Moments and lengths of time, as people write and read them."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.reports.times import (
    TimeTrouble,
    editor_prefix,
    figures,
    lasted,
    parse_length,
    parse_moment,
    rfc3339,
)

NOW = datetime(2026, 2, 3, 2, 52, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("now", NOW),
        ("-7m", NOW - timedelta(minutes=7)),
        ("−7m", NOW - timedelta(minutes=7)),
        ("-1h30m", NOW - timedelta(minutes=90)),
        ("-90s", NOW - timedelta(seconds=90)),
        ("-2d", NOW - timedelta(days=2)),
        ("02:41", datetime(2026, 2, 3, 2, 41, tzinfo=UTC)),
        ("2:41", datetime(2026, 2, 3, 2, 41, tzinfo=UTC)),
        ("02:41:30", datetime(2026, 2, 3, 2, 41, 30, tzinfo=UTC)),
        ("02:52", datetime(2026, 2, 3, 2, 52, tzinfo=UTC)),
        ("02:53", datetime(2026, 2, 2, 2, 53, tzinfo=UTC)),
        ("23:59", datetime(2026, 2, 2, 23, 59, tzinfo=UTC)),
        ("2026-02-03T02:41:00Z", datetime(2026, 2, 3, 2, 41, tzinfo=UTC)),
        ("2026-02-03T03:41:00+01:00", datetime(2026, 2, 3, 2, 41, tzinfo=UTC)),
        ("2026-02-03 02:41", datetime(2026, 2, 3, 2, 41, tzinfo=UTC)),
    ],
)
def test_a_moment(text: str, moment: datetime) -> None:
    found = parse_moment(text, NOW)
    assert found == moment
    assert found.utcoffset() == timedelta(0)


NO_MOMENTS = ["", "-", "7m", "-7", "-7x", "24:00", "02:60", "2026-02-30T00:00Z", "2026-02-03", "yesterday", "-999999999d"]
LENGTHS = [("15m", 900), ("1h30m", 5400), ("90s", 90), ("2d", 172800), ("15 min", 900), ("1.5h", 5400), ("1 hour 5 min", 3900)]


@pytest.mark.parametrize("text", NO_MOMENTS)
def test_no_moment(text: str) -> None:
    with pytest.raises(TimeTrouble, match="write it as"):
        parse_moment(text, NOW)


@pytest.mark.parametrize(("text", "seconds"), LENGTHS)
def test_a_length(text: str, seconds: int) -> None:
    assert parse_length(text).total_seconds() == seconds


@pytest.mark.parametrize("text", ["", "15", "m", "-15m", "15m soon", "15monkeys"])
def test_no_length(text: str) -> None:
    with pytest.raises(TimeTrouble, match="15m, 1h30m or 90s"):
        parse_length(text)


@pytest.mark.parametrize(
    ("text", "minutes", "rest"),
    [
        ("-7m rolled back", -7, "rolled back"),
        ("-1h30m  rolled back", -90, "rolled back"),
        ("02:41:18 rolled back", -11, "rolled back"),
        ("rolled back", None, "rolled back"),
        ("-f was not needed", None, "-f was not needed"),
        ("-3 pods are gone", None, "-3 pods are gone"),
        ("02:41", None, "02:41"),
        ("-7m", None, "-7m"),
        ("25:00 is no time", None, "25:00 is no time"),
        ("502 for all", None, "502 for all"),
    ],
)
def test_prefixes_of_the_editor(text: str, minutes: int | None, rest: str) -> None:
    at = None if minutes is None else NOW + timedelta(minutes=minutes)
    assert editor_prefix(text, NOW) == (at, rest)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_time_or_text(text: str) -> None:
    at, rest = editor_prefix(text, NOW)
    assert text.endswith(rest)
    assert at is not None or rest == text
    for parse in (parse_length, lambda words: parse_moment(words, NOW)):
        with suppress(TimeTrouble):  # anything else would be a traceback for a slip of the finger
            parse(text)


def test_spelling() -> None:
    assert [figures(seconds) for seconds in (0, 966, 3725, -138, 90000)] == ["00:00", "16:06", "1:02:05", "-02:18", "25:00:00"]
    assert [lasted(seconds) for seconds in (0, 40, 966, 3900)] == ["0 s", "40 s", "16 min", "1 h 05 min"]
    assert rfc3339(NOW.astimezone()) == "2026-02-03T02:52:18Z"
    assert rfc3339(None) is None
