"""The post-mortem's file, as the console has it."""

from pathlib import Path

from warroom.cli.papers import PostmortemFiles
from warroom.core.acts import Refusal

FIRST = "# A\n\nold fact\n\n**To write:** why\n"
SECOND = "# A\n\nold fact\n\nnew fact\n\n**To write:** why\n"


async def test_edits_are_shown_before_they_are_written(tmp_path: Path) -> None:
    papers = PostmortemFiles(tmp_path, {})
    assert await papers.shown("inc-1", FIRST) == FIRST
    path = await papers.written("inc-1", FIRST, {"inc-1-errors.svg": "<svg/>"})
    assert isinstance(path, str)
    assert Path(path).with_name("inc-1-errors.svg").read_text() == "<svg/>"
    Path(path).write_text(FIRST.replace("**To write:** why", "a release"))
    assert await papers.shown("inc-1", SECOND) == SECOND.replace("**To write:** why", "a release")
    assert "new fact" not in Path(path).read_text()
    assert await papers.written("inc-1", SECOND, {"inc-1-errors.svg": "<svg />"}) == path
    assert Path(path).read_text() == SECOND.replace("**To write:** why", "a release")


async def test_the_users_editor_gets_the_file(tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "by %s\\n" "$1" >> "$2"\n')
    editor.chmod(0o700)
    papers = PostmortemFiles(tmp_path, {"EDITOR": f"{editor} ada", "VISUAL": ""})
    path = await papers.written("inc-1", FIRST, {})
    assert await papers.edited("inc-1") is None
    assert Path(str(path)).read_text() == f"{FIRST}by ada\n"


async def test_an_editor_that_is_not_there_is_told(tmp_path: Path) -> None:
    papers = PostmortemFiles(tmp_path, {"EDITOR": str(tmp_path / "missing")})
    await papers.written("inc-1", FIRST, {})
    trouble = await papers.edited("inc-1")
    assert isinstance(trouble, Refusal)
    assert "set EDITOR" in trouble.why


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "postmortems").write_text("in the way")
    assert isinstance(await PostmortemFiles(tmp_path, {}).written("inc-1", FIRST, {}), Refusal)
