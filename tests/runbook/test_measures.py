"""A criterion's words, and what they ask to be measured."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.library import default_runbook, read_text
from warroom.runbook.measures import SERVICE, Bound, Measure, Unit, measure, measures, thresholds
from warroom.runbook.model import Declaration, Item, Runbook, Severity


def over(value: float) -> Bound:
    return Bound(value=value)


def least(value: float) -> Bound:
    return Bound(value=value, inclusive=True)


def one(what: str, unit: Unit, low: Bound | None = None, high: Bound | None = None, hold: float | None = None) -> Measure:
    return Measure(what=what, unit=unit, low=low, high=high, hold_seconds=hold)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Error rate > 10%", one("errors", "ratio", over(0.1))),
        ("Error rate 1-10%", one("errors", "ratio", least(0.01), least(0.1))),
        ("**Error rate** 1% – 10%", one("errors", "ratio", least(0.01), least(0.1))),
        ("error rate between 1% and 5%", one("errors", "ratio", least(0.01), least(0.05))),
        ("Error rate exceeds 1% for 5+ minutes", one("errors", "ratio", over(0.01), hold=300)),
        ("Error rate ≥ 0.5 %", one("errors", "ratio", least(0.005))),
        ("50%+ error rate", one("errors", "ratio", least(0.5))),
        ("Error rate 25% or higher", one("errors", "ratio", least(0.25))),
        ("error rate > 0.05", one("errors", "ratio", over(0.05))),
        ("High error rate (>5%)", one("errors", "ratio", over(0.05))),
        ("5xx errors > 1% of traffic", one("errors", "ratio", over(0.01))),
        ("More than 5% of requests failing", one("errors", "ratio", over(0.05))),
        ("100% of requests fail", one("errors", "ratio", least(1.0))),
        ("Error rate above 2% but below 8%", one("errors", "ratio", over(0.02), over(0.08))),
        ("Error rate < 1%", one("errors", "ratio", high=over(0.01))),
        ("Availability below 99.9%", one("errors", "ratio", over(0.001))),
        ("Success rate < 95% over 5 minutes", one("errors", "ratio", over(0.05), hold=300)),
        ("P95 latency > 5x normal", one("p95", "x", over(5))),
        ("P95 latency 2-5x normal", one("p95", "x", least(2), least(5))),
        ("P95 > 500 ms for 5+ min", one("p95", "s", over(0.5), hold=300)),
        ("P95 latency exceeds 500ms for 5+ minutes", one("p95", "s", over(0.5), hold=300)),
        ("Latency over 2 seconds for more than 10 minutes", one("p95", "s", over(2), hold=600)),
        ("p99 latency above 1,500 ms", one("p99", "s", over(1.5))),
        ("Median latency > 300ms", one("p50", "s", over(0.3))),
        ("99th percentile latency > 1s", one("p99", "s", over(1))),
        ("Response time > 3 seconds", one("p95", "s", over(3))),
        ("CPU > 90% for 10 minutes", one("cpu", "ratio", over(0.9), hold=600)),
        ("Memory usage above 85%", one("memory", "ratio", over(0.85))),
        ("Saturation above 80 %", one("saturation", "ratio", over(0.8))),
        ("DB connections > 80%", one("connections", "ratio", over(0.8))),
        ("DB connections over 90", one("connections", "", over(90))),
        ("Traffic drops by more than 50%", one("requests", "x", high=over(0.5))),
        ("Service is completely unavailable", one(SERVICE, "")),
        ("Complete service unavailability", one(SERVICE, "")),
        ("Total service outage", one(SERVICE, "")),
        ("Production is down for > 5 minutes", one(SERVICE, "", hold=300)),
        ("No pods ready", one(SERVICE, "")),
    ],
)
def test_what_can_be_measured(text: str, wanted: Measure | None) -> None:
    assert measure(text) == ((wanted,) if wanted else ())


def test_alternatives() -> None:
    assert measure("Error rate > 5% or p95 latency > 2s") == (one("errors", "ratio", over(0.05)), one("p95", "s", over(2)))
    assert measure("P95 > 2s or > 5x normal") == (one("p95", "s", over(2)), one("p95", "x", over(5)))
    assert measure("Error rate > 5% or angry customers") == ()


@pytest.mark.parametrize(
    "text",
    [
        "Significant customer impact (> 25% of users)",
        "Limited customer impact (< 25% of users)",
        "Major feature completely unavailable",
        "Training API down",
        "All customers affected",
        "Data loss or corruption confirmed",
        "Revenue-impacting outage",
        "Error rate > 10% on checkout",
        "Error rate > 10% for paying customers",
        "Customer-reported widespread outage",
        "Partial outage",
        "Outage of a single region",
        "Observability degraded",
        "Error rate 10%",
        "Errors > 100",
        "Error rate increase > 10%",
        "Latency > 10%",
        "",
    ],
)
def test_what_stays_a_humans(text: str) -> None:
    assert measure(text) == ()


@given(st.text(st.sampled_from("error rate p95latency>≥<%0123456789.,-+x ms or for minutes()"), max_size=60))
def test_any_words_are_read_or_left(text: str) -> None:
    for found in measure(text):
        assert found.low or found.high or found.what == SERVICE


def test_the_shipped_runbook() -> None:
    book = read_text(*default_runbook())
    read = measures(book)
    of = {severity.level: [item.text for item in severity.criteria if item.id in read] for severity in book.severities}
    assert {level: len(texts) for level, texts in of.items()} == {"P1": 1, "P2": 2, "P3": 2, "P4": 1}
    assert sum(item.id in read for item in book.declaration.triggers) == 3
    assert [(one.level, one.measure.low.value) for one in thresholds(book, "errors") if one.measure.low] == [
        ("P2", 0.1),
        ("P3", 0.01),
        ("", 0.01),
    ]


def item(id: str, text: str) -> Item:
    return Item(id=id, text=text, line=1)


def book(milliseconds: int = 500, factor: int = 2) -> Runbook:
    return Runbook(
        declaration=Declaration(triggers=(item("slow", f"P95 latency exceeds {milliseconds}ms for 5+ minutes"),)),
        severities=(
            Severity(level="P3", rank=3, criteria=(item("p3", f"P95 latency {factor}-5x normal"),)),
            Severity(level="P4", rank=4, criteria=(item("p4", "Minor performance degradation"),)),
        ),
    )


def test_minor_slowness_lies_between_the_trigger_and_the_first_factor() -> None:
    for milliseconds, factor in ((500, 2), (800, 3)):
        (minor,) = measures(book(milliseconds, factor))["p4"]
        assert minor.low == over(milliseconds / 1000)
        assert minor.besides == (one("p95", "x", high=over(factor)),)
    assert "p4" not in measures(Runbook(severities=book().severities))
