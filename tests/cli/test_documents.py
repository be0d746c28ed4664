"""Documents beside the runbook are read where their link leads, and nowhere else."""

import os
from pathlib import Path

import pytest

from warroom.cli.documents import read_beside, reader
from warroom.core.acts import Refusal


def why(found: str | Refusal) -> str:
    assert isinstance(found, Refusal)
    return found.why


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inner = tmp_path / "books"
    inner.mkdir()
    (inner / "SECURITY.md").write_text("# Security\n")
    (tmp_path / "outer.md").write_text("# Outer\n")
    (tmp_path / "secret.md").write_text("# Secret\n")
    return inner


async def test_a_document_beside_the_runbook_is_read(folder: Path) -> None:
    read = reader((folder / "runbook.md",))
    assert read is not None
    assert await read("SECURITY.md") == "# Security\n"


def test_a_link_may_lead_upwards_by_itself(folder: Path) -> None:
    assert read_beside(folder, "../outer.md") == "# Outer\n"


def test_a_symbolic_link_may_not(folder: Path) -> None:
    (folder / "harmless.md").symlink_to(folder.parent / "secret.md")
    assert "symbolic link" in why(read_beside(folder, "harmless.md"))


@pytest.mark.parametrize("target", ["/etc/hosts.md", "~/x.md", "a\0.md", "", "c:\\x.md"])
def test_other_paths_are_refused(folder: Path, target: str) -> None:
    assert why(read_beside(folder, target)) == "not a path from the runbook's folder"


@pytest.mark.parametrize("target", ["GONE.md", "SECURITY.md/x.md", f"{'a' * 300}.md", "."])
def test_what_is_not_there_is_told_in_a_few_words(folder: Path, target: str) -> None:
    assert why(read_beside(folder, target)) in ("not found", "neither Markdown nor plain text: open it elsewhere")


def test_what_is_no_plain_file_keeps_nobody_waiting(folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    assert why(read_beside(folder, "pipe.md")) == "not found"


def test_a_file_that_is_too_large_is_refused(folder: Path) -> None:
    (folder / "huge.md").write_bytes(b"x" * 1_000_001)
    assert "huge.md" in why(read_beside(folder, "huge.md"))


def test_secrets_are_redacted_as_in_the_runbook(folder: Path) -> None:
    (folder / "keys.md").write_text("password: hunter2-hunter2\n")
    found = read_beside(folder, "keys.md")
    assert isinstance(found, str)
    assert "hunter2" not in found


def test_the_shipped_runbook_has_nothing_beside_it() -> None:
    assert reader(()) is None
