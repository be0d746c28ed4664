"""What the user set: flags before WARROOM_* before their own warroom.toml before the checkout's before the defaults."""

import getpass
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec
import platformdirs

FILE = "warroom.toml"
CHECKOUT_MAY_SET = frozenset({"runbook", "namespace", "selector", "log_selector", "mapping", "queries"})
"""Whoever can write to a repository must not choose where a console sends things or whom it believes."""


class SettingsTrouble(Exception):
    """A setting that cannot be; its text is one sentence that names where it stands."""


def login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user need not have a name
        return f"uid-{os.getuid()}"


class Prometheus(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where figures come from, and what proves there who we are."""

    url: str = ""
    """An address, `in-cluster` (also `in-cluster:NAMESPACE/SERVICE:PORT`), or `off`; empty or off: the pods are asked themselves."""
    token: str = ""
    user: str = ""
    password: str = ""
    cert: Path | None = None
    """A client's certificate, and its key when that is another file."""
    key: Path | None = None
    ca: Path | None = None
    window: str = "2m"
    """How far a rate looks back: at least twice the time between two scrapes."""


class Health(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked from this machine."""

    public: str = ""
    """An address, or `off`; empty: the health address that the runbook names."""


class Pagerduty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is paged through it. With a token pages go up its levels; with a routing key alone they only raise an alert."""

    api: str = ""
    events_api: str = ""
    token: str = ""
    sender: str = msgspec.field(default="", name="from")
    """The e-mail of a user there: it wants to know who asks."""
    service: str = ""
    """Its name or id; empty: the only one there is."""
    routing_key: str = ""
    levels: dict[str, int] = {}
    """What the runbook calls a level, and its number there; without it L3 is 3."""
    targets: dict[str, str] = {}
    """A team that is no level, and the id of its own policy: `Security = "PABC123"`."""


class Slack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    api: str = ""
    token: str = ""
    channel: str = ""
    """Where everything goes that the runbook would post in channels which are not mapped; empty: into those themselves."""
    channels: dict[str, str] = {}
    """A channel of the runbook, and the id or name of the real one."""


class Statuspage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    api: str = ""
    token: str = ""
    page: str = ""
    notify: bool = False
    """Whether subscribers get a mail of each post."""


class Smtp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    url: str = ""
    """`smtp://user:password@host:587` or `smtps://…`; empty: mails are files that somebody sends."""
    sender: str = msgspec.field(default="", name="from")


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every value that a command needs, and where each comes from."""

    home: Path = msgspec.field(default_factory=lambda: platformdirs.user_data_path("warroom"))
    user: str = msgspec.field(default_factory=login)
    journal: Path | None = None
    runbook: tuple[Path, ...] = ()
    """A file or a folder, or several that are opened as one."""
    kubeconfig: str | None = None
    """A path, or several joined as in KUBECONFIG."""
    context: str = ""
    namespace: tuple[str, ...] = ()
    selector: str = ""
    team: Path | None = None
    """The team's file: who is who, how each is reached, who stands in when."""
    log_selector: str = ""
    """Whose logs are followed, of the pods that `selector` selects; empty: those that the runbook's `kubectl logs -l` names, else all."""
    log_streams: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100
    """How many containers' logs are followed at most: each holds a connection to the API server."""
    theme: Literal["auto", "dark", "light", "contrast", "ansi16", "mono"] = "auto"
    ascii: bool = False
    mouse: bool = True
    keys: dict[str, str] = {}
    """Keys of one's own, by the ids of docs/keys.md: `"answer.note" = "N"`."""
    mapping: dict[str, str] = {}
    """A heading of the runbook and what the team says that its section is: `"Who gets called" = "escalation"`."""
    queries: dict[str, Any] = {}
    prometheus: Prometheus = Prometheus()
    health: Health = Health()
    pagerduty: Pagerduty = Pagerduty()
    slack: Slack = Slack()
    statuspage: Statuspage = Statuspage()
    smtp: Smtp = Smtp()
    sources: dict[str, str] = {}

    @property
    def journal_path(self) -> Path:
        return self.journal or self.home / "journal.sqlite"

    def source(self, name: str) -> str:
        """Where the value comes from, in words."""
        return self.sources.get(name, "default")


NAMES = tuple(name for name in Settings.__struct_fields__ if name != "sources")
TABLES: dict[str, Any] = {
    "prometheus": Prometheus,
    "health": Health,
    "pagerduty": Pagerduty,
    "slack": Slack,
    "statuspage": Statuspage,
    "smtp": Smtp,
}
"""Settings with names of their own inside. The first name is the address: a bare value means it."""
SECRETS = (("pagerduty", "token"), ("pagerduty", "routing_key"), ("slack", "token"), ("statuspage", "token"), ("smtp", "url"))
"""With these somebody else could page a company, or speak for it."""
_PATHS = ("home", "journal", "kubeconfig", "team")
_FLAGS = {"user": "--as", "mouse": "--no-mouse"}


def read_settings(flags: Mapping[str, object], folder: Path) -> Settings:
    """`flags` as given on the command line (None and empty: not given); `folder` is where the command runs."""
    user, checkout = user_file(), _checkout(folder) / FILE
    layers = [
        {name: (value, _FLAGS.get(name, f"--{name}")) for name, value in flags.items() if value not in (None, (), "")},
        _environment(),
        {name: (value, str(user)) for name, value in _file(user).items()},
        {name: (value, str(checkout)) for name, value in _file(checkout, CHECKOUT_MAY_SET).items()} if checkout != user else {},
    ]
    found: dict[str, tuple[object, str]] = {}
    for layer in reversed(layers):
        found |= {name: _over(name, given, found) if name in TABLES else given for name, given in layer.items()}
    values = {name: _converted(name, value, source) for name, (value, source) in found.items()}
    return Settings(**values, sources={name: source for name, (_, source) in found.items()})


def _over(name: str, given: tuple[object, str], found: Mapping[str, tuple[object, str]]) -> tuple[object, str]:
    """A table laid over the farther ones. Whoever names an address says anew who may know what: no credentials go along to it."""
    table, source = given
    address = TABLES[name].__struct_fields__[0]
    table = {address: table} if isinstance(table, str) else table
    farther, whence = found.get(name, ({}, source))
    if not isinstance(table, dict) or not isinstance(farther, dict) or address in table:
        return table, source
    return {**farther, **table}, whence if address in farther else source


def user_file() -> Path:
    """The user's own, which may set everything."""
    return platformdirs.user_config_path("warroom") / FILE


def _converted(name: str, value: object, source: str) -> Any:
    """Of the type of its field."""
    if name == "namespace" and isinstance(value, str):
        value = tuple(part.strip() for part in value.split(",") if part.strip())
    if name == "runbook":
        value = _several(value)
    if isinstance(value, Path):
        value = str(value)
    try:
        return msgspec.convert(value, _TYPES[name], strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        known = [str(choice) for choice in get_args(_TYPES[name])] if get_origin(_TYPES[name]) is Literal else []
        advice = f"choose one of {', '.join(known)}" if known else "correct it there"
        raise SettingsTrouble(f"{name} as set by {source} is not valid ({str(error).lower()}): {advice}") from error


def _several(value: object) -> object:
    """One path, several as in PATH, or a list of them."""
    if isinstance(value, str):
        value = [part for part in value.split(os.pathsep) if part.strip()]
    return [str(each) if isinstance(each, Path) else each for each in value] if isinstance(value, (list, tuple)) else value


def _path(wanted: type, value: Any) -> Any:
    if wanted is Path and isinstance(value, str):
        return Path(value).expanduser()
    raise msgspec.ValidationError("expected a path")


_TYPES = {field.name: field.type for field in msgspec.structs.fields(Settings)} | {"journal": Path, "team": Path}


def _environment() -> dict[str, tuple[object, str]]:
    """An empty variable is not set."""
    found: dict[str, tuple[object, str]] = {}
    for name in NAMES:
        for variable in (f"WARROOM_{name.upper()}", *(["KUBECONFIG"] if name == "kubeconfig" else [])):
            if name not in found and (value := os.environ.get(variable)):
                found[name] = (str(Path(value).expanduser()) if name in ("home", "journal", "team") else value, variable)
    for name, table in TABLES.items():
        variables = {field: f"WARROOM_{name}_{field}".upper() for field in table.__struct_encode_fields__}
        if given := {field: value for field, variable in variables.items() if (value := os.environ.get(variable))}:
            found[name] = (given, variables[next(iter(given))])
    return found


def _file(path: Path, allowed: frozenset[str] | None = None) -> dict[str, object]:
    """What it sets, with paths taken from its own folder."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise SettingsTrouble(f"{path} cannot be read ({error.strerror}): check its owner and mode") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsTrouble(f"{path} is not TOML ({str(error).lower()}): correct it there") from error
    _refuse_if_readable(path, found)
    for name in found:
        if allowed is not None and name not in allowed:
            known = ", ".join(sorted(allowed))
            raise SettingsTrouble(f"{path} sets {name}, but a checkout may set only {known}: move it to your own {user_file()}")
        if name not in NAMES:
            raise SettingsTrouble(f"{path} sets {name}, which is no setting: it may set {', '.join(NAMES)}")
    for name in _PATHS:
        if isinstance(value := found.get(name), str):
            found[name] = str(path.parent / Path(value).expanduser())
    if isinstance(books := _several(found.get("runbook")), list):
        found["runbook"] = [str(path.parent / Path(each).expanduser()) if isinstance(each, str) else each for each in books]
    for name, table in TABLES.items():
        if isinstance(given := found.get(name), dict):
            paths = {one.name for one in msgspec.structs.fields(table) if one.type == Path | None}
            found[name] = {
                key: str(path.parent / Path(value).expanduser()) if key in paths and isinstance(value, str) else value
                for key, value in given.items()
            }
    return found


def _refuse_if_readable(path: Path, found: Mapping[str, object]) -> None:
    """A file with credentials is for its owner's eyes."""
    held = [f"{table}.{name}" for table, name in SECRETS if isinstance(given := found.get(table), dict) and given.get(name)]
    if held and path.stat().st_mode & 0o077:
        raise SettingsTrouble(f"{path} holds {', '.join(held)}, and others may read it: make it yours alone (`chmod 600 {path}`)")


def _checkout(folder: Path) -> Path:
    """The folder of the repository that `folder` lies in, else `folder` itself."""
    return next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), folder)
