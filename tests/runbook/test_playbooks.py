"""Playbooks are read from what other teams wrote: alert runbooks, scenarios, prose steps and conditions."""

import time

import pytest

from warroom.runbook.model import Playbook
from warroom.runbook.reader import read
from warroom.runbook.wrappings import unwrapped

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


def steps(text: str, heading: str = "Mitigation") -> list[tuple[str, list[str]]]:
    """Title and commands of each step below that heading of an alert."""
    (book,) = playbooks(f"# Alert\n\n## Meaning\n\nBad.\n\n## {heading}\n\n{text}")
    return [(step.title, [command.command for command in step.commands]) for step in book.steps]


WRAPPED = {
    "an admonition": '!!! note "Mind the oven"\n    Tell the desk.\n\n1. Restart\n2. Wait\n',
    "an admonition after a blank line": "!!! warning\n\n    Tell the desk.\n\n1. Restart\n2. Wait\n",
    "a folded admonition": '??? tip "More"\n    Tell the desk.\n\n1. Restart\n2. Wait\n',
    "an open admonition": "???+ tip\n    Tell the desk.\n\n1. Restart\n2. Wait\n",
    "colons": ":::warning\nTell the desk.\n:::\n\n1. Restart\n2. Wait\n",
    "a shortcode": "{{< hint info >}}\nTell the desk.\n{{< /hint >}}\n\n1. Restart\n2. Wait\n",
    "another shortcode": '{{% notice tip "Mind" %}}\nTell the desk.\n{{% /notice %}}\n\n1. Restart\n2. Wait\n',
    "a fold": "<details>\n<summary>Tell the desk.</summary>\n</details>\n\n1. Restart\n2. Wait\n",
}


@pytest.mark.parametrize("name", WRAPPED)
def test_what_a_site_generator_wraps_around_text_is_no_step_and_its_text_is_one(name: str) -> None:
    assert steps(WRAPPED[name]) == [("Tell the desk.", []), ("Restart", []), ("Wait", [])]


def test_a_fence_in_an_admonition_in_a_step_is_the_steps_command() -> None:
    text = "1. Look\n\n    !!! note\n        Slow.\n\n        ```bash\n        kubectl get pods\n        ```\n\n2. Wait\n"
    assert steps(text) == [("Look", ["kubectl get pods"]), ("Wait", [])]


def test_a_command_in_a_tab_has_the_title_of_the_tab() -> None:
    tabs = "".join(f'=== "On {name}"\n\n    ```bash\n    kubectl get {name}\n    ```\n\n' for name in ("pods", "nodes"))
    assert steps(tabs) == [("On pods", ["kubectl get pods"]), ("On nodes", ["kubectl get nodes"])]


@pytest.mark.parametrize("blank", ["\n", ""])
def test_a_command_in_a_fold_has_the_title_of_the_fold(blank: str) -> None:
    fold = f"<details>\n<summary>Find the bad pod</summary>\n{blank}```bash\nkubectl get pods\n```\n{blank}</details>\n"
    assert steps(f"{fold}\n{fold.replace('bad', 'worst')}", "Diagnosis") == [
        ("Find the bad pod", ["kubectl get pods"]),
        ("Find the worst pod", ["kubectl get pods"]),
    ]


def test_a_fence_keeps_what_looks_like_a_wrapping() -> None:
    text = "```bash\nkubectl get pods -o go-template='\n{{< x >}}\n:::\n'\n```\n"
    assert steps(text) == [("Mitigation", ["kubectl get pods -o go-template='\n{{< x >}}\n:::\n'"])]


def test_the_front_matter_names_a_playbook_that_has_no_title_and_is_no_heading() -> None:
    found = read("---\ntitle: QueueFull\nweight: 20\n---\n\n## Meaning\n\nBad.\n\n## Mitigation\n\nRestart it.\n")
    assert [(book.title, [step.title for step in book.steps]) for book in found.playbooks] == [("QueueFull", ["Restart it."])]
    assert [heading.title for heading in found.headings] == ["Meaning", "Mitigation"]


def test_a_reference_link_reads_as_its_words() -> None:
    assert steps("1. Read [the page][p]\n2. Wait\n\n[p]: https://pages.example/p\n") == [("Read the page", []), ("Wait", [])]


