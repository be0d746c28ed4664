"""Contradictions and gaps are found with their line, and none stops the console."""

from pathlib import Path

import pytest

from runbook.shelf import TEXTS, book, changed
from warroom.library import load
from warroom.runbook.model import Runbook
from warroom.runbook.reader import read

TENSAFE = [
    (34, "note", "contact-differs"),
    (71, "note", "slash-command"),
    (97, "warning", "example-against-criteria"),
    (116, "warning", "undefined-normal"),
    (126, "warning", "hole-between-levels"),
    (154, "warning", "odd-weeks"),
    (155, "note", "never-primary"),
    (223, "warning", "mitigation-without-playbook"),
    (251, "note", "level-not-declared"),
    (265, "warning", "status-without-template"),
    (314, "note", "two-promises"),
    (331, "note", "template-without-channel"),
    (370, "note", "rank-without-trigger"),
    (375, "warning", "target-without-contact"),
    (393, "warning", "pd-verb"),
    (611, "note", "no-way-back"),
]
CURES = (
    ("| Emergency hotline |", "| Phone |", "contact-differs"),
    ("/incident create", "create incident", "slash-command"),
    ("50%+ error rate", "oven cold", "example-against-criteria"),
    (
        "### Severity Assessment Criteria\n",
        "### Severity Assessment Criteria\n\nNormal is the median of the same hour over 7 days.\n",
        "undefined-normal",
    ),
    ("(> 25% of users)", "(≥ 25% of users)", "hole-between-levels"),
    ("| Odd weeks |", "| Every week |", "odd-weeks"),
    ("| Engineer B | Engineer C |", "| Engineer B | Engineer A |", "never-primary"),
    ("### Playbook: High Error Rate", "### Playbook: Fail-over", "mitigation-without-playbook"),
    ("DECLARED - P[1/2/3]", "DECLARED - P[1/2]", "level-not-declared"),
    ("#### Identified", "#### Identified or Monitoring", "status-without-template"),
    ("published here within 48 hours", "published here within 9 days", "two-promises"),
    ("| War Room (Zoom) |", "| E-mail |", "template-without-channel"),
    ("| P1 duration > 2 hours |", "| P2 duration > 2 hours |", "rank-without-trigger"),
    ("| Legal | General Counsel |", "| Compliance | Ann |\n| Legal | General Counsel |", "target-without-contact"),
    ("pd incident:escalate", "pd incident:assign", "pd-verb"),
    (
        "tensafe-server -n tensafe --replicas=2",
        "tensafe-server -n tensafe --replicas=2\n   kubectl scale deployment tensafe-server --replicas=3",
        "no-way-back",
    ),
)
ILLS = (
    ("| Regulatory impact | Escalate to Compliance + Legal |", "| Regulatory impact | |", "nobody-told", 375),
    ("| P1 duration > 1 hour |", "| P7 duration > 1 hour |", "unknown-level", 372),
    ("#### P4 - Low", "#### Small things", "no-criteria", 99),
)


def codes(runbook: Runbook) -> list[str]:
    return [finding.code for finding in runbook.findings]


@pytest.mark.parametrize("name", TEXTS)
def test_tensafe_has_these(name: str) -> None:
    found = read(TEXTS[name], "bakery.md").findings
    assert [(each.line, each.level, each.code) for each in found] == TENSAFE
    for each in found:
        assert each.file == "bakery.md"
        assert each.message
        assert each.fix


@pytest.mark.parametrize(("old", "new", "code"), CURES, ids=[code for *_, code in CURES])
def test_a_cure_takes_its_finding_away(old: str, new: str, code: str) -> None:
    assert codes(book()).count(code) == 1
    assert code not in codes(changed((old, new)))


@pytest.mark.parametrize(("old", "new", "code", "line"), ILLS, ids=[code for *_, code, _ in ILLS])
def test_an_ill_is_found(old: str, new: str, code: str, line: int) -> None:
    assert code not in codes(book())
    assert (code, line) in [(each.code, each.line) for each in changed((old, new)).findings]


def test_compliance_is_named() -> None:
    message = next(each.message for each in book().findings if each.code == "target-without-contact")
    assert message == "'Regulatory impact' goes to Compliance, who has no row among the contacts"


@pytest.mark.parametrize("text", ["", "\n\n", "  \n"])
def test_an_empty_file_is_a_warning(text: str) -> None:
    assert [(each.line, each.level, each.code) for each in read(text).findings] == [(1, "warning", "empty")]


def test_a_file_of_prose_says_so() -> None:
    assert codes(read("# Poem\n\nRoses are red.\n")) == ["nothing-understood"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# A\n\n```bash\nls\n\n## B\n", 3),
        ("# A\n\n```", 3),
        ("# A\n\n````\n```\n", 3),
        ("# A\n\n```\nls\n```\n\n~~~\nb\n```", 7),
        ("# A\n\n```\nls\n```", None),
        ("# A\n\n```\nls\n`````  \n\n", None),
        ("# A\n\n- ```\n  ls\n\nmore\n", None),
        ("> ```\n> ls\n> ```\n", None),
        ("# A\n", None),
    ],
)
def test_a_fence_that_nothing_closes_is_told(text: str, line: int | None) -> None:
    assert [each.line for each in read(text).findings if each.code == "open-fence"] == ([line] if line else [])


ROLES = "## Roles\n\n| Role | Primary | Backup |\n|---|---|---|\n| Lead | {} | Bob |\n| Scribe | Cem | |\n"
LEVELS = "## Severity\n\n| Level | Means | Acknowledge | Response time |\n|---|---|---|---|\n| P1 | a | {} | {} |\n| P2 | b | | {} |\n"


