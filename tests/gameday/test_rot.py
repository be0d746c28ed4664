"""`warroom runbook check --cluster` on a cluster that has some of what a runbook names."""

import asyncio
import json
import os
import sys
from pathlib import Path

from warroom.clock import SystemClock
from warroom.gameday.serve import serve

RUNBOOK = """# Shop

## Roll back

```bash
kubectl rollout undo deployment/tensafe-servr -n tensafe
kubectl rollout undo deployment/tensafe-server -n tensafe
```

## Look

```bash
kubectl logs -n tensafe -l app=nobody
kubectl get pods -n elsewhere
kubectl delete pod tensafe-server-1 -n tensafe
kubectl delete pod <pod> -n tensafe
kubectl restart deployment/tensafe-server
```
"""


async def test_what_the_cluster_has_not_is_told_with_what_it_has(tmp_path: Path) -> None:
    file = tmp_path / "runbook.md"
    file.write_text(RUNBOOK)
    async with serve(tmp_path / "home", "bad-release", clock=SystemClock().now, seed=1) as served:
        words = ["runbook", "check", str(file), "--cluster", "--kubeconfig", str(served.kubeconfig), "--json"]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "warroom", *words, stdout=asyncio.subprocess.PIPE, env={**os.environ, "WARROOM_HOME": str(tmp_path / "w")}
        )
        out, _ = await process.communicate()
    assert process.returncode == 0
    found = {(one["line"], one["code"]): f"{one['message']}; {one['fix']}" for one in json.loads(out)}
    assert (
        found[6, "not-in-cluster"]
        == "there is no deployment tensafe-servr in namespace tensafe now; tensafe-server is there: correct the name"
    )
    assert found[13, "not-in-cluster"].startswith("there are no pods with app=nobody in namespace tensafe now")
    assert found[14, "not-in-cluster"].startswith("there is no namespace elsewhere now")
    assert "pods are replaced" in found[15, "not-in-cluster"]
    assert found[17, "unknown-verb"].startswith("kubectl has no verb restart")
    assert (7, "not-in-cluster") not in found
    assert (16, "not-in-cluster") not in found


async def test_a_cluster_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "runbook.md"
    file.write_text(RUNBOOK)
    words = ["runbook", "check", str(file), "--cluster", "--kubeconfig", str(tmp_path / "none")]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "warroom", *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    _, err = await process.communicate()
    assert process.returncode == 1
    assert "does not exist" in err.decode()
    assert "Traceback" not in err.decode()
