"""Values in the places of placeholders; bash itself says whether one was read as code."""

import subprocess
from collections.abc import Mapping

import pytest

from warroom.runbook.filling import NOT_HERE, fill, variable_trouble, with_variables

HOSTILE = "a'b\"c $(echo owned >&2) `echo owned >&2` ; echo owned >&2 & \\"


def bash(text: str, variables: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    environment = {**variables, "PATH": "/usr/bin:/bin"}
    return subprocess.run(["bash", "-c", text], capture_output=True, text=True, env=environment, check=True)


def printed(command: str, value: str) -> tuple[str, str]:
    filled = fill(command, {"word": value})
    assert not filled.troubles
    ran, again = bash(filled.runs, filled.variables), bash(filled.shown, {})
    assert again.stdout == ran.stdout  # what is shown, and judged, means what runs
    return ran.stdout, ran.stderr


@pytest.mark.parametrize(
    ("command", "out"),
    [
        ("echo <word>", "{}\n"),
        ('echo "<word>"', "{}\n"),
        ("echo x=<word>", "x={}\n"),
        ('echo "x=<word>,y"', "x={},y\n"),
        ("echo <word> | cat", "{}\n"),
    ],
)
@pytest.mark.parametrize("value", ["plain-1", "two words", HOSTILE, "*", "$HOME", "~"])
def test_a_value_is_a_word_and_nothing_else(command: str, out: str, value: str) -> None:
    assert printed(command, value) == (out.format(value), "")


@pytest.mark.parametrize(
    "command",
    [
        "echo '<word>'",
        "psql -c 'SELECT pg_cancel_backend(<word>)'",
        'psql -c "SELECT <word>"',
        "sh -c <word>",
        'kubectl exec x -- sh -c "kill <word>"',
        "kubectl exec x -- kill <word>",
        "ssh host <word>",
        "cat <<EOF\n<word>\nEOF",
        "eval <word>",
        "awk <word> file",
        "$(<word>)",
    ],
)
def test_where_a_quote_does_not_hold_only_plain_values_stand(command: str) -> None:
    assert fill(command, {"word": "a b"}).troubles == {"word": NOT_HERE}
    assert fill(command, {"word": "x$(y)"}).troubles == {"word": NOT_HERE}
    assert fill(command, {"word": "api-0.svc:80/x_1"}).runs == command.replace("<word>", "api-0.svc:80/x_1")


def test_a_value_is_no_flag_and_one_line() -> None:
    assert "begin with -" in fill("kubectl delete pod <word>", {"word": "--all"}).troubles["word"]
    assert "one line" in fill("echo <word>", {"word": "a\nb"}).troubles["word"]


def test_spellings_are_one_placeholder_and_the_unfilled_stay() -> None:
    filled = fill("kubectl logs <pod-name> -c <container>; kubectl get pod <POD_NAME>", {"podname": "api-0"})
    assert filled.shown == "kubectl logs api-0 -c <container>; kubectl get pod api-0"


def test_what_is_no_placeholder_is_let_be() -> None:
    assert fill("kubectl get pods --field-selector=spec.nodeName=<none>", {"none": "x"}).runs.endswith("<none>")


@pytest.mark.parametrize("name", ["PATH", "LD_PRELOAD", "BASH_ENV", "KUBECONFIG", "GIT_SSH_COMMAND", "EDITOR", "WR_1"])
def test_no_value_changes_how_commands_run(name: str) -> None:
    assert variable_trouble(name, "x")


def test_variables_are_written_out_where_that_is_the_same() -> None:
    assert with_variables("get $POD \"${POD}\" $OTHER ${POD:-x} '$POD'", {"POD": "api-0", "OTHER": "a b"}) == (
        "get api-0 \"api-0\" $OTHER ${POD:-x} '$POD'"
    )
