"""Every command of a document is listed where it stands, with its fields, its output and what it would do."""

from collections import Counter
from typing import Any

import msgspec
import pytest

from runbook.shelf import TEXTS, book
from warroom.runbook.commands import listed
from warroom.runbook.document import Fence
from warroom.runbook.fences import placeholders, shown
from warroom.runbook.reader import read


def rows(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = msgspec.json.decode(msgspec.json.encode(listed(text, read(text))))
    return found


def split(text: str, language: str = "console") -> list[tuple[str, str]]:
    return [(each.command, each.sample_output) for each in shown(Fence(language, text, 1, 2 + text.count("\n")))]


@pytest.mark.parametrize("name", TEXTS)
def test_the_commands_of_the_tensafe_runbook(name: str) -> None:
    found = listed(TEXTS[name], book(name))
    assert Counter(each.kind for each in found if each.playbook) == {"read": 11, "mutate": 2, "destroy": 1}
    assert [(each.line, each.kind) for each in found if each.playbook is None] == [
        (173, "read"),
        (174, "read"),
        (177, "read"),
        (180, "read"),
        (183, "read"),
        (186, "read"),
        (393, "unknown"),
    ]
    assert [each.line for each in found] == sorted(each.line for each in found)
    assert not any(each.interactive or each.streams for each in found)


def test_a_command_has_the_fields_that_scripts_rely_on() -> None:
    text = "# A\n\n## Playbook: Stuck\n\n1. **Look**\n\n   ```console\n   $ kubectl logs -f <pod-name>\n   started\n   ```\n"
    assert rows(text) == [
        {
            "playbook": "Stuck",
            "step": "Look",
            "line": 8,
            "block_line": 7,
            "command": "kubectl logs -f <pod-name>",
            "class": "read",
            "why": "kubectl logs only reads",
            "placeholders": [{"name": "pod-name", "kind": "free", "spelling": ["<pod-name>"]}],
            "interactive": False,
            "streams": True,
            "sample_output": "started",
            "file": "",
        }
    ]


def test_spellings_of_a_field_are_one_name_through_the_document() -> None:
    text = "# A\n\n```bash\nkubectl logs <pod-name>\nkubectl get pod <POD_NAME>\nkubectl describe pod <podname>\n```\n"
    assert [each["placeholders"][0]["name"] for each in rows(text)] == ["pod-name"] * 3


@pytest.mark.parametrize(
    "command",
    [
        "cat <<EOF\nx\nEOF",
        "diff <(ls a) <(ls b)",
        "ls 2>&1",
        "jq '.a < 5'",
        "kubectl get x -o go-template='{{range .items}}x{{end}}'",
        "kubectl get pod <none>",
        "jq '.[-1]'",
        "cat < in > out",
    ],
)
def test_what_is_no_field(command: str) -> None:
    assert placeholders(command) == []


def test_a_field_may_be_a_sentence() -> None:
    assert [(each.name, each.spelling) for each in placeholders("oc get pods -n '<value of namespace label from alert>' <ns> <NS>")] == [
        ("value-of-namespace-label-from-alert", ("<value of namespace label from alert>",)),
        ("ns", ("<ns>", "<NS>")),
    ]


@pytest.mark.parametrize("prompt", ["$ ", "❯ ", "% ", "ops@bastion:~$ ", "[root@node-1 ~]# ", "sh-5.1# ", "bash-4.4$ ", "  $ "])
def test_every_prompt_is_stripped_and_the_rest_is_output(prompt: str) -> None:
    text = f"{prompt}kubectl get pods\nNAME  READY\na     1/1\n{prompt}uptime\n"
    assert split(text) == [("kubectl get pods", "NAME  READY\na     1/1"), ("uptime", "")]


def test_a_variable_at_the_start_is_no_prompt() -> None:
    assert split("$ echo x\n$HOME\n") == [("echo x", "$HOME")]
    assert split("$HOME/bin/check\n", "bash") == [("$HOME/bin/check", "")]


def test_lines_that_continue_a_prompted_command_are_part_of_it() -> None:
    assert split("$ oc get pods | \\\ngrep x\n| sort\nNAME\n") == [("oc get pods | \\\ngrep x\n| sort", "NAME")]


@pytest.mark.parametrize(
    "output", ["NAME      READY   STATUS\na  1/1  Running", '{\n  "a": 1\n}', "Name: x\nStatus: ok", "2024-01-02T10:00:00Z started"]
)
def test_without_prompts_what_cannot_be_a_command_is_output(output: str) -> None:
    assert split(f"kubectl get pods\n\n{output}\n") == [("kubectl get pods", output)]


def test_after_output_a_known_program_is_a_command_again() -> None:
    assert split("kubectl get pods\n\nNAME  READY\na  1/1\n\nkubectl get nodes\n") == [
        ("kubectl get pods", "NAME  READY\na  1/1"),
        ("kubectl get nodes", ""),
    ]


def test_a_hash_is_a_prompt_where_every_line_has_it_or_a_shell_was_opened() -> None:
    assert split("# systemctl reboot\n", "bash") == [("systemctl reboot", "")]
    assert split("# systemctl restart kubelet\n", "bash") == [("systemctl restart kubelet", "")]
    assert split("# find the pod\n# then delete it\n", "bash") == []
    assert split("# look\nkubectl get pods\n", "bash") == [("kubectl get pods", "")]
    assert split("$ oc debug node/x\n# chroot /host\n# systemctl status kubelet\n") == [
        ("oc debug node/x", ""),
        ("chroot /host", ""),
        ("systemctl status kubelet", ""),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "sum(rate(http_requests_total[5m])) by (job) > 1",
        "$ etcd_server_has_leader > 1",
        'up{job="api"} == 0',
        "histogram_quantile(0.99, rate(x_bucket[5m]))",
        "kube_pod_container_status_restarts_total",
        "apiVersion: v1\nkind: Pod",
        "2024-01-02T10:00:00Z error it broke",
        "level=error msg=broken",
        "[FIRING:1] QueueFull",
        "+----+\n| db |\n+----+",
        "W0102 10:00:00.000000 1 controller.go:10] failed",
    ],
)
def test_what_is_no_shell_in_a_shell_fence_is_no_command(text: str) -> None:
    assert split(text + "\n", "bash") == []


