"""Playbooks are read from what other teams wrote: alert runbooks, scenarios, prose steps and conditions."""

import pytest

from warroom.runbook.model import Playbook
from warroom.runbook.reader import read

ALERT = """---
title: QueueFull
weight: 20
---
# QueueFull

## Meaning

The queue holds more than it should.

## Impact

Orders are late.

## Diagnosis

Look at the consumers:

```console
$ kubectl get pods -l app=consumer
NAME        READY
consumer-0  0/1
$ kubectl logs <pod-name>
```

Ask the payments team whether they import.

## Mitigation

1. Restart the consumer
2. If that does not help, scale it
   ```bash
   kubectl scale deploy/consumer --replicas=5
   ```
3. Otherwise call the owner

Insert site specific measures here.
"""


def playbooks(text: str) -> tuple[Playbook, ...]:
    return read(text).playbooks


def test_an_alert_is_one_playbook_with_steps_from_commands_lists_and_prose() -> None:
    (book,) = playbooks(ALERT)
    assert book.title == "QueueFull"
    assert [(step.title, step.condition, len(step.commands)) for step in book.steps] == [
        ("Look at the consumers", None, 2),
        ("Ask the payments team whether they import.", None, 0),
        ("Restart the consumer", None, 0),
        ("If that does not help, scale it", "If that does not help", 1),
        ("Otherwise call the owner", "Otherwise call the owner", 0),
    ]


def test_what_an_alert_means_and_what_is_to_be_written_stays_text() -> None:
    said = " ".join(prose.text for prose in read(ALERT).prose)
    assert "holds more than it should" in said
    assert "Orders are late" in said
    assert "Insert site specific measures" in said


@pytest.mark.parametrize(
    "heading",
    ["Incident: Disk full", "Scenario 3: Disk full", "Runbook – Disk full", "Playbook: Disk full"],
)
def test_a_heading_that_names_a_playbook_is_one(heading: str) -> None:
    text = f"# Ops\n\n## {heading}\n\n1. Look\n2. Clean up\n\n## Contacts\n\nAsk.\n"
    assert [(book.title, len(book.steps)) for book in playbooks(text)] == [("Disk full", 2)]


@pytest.mark.parametrize("parent", ["Common Issues", "Scenarios", "Playbooks", "Troubleshooting", "Known issues"])
def test_what_stands_below_a_heading_of_many_is_a_playbook_each(parent: str) -> None:
    text = f"# Ops\n\n## {parent}\n\n### Disk full\n\n1. Look\n2. Clean\n\n### Slow\n\n```bash\nuptime\n```\n"
    assert [book.title for book in playbooks(text)] == ["Disk full", "Slow"]


def test_a_file_with_steps_and_no_such_heading_is_one_playbook() -> None:
    text = "# Rotate the certificate\n\n## Before\n\n1. Tell the team\n2. Take a copy\n\n## Then\n\n```bash\nkubectl get secrets\n```\n"
    assert [(book.title, [step.title for step in book.steps]) for book in playbooks(text)] == [
        ("Rotate the certificate", ["Tell the team", "Take a copy", "Then"])
    ]


def test_a_condition_of_a_heading_is_that_of_its_steps() -> None:
    text = "# Alert\n\n## Meaning\n\nBad.\n\n## Mitigation\n\n### If the node is down\n\n- Drain it\n- Call the provider\n"
    (book,) = playbooks(text)
    assert [step.condition for step in book.steps] == ["If the node is down"] * 2


@pytest.mark.parametrize("heading", ["P1: Disk full", "SEV-2 - Disk full"])
def test_a_heading_with_a_level_and_steps_is_a_playbook_under_that_name(heading: str) -> None:
    assert [(book.title, len(book.steps)) for book in playbooks(f"# Ops\n\n## {heading}\n\n1. Look\n2. Clean up\n")] == [(heading, 2)]


def test_a_heading_ends_a_shell_fence_that_nothing_closes_and_the_fence_is_told() -> None:
    text = "# Alert\n\n## Diagnosis\n\n```bash\nkubectl get pods\n# a comment\n\n## Mitigation\n\n1. Restart\n2. Wait\n"
    found = read(text)
    assert [(step.title, len(step.commands)) for book in found.playbooks for step in book.steps] == [
        ("Diagnosis", 1),
        ("Restart", 0),
        ("Wait", 0),
    ]
    assert [(each.code, each.line) for each in found.findings if each.code == "open-fence"] == [("open-fence", 5)]


def test_a_comment_in_a_closed_fence_ends_nothing() -> None:
    text = "# Alert\n\n## Steps\n\n```bash\nkubectl get pods\n\n### Retrieve the nodes\nkubectl get nodes\n```\n"
    assert [command.command for book in playbooks(text) for step in book.steps for command in step.commands] == [
        "kubectl get pods",
        "kubectl get nodes",
    ]
