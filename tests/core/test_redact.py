"""Secrets go, everything else stays."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.secrets_corpus import AL, HEX, PLAIN, PLANTED
from warroom.core.entries import AnyFact, Declared, Erased, Moved, Noted, Purged, RunbookText, SeveritySet, Ticked
from warroom.core.readings import Cluster
from warroom.core.redact import GONE, clean, redact

T = datetime(2026, 2, 3, 2, 52, 18, tzinfo=UTC)
SHIPPED = Path(__file__).parents[2] / "src" / "warroom" / "runbook" / "tensafe.md"
SHARED = Path(__file__).parents[3] / "shared" / "runbook" / "tensafe-incident-response.md"


def test_the_corpus_is_large_enough() -> None:
    assert len(PLANTED) >= 60
    assert len(PLAIN) >= 60
    assert all(secret in text for text, secret in PLANTED)


@pytest.mark.parametrize(("text", "secret"), PLANTED)
def test_a_planted_secret_goes(text: str, secret: str) -> None:
    assert secret not in redact(text)
    assert GONE in redact(text)


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(("text", "secret"), PLANTED)
def test_twice_is_once_and_the_words_around_it_stay(text: str, secret: str) -> None:
    around = f"02:58 ana: {text}\nand tensafe-server is back"
    once = redact(around)
    assert redact(once) == once
    assert once.startswith("02:58 ana: ")
    assert once.endswith("\nand tensafe-server is back")


@pytest.mark.parametrize("runbook", [path for path in (SHIPPED, SHARED) if path.exists()], ids=lambda path: path.name)
def test_a_runbook_is_no_secret(runbook: Path) -> None:
    text = runbook.read_text()
    assert redact(text) == text


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("postgres://tensafe:s3cret@db:5432/x", f"postgres://tensafe:{GONE}@db:5432/x"),
        ("Authorization: Bearer abc123def456", f"Authorization: Bearer {GONE}"),
        ('{"password": "hunter2", "n": 1}', f'{{"password": "{GONE}", "n": 1}}'),
        ("(password=hunter2).", f"(password={GONE})."),
        ("password=hunter2, host=db", f"password={GONE}, host=db"),
        (
            "-----BEGIN PRIVATE KEY-----\nMIIE\nabcd\n-----END PRIVATE KEY-----",
            f"-----BEGIN PRIVATE KEY-----\n{GONE}\n\n-----END PRIVATE KEY-----",
        ),
    ],
)
def test_only_the_secret_goes(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@given(st.lists(st.sampled_from([text for text, _ in PLANTED] + PLAIN), max_size=6), st.sampled_from(["\n", " ", ", ", "; ", "\n\n> "]))
def test_secrets_in_any_company_go_at_once(texts: list[str], between: str) -> None:
    once = redact(between.join(texts))
    assert redact(once) == once


@given(st.lists(st.sampled_from(["\n", *[f"{text}\n" for text, _ in PLANTED]]), max_size=6))
def test_lines_keep_their_numbers(texts: list[str]) -> None:
    text = "".join(texts)
    assert redact(text).count("\n") == text.count("\n")


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    [
        "eyJ", "-----BEGIN PRIVATE KEY-----", "password=", "password: ", 'password="', "password\\", "postgres://a:", "://a:", "--a-",
        "authorization: bearer a=b ", "cookie: a=b;", "password=a,a", "$2a$", "password: [a ", "name: a", "sk-ant-", "1", "a", " ",
        "password is ", "<password>a",
        "curl -u a:b ", "mysql -p x ", "-----BEGIN PRIVATE KEY-----\nAAAAAAAAAAAAAAAAAAAAAAAA\n", "xox-", "-", "\\", '"', "[", "${", "<",
    ],
)  # fmt: skip
def test_the_time_is_linear_in_the_text(piece: str) -> None:
    """Quadratic, a quarter of a million signs would take minutes and the test its time-out."""
    text = piece * (250_000 // len(piece))
    once = redact(f"password {text}")
    assert redact(once) == once


def test_every_text_of_a_fact_is_cleaned_and_what_points_at_something_stays() -> None:
    digest = f"{HEX}"
    declared = Declared(
        title="password=hunter2",
        runbook=RunbookText(text="token=hunter2 x", sha256=digest, file="a.md"),
        alerted=T,
        detected=T,
        cluster=Cluster(context="prod", server="https://ana:hunter2@api:6443", namespaces=("tensafe",), ca=digest, uid="8e7d0c1b"),
        symptoms="secret=hunter2",
    )
    cleaned = clean(declared)
    assert isinstance(cleaned, Declared)
    assert "hunter2" not in repr(cleaned)
    assert cleaned.cluster
    assert (cleaned.runbook.sha256, cleaned.runbook.file, cleaned.cluster.ca, cleaned.cluster.uid) == (digest, "a.md", digest, "8e7d0c1b")
    assert (cleaned.alerted, cleaned.cluster.namespaces) == (T, ("tensafe",))


@pytest.mark.parametrize(
    "fact",
    [
        Noted(text="rolled back", progress=True),
        Ticked(item="password: x9", text="x"),
        Moved(moved="01kggpmgpg62sqkay7hqxb2jz3", to=T),
        Purged(purged="01kggpmgpg62sqkay7hqxb2jz3", reason="slipped"),
        Erased(sha256=HEX),
        SeveritySet(level="P1", rank=1, why=("API down",)),
    ],
)
def test_a_fact_without_secrets_stays(fact: AnyFact) -> None:
    assert clean(fact) == fact


def test_the_reasons_of_a_severity_are_cleaned_one_by_one() -> None:
    assert clean(SeveritySet(level="P1", rank=1, why=("API down", f"api_key={AL}"))) == SeveritySet(
        level="P1", rank=1, why=("API down", f"api_key={GONE}")
    )
