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


WHOLE = {
    "a continued quote": 'echo "a \\\n# b"',
    "a quote over lines": "psql -c '\n  SELECT 1;\n  SELECT 2;\n'",
    "a pipe at the end": "kubectl get pods |\n  sort",
    "a pipe at the start": "kubectl get pods\n  | sort",
    "and": "make a &&\nmake b",
    "a loop": "for pod in a b; do\n  kubectl delete pod $pod\ndone",
    "a nested loop": "if test -f a; then\n  for x in 1 2; do\n    echo $x\n  done\nfi",
    "a loop on one line": "for x in 1 2; do echo $x; done",
    "a here-document": "kubectl apply -f - <<EOF\nkind: Pod\nif this: 'is text\nEOF",
    "a quoted here-document": "cat <<'END' > x\n$HOME\nEND",
    "a substitution over lines": "kubectl delete pod $(\n  kubectl get pods -o name\n  )",
    "a loop in a substitution": "x=$(for a in 1 2; do\n  echo $a\ndone)",
    "arithmetic": "echo $((1 + 2))",
    "a here-string": "grep a <<< word",
    "an escaped quote": "echo it\\'s",
    "an apostrophe in a comment": "ls # the node's files",
    "a quoted mark": "awk '{print $1}' \"a#b\"",
}


@pytest.mark.parametrize("name", WHOLE)
def test_what_belongs_together_stays_together(name: str) -> None:
    assert split(f"date\n{WHOLE[name]}\nuptime\n") == [
        ("date", 11, ""),
        (WHOLE[name], 12, ""),
        ("uptime", 13 + WHOLE[name].count("\n"), ""),
    ]


def test_an_open_quote_takes_the_rest_and_is_not_repaired() -> None:
    assert split("ls\necho 'a\ndate\n") == [("ls", 11, ""), ("echo 'a\ndate", 12, "")]


def test_with_prompts_the_other_lines_are_output() -> None:
    assert split("$ oc get pods \\\n  -n a\nNAME  READY\n$ echo $X\n$HOME\n", "console") == [
        ("oc get pods \\\n  -n a", 11, ""),
        ("echo $X", 14, ""),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "@oncall Declaring incident: [Brief description]\nSeverity: P[1-4]\n",
        "# In the channel\nSeverity: P[1-4]\n",
        "Error 500 at 10:30\n",
        "sum(rate(errors[5m])) > 1\n",
        "# only words\n",
        "",
    ],
)
def test_what_is_no_shell_gives_nothing(text: str) -> None:
    assert split(text) == []


@pytest.mark.parametrize("language", ["yaml", "python", "markdown", "sql"])
def test_another_language_gives_nothing(language: str) -> None:
    assert split("ls\n", language) == []


@pytest.mark.parametrize(
    "command", ["sudo ls", "./run.sh", "~/bin/x", "$HOME/x", "X=1", "kubectl", "a.b-c d", "/usr/bin/env x", "(cd x; ls)"]
)
def test_what_starts_with_a_program_is_a_command(command: str) -> None:
    assert split(command + "\n") == [(command, 11, "")]