@pytest.mark.parametrize("text", ["<Insert site specific measures, like paging>\n\n", "- <Insert site specific measures>\n"])
def test_what_is_to_be_inserted_is_no_step_stays_text_and_is_told(text: str) -> None:
    assert steps(f"{text}- Restart it\n- Wait\n") == [("Restart it", []), ("Wait", [])]
    found = read(f"# Alert\n\n## Meaning\n\nBad.\n\n## Mitigation\n\n{text}- Restart it\n")
    assert any("Insert site specific measures" in prose.text for prose in found.prose)
    assert [each.line for each in found.findings if each.code == "to-be-written"] == [9]


def test_an_indented_block_is_commands_only_where_it_looks_like_some() -> None:
    text = "1. Look\n\n       $ kubectl get pods\n       NAME  READY\n\n2. Draw\n\n       client --> oven\n\n3. Wait\n"
    assert steps(text) == [("Look", ["kubectl get pods"]), ("Draw", []), ("Wait", [])]
    assert steps("Then look:\n\n    kubectl top nodes\n\nAnd wait.\n") == [("Then look", ["kubectl top nodes"]), ("And wait.", [])]


def test_a_prompt_below_an_item_is_a_command_with_fewer_blanks_too() -> None:
    text = "1. Look\n\n    $ kubectl get pods\n    NAME  READY\n\n2. $ is the currency\n\n    $ 5 is a coin\n"
    assert steps(text) == [("Look", ["kubectl get pods"]), ("$ is the currency", [])]


IN_PASSING = {
    "after a colon": ("1. Look at the nodes: `oc get nodes`\n2. Wait\n", ["oc get nodes"]),
    "after a verb": ("1. Run `oc get pods`.\n2. Wait\n", ["oc get pods"]),
    "after bold words": ("1. **Look**: `oc get routes`\n2. Wait\n", ["oc get routes"]),
    "with a long one": ("1. Drain it with `oc adm drain node-1`.\n2. Wait\n", ["oc adm drain node-1"]),
    "behind a prompt": ("1. Set it:\n`# ceph config set global log_to_file true`\n2. Wait\n", ["ceph config set global log_to_file true"]),
    "as all of the entry": ("- `oc get nodes`\n- `oc get pods`\n", ["oc get nodes"]),
    "as a paragraph": ("1. Is it up?\n\n   `oc get nodes`\n2. Wait\n", ["oc get nodes"]),
    "as a list of its own": ("- **Look**:\n  - `oc get nodes`\n  - `oc get pods`\n- Wait\n", ["oc get nodes", "oc get pods"]),
    "without marks below a colon": ("1. Look:\n   oc get nodes\n   oc get pods\n2. Wait\n", ["oc get nodes", "oc get pods"]),
    "without marks after a colon": ("1. Look: docker compose ps\n2. Wait\n", ["docker compose ps"]),
}


@pytest.mark.parametrize("name", IN_PASSING)
def test_a_command_that_a_sentence_asks_to_run_is_the_steps_command(name: str) -> None:
    text, expected = IN_PASSING[name]
    assert steps(text)[0][1] == expected


NOT_TO_RUN = (
    "The `oc` program is needed.",
    "After the `kubectl drain` it is empty.",
    "Set `image: registry/app:1`.",
    "See: top of this page",
    "Owner: docker team",
    "Ask first: find a window for it",
    "It says: kubectl is missing",
)


@pytest.mark.parametrize("sentence", NOT_TO_RUN)
def test_what_a_sentence_only_names_is_no_command(sentence: str) -> None:
    assert steps(f"1. {sentence}\n2. Wait\n")[0][1] == []


def test_the_title_of_a_step_ends_before_the_command_that_has_no_marks() -> None:
    assert [title for title, _ in steps("1. Look at it:\n   oc get nodes\n2. Restart it: docker compose restart web\n")] == [
        "Look at it:",
        "Restart it",
    ]


