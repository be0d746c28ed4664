"""Steps, their states and debts, as entries add up to them."""

from datetime import timedelta
from typing import Any

import pytest

from hand import T0
from warroom.core.acts import Act, Refusal
from warroom.core.acts.arming import Arm, Disarm, armed_until
from warroom.core.acts.incident import Close, Declare
from warroom.core.acts.ledger import Repay, Waive
from warroom.core.acts.playbook import AnswerStep, EndStep, FinishStep, SetValue, SkipStep, StartStep
from warroom.core.entries import Entry, RunbookText, StepEnded, StepStarted
from warroom.core.incident import Incident, fold
from warroom.core.ledger import debts, owed
from warroom.core.playbooks import StepState, playbook_key, ranked, state, unknown_runs
from warroom.core.readings import Verdict
from warroom.runbook.reader import read

TEXT = """# Ops

## Playbook: API completely down

1. **Verify**
   ```bash
   kubectl get pods
   kubectl get nodes
   ```
2. **If recent deployment - rollback**
   ```bash
   kubectl rollout undo deployment/api
   ```
3. **If not deployment - check infrastructure**
   ```bash
   kubectl get nodes
   ```
4. **Look at Grafana**

   By endpoint.

## Playbook: High error rate

1. **Look**
   ```bash
   kubectl get pods
   ```
"""
RUNBOOK = read(TEXT, "ops.md")
KEY = "API completely down"
UNDO = "kubectl rollout undo deployment/api --to-revision=42"


class Table:
    """An incident that acts are done to, a minute apart."""

    def __init__(self) -> None:
        self.now, self.incident, self.count = T0, Incident(), 0
        self.do(Declare("API down", RunbookText(text=TEXT, sha256="a" * 64)))

    def do(self, act: Act, by: str = "ada") -> str:
        """The id of the first entry, or why there is none."""
        self.now += timedelta(minutes=1)
        decision = act.decide(self.incident, RUNBOOK, self.now, by)
        if isinstance(decision, Refusal):
            return decision.why
        first = ""
        for draft in decision:
            self.count += 1
            tag = str(draft.fact.__struct_config__.tag)
            entry = Entry(
                id=f"e{self.count}", incident="inc", at=draft.at, recorded_at=self.now, by=by, kind=tag, fact=draft.fact, seq=self.count
            )
            self.incident, first = fold((entry,), self.incident), first or entry.id
        return first

    def start(self, step: int = 2, command: int = 1, by: str = "ada", **more: Any) -> str:
        fact = {"runs": "kubectl", "judged": "read", "console": "c", "limit": 20.0, **more}
        return self.do(StartStep(StepStarted(playbook=KEY, step=step, command=command, **fact), arms=bool(more.pop("arms", False))), by)

    def end(self, run: str, step: int = 2, by: str = "ada", **more: Any) -> str:
        return self.do(EndStep(StepEnded(playbook=KEY, step=step, run=run, **{"ok": True, "exit_code": 0, **more})), by)

    @property
    def steps(self) -> tuple[StepState, ...]:
        return state(self.incident, KEY, RUNBOOK.playbooks[0], self.now)

    @property
    def words(self) -> list[str]:
        return [one.word for one in self.steps]


@pytest.fixture
def table() -> Table:
    return Table()


def test_the_titles_are_the_keys() -> None:
    assert [playbook_key(RUNBOOK, one) for one in RUNBOOK.playbooks] == [KEY, "High error rate"]
    twice = read(TEXT.replace("High error rate", KEY), "ops.md")
    assert len({playbook_key(twice, one) for one in twice.playbooks}) == 2


def test_a_step_is_done_when_each_of_its_commands_went_well(table: Table) -> None:
    first = table.start(1, 1)
    assert table.words[0] == "running"
    table.end(first, 1)
    assert (table.words[0], table.steps[0].next_command) == ("todo", 2)
    table.end(table.start(1, 2), 1)
    assert (table.words[0], table.steps[0].next_command) == ("ok", 0)


def test_a_failure_stands_until_it_is_run_again_and_outputs_are_kept(table: Table) -> None:
    table.end(table.start(3), 3, ok=False, exit_code=1, excerpt="no")
    assert table.words[2] == "failed"
    table.end(table.start(3), 3, excerpt="yes")
    assert table.words[2] == "ok"
    assert [run.ended.excerpt for run in table.steps[2].runs if run.ended] == ["no", "yes"]


def test_an_answer_decides_the_opposite_condition_too(table: Table) -> None:
    assert [one.asks for one in table.steps] == [False, True, True, False]
    table.do(AnswerStep(KEY, 2, "yes", "r42"))
    assert table.words[2] == "not applicable"
    implied = table.steps[2].answer
    assert implied is not None
    assert (implied.answer, implied.implied) == ("no", True)
    assert "answered yes" in table.do(AnswerStep(KEY, 2, "yes"))
    table.do(AnswerStep(KEY, 2, "no"), by="tom")
    assert table.words[1:3] == ["not applicable", "todo"]
    assert not table.steps[2].asks
    table.do(AnswerStep(KEY, 3, "no"))
    assert table.words[2] == "not applicable"


