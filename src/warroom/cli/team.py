"""The team's file, read."""

import tomllib
from pathlib import Path

import msgspec

from warroom.cli.out import Mistake
from warroom.core.team import Team, faults
from warroom.settings import Settings

FILE = "team.toml"


def team_path(settings: Settings) -> Path | None:
    """The one that is set, else `team.toml` in the home where there is one; None: the team is not known."""
    beside = settings.home / FILE
    return settings.team or (beside if beside.is_file() else None)


def team_of(settings: Settings) -> Team:
    """Without a file a team of nobody. Raises Mistake where the file cannot be meant so."""
    path = team_path(settings)
    if path is None:
        return Team()
    try:
        team = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Team)
    except OSError as error:
        raise Mistake(f"the team's file {path} cannot be read ({error.strerror}): correct WARROOM_TEAM, or its owner and mode") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Mistake(f"the team's file {path} is not TOML ({str(error).lower()}): correct it there") from error
    except msgspec.ValidationError as error:
        raise Mistake(f"the team's file {path} says what it cannot mean ({str(error).lower()}): docs/messages.md shows one") from error
    if wrong := faults(team):
        raise Mistake(f"the team's file {path}: {wrong[0]}")
    return team
