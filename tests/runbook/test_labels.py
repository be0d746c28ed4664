"""A label is read as it is written, with its family and number, and nothing that only looks like one is."""

import pytest

from warroom.runbook.labels import fold, in_text, label


@pytest.mark.parametrize(
    ("text", "labels", "name"),
    [
        ("P1", ("P1",), ""),
        ("# SEV1 - Critical", ("SEV1",), "Critical"),
        ("Sev 0 (everything stops)", ("Sev 0",), "everything stops"),
        ("S3/S4 - small", ("S3", "S4"), "small"),
        ("P1-P3", ("P1", "P2", "P3"), ""),
        ("P1 & 2", ("P1", "P2"), ""),
        ("🔴 **Critical**", ("Critical",), ""),
        ("Severity: High", ("High",), ""),
        ("Level A", ("Level A",), ""),
        ("Crítico", ("Crítico",), ""),
        ("SEV 1 - 2 hours", ("SEV 1",), "2 hours"),
    ],
)
def test_a_label(text: str, labels: tuple[str, ...], name: str) -> None:
    found = label(text.replace("*", ""))
    assert found
    assert (found.all, found.name) == (labels, name)


@pytest.mark.parametrize("text", ["P1.2", "Phase 1", "Step 2", "3 days", "", "SEV", "as3 buckets"])
def test_no_label(text: str) -> None:
    assert label(text) is None


def test_spellings_of_one_label_are_one() -> None:
    assert fold("SEV-1") == fold("Sev 1") == fold("sev1")
    assert in_text("no answer to a sev 1 or P10", ["SEV-1", "SEV-2", "P1"]) == ("SEV-1",)