@pytest.mark.parametrize(
    ("ill", "cured", "code", "line"),
    [
        (ROLES.format("TBD"), ROLES.format("Ann"), "role-without-holder", 5),
        ("## Contacts\n\n- Owner: TBD\n- Lead: 555-1\n", "## Contacts\n\n- Owner: 555-2\n- Lead: 555-1\n", "contact-without-way", 3),
        (LEVELS.format("1 h", "5 min", "2 h"), LEVELS.format("1 min", "5 min", "2 h"), "times-contradict", 5),
        (LEVELS.format("", "3 h", "2 h"), LEVELS.format("", "1 h", "2 h"), "times-contradict", 5),
        ("## Templates\n\n```\nP{n} is down\n```\n", "## Templates\n\n```\nP{number} is down\n```\n", "bare-place", 3),
    ],
    ids=["role", "contact", "order", "levels", "place"],
)
def test_a_document_of_another_team_is_checked_too(ill: str, cured: str, code: str, line: int) -> None:
    assert (code, line) in [(each.code, each.line) for each in read(ill).findings]
    assert code not in codes(read(cured))


def test_a_mapping_settles_what_a_heading_is() -> None:
    text = "## Who is woken\n\n| Case | Woken |\n|---|---|\n| P1 lasts 2 hours | Ann |\n"
    assert not read(text).escalation.triggers
    found = read(text, mapping={"who is woken": "escalation"})
    assert [(each.after_seconds, each.to) for each in found.escalation.triggers] == [(7200, ("Ann",))]
    assert "mapping" not in codes(found)


def test_a_mapping_may_say_that_something_is_only_text() -> None:
    text = LEVELS.format("", "1 h", "2 h")
    assert len(read(text).severities) == 2
    assert not read(text, mapping={"Severity": "text"}).severities


@pytest.mark.parametrize(("heading", "part"), [("Severity", "sevs"), ("Severities", "severities")])
def test_a_mapping_that_cannot_be_is_told(heading: str, part: str) -> None:
    assert "mapping" in codes(read(LEVELS.format("", "1 h", "2 h"), mapping={heading: part}))


def test_a_link_to_nothing_is_told_with_its_line(tmp_path: Path) -> None:
    text = "# A\n\n[one](there.md) [two](gone.md#x) [three](https://web.example/a.md)\n\n```\n[four](fenced.md)\n```\n"
    (tmp_path / "a.md").write_text(text)
    (tmp_path / "there.md").write_text("# B\n")
    found = [(each.line, each.message) for each in load(tmp_path / "a.md").findings if each.code == "dead-link"]
    assert found == [(3, "the link leads to gone.md, which is not there")]


def test_no_finding_is_an_error() -> None:
    assert not [finding for finding in book().findings if finding.level == "error"]


STAYS = {
    "scaled": ("kubectl scale deploy/oven --replicas=0", "kubectl scale deploy/oven --replicas=2"),
    "cordoned": ("kubectl cordon node-1", "kubectl uncordon node-1"),
    "drained": ("kubectl drain node-1", "kubectl uncordon node-1"),
    "paused": ("kubectl rollout pause deploy/oven", "kubectl rollout resume deploy/oven"),
    "stopped": ("sudo systemctl stop oven", "sudo systemctl start oven"),
    "flagged": ("ceph osd set noout", "ceph osd unset noout"),
    "suspended": ("flux suspend kustomization oven", "flux resume kustomization oven"),
}


def playbook(*steps: str) -> Runbook:
    told = "".join(f"{n}. Step {n}\n   ```bash\n   {command}\n   ```\n" for n, command in enumerate(steps, 1))
    return read(f"# Ops\n\n## Playbook: Oven\n\n{told}")


@pytest.mark.parametrize("name", STAYS)
def test_what_changes_something_for_a_while_needs_a_way_back(name: str) -> None:
    does, undoes = STAYS[name]
    assert [(each.code, each.line) for each in playbook("kubectl get pods", does).findings] == [("no-way-back", 11)]
    assert codes(playbook(does, undoes)) == []
    assert name == "scaled" or codes(playbook(undoes, does)) == ["no-way-back"]


def test_a_sentence_is_a_way_back_too() -> None:
    text = "# Ops\n\n## Playbook: Oven\n\n1. Close it\n   ```bash\n   kubectl cordon node-1\n   ```\n2. Once it is warm, roll back step 1\n"
    assert codes(read(text)) == []


@pytest.mark.parametrize(
    "command", ["kubectl rollout restart deploy/oven", "kubectl delete pod oven-0", "systemctl restart oven", "kubectl get pods"]
)
def test_what_is_over_by_itself_needs_none(command: str) -> None:
    assert codes(playbook(command)) == []


def test_a_place_whose_name_says_nothing_is_told_unless_the_step_says_it() -> None:
    assert codes(playbook("kubectl get pod <x>")) == ["bare-placeholder"]
    assert codes(playbook("kubectl get pod <oven-pod>")) == []
    text = "# Ops\n\n## Playbook: Oven\n\n1. `<x>` is the oven's pod\n   ```bash\n   kubectl get pod <x>\n   ```\n2. Wait\n"
    assert codes(read(text)) == []


def test_a_variable_that_nothing_sets_is_told_once_and_one_of_the_shell_never() -> None:
    assert codes(playbook("kubectl get pod $POD", "kubectl logs ${POD}")) == ["unset-variable"]
    assert codes(playbook("POD=oven-0", "kubectl get pod $POD")) == []
    assert codes(playbook("for POD in a b; do kubectl get pod $POD; done")) == []
    assert codes(playbook("cat $HOME/oven", "awk '{print $NF}' oven")) == []
    assert codes(read("# Ops\n\nPOD is the oven's pod.\n\n## Playbook: Oven\n\n```bash\nkubectl get pod $POD\n```\n")) == []
