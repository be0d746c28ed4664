"""A file becomes a runbook, or one sentence that says why not."""

import hashlib
from pathlib import Path

import pytest

from warroom import library
from warroom.library import LibraryTrouble, default_runbook, load, read_text


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
    large = tmp_path / "large.md"
    large.write_bytes(b"x" * 101)
    monkeypatch.setattr(library, "MOST_BYTES", 100)
    wanted = {
        tmp_path: "is a folder: name the one Markdown file",
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
