"""What most commands take: which journal, incident, runbook, person and cluster."""

import inspect
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from warroom.cli.given import Flags as Flags

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
At = Annotated[str | None, typer.Option("--at", metavar="TIME", help="When it happened: -7m, 02:41 or RFC 3339; UTC.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for the timeline.")]


def _option(name: str, annotation: Any, default: Any = None) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


COMMON = (
    _option("journal", Annotated[str | None, typer.Option("--journal", metavar="FILE", help="The journal (default: in WARROOM_HOME).")]),
    _option("incident", Annotated[str | None, typer.Option("--incident", metavar="ID", help="Which incident (default: the open one).")]),
    _option(
        "runbook",
        Annotated[list[str] | None, typer.Option("--runbook", metavar="FILE|DIR", help="The team's runbook; give it again for more.")],
    ),
    _option("user", Annotated[str | None, typer.Option("--as", metavar="NAME", help="Who you are (default: your login).")]),
    _option("debug", Annotated[bool, typer.Option("--debug", help="Show the traceback of a fault.")], False),
)
CLUSTER = (
    _option("kubeconfig", Annotated[str | None, typer.Option("--kubeconfig", metavar="FILE", help="Default: KUBECONFIG.")]),
    _option("context", Annotated[str | None, typer.Option("--context", metavar="NAME", help="The context (default: the current one).")]),
    _option(
        "namespace",
        Annotated[list[str] | None, typer.Option("--namespace", "-n", metavar="NAME", help="A namespace; give it again for more.")],
    ),
    _option("selector", Annotated[str | None, typer.Option("--selector", "-l", metavar="LABELS", help="Only what has these labels.")]),
)


def names(options: Iterable[inspect.Parameter]) -> frozenset[str]:
    return frozenset(option.name for option in options)
