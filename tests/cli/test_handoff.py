"""Handing over, and carrying the journal to another machine."""

from pathlib import Path

from cli.conftest import Cli


def test_the_brief_is_printed_and_changes_nothing(cli: Cli, declared: str) -> None:
    ran = cli("handoff")
    assert ran.code == 0
    assert ran.out.startswith("# Handoff: API errors above 10 %\n")
    assert "nobody has acknowledged the alert" in ran.out
    assert cli("journal", "verify", "--json").json["entries"] == 2


def test_roles_move_with_the_signature(cli: Cli, declared: str) -> None:
    cli("role", "IC", "--to", "ada")
    before = cli("status", "--json").json
    offered = cli("handoff", "--to", "kim", "--json").json
    assert [entry["kind"] for entry in offered["entries"]] == ["handed_over"]
    assert offered["waits_for"] == "kim"
    assert offered["markdown"].startswith("# Handoff")
    assert offered["head"] in offered["markdown"]
    assert offered["incident"]["roles"] == {"Incident Commander": "ada"}
    other = cli("handoff", "accept", "--as", "tom")
    assert other.code == 2
    assert "not to tom" in other.err
    signed = cli("handoff", "accept", "--words", "errors", "--as", "kim", "--json").json
    assert [entry["kind"] for entry in signed["entries"]] == ["accepted", "role_set"]
    assert signed["incident"]["roles"] == {"Incident Commander": "kim"}
    assert [one["due"] for one in signed["incident"]["deadlines"]] == [one["due"] for one in before["deadlines"]]


def test_wrong_uses(cli: Cli, declared: str) -> None:
    assert cli("handoff", "refuse").code == 2
    assert cli("handoff", "accept", "--to", "kim").code == 2
    assert cli("handoff", "accept", "--as", "kim").code == 1


def test_every_document_names_the_head(cli: Cli, declared: str) -> None:
    head = cli("journal", "verify", "--json").json["head"]
    for what in ("handoff", "postmortem", "timeline", "json"):
        assert head in cli("export", what).out, what


def test_by_file_between_two_homes(cli: Cli, declared: str, tmp_path: Path) -> None:
    there = "--journal", str(tmp_path / "there.sqlite")
    assert cli("journal", "export", "night.journal", "--json").json["entries"] == 2
    taken = cli("journal", "import", "night.journal", *there, "--json").json
    assert (taken["ok"], taken["entries"], taken["added"]) == (True, 2, 2)
    cli("severity", "P1", "--reason", "all of them")
    cli("severity", "P3", "--reason", "one of them", *there, "--as", "kim")
    cli("note", "there", *there)
    assert cli("journal", "export", "back.journal", *there).code == 0
    back = cli("journal", "import", "back.journal", "--json").json
    assert (back["added"], back["entries"]) == (2, 6)
    assert ["P1 by ada" in one and "P3 by kim" in one for one in back["differences"]] == [True]
    assert cli("journal", "verify").code == 0
    timeline = cli("timeline", "--json").json
    assert [entry["kind"] for entry in timeline].count("merged") == 1
    assert [entry["body"]["theirs"] for entry in timeline if entry["kind"] == "merged"] == [back["theirs"]]
    assert cli("status", "--json").json["severity"] == "P3"


def test_what_is_no_copy_is_refused(cli: Cli, declared: str) -> None:
    Path("letter").write_text("dear all\n")
    assert cli("journal", "import", "letter").code == 2
    assert cli("journal", "import", "missing").code == 2
    cli("journal", "export", "a.journal")
    whole = Path("a.journal").read_bytes()
    Path("a.journal").write_bytes(whole[:-9])
    cut = cli("journal", "import", "a.journal")
    assert (cut.code, cut.err.count("\n")) == (1, 1)


def test_a_backup_overwrites_nothing(cli: Cli, declared: str) -> None:
    assert cli("journal", "backup", "kept.sqlite", "--json").json["entries"] == 2
    assert cli("journal", "verify", "--journal", "kept.sqlite").code == 0
    assert cli("journal", "backup", "kept.sqlite").code == 2
    assert cli("journal", "backup", "other.sqlite", "--journal", "none.sqlite").code == 2


def test_open_action_items_have_an_age(cli: Cli, declared: str) -> None:
    cli("action", "an alert on the pool", "--owner", "kim", "--due", "2026-01-05")
    (found,) = cli("status", "--open", "--json").json
    assert 0 <= found["age_seconds"] < 600
    assert "0d  2026-01-05  kim" in cli("status", "--open").out


def test_closing_tells_what_was_left(cli: Cli, declared: str) -> None:
    cli("resolve")
    gate = cli("status", "--json").json["gate"]
    assert {one["text"]: one["done"] for one in gate}["Confirm service restored"] is True
    ran = cli("close")
    assert ran.code == 0
    assert "Update status page" in ran.err
    assert cli("timeline", "--json").json[-1]["body"]["left"]
