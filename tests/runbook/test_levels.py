"""Levels, and who is told at each, in the shapes that small teams write them."""

import pytest

from warroom.runbook.model import Runbook
from warroom.runbook.reader import read

MATRIX = """# Ferry desk

## Escalation matrix

| Severity | Response time | Escalation |
|---|---|---|
| P1 (Critical) | < 10 min | Immediate: Harbour master + Duty mate |
| P2 (High) | 1 hour | Duty mate → Harbour master |
| P3 (Low) | Next business day | Planned work |
| P4 (Trivial) | 3 days | - |
"""


def answers(found: Runbook) -> list[tuple[str, float | None]]:
    return [(each.level, each.response_seconds) for each in found.severities]


def told(found: Runbook) -> list[tuple[tuple[str, ...], float | None, tuple[str, ...]]]:
    return [(each.levels, each.after_seconds, each.to) for each in found.escalation.triggers]


def test_a_matrix_of_escalation_that_promises_answers_gives_levels_and_who_is_told() -> None:
    found = read(MATRIX)
    assert answers(found) == [("P1", 600), ("P2", 3600), ("P3", None), ("P4", 259200)]
    assert told(found) == [(("P1",), None, ("Harbour master", "Duty mate")), (("P2",), None, ("Duty mate", "Harbour master"))]
    assert "Planned work" in "".join(each.text for each in found.prose)


def test_levels_of_such_a_matrix_that_are_mere_words_are_told_as_doubtful() -> None:
    words = MATRIX
    for label, word in {"P1 (Critical)": "Critical", "P2 (High)": "High", "P3 (Low)": "Medium", "P4 (Trivial)": "Low"}.items():
        words = words.replace(label, word)
    found = read(words)
    assert answers(found) == [("Critical", 600), ("High", 3600), ("Medium", None), ("Low", 259200)]
    assert [each.code for each in found.findings if each.line == 5] == ["doubtful"]


def test_its_times_are_added_to_the_levels_that_another_table_defines() -> None:
    defined = (
        "\n## Severity definitions\n\n| Severity | Definition |\n|---|---|\n| P1 | no ferry |\n| P2 | late ferries |\n| P3 | wet seats |\n"
    )
    found = read(MATRIX.replace("| P4 (Trivial) | 3 days | - |\n", "") + defined)
    assert answers(found) == [("P1", 600), ("P2", 3600), ("P3", None)]
    assert [each.impact for each in found.severities] == ["no ferry", "late ferries", "wet seats"]


def test_an_escalation_column_of_times_is_a_delay() -> None:
    found = read(
        "# Desk\n\n## Severity levels\n\n| Severity | Description | Escalation |\n|---|---|---|\n"
        "| S1 | no ferry | 20 min |\n| S2 | late | 2 hours |\n"
    )
    assert told(found) == [(("S1",), 1200, ()), (("S2",), 7200, ())]


def test_a_table_of_escalation_that_promises_no_answer_defines_no_levels() -> None:
    assert read(MATRIX.replace("Response time", "Channel").replace("< 10 min", "radio").replace("1 hour", "mail")).severities == ()


def test_a_time_behind_an_arrow_is_the_answer() -> None:
    found = read("# Desk\n\n## Severity levels\n\n- **P0 Critical**: no ferry → **Immediate**\n- **P1 High**: late ferries → **2 hours**\n")
    assert [(each.level, each.impact, each.response_seconds) for each in found.severities] == [
        ("P0", "no ferry", 0),
        ("P1", "late ferries", 7200),
    ]


def test_a_second_label_in_brackets_is_the_name() -> None:
    found = read("# Desk\n\n## Severity\n\n### Critical (P0) - at once\n\n- no ferry\n\n### High (P1) - soon\n\n- late ferries\n")
    assert [(each.level, each.name) for each in found.severities] == [("Critical", "P0"), ("High", "P1")]


def test_what_counts_as_an_incident_is_when_to_declare() -> None:
    found = read("# Desk\n\n## 1. What counts as an incident\n\n- a ferry that drifts\n- a lost key\n")
    assert [each.text for each in found.declaration.triggers] == ["a ferry that drifts", "a lost key"]


