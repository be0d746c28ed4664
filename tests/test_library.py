"""A file becomes a runbook, or one sentence that says why not."""

import hashlib
from pathlib import Path

import pytest

from warroom import library
from warroom.library import LibraryTrouble, default_runbook, load, load_verbs, open_text, read_text


def test_the_shipped_runbook_is_there() -> None:
    text, name = default_runbook()
    assert (name, len(text.splitlines())) == ("tensafe.md", 635)


def test_related_documents_are_looked_for_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "here.md").write_text("# Here")
    links = "- [Here](here.md#top) - first\n- [Gone](gone.md)\n- [Web](https://example.com/x.md)\n- [Odd](<a%00b.md>)\n"
    (tmp_path / "book.md").write_text(f"# Book\n\n## Related documents\n\n{links}")
    assert [(each.title, each.exists) for each in load(tmp_path / "book.md").related] == [
        ("Here", True),
        ("Gone", False),
        ("Web", None),
        ("Odd", False),
    ]


@pytest.mark.parametrize("content", [b"# A\r\n\r\ntext\r\n", "\ufeff# A\n".encode(), b""])
def test_the_hash_is_the_files_own(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "book.md"
    path.write_bytes(content)
    assert load(path).sha256 == hashlib.sha256(content).hexdigest()
    assert load(path).title == ("A" if content else "")


def test_what_cannot_be_read_is_one_sentence_with_advice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    latin = tmp_path / "latin.md"
    latin.write_bytes(b"# A\n\nna\xefve\n")
    (tmp_path / "empty").mkdir()
    large = tmp_path / "large.md"
    large.write_bytes(b"x" * 101)
    monkeypatch.setattr(library, "MOST_BYTES", 100)
    wanted = {
        tmp_path / "empty": "has no Markdown file that can be read: name a Markdown file",
        tmp_path / "none.md": "does not exist: name a Markdown file",
        latin: "latin.md, line 3: this is not UTF-8 text: save the file as UTF-8",
        large: "is larger than 0 MB: name the runbook alone",
        latin / "deeper": "cannot be read (Not a directory): check the file",
    }
    for path, words in wanted.items():
        with pytest.raises(LibraryTrouble) as caught:
            load(path)
        assert words in str(caught.value)
        assert "\n" not in str(caught.value)


def test_one_text_is_read_once() -> None:
    assert read_text("# A\n") is read_text("# A\n")


ALERT = "# {name}\n\n## Meaning\n\nIt is bad.\n\n## Diagnosis\n\n```bash\nkubectl get pods\n```\n\n## Mitigation\n\nRestart it.\n"
RESPONSE = (
    "# Response\n\n## Severity Levels\n\n| Level | Impact | Response Time |\n|---|---|---|\n| P1 | all | 5 min |\n| P2 | some | 15 min |\n"
)


def library_of(folder: Path, count: int = 3) -> Path:
    (folder / "alerts").mkdir(parents=True)
    for number in range(count):
        (folder / "alerts" / f"Alert{number}.md").write_text(ALERT.format(name=f"Alert{number}"))
    (folder / "response.md").write_text(RESPONSE)
    (folder / ".hidden.md").write_text("# Hidden")
    (folder / "notes.txt").write_text("no Markdown")
    return folder


def test_a_folder_is_a_runbook(tmp_path: Path) -> None:
    folder = library_of(tmp_path / "books")
    book = load(folder)
    assert [(each.title, each.file) for each in book.playbooks] == [(f"Alert{number}", f"alerts/Alert{number}.md") for number in range(3)]
    assert [(each.level, each.file) for each in book.severities] == [("P1", "response.md"), ("P2", "response.md")]
    assert book.title == "Response"
    assert {each.file for each in book.headings} == {"response.md", *(f"alerts/Alert{number}.md" for number in range(3))}


def test_the_hash_of_a_folder_hangs_on_names_and_texts(tmp_path: Path) -> None:
    folder = library_of(tmp_path / "books")
    first = load(folder).sha256
    assert load(folder).sha256 == first == hashlib.sha256(open_text([folder]).encode()).hexdigest()
    (folder / "response.md").rename(folder / "other.md")
    second = load(folder).sha256
    (folder / "other.md").write_text(RESPONSE + "more\n")
    assert len({first, second, load(folder).sha256}) == 3


def test_the_text_of_a_folder_is_read_as_the_folder(tmp_path: Path) -> None:
    folder = library_of(tmp_path / "books")
    assert [each.title for each in read_text(open_text([folder])).playbooks] == ["Alert0", "Alert1", "Alert2"]


def test_one_bad_file_of_a_folder_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    folder = library_of(tmp_path / "books")
    (folder / "latin.md").write_bytes(b"# na\xefve\n")
    book = load(folder)
    assert len(book.playbooks) == 3
    assert [(each.file, each.level) for each in book.findings if each.code == "unreadable"] == [(str(folder / "latin.md"), "error")]


def test_links_of_a_folder_are_looked_for_beside_their_file(tmp_path: Path) -> None:
    folder = library_of(tmp_path / "books")
    (folder / "alerts" / "see.md").write_text("# See\n\n## Related documents\n\n- [A](Alert0.md)\n- [B](../gone.md)\n")
    assert [(each.target, each.exists) for each in load(folder).related] == [("Alert0.md", True), ("../gone.md", False)]


def test_a_team_has_a_table_of_verbs(tmp_path: Path) -> None:
    table = tmp_path / "verbs.toml"
    assert load_verbs(table, optional=True).program("ourtool") is None
    table.write_text('[ourtool]\nread = ["status"]\n')
    assert load_verbs(table).program("ourtool") is not None
    table.write_text("[ourtool\n")
    with pytest.raises(LibraryTrouble, match=r"verbs.toml: the table of verbs is not understood"):
        load_verbs(table)


def test_several_files_and_folders_are_one_runbook_each_value_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "alerts").mkdir()
    (tmp_path / "alerts" / "disk.md").write_text("# DiskFull\n\n## Meaning\n\nFull.\n\n## Mitigation\n\n1. Clean\n2. [Ask](gone.md)\n")
    (tmp_path / "levels.md").write_text("# Levels\n\n| Severity | Impact |\n|---|---|\n| SEV-1 | all |\n| SEV-2 | some |\n")
    found = load(tmp_path / "levels.md", tmp_path / "alerts")
    assert [each.level for each in found.severities] == ["SEV-1", "SEV-2"]
    assert [(each.title, each.file) for each in found.playbooks] == [("DiskFull", "alerts/disk.md")]
    assert [(each.file, each.line, each.code) for each in found.findings if each.code == "dead-link"] == [
        (str(tmp_path / "alerts" / "disk.md"), 10, "dead-link")
    ]
    assert load(tmp_path / "levels.md", tmp_path / "levels.md").sha256 == load(tmp_path / "levels.md").sha256


def test_the_same_files_have_the_same_text_wherever_they_lie(tmp_path: Path) -> None:
    for folder in ("here", "there"):
        (tmp_path / folder / "a").mkdir(parents=True)
        (tmp_path / folder / "a" / "one.md").write_text("# One")
        (tmp_path / folder / "two.md").write_text("# Two")
    here, there = (open_text([tmp_path / folder / "a" / "one.md", tmp_path / folder / "two.md"]) for folder in ("here", "there"))
    assert here == there
