"""The least that Textual can be: an App with one word."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Minimal(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("minimal")


if __name__ == "__main__":
    Minimal().run()