BROKEN = {
    "blank-after-backslash": ("kubectl get pods \\ \n  -n shop", "kubectl get pods -n shop", 10),
    "wrapped": ("kubectl get pods\n  -n shop", "kubectl get pods -n shop", 10),
    "smart-quotes": ("kubectl get pods -l “app=oven” –n shop", 'kubectl get pods -l "app=oven" -n shop', 10),
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_command_that_would_not_run_is_told_with_its_fixed_version_and_left_as_it_is(code: str) -> None:
    command, fixed, line = BROKEN[code]
    found = read(f"# Alert\n\n## Meaning\n\nBad.\n\n## Mitigation\n\n```bash\n{command}\n```\n")
    assert [each.command for each in found.playbooks[0].steps[0].commands] == [command]
    assert [(each.line, each.fix) for each in found.findings if each.code in BROKEN] == [(line, f"write `{fixed}`")]


@pytest.mark.parametrize(
    "command", ["kubectl get pods \\\n  -n shop", "kubectl get pods |\n  grep -v x", "cat <<EOF\na\n-b\nEOF", "date\nuptime"]
)
def test_a_command_that_runs_as_it_is_written_is_not_told(command: str) -> None:
    found = read(f"# Alert\n\n## Meaning\n\nBad.\n\n## Mitigation\n\n```bash\n{command}\n```\n")
    assert [each.code for each in found.findings if each.code in (*BROKEN, "incomplete")] == []


def test_a_command_with_an_open_quote_is_told() -> None:
    found = read("# Alert\n\n## Meaning\n\nBad.\n\n## Mitigation\n\n```bash\ndate\nkubectl get pods -l 'app=oven\n```\n")
    assert [(each.line, each.message) for each in found.findings if each.code == "incomplete"] == [
        (11, "it is not complete shell text, so nobody can tell what it would do")
    ]


def test_the_word_of_an_open_fence_says_how_far_it_reaches() -> None:
    (found,) = [
        each for each in read("# A\n\n## Steps\n\n```bash\nls\n\n## More\n\n1. Look\n2. Wait\n").findings if each.code == "open-fence"
    ]
    assert "up to the next heading" in found.message


@pytest.mark.parametrize("line", ["x" + " " * 40_000 + "x</summary>", "{{<" * 20_000, "!!! " + "a " * 20_000 + "!", "<details " * 10_000])
def test_a_long_line_that_is_nearly_a_wrapping_takes_no_longer_than_another(line: str) -> None:
    began = time.process_time()
    assert len(unwrapped([line])) == 1
    assert time.process_time() - began < 1


TELLING = {
    "the services": "## Services\n\n- [Shop](https://x.example/shop)\n- Team that owns it: bakers\n",
    "the metrics": "## Metrics\n\nThe alert counts loaves.\n",
    "causes": "## Possible causes\n\n1. The gas is out\n2. The door is open\n",
    "what it is": "## What is an oven\n\n1. It is warm\n2. It has a door\n",
    "a number before it": "## 1. Impact\n\n- No bread\n",
    "prevention": "## Prevention\n\n- Alert on the gas\n",
    "another language": "## Auswirkung\n\n- Kein Brot\n",
}


@pytest.mark.parametrize("name", TELLING)
def test_what_a_section_tells_of_the_alert_is_no_step(name: str) -> None:
    (book,) = playbooks(f"# Alert\n\n## Meaning\n\nBad.\n\n{TELLING[name]}\n## Mitigation\n\n1. Restart\n2. Wait\n")
    assert [step.title for step in book.steps] == ["Restart", "Wait"]


def test_a_bold_line_says_whether_what_follows_is_to_be_done() -> None:
    text = "### Alert: Oven cold\n\n**Symptoms:**\n- white bread\n\n**Common causes**:\n1. no gas\n2. no power\n\n"
    text += "**Resolution**:\n- light it\n- wait\n\n**Escalation**: call Ann\n\n**Fix:** close the door\n"
    (book,) = playbooks(f"# Bakery\n\n## Alerts\n\n{text}")
    assert [step.title for step in book.steps] == ["light it", "wait", "Fix: close the door"]


@pytest.mark.parametrize("lead", ["It can mean any of that:", "This may be due to:", "See the following resources:"])
def test_a_list_of_causes_or_documents_is_no_list_of_steps(lead: str) -> None:
    found = steps(f"Ask the bakers.\n\n{lead}\n\n- the gas\n- the power\n")
    assert [title for title, _ in found] == ["Ask the bakers.", lead]
    assert [title for title, _ in steps("Ask the bakers.\n\nCommon failure scenarios:\n\n- the gas\n- the power\n")] == ["Ask the bakers."]


def test_steps_inside_a_step_are_steps_with_its_condition() -> None:
    text = (
        "1. Stop it\n\n   1. If it may cool down\n\n      1. Turn it off\n\n         ```bash\n         systemctl stop oven\n         ```\n"
    )
    text += "      1. Wait\n\n   1. Open the door\n\n1. Start it\n"
    (book,) = playbooks(f"# Alert\n\n## Meaning\n\nBad.\n\n## Mitigation\n\n{text}")
    assert [(step.title, step.condition, len(step.commands)) for step in book.steps] == [
        ("Stop it", None, 0),
        ("If it may cool down", "If it may cool down", 0),
        ("Turn it off", "If it may cool down", 1),
        ("Wait", "If it may cool down", 0),
        ("Open the door", None, 0),
        ("Start it", None, 0),
    ]


def test_procedures_of_a_guide_are_playbooks_and_their_parts_are_not() -> None:
    text = "# Oven operations guide\n\n## Lighting\n\n### Prerequisites\n\n- gas\n\n### Steps\n\n1. Open\n2. Light\n\n### Verification\n\n"
    text += "```bash\nkubectl get ovens\n```\n\n"
    text += "## Cleaning\n\n### Step 1: Empty it\n\n```bash\nuptime\n```\n\n### Step 2: Sweep\n\n```bash\ndf -h\n```\n"
    assert [(book.title, [step.title for step in book.steps]) for book in playbooks(text)] == [
        ("Lighting", ["Open", "Light", "Verification"]),
        ("Cleaning", ["Step 1: Empty it", "Step 2: Sweep"]),
    ]


def test_a_document_of_the_parts_of_one_procedure_is_one_playbook_also_with_contacts() -> None:
    text = "# Certificate runbook\n\n## Steps\n\n1. Renew\n2. Reload\n\n"
    text += "## Rollback\n\n1. Restore\n2. Reload\n\n## Contacts\n\n- **Owner**: 555-0101\n"
    assert [(book.title, len(book.steps)) for book in playbooks(text)] == [("Certificate runbook", 4)]


def test_how_tos_are_playbooks_of_their_own() -> None:
    text = "# Ovens\n\n## How to light one\n\n1. Open\n2. Light\n\n## How to clean one\n\n1. Empty\n2. Sweep\n"
    assert [book.title for book in playbooks(text)] == ["How to light one", "How to clean one"]


def test_a_query_below_a_heading_or_a_sentence_is_a_step_and_what_a_command_prints_is_none() -> None:
    text = "### Count the loaves\n\n```sql\nSELECT count(*) FROM loaves;\n```\n\n"
    text += "Ask for the rate:\n\n```promql\nrate(loaves_total[5m])\n```\n\n"
    text += "It should look like this:\n\n```yaml\nloaves: 7\n```\n"
    (book,) = playbooks(f"# Alert\n\n## Meaning\n\nBad.\n\n## Diagnosis\n\n{text}")
    assert [(step.title, step.prose.splitlines()[1]) for step in book.steps] == [
        ("Count the loaves", "SELECT count(*) FROM loaves;"),
        ("Ask for the rate:", "rate(loaves_total[5m])"),
    ]


@pytest.mark.parametrize("title", ["Runbook 12: Disk full", "RUNBOOK-012: Disk full", "Alert: Disk full"])
def test_a_number_is_no_part_of_the_name(title: str) -> None:
    assert [book.title for book in playbooks(f"# {title}\n\n## Symptoms\n\n- full\n\n## Resolution\n\n1. Clean\n2. Wait\n")] == [
        "Disk full"
    ]


def test_a_question_is_no_condition() -> None:
    assert [step.condition for step in playbooks("# Ops\n\n## Playbook: Slow\n\n1. When did it start?\n2. Look\n")[0].steps] == [None, None]


PROMPTS = ("➜  ~ ", "ann@bakery-1 ~/ovens $ ", "oven-w001# ", "❯ ~/ovens ", "(prod) ann@bakery:~$ ")


@pytest.mark.parametrize("prompt", PROMPTS)
def test_prompts_of_many_shells_are_taken_off(prompt: str) -> None:
    text = f"Look:\n\n```\n{prompt}kubectl get pods\nNAME   READY\noven   0/1\n```\n"
    assert steps(text, "Diagnosis") == [("Look", ["kubectl get pods"])]


def test_what_should_be_seen_is_no_step() -> None:
    text = "Look:\n\n```bash\nkubectl get pods\n```\n\nThe output should list three ovens.\n\nYou should see no error.\n\nCall the desk.\n"
    assert [title for title, _ in steps(text)] == ["Look", "Call the desk."]


def test_rows_with_a_column_of_commands_are_steps() -> None:
    head = "# Runbook: ovens cold\n\n| Step | Check | Command | Expected |\n|---|---|---|---|\n"
    found = playbooks(f"{head}| 1 | Ovens | `kubectl get pods` | all Running |\n| 2 | If one is out, call | - | |\n")[0].steps
    assert [(step.title, step.prose, step.condition, [each.command for each in step.commands]) for step in found] == [
        ("Ovens", "all Running", None, ["kubectl get pods"]),
        ("If one is out, call", "-", "If one is out", []),
    ]


def test_a_table_of_facts_gives_no_steps() -> None:
    text = "## Playbook: Slow\n\n| Program | Port |\n|---|---|\n| redis | 6379 |\n| nginx | 80 |\n\n1. Look\n2. Wait\n"
    assert [step.title for step in playbooks(text)[0].steps] == ["Look", "Wait"]


def test_where_only_root_types_a_hash_is_a_prompt() -> None:
    text = "Look:\n\n```console\n# kubectl exec -it box -- bash\n[root@box /]# ceph status\n  health: HEALTH_OK\n```\n"
    assert steps(text, "Diagnosis") == [("Look", ["kubectl exec -it box -- bash", "ceph status"])]


def test_a_hash_beside_other_prompts_is_a_comment() -> None:
    text = "Look:\n\n```console\n# kubectl lists them\n$ kubectl get pods\n```\n"
    assert steps(text, "Diagnosis") == [("Look", ["kubectl get pods"])]


def test_questions_about_one_alert_are_parts_of_it() -> None:
    text = "# Ovens are cold\n\n## What does this alert mean?\n\nNo heat.\n\n## How do I check it?\n\n1. Look\n2. Wait\n\n"
    found = playbooks(f"{text}## How do I fix it?\n\n1. Light them\n2. Wait\n")
    assert [(each.title, len(each.steps)) for each in found] == [("Ovens are cold", 4)]


def test_alerts_of_one_page_are_one_playbook_each() -> None:
    text = "# Mill\n\n## Alerts\n\n### MillStoneStill\n\nHow it works:\n\n- It turns\n\nHow to investigate:\n\n- Look\n\n"
    text += "### MillTooHot\n\nHow to fix:\n\n- Cool it\n"
    assert [(each.title, [step.title for step in each.steps]) for each in playbooks(text)] == [
        ("MillStoneStill", ["Look"]),
        ("MillTooHot", ["Cool it"]),
    ]


def test_phases_of_a_plan_are_no_parts_of_an_alert() -> None:
    text = "# Outage response plan\n\n## Triage\n\n1. Look\n2. Tell\n\n## Recovery\n\n1. Undo\n2. Watch\n"
    assert playbooks(text) == ()
    assert [(each.title, len(each.items)) for each in read(text).checklists] == [("Triage", 2), ("Recovery", 2)]


@pytest.mark.parametrize("head", ["### Step {}: {}", "### {}. {}", "**Step {}: {}**"])
def test_a_numbered_heading_with_words_alone_is_a_step_of_its_own(head: str) -> None:
    first, second, third = (head.format(n, words) for n, words in enumerate(("Look", "Tell the customers", "Roll back"), 1))
    text = (
        f"# Shop\n\n## Playbook: API down\n\n{first}\n\n```bash\nkubectl get pods\n```\n\n"
        f"{second}\n\nWrite to them.\n\n- Say what is down.\n\n{third}\n\n```bash\nkubectl rollout undo deployment/api\n```\n"
    )
    (playbook,) = read(text, "x.md").playbooks
    assert [len(step.commands) for step in playbook.steps] == [1, 0, 1]
    told = playbook.steps[1]
    assert told.title.endswith("Tell the customers")
    assert told.prose == "Write to them.\n\n- Say what is down."
    assert told.line == text.splitlines().index(second) + 1


def test_a_heading_that_counts_nothing_stays_words() -> None:
    head = "# Shop\n\n## Playbook: API down\n\n### Background\n\nIt is old.\n\n"
    text = f"{head}### Roll back\n\n```bash\nkubectl rollout undo deployment/api\n```\n"
    (playbook,) = read(text, "x.md").playbooks
    assert len(playbook.steps) == 1
