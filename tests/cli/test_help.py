"""Every command's help: one sentence, its flags, and two examples that work."""

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from cli.conftest import Cli
from warroom.cli.main import NOUNS, build
from warroom.library import default_runbook

ELSEWHERE = {"assess", "pin", "demo", "gameday", "doctor", "watch", "cancel", "run", "debt", "tmux"}
"""Those need a terminal, run for ever, ask a cluster or wait for a watch: their own tests run them."""
BEFORE: dict[str, list[str]] = {
    "declare": [],
    "untick": ['warroom tick "all customers affected"', 'warroom tick "error rate > 10%"'],
    "close": ["warroom resolve"],
    "reopen": ["warroom resolve", "warroom close"],
    "handoff": ["warroom handoff --to tom"],
    "hypothesis": [
        *(f'warroom note "{number}"' for number in ("third", "fourth")),
        'warroom hypothesis propose "the release"',
    ],
    "message": ["warroom role IC --to ada"],
    "import": ["warroom journal export night.journal"],
}


def commands(group: Any, path: str = "warroom") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


ALL = dict(commands(get_command(build())))


def examples(command: Any) -> list[str]:
    return [line.strip() for line in command.epilog.splitlines() if line.strip().startswith("warroom ")]


def test_each_file_registers_what_the_table_says() -> None:
    for noun, names in NOUNS.items():
        app = build(names[:1])
        assert isinstance(app, typer.Typer)
        group: Any = get_command(app)
        assert tuple(group.commands) == names, noun
    everything: Any = get_command(build())
    assert sorted(everything.commands) == sorted(name for names in NOUNS.values() for name in names)


@pytest.mark.parametrize("path", ALL)
def test_help_has_one_sentence_and_two_examples(cli: Cli, path: str) -> None:
    ran = cli(*path.split()[1:], "--help")
    assert (ran.code, ran.err) == (0, "")
    sentence = " ".join(str(ALL[path].help).split())
    assert sentence.count(".") == 1
    assert sentence.endswith(".")
    assert len(examples(ALL[path])) == 2
    for example in examples(ALL[path]):
        assert example in ran.out
        assert example.startswith(path)
    assert not any(line in ran.out for line in "╭│╰")


@pytest.mark.parametrize(
    ("path", "number"), [(path, number) for path in ALL if path.split()[1] not in ELSEWHERE for number in (0, 1)], ids=str
)
def test_every_example_works(cli: Cli, path: str, number: int) -> None:
    Path("runbook.md").write_text(default_runbook()[0])
    Path("app.log").write_text("ERROR the disk is full\n")
    name = path.split()[-1]
    before = BEFORE.get(name, [])
    if name != "declare":
        before = [
            f'warroom declare "API errors" --severity {"P3" if name == "severity" else "P2"} --at -7m --symptoms "half of all requests"',
            'warroom note "first"',
            'warroom note "second"',
            *before,
        ]
    for line in before:
        assert cli(*shlex.split(line)[1:]).code == 0, line
    example = examples(ALL[path])[number]
    if "--cluster" in example:  # tests/gameday/test_rot.py asks one
        example = example.partition(" --cluster")[0]
    ran = cli(*shlex.split(example)[1:])
    assert ran.code == 0, f"{example}: {ran.err}"


def test_the_root_names_what_exists_and_nothing_that_comes_later(cli: Cli) -> None:
    ran = cli("--help")
    assert ran.code == 0
    listed = {line.split()[0] for line in ran.out.partition("Commands:")[2].partition("Examples:")[0].splitlines() if line.strip()}
    assert listed == {name for names in NOUNS.values() for name in names}
    assert cli("handoff").code == 2