def test_a_fence_without_a_language_counts_when_every_line_is_a_known_command() -> None:
    assert split("kubectl get pods\n", "") == [("kubectl get pods", "")]
    assert split("Deploy the thing\n", "") == []
    assert split("Subject: [x]\n\ncat walks in\n", "") == []


def test_a_command_wrapped_without_a_backslash_is_kept_whole_and_never_run_as_two() -> None:
    (found,) = rows("# A\n\n```bash\nkubectl get pods\n  -n tensafe\n```\n")
    assert found["command"] == "kubectl get pods\n  -n tensafe"
    assert (found["class"], "backslash" in found["why"]) == ("unknown", True)


def test_typographic_quotes_are_told() -> None:
    (found,) = rows("# A\n\n```bash\ngrep “a b” x\n```\n")
    assert (found["class"], "typographic" in found["why"]) == ("unknown", True)


def test_an_apostrophe_in_a_comment_opens_no_quote() -> None:
    text = "# A\n\n```bash\n# the node's state\nkubectl get nodes\nuptime\n```\n"
    assert [each["command"] for each in rows(text)] == [
        "kubectl get nodes",
        "uptime",
    ]


def test_blocks_in_quotes_and_lists_are_listed_too() -> None:
    text = "# A\n\n> ```bash\n> uptime\n> ```\n\n- a\n  - b\n\n    ```bash\n    date\n    ```\n"
    assert [(each["line"], each["command"]) for each in rows(text)] == [(4, "uptime"), (11, "date")]
