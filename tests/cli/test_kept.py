"""What was read once is not read again, and never taken for what another text or another reader says."""

import os
import stat
from pathlib import Path

import pytest

from warroom.cli import kept
from warroom.cli.kept import MOST, KeptRunbooks
from warroom.core.entries import RunbookText
from warroom.library import default_runbook
from warroom.runbook.folder import joined
from warroom.runbook.model import Runbook

TEXT, FILE = default_runbook()
OWN = RunbookText(text=TEXT, sha256="", file=FILE)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[RunbookText]:
    """Every text that was really read."""
    seen: list[RunbookText] = []
    real = kept.read_cached

    def read(text: RunbookText) -> Runbook:
        seen.append(text)
        return real(text)

    monkeypatch.setattr(kept, "read_cached", read)
    return seen


def test_a_second_console_has_the_same_runbook_without_reading(tmp_path: Path, reads: list[RunbookText]) -> None:
    first, second = (KeptRunbooks(tmp_path / "read").read(OWN) for _ in range(2))
    assert (first == second, reads) == (True, [OWN])


def test_another_text_file_or_mapping_is_read(tmp_path: Path, reads: list[RunbookText]) -> None:
    runbooks = KeptRunbooks(tmp_path / "read")
    others = [
        RunbookText(text=TEXT + "\n# More\n", sha256="", file=FILE),
        RunbookText(text=TEXT, sha256="", file="ours.md"),
        RunbookText(text=TEXT, sha256="", file=FILE, mapping=(("Who gets called", "escalation"),)),
    ]
    assert [runbooks.read(text) for text in (OWN, *others)]
    assert reads == [OWN, *others]


def test_another_reader_reads_again(tmp_path: Path, reads: list[RunbookText], monkeypatch: pytest.MonkeyPatch) -> None:
    KeptRunbooks(tmp_path / "read").read(OWN)
    monkeypatch.setattr(kept, "_reader", lambda: b"the next version")
    KeptRunbooks(tmp_path / "read").read(OWN)
    assert reads == [OWN, OWN]


def test_a_broken_file_is_read_again_and_mended(tmp_path: Path, reads: list[RunbookText]) -> None:
    KeptRunbooks(tmp_path / "read").read(OWN)
    (file,) = (tmp_path / "read").iterdir()
    file.write_bytes(file.read_bytes()[:100])
    for _ in range(2):
        assert KeptRunbooks(tmp_path / "read").read(OWN).severities
    assert reads == [OWN, OWN]


def test_only_its_owner_reads_it_and_old_ones_go(tmp_path: Path) -> None:
    runbooks = KeptRunbooks(tmp_path / "read")
    for n in range(MOST + 3):
        runbooks.read(RunbookText(text=f"# Runbook {n}\n", sha256="", file=FILE))
    files = list((tmp_path / "read").iterdir())
    assert len(files) == MOST
    assert {stat.S_IMODE(os.stat(file).st_mode) for file in files} == {0o600}


def test_where_nothing_can_be_kept_it_reads_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "read").write_text("a file stands where the folder would be")
    assert KeptRunbooks(tmp_path / "read").read(OWN).severities


def test_of_a_folder_only_the_file_that_changed_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def noted(text: str) -> str:
        seen.append(text.split("\n")[0])
        return "en"

    monkeypatch.setattr("warroom.runbook.reader.language_of", noted)
    files = {name: f"# {name}\n\n## Meaning\n\nBad.\n\n## Mitigation\n\n1. Look\n2. Wait\n" for name in ("One", "Two", "Three")}
    for wanted in (["# One", "# Two", "# Three"], ["# Two"]):
        text = RunbookText(text=joined(files.items()), sha256="", file="books")
        assert [book.file for book in KeptRunbooks(tmp_path / "read").read(text).playbooks] == ["One", "Two", "Three"]
        assert seen == wanted
        seen.clear()
        files["Two"] += "3. Tell\n"
