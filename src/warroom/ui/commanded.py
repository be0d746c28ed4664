"""A command that was run from the console, and what is known of it by now."""

from collections.abc import Callable
from dataclasses import dataclass, field

from warroom.core.output import Output
from warroom.core.ports import Running
from warroom.ui.cells import Line
from warroom.ui.look import g


@dataclass
class Commanded:
    """`now` tells seconds that never go back."""

    title: str
    command: str
    now: Callable[[], float]
    running: Running | None = None
    output: Output | None = None
    parts: list[str] = field(default_factory=list)
    """What it printed, as it came."""
    began: float = 0.0
    runs: int = 0

    def begin(self) -> int:
        """A new run; its number, by which late words of an earlier one are known."""
        self.output, self.parts, self.began = None, [], self.now()
        self.runs += 1
        return self.runs

    def hear(self, run: int, text: str) -> bool:
        if run == self.runs:
            self.parts.append(text)
        return run == self.runs

    def end(self, run: int, output: Output) -> None:
        if run == self.runs:
            self.running, self.output = None, output

    def mark(self) -> Line:
        """Its state as glyph, word and colour."""
        output = self.output
        if self.running is not None:
            return [(f"{g['run']} running {int(self.now() - self.began)} s", "$ink")]
        if output is None:
            return [(f"{g['todo']} not run yet", "$soft")]
        match output.ended:
            case "not run":
                return [(f"{g['bad']} not run", "$bad bold")]
            case "too long":
                return [(f"{g['over']} stopped, {output.seconds:.0f} s", "$soon bold")]
            case "stopped":
                return [(f"{g['skip']} stopped", "$soft")]
        if output.ok:
            return [(f"{g['good']} {output.seconds:.1f} s", "$good")]
        return [(f"{g['bad']} exit {output.exit_code}, {output.seconds:.1f} s", "$bad bold")]