def test_a_table_of_tools_is_no_table_of_channels() -> None:
    text = "# Desk\n\n## Monitoring\n\n| Tool | Purpose |\n|---|---|\n| Lintbot | old ropes |\n| Scan | leaks |\n"
    assert read(text).channels == ()
    assert [each.name for each in read(text.replace("Lintbot", "Slack #desk").replace("Scan", "Zoom")).channels] == ["Slack #desk", "Zoom"]


def test_an_address_says_nothing_of_the_language() -> None:
    assert read("# Desk\n\n- Mate: mate@ferry.com\n- Master: master@ferry.com\n").language == "en"


def test_a_plan_for_any_incident_is_not_the_playbook_of_one() -> None:
    found = read(
        "# Incident response plan\n\n## Roles and responsibilities\n\n- **Incident lead:** decides\n- **Communications lead:** writes\n"
        "\n## Initial triage\n\nWhen a report comes, we will:\n\n1. acknowledge it\n2. assign a lead\n\n"
        "## Severity\n\n- **Critical:** no ferry\n- **Low:** wet seats\n\n"
        "## Recovery\n\nOnce it is contained, we will:\n\n- check the hull\n- sail again\n"
    )
    assert [each.name for each in found.roles] == ["Incident lead", "Communications lead"]
    assert [each.title for each in found.checklists] == ["Initial triage", "Recovery"]
    assert found.playbooks == ()


def test_levels_in_one_sentence() -> None:
    text = "# Desk\n\n## Severity\n\nThere are two: SEV1 (no ferry sails) and SEV2 (late ferries). Tell the mate.\n"
    found = read(text)
    assert [(each.level, each.rank, each.impact) for each in found.severities] == [
        ("SEV1", 1, "no ferry sails"),
        ("SEV2", 2, "late ferries"),
    ]
    assert "Tell the mate." in "".join(each.text for each in found.prose)


def test_a_sentence_that_only_mentions_levels_defines_none() -> None:
    assert read("# Desk\n\n## Severity\n\nSEV1 and SEV2 need a mate; SEV3 can wait.\n").severities == ()
    assert read("# Desk\n\n## Ropes\n\nWe had SEV1 (no ferry) in May and SEV2 (late) in June.\n").severities == ()


def test_how_often_is_no_delay() -> None:
    found = read(
        "# Desk\n\n## When to escalate\n\n- The same alarm rings 3+ times in 24 hours\n- The ferry is still for more than 1 hour\n"
    )
    assert [each.after_seconds for each in found.escalation.triggers] == [None, 3600]


def test_boxes_that_name_nobody_are_a_checklist_below_escalation_too() -> None:
    found = read("# Desk\n\n## Escalation path\n\n1. [ ] Read the guide\n2. [ ] Look at the ropes\n")
    assert found.escalation.triggers == ()
    assert [len(each.items) for each in found.checklists] == [2]


def test_priorities_of_what_is_planned_are_no_severities() -> None:
    table = "| Priority | Meaning |\n|---|---|\n| P0 | this sprint |\n| P1 | some day |\n"
    assert read(f"# Product backlog rules\n\n{table}").severities == ()
    assert [each.level for each in read(f"# On-call rules\n\n{table}").severities] == ["P0", "P1"]


GLUED = {
    "ja": ("| 条件 | 連絡先 |\n|---|---|\n| 15分 応答がない | 支配人に連絡する |", (900.0, ("支配人",))),
    "zh": ("| 条件 | 通知对象 |\n|---|---|\n| 15 分钟未响应 | 通知值班经理 |", (900.0, ("值班经理",))),
    "de": ("| Bedingung | Aktion |\n|---|---|\n| Nach 15 Minuten keine Antwort | Teamleitung anrufen |", (900.0, ("Teamleitung",))),
}
HEADINGS = {
    "ja": "エスカレーションの流れと担当者",
    "zh": "故障升级流程说明",
    "de": "Eskalation, wenn keiner sich meldet und der Dienst steht",
}


@pytest.mark.parametrize("language", GLUED)
def test_an_order_behind_the_name_is_no_part_of_it(language: str) -> None:
    text, wanted = GLUED[language]
    (trigger,) = read(f"## {HEADINGS[language]}\n\n{text}\n").escalation.triggers
    assert (trigger.after_seconds, trigger.to) == wanted
