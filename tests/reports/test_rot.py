"""What a night taught, as a patch that `patch` takes: of the team's own text, and of nothing else."""

import subprocess
from datetime import timedelta
from pathlib import Path

from hand import T0
from warroom.core.entries import Declared, Draft, Entry, RunbookText, StepEnded, StepSkipped, StepStarted, ValueSet
from warroom.core.incident import Incident, fold
from warroom.reports.rot import patch
from warroom.runbook.reader import read

TEXT = """# Shop

## Playbook: API down

1. **Look at the pods**
   ```bash
   kubectl get pods -n shop -l app=api
   kubectl describe pod <pod-name> -n shop
   ```

2. **Roll back**
   ```bash
   kubectl rollout undo deployment/api -n shop
   ```

3. **Tell the customers**
   Write to them.

## Revision History

| Version | Date | Author | Changes |
|---|---|---|---|
| 1.0.0 | 2026-02-03 | Platform Ops | Initial runbook |
"""
PLAYBOOK = "Playbook: API down"


def night(*facts: StepStarted | StepEnded | StepSkipped | ValueSet) -> Incident:
    runbook = RunbookText(text=TEXT, sha256="0" * 64, file="shop.md")
    drafts = [Draft(Declared(title="down", runbook=runbook, alerted=T0, detected=T0), T0), *(Draft(fact, T0) for fact in facts)]
    entries = [
        Entry(id=f"id-{n}", incident="inc-1", at=one.at, recorded_at=one.at, by="ada", kind="x", fact=one.fact, seq=n)
        for n, one in enumerate(drafts, 1)
    ]
    return fold(entries)


def ran(step: int, command: int, runs: str, id: str, ok: bool = True, excerpt: str = "") -> tuple[StepStarted, StepEnded]:
    book = playbook()
    started = StepStarted(playbook=book, step=step, command=command, runs=runs, judged="mutate")
    return started, StepEnded(playbook=book, step=step, run=id, ok=ok, exit_code=0 if ok else 1, excerpt=excerpt)


def playbook() -> str:
    return read(TEXT, "shop.md").playbooks[0].title


def patched(incident: Incident, tmp_path: Path) -> tuple[str, str]:
    found = patch(incident, read(TEXT, "shop.md"), TEXT, T0 + timedelta(hours=1), "ada")
    file = tmp_path / "shop.md"
    file.write_text(TEXT)
    if found:
        subprocess.run(["patch", "-p1", "--no-backup-if-mismatch"], input=found, text=True, cwd=tmp_path, check=True, capture_output=True)
    return found, file.read_text()


def test_a_night_by_the_book_teaches_nothing(tmp_path: Path) -> None:
    facts = ran(1, 1, "kubectl get pods -n shop -l app=api", "id-2")
    filled = ran(1, 2, "kubectl describe pod 'api-0' -n shop", "id-4")
    assert patched(night(*facts, *filled), tmp_path) == ("", TEXT)


def test_a_command_that_had_to_be_another_is_written_down_with_its_placeholders(tmp_path: Path) -> None:
    edited = ran(1, 2, "kubectl describe pod api-7f-x2 -n shop-eu", "id-3")
    _, after = patched(night(ValueSet(name="podname", value="api-7f-x2"), *edited), tmp_path)
    assert "\n   kubectl describe pod <pod-name> -n shop-eu\n" in after
    assert "<pod-name> -n shop\n" not in after
    assert "| 1.0.1 | 2026-02-03 | ada | after inc-1: 1 step as they went |" in after


def test_what_failed_and_what_was_skipped_stands_below_it(tmp_path: Path) -> None:
    failed = ran(2, 1, "kubectl rollout undo deployment/api -n shop", "id-2", ok=False, excerpt="error: no rollout history\nmore")
    _, after = patched(night(*failed, StepSkipped(playbook=playbook(), step=3, reason="no customer noticed")), tmp_path)
    note = "> inc-1, 2026-02-03: `kubectl rollout undo deployment/api -n shop` failed (exit 1): error: no rollout history"
    assert f"-n shop\n   ```\n\n   {note}\n\n3. **Tell" in after
    assert "3. **Tell the customers**\n\n   > inc-1, 2026-02-03: skipped, no customer noticed\n\n   Write to them." in after


def test_an_edit_that_failed_too_is_no_better(tmp_path: Path) -> None:
    failed = ran(2, 1, "kubectl rollout undo deployment/apy -n shop", "id-2", ok=False)
    _, after = patched(night(*failed), tmp_path)
    assert "deployment/apy" not in after
