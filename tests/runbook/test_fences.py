"""A shell fence is split into its commands, and other text is not taken for shell."""

import pytest

from warroom.runbook.document import Fence
from warroom.runbook.fences import commands


def split(text: str, language: str = "bash") -> list[tuple[str, int, str]]:
    return commands(Fence(language, text, 10, 11 + text.count("\n")))


def test_lines_comments_and_continuations() -> None:
    assert split("# one\nls -l\n\n# two\n# three\nkubectl get pods \\\n  -n a | \\\n  sort\nX=1 env\n") == [
        ("ls -l", 12, "one"),
        ("kubectl get pods \\\n  -n a | \\\n  sort", 16, "three"),
        ("X=1 env", 19, "three"),
    ]


def test_a_comment_in_a_continued_command_is_its_own() -> None:
    assert split('echo "a \\\n# b"\n') == [('echo "a \\\n# b"', 11, "")]


@pytest.mark.parametrize(
    "text",
    [
        "@oncall Declaring incident: [Brief description]\nSeverity: P[1-4]\n",
        "# In the channel\nSeverity: P[1-4]\n",
        "Error 500 at 10:30\n",
        "# only words\n",
        "",
    ],
)
def test_what_is_no_shell_gives_nothing(text: str) -> None:
    assert split(text) == []


@pytest.mark.parametrize("language", ["", "yaml", "python", "markdown"])
def test_another_language_gives_nothing(language: str) -> None:
    assert split("ls\n", language) == []


@pytest.mark.parametrize("command", ["sudo ls", "./run.sh", "~/bin/x", "$HOME/x", "X=1", "kubectl", "a.b-c d", "/usr/bin/env x"])
def test_what_starts_with_a_program_is_a_command(command: str) -> None:
    assert split(command + "\n") == [(command, 11, "")]
