"""Durations, time boxes and dates are read from words; what is no number stays none."""

import pytest

from warroom.runbook.words import in_business_hours, iso_date, seconds, slug, tokens, window


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("15 minutes", 900),
        ("15min", 900),
        ("< 15 min", 900),
        ("5+ minutes", 300),
        ("30-minute", 1800),
        ("within 1 hour", 3600),
        ("1.5 h", 5400),
        ("4h (office)", 14400),
        ("24 hours", 86400),
        ("2 days", 172800),
        ("1 business hour", 3600),
        ("1 business day", None),
        ("2 dias úteis", None),
        ("4 horas úteis", 14400),
        ("moins de 2 heures", 7200),
        ("8 godzin", 28800),
        ("half an hour", 1800),
        ("within an hour", 3600),
        ("2h30", 9000),
        ("hourly", 3600),
        ("twice a day", None),
        ("10M users", None),
        ("24/7", None),
        ("90 s", 90),
        ("Immediate", 0),
        ("immediately, then 5 min", 300),
        ("next sprint", None),
        ("", None),
        ("500ms", None),
        ("P1 duration", None),
        ("SEV1 h", None),
        ("10% of users", None),
        ("999999999999999999999999 h", None),
    ],
)
def test_seconds(text: str, wanted: float | None) -> None:
    assert seconds(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("(0-15 minutes)", (0, 900)),
        ("(15–60 min)", (900, 3600)),
        ("(30 s - 2 min)", (30, 120)),
        ("1 to 4 hours", (3600, 14400)),
        ("first 15 minutes", (None, 900)),
        ("(Ongoing)", (None, None)),
        ("Phase 4: Resolution", (None, None)),
        ("immediately", (None, None)),
    ],
)
def test_window(text: str, wanted: tuple[float | None, float | None]) -> None:
    assert window(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-02-03", "2026-02-03"),
        ("3 February 2026", "2026-02-03"),
        ("Feb 3rd, 2026", "2026-02-03"),
        ("1. Sept. 2026", "2026-09-01"),
        ("3 Foo 2026", None),
        ("soon", None),
    ],
)
def test_iso_date(text: str, wanted: str | None) -> None:
    assert iso_date(text) == wanted


def test_small_ones() -> None:
    assert in_business_hours("1 business day")
    assert not in_business_hours("any day")
    assert slug("Error rate > 10%, P2!", 3) == "error-rate-10"
    assert slug("Ошибка — 火", 3) == "ошибка-火"
    assert tokens("  1. - [x] one_two 🔥") == {"one", "two", "🔥"}
