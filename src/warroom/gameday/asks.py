"""A request to the API, taken apart."""

from collections.abc import Mapping
from dataclasses import dataclass

from warroom.gameday import statuses
from warroom.gameday.resources import NAMESPACES, Resource, find

_VERBS = {"GET": "get", "HEAD": "get", "PATCH": "patch", "DELETE": "delete", "POST": "create", "PUT": "update"}


@dataclass(frozen=True, slots=True)
class Ask:
    """What a client wants of which objects. `name` and `sub` are empty for a whole kind."""

    verb: str
    resource: Resource
    namespace: str
    name: str
    sub: str
    query: Mapping[str, str]
    accept: str
    rest: str = ""
    """What stands behind `proxy`: a path of the pod's own."""

    @property
    def asked(self) -> str:
        """As the API server names it in a refusal: `pods`, `pods/log`."""
        return f"{self.resource.plural}/{self.sub}" if self.sub else self.resource.plural

    @property
    def as_table(self) -> bool:
        return "as=Table" in self.accept

    @property
    def include(self) -> str:
        return self.query.get("includeObject", "Metadata")

    def flag(self, key: str) -> bool:
        return self.query.get(key, "").lower() in ("true", "1")

    def number(self, key: str) -> int:
        """0 when it is not there."""
        value = self.query.get(key, "") or "0"
        if not value.isdigit():
            raise statuses.bad_request(f'strconv.ParseInt: parsing "{value}": invalid syntax')
        return int(value)


def ask(method: str, path: str, query: Mapping[str, str], accept: str) -> Ask:
    """Raises the 404 of a path that means nothing here."""
    parts = [part for part in path.split("/") if part]
    if parts[:1] == ["api"] and len(parts) > 2:
        group, version, rest = "", parts[1], parts[2:]
    elif parts[:1] == ["apis"] and len(parts) > 3:
        group, version, rest = parts[1], parts[2], parts[3:]
    else:
        raise statuses.no_such_path()
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2 and find(group, version, rest[2]):
        namespace, rest = rest[1], rest[2:]
    resource = find(group, version, rest[0])
    proxied = rest[2:3] == ["proxy"]
    if resource is None or (len(rest) > 3 and not proxied) or (namespace and not resource.namespaced):
        raise statuses.no_such_path()
    name, sub = (*rest[1:], "", "")[:2]
    if resource is NAMESPACES and not group:
        namespace = ""
    verb = _VERBS.get(method, method.lower())
    if verb == "get" and not name:
        verb = "watch" if query.get("watch", "").lower() in ("true", "1") else "list"
    elif verb == "delete" and not name:
        verb = "deletecollection"
    return Ask(verb, resource, namespace, name, sub, query, accept, "/".join(rest[3:]))
