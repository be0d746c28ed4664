"""The post-mortem as a file of the home, for the console: shown with its edits, written, opened in an editor."""

import asyncio
import shlex
from collections.abc import Mapping
from pathlib import Path

from warroom.cli.export import Exported, Ours, write
from warroom.cli.out import Failure, Mistake
from warroom.core.acts import Refusal
from warroom.reports.rewritten import rewritten


class PostmortemFiles:
    """One for each incident, as `warroom export postmortem -o` would write it there."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self._folder, self._ours = home / "postmortems", Ours(home / "exports.json")
        self._editor = environment.get("VISUAL") or environment.get("EDITOR") or "vi"

    def path(self, incident: str) -> str:
        return str(self._folder / f"{incident}.md")

    async def shown(self, incident: str, text: str) -> str:
        """What would stand there if it were written now."""
        return await asyncio.to_thread(self._shown, incident, text)

    def _shown(self, incident: str, text: str) -> str:
        file = Path(self.path(incident))
        base = self._ours.exported(file)
        try:
            return rewritten(base.text, file.read_text(), text).text if base else text
        except (OSError, UnicodeDecodeError):
            return text

    async def written(self, incident: str, text: str, pictures: Mapping[str, str]) -> str | Refusal:
        """Where it is now."""
        return await asyncio.to_thread(self._written, incident, text, pictures)

    def _written(self, incident: str, text: str, pictures: Mapping[str, str]) -> str | Refusal:
        file, about = Path(self.path(incident)), f"postmortem of {incident}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for name, svg in pictures.items():
                write(file.with_name(name), Exported(about, svg), self._ours, force=False, merges=False)
            write(file, Exported(about, text), self._ours, force=False)
        except (Mistake, Failure) as trouble:
            return Refusal(str(trouble))
        except OSError as error:
            return Refusal(f"{self._folder} cannot be made ({error.strerror}): make it, or free some room")
        return str(file)

    async def edited(self, incident: str) -> Refusal | None:
        """Returns when the editor is left; the terminal must be free for it."""
        words = shlex.split(self._editor)
        try:
            process = await asyncio.create_subprocess_exec(*words, self.path(incident))
        except OSError as error:
            return Refusal(f"the editor {words[0]} cannot be started ({error.strerror}): set EDITOR, or edit {self.path(incident)}")
        code = await process.wait()
        return Refusal(f"{words[0]} ended with {code}: the file is as it left it") if code else None
