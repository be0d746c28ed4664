"""Exports: whole or not at all, and never over somebody's edit."""

import json
import os
from pathlib import Path

import pytest

from cli.conftest import Cli


def test_an_export_of_ours_is_written_again(cli: Cli, declared: str) -> None:
    file = Path("pm.md")
    assert cli("export", "postmortem", "-o", str(file)).code == 0
    first = file.read_text()
    cli("note", "another fact")
    assert cli("export", "postmortem", "-o", str(file)).code == 0
    assert file.read_text() != first


def test_what_people_wrote_into_it_stays(cli: Cli, declared: str) -> None:
    file = Path("pm.md")
    cli("export", "postmortem", "-o", str(file))
    file.write_text(file.read_text().replace("## Impact", "## Impact\n\nwritten by hand\n"))
    cli("note", "found since")
    again = cli("export", "postmortem", "-o", str(file))
    assert (again.code, "conflict" in again.err.casefold()) == (0, False)
    cli("note", "and more")
    assert cli("export", "postmortem", "-o", str(file)).code == 0  # what we merged ourselves is still an edit
    for said in ("written by hand", "found since", "and more"):
        assert file.read_text().count(said) == 1, said
    assert cli("export", "postmortem", "-o", str(file), "--force").code == 0
    assert "written by hand" not in file.read_text()


def test_where_an_edit_meets_news_it_is_told(cli: Cli, declared: str) -> None:
    file = Path("pm.md")
    cli("note", "first")
    cli("export", "postmortem", "-o", str(file))
    file.write_text(file.read_text().replace("ada: first", "ada: the first look"))
    cli("amend", "3", "first, on the worker")
    ran = cli("export", "postmortem", "-o", str(file))
    assert ran.code == 0
    assert "1 edit meets news" in ran.err
    assert "1 conflict with edits" in file.read_text().splitlines()[0]


def test_an_edited_file_is_no_place_for_another_document(cli: Cli, declared: str) -> None:
    file = Path("pm.md")
    cli("export", "postmortem", "-o", str(file))
    edited = file.read_text() + "\nwritten by hand\n"
    file.write_text(edited)
    for what in ("timeline", "json"):
        ran = cli("export", what, "-o", str(file))
        assert ran.code == 2
        assert "edited since" in ran.err
    assert file.read_text() == edited


def test_a_file_of_somebody_else_is_kept(cli: Cli, declared: str) -> None:
    Path("notes.md").write_text("mine\n")
    ran = cli("export", "timeline", "-o", "notes.md")
    assert ran.code == 2
    assert Path("notes.md").read_text() == "mine\n"


def test_an_export_is_for_its_owner_and_keeps_the_mode_it_was_given(cli: Cli, declared: str) -> None:
    cli("export", "timeline", "-o", "t.md")
    assert Path("t.md").stat().st_mode & 0o777 == 0o600
    Path("t.md").chmod(0o644)
    cli("note", "x")
    assert cli("export", "timeline", "-o", "t.md").code == 0
    assert Path("t.md").stat().st_mode & 0o777 == 0o644


def test_nothing_half_written_stays(cli: Cli, declared: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    before = sorted(Path.cwd().iterdir())
    ran = cli("export", "timeline", "-o", "t.md")
    assert ran.code == 1
    assert "No space left" in ran.err
    assert sorted(Path.cwd().iterdir()) == before


def test_a_folder_that_is_not_there_is_told(cli: Cli, declared: str) -> None:
    ran = cli("export", "timeline", "-o", "no/such/folder/t.md")
    assert ran.code == 1
    assert ran.err.count("\n") == 1


def test_json_is_the_whole_session(cli: Cli, declared: str) -> None:
    cli("note", "x")
    found = cli("export", "json").json
    assert found["incident"]["id"] == declared
    assert [entry["seq"] for entry in found["entries"]] == [1, 2, 3]
    assert found["runbook"]["text"].startswith("#")


def test_the_postmortem_names_the_chains_head(cli: Cli, declared: str) -> None:
    cli("export", "postmortem", "-o", "pm.md")
    head = cli("journal", "verify", "--json").json["head"]
    assert head in Path("pm.md").read_text()


def test_a_lost_memory_of_exports_overwrites_nothing(cli: Cli, declared: str, home: Path) -> None:
    cli("export", "timeline", "-o", "t.md")
    cli("note", "x")
    (home / "exports.json").write_text("{broken")
    assert cli("export", "timeline", "-o", "t.md").code == 2
    assert cli("export", "timeline", "-o", "t.md", "--force").code == 0
    assert str(Path("t.md").resolve()) in json.loads((home / "exports.json").read_text())
