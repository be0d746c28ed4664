"""`warroom` alone: the console."""

import inspect
from typing import Annotated, Any

import typer

from warroom.cli.flags import CLUSTER, COMMON, Flags
from warroom.cli.out import say
from warroom.cli.verb import examples_text

THEMES = ("auto", "dark", "light", "contrast", "ansi16", "mono")


def installed_version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("warroom")
    except PackageNotFoundError:
        return "of a checkout that is not installed"


def register(app: typer.Typer) -> None:
    def console(
        ctx: typer.Context,
        *,
        read_only: Annotated[bool, typer.Option("--read-only", help="Look, and change nothing.")] = False,
        mouse: Annotated[bool, typer.Option("--no-mouse", help="Leave the mouse to the terminal.")] = False,
        ascii: Annotated[bool, typer.Option("--ascii", help="Draw with ASCII alone.")] = False,
        theme: Annotated[str | None, typer.Option("--theme", metavar="NAME", help=f"One of {', '.join(THEMES)}.")] = None,
        prometheus: Annotated[
            str | None,
            typer.Option("--prometheus", metavar="URL|in-cluster|off", help="Where figures come from (off: from the pods)."),
        ] = None,
        version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
        **given: Any,
    ) -> None:
        if ctx.invoked_subcommand is not None:
            return
        if version:
            say(f"warroom {installed_version()}")
            return
        from warroom.cli.compose import run_console

        given |= {"mouse": mouse, "ascii": ascii, "theme": theme, "prometheus": prometheus}
        run_console(Flags.read(given), read_only=read_only)

    own = [each for each in inspect.signature(console).parameters.values() if each.kind is not inspect.Parameter.VAR_KEYWORD]
    parameters = [*own, *COMMON, *CLUSTER]
    console.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    console.__annotations__ = {each.name: each.annotation for each in parameters}
    app.callback(
        invoke_without_command=True,
        help="A war room in the terminal: without a command, the console on the current context.",
        epilog=examples_text(("warroom status", 'warroom note "rolled back, watching"')),
    )(console)
