"""How a command is made: one sentence, the flags, two examples, and TEXT taken as it is."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand

from warroom.cli.flags import CLUSTER, COMMON, Flags, names

Body = Callable[..., Any]


class AsItIs(TyperCommand):
    """A command whose words may begin with `-`: what is none of its flags is text."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        takes_value = {
            name: not getattr(one, "is_flag", False) for one in self.get_params(ctx) for name in one.opts if name.startswith("-")
        }
        flags, words, rest = [], [], list(args)
        while rest:
            token = rest.pop(0)
            if token == "--":
                words += rest
                break
            name = token.split("=", 1)[0] if token.startswith("--") else token
            if name not in takes_value:
                words.append(token)
                continue
            flags.append(token)
            if takes_value[name] and name == token:
                if not rest:
                    return super().parse_args(ctx, flags)  # it says which value is missing
                flags.append(rest.pop(0))
        return super().parse_args(ctx, [*flags, "--", *words])


class AsGiven:
    """Hands a value on as it came. Typer would load pydantic for that, a fifth of the time that a note takes."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        return () if value is None and param.multiple else value


def unconverted(command: Any) -> Any:
    """The command, and those below it, with their strings and flags taken as they come."""
    for one in (*command.params, command.get_help_option(command.context_class(command))):
        if one.type_descriptor.annotation in (str, list[str], bool):
            one.get_runtime_param = AsGiven
    for below in getattr(command, "commands", {}).values():
        unconverted(below)
    return command


def verb(app: typer.Typer, name: str, *examples: str, cluster: bool = False, text: bool = False) -> Callable[[Body], Body]:
    """Registers a function of the flags and its own parameters; its docstring is the one sentence.

    `cluster`: it takes the flags that choose a cluster. `text`: an argument may begin with `-`.
    """

    def register(body: Body) -> Body:
        own = list(inspect.signature(body, eval_str=True).parameters.values())[1:]
        common = (*COMMON, *(CLUSTER if cluster else ()))
        mine = names(own)

        def command(ctx: typer.Context, **given: Any) -> None:
            flags = Flags.read(ctx.find_root().params, given)
            outcome = body(flags, **{key: value for key, value in given.items() if key in mine})
            if inspect.iscoroutine(outcome):
                asyncio.run(outcome)

        context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
        parameters = [context, *(each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own), *common]
        command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        command.__annotations__ = {each.name: each.annotation for each in parameters}
        app.command(name, help=body.__doc__, epilog=examples_text(examples), cls=AsItIs if text else TyperCommand)(command)
        return body

    return register


def examples_text(examples: tuple[str, ...]) -> str:
    return "\n".join(["Examples:", "", "\b", *(f"  {example}" for example in examples)])
