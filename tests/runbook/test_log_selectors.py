"""Whose logs are followed comes from the runbook's own commands, and follows when they are edited."""

from pathlib import Path

import pytest

from warroom.runbook.log_selectors import log_selectors
from warroom.runbook.reader import read

BOOK = "# Runbook\n\n## Playbook: errors\n\n### Look\n\n```bash\n{}\n```\n"


def found(*commands: str) -> tuple[str, ...]:
    text = BOOK.format("\n".join(commands))
    return log_selectors(text, read(text))


@pytest.mark.parametrize(
    ("command", "selectors"),
    [
        ("kubectl logs -l app=shop -n shop --tail=500 | grep -i error", ("app=shop",)),
        ("kubectl -n shop logs --selector 'app=shop,tier in (a,b)' -f", ("app=shop,tier in (a,b)",)),
        ("kubectl logs --selector=app=shop", ("app=shop",)),
        ("kubectl logs -lapp=shop", ("app=shop",)),
        ("kubectl logs -l app=<service> -n shop", ()),
        ("kubectl logs -l app=$SERVICE", ()),
        ("kubectl logs shop-1", ()),
        ("kubectl get pods -l app=shop", ()),
        ("kubectl logs -l", ()),
    ],
)
def test_a_command(command: str, selectors: tuple[str, ...]) -> None:
    assert found(command) == selectors


def test_each_selector_once_in_order() -> None:
    assert found("kubectl logs -l app=b", "kubectl logs -l app=a", "kubectl logs -l app=b --tail=5") == ("app=b", "app=a")


def test_the_shipped_runbook() -> None:
    text = (Path(__file__).parents[2] / "src/warroom/runbook/tensafe.md").read_text(encoding="utf-8")
    assert log_selectors(text, read(text)) == ("app.kubernetes.io/name=tensafe",)
