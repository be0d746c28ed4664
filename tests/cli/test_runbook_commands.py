"""`warroom runbook commands` lists what a runbook would run, for people and for scripts."""

from pathlib import Path

import pytest

from cli.conftest import Cli

LIST = "# Queue\n\n## Playbook: Queue full\n\n1. **Look**\n\n   ```bash\n   kubectl get pods \\\n     -n x\n   ```\n\n"
TEXT = LIST + "2. **Drop it**\n\n   ```bash\n   ourtool drop <queue>\n   ```\n"


@pytest.fixture
def book() -> Path:
    path = Path("book.md")
    path.write_text(TEXT)
    return path


def test_each_command_is_an_object_in_document_order(cli: Cli, book: Path) -> None:
    found = cli("runbook", "commands", str(book), "--json").json
    assert [(each["line"], each["block_line"], each["class"], each["playbook"], each["step"]) for each in found] == [
        (8, 7, "read", "Queue full", "Look"),
        (15, 14, "unknown", "Queue full", "Drop it"),
    ]
    assert found[0]["command"] == "kubectl get pods \\\n  -n x"
    assert [place["name"] for place in found[1]["placeholders"]] == ["queue"]


def test_for_people_there_is_a_line_each_and_a_sum(cli: Cli, book: Path) -> None:
    ran = cli("runbook", "commands", str(book))
    assert [line for line in ran.out.splitlines() if not line.startswith("         ")] == [
        "book.md · Queue full · Look",
        "     8 read    kubectl get pods \\ …",
        "book.md · Queue full · Drop it",
        "    15 unknown ourtool drop <queue>",
    ]
    assert "1 read, 0 mutate, 0 destroy, 1 unknown" in ran.err


def test_the_table_of_the_home_is_the_teams_own(cli: Cli, book: Path, home: Path) -> None:
    home.mkdir()
    (home / "verbs.toml").write_text('[ourtool]\nmutate = ["drop"]\n')
    assert [each["class"] for each in cli("runbook", "commands", str(book), "--json").json] == ["read", "mutate"]
    (home / "verbs.toml").write_text("[ourtool\n")
    ran = cli("runbook", "commands", str(book))
    assert ran.code == 2
    assert "the table of verbs is not understood" in ran.err


def test_a_folder_lists_the_commands_of_every_file(cli: Cli, book: Path) -> None:
    folder = Path("books")
    folder.mkdir()
    (folder / "a.md").write_text(TEXT)
    (folder / "b.md").write_text(TEXT)
    found = cli("runbook", "commands", str(folder), "--json").json
    assert [(each["file"], each["line"]) for each in found] == [
        ("books/a.md", 8),
        ("books/a.md", 15),
        ("books/b.md", 8),
        ("books/b.md", 15),
    ]
    assert [each["title"] for each in cli("runbook", "show", str(folder), "--json").json["playbooks"]] == ["Queue full", "Queue full"]
    assert cli("runbook", "check", str(folder)).code == 0


def test_an_incident_takes_a_folder_as_its_runbook(cli: Cli, book: Path) -> None:
    folder = Path("books")
    folder.mkdir()
    (folder / "a.md").write_text(TEXT)
    shown = cli("runbook", "show", str(folder), "--json").json
    ran = cli("declare", "Queue", "--runbook", str(folder), "--json")
    assert ran.code == 0, ran.err
    assert ran.json["runbook"]["sha256"] == shown["sha256"]


def test_without_a_file_it_is_the_shipped_runbook(cli: Cli) -> None:
    assert len(cli("runbook", "commands", "--json").json) == 21


def test_a_file_that_is_not_there_is_a_mistake(cli: Cli) -> None:
    ran = cli("runbook", "commands", "none.md")
    assert ran.code == 2
    assert "does not exist" in ran.err