def test_by_hand_and_skipped_need_reasons_where_something_could_run(table: Table) -> None:
    assert "say how it was done" in table.do(FinishStep(KEY, 1))
    assert "say why it is skipped" in table.do(SkipStep(KEY, 1, " "))
    table.do(SkipStep(KEY, 1, "known"))
    table.do(FinishStep(KEY, 4))
    assert (table.words[0], table.steps[0].reason, table.words[3]) == ("skipped", "known", "ok")
    assert table.steps[3].ahead
    assert not table.steps[0].ahead
    table.end(table.start(1), 1, ok=False)
    assert table.words[0] == "failed"


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (AnswerStep(KEY, 1, "yes"), "has no condition"),
        (AnswerStep(KEY, 9, "yes"), "has no step 9: it has 4"),
        (SkipStep("Nope", 1, "x"), "has no playbook Nope"),
        (Arm("c", " "), "say why"),
        (Disarm("c"), "not armed"),
        (SetValue("pod", " "), "needs a value"),
        (Waive("7", "x"), "there is no temporary change 7: open are none at all"),
    ],
)
def test_what_makes_no_sense_is_refused(table: Table, act: Act, why: str) -> None:
    assert why in table.do(act)


def test_a_step_is_run_by_one_at_a_time(table: Table) -> None:
    run = table.start(1, 1)
    assert table.start(1, 2, by="tom").startswith("ada is running step 1 since")
    assert table.start(1, 1).startswith("ada is running")
    assert table.start(1, 2) == "e3"
    assert "stop it first" in table.do(SkipStep(KEY, 1, "x"), by="tom")
    assert table.start(3, 1, by="tom") == "e4"
    table.end(run, 1)
    assert "was recorded" in table.end(run, 1)


def test_a_change_needs_an_armed_console(table: Table) -> None:
    assert "arm it first" in table.start(judged="mutate")
    table.do(Arm("c", "roll back"))
    until = armed_until(table.incident, "c", table.now)
    assert until is not None
    assert until - table.now == timedelta(minutes=15)
    assert armed_until(table.incident, "other", table.now) is None
    assert "arm it first" in table.start(judged="mutate", console="other")
    assert table.start(judged="mutate") == "e3"
    assert armed_until(table.incident, "c", until) is None
    table.do(Disarm("c"))
    assert "arm it first" in table.start(3, judged="destroy")
    table.do(Arm("c", "again"))
    table.do(Close(not_an_incident=True))
    assert armed_until(table.incident, "c", table.now) is None


def test_a_change_owes_its_inverse_until_it_is_repaid(table: Table) -> None:
    table.do(Arm("c", "roll back"))
    run = table.start(judged="mutate", object="deployment/api", inverse="foreseen")
    assert owed(table.incident) == ()
    table.end(run, inverse=UNDO)
    (debt,) = owed(table.incident)
    assert (debt.id, debt.inverse, debt.object, debt.by, debt.certain) == (run, UNDO, "deployment/api", "ada", True)
    paying = table.start(command=0, judged="mutate", pays=run)
    assert table.start(step=3, command=0, judged="mutate", pays=run, by="tom").startswith("ada is undoing it since")
    table.end(paying)
    assert (owed(table.incident), [one.state for one in debts(table.incident)]) == ((), ["repaid"])
    assert "was repaid by ada" in table.do(Waive(run, "x"))
    assert "not owed any more" in table.start(command=0, judged="mutate", pays=run)


def test_a_debt_is_waived_or_repaid_elsewhere_with_a_reason(table: Table) -> None:
    table.do(Arm("c", "x"))
    first, second = (table.start(step, judged="mutate") for step in (2, 3))
    for run, step in ((first, 2), (second, 3)):
        table.end(run, step, inverse=UNDO)
    assert [one.id for one in owed(table.incident)] == [second, first]
    assert "say why" in table.do(Waive(first, ""))
    assert "say how" in table.do(Repay(second, ""))
    table.do(Waive(first, "two are enough"), by="tom")
    table.do(Repay(second, "in the web console"))
    assert [(one.state, one.settled_by, one.reason) for one in debts(table.incident)] == [
        ("waived", "tom", "two are enough"),
        ("repaid", "ada", "in the web console"),
    ]


def test_of_a_lost_run_nobody_knows_and_its_debt_is_uncertain(table: Table) -> None:
    table.do(Arm("c", "x"))
    run = table.start(judged="mutate", inverse=UNDO, object="deployment/api")
    table.end(run, ended="lost", ok=False, exit_code=None)
    assert table.words[1] == "unknown"
    assert [one.id for one in unknown_runs(table.incident, table.now)] == [run]
    (debt,) = owed(table.incident)
    assert (debt.certain, debt.inverse) == (False, UNDO)
    table.do(FinishStep(KEY, 2, "looked: it was rolled back"))
    assert (table.words[1], unknown_runs(table.incident, table.now)) == ("ok", ())


def test_a_run_of_another_machine_is_unknown_after_an_hour(table: Table) -> None:
    table.start(1)
    assert table.words[0] == "running"
    table.now += timedelta(hours=2)
    assert table.words[0] == "unknown"


def test_a_redacted_inverse_cannot_be_run(table: Table) -> None:
    table.do(Arm("c", "x"))
    table.end(table.start(judged="mutate"), inverse="kubectl patch secret x -p '[redacted]'")
    assert not owed(table.incident)[0].runnable


def test_values_are_remembered_under_any_spelling(table: Table) -> None:
    table.do(SetValue("pod-name", "api-0"))
    assert table.do(SetValue("POD_NAME", "api-0")) == ""
    table.do(SetValue("<pod name>", "api-1"))
    assert table.incident.values == {"podname": "api-1"}


def test_playbooks_that_fit_what_is_measured_come_first() -> None:
    met = Verdict(id="x", criterion="Error rate > 10 %", section="P2", verdict="true", evidence="error rate 14.2 %")
    first, second = ranked(RUNBOOK, (met,))
    assert (first.key, first.why) == ("High error rate", "Error rate > 10 %: error rate 14.2 %")
    assert second.why == ""
    assert ranked(RUNBOOK)[0].key == KEY
    assert ranked(RUNBOOK, symptoms="the API is down")[0].why == "it was declared as 'the API is down'"
