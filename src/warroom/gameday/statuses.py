"""What the API server says when it cannot do what was asked: Status bodies in its own words."""

from warroom.gameday.resources import Json, Resource


class Refused(Exception):
    """An answer that is not the object asked for."""

    def __init__(self, code: int, reason: str, message: str, details: Json | None = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.headers = headers or {}
        self.body = status(code, reason, message, details)


def status(code: int, reason: str, message: str, details: Json | None = None) -> Json:
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": reason,
        **({"details": details} if details else {}),
        "code": code,
    }


def _details(resource: Resource, name: str = "") -> Json:
    return {**({"name": name} if name else {}), **({"group": resource.group} if resource.group else {}), "kind": resource.plural}


def unauthorized() -> Refused:
    return Refused(401, "Unauthorized", "Unauthorized")


def forbidden(user: str, verb: str, resource: Resource, namespace: str, name: str = "", asked: str = "") -> Refused:
    """`asked` is what is forbidden where it is a part of the object: `pods/log`."""
    where = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
    what = f'{resource.qualified} "{name}"' if name else resource.qualified
    said = f'{what} is forbidden: User "{user}" cannot {verb} resource "{asked or resource.plural}" in API group "{resource.group}" {where}'
    return Refused(403, "Forbidden", said, _details(resource, name))


def forbidden_path(user: str, verb: str, path: str) -> Refused:
    return Refused(403, "Forbidden", f'forbidden: User "{user}" cannot {verb} path "{path}"', {})


def not_found(resource: Resource, name: str) -> Refused:
    return Refused(404, "NotFound", f'{resource.qualified} "{name}" not found', _details(resource, name))


def no_such_path() -> Refused:
    return Refused(404, "NotFound", "the server could not find the requested resource", {})


def not_allowed() -> Refused:
    return Refused(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {})


def bad_request(message: str) -> Refused:
    return Refused(400, "BadRequest", message)


def invalid(message: str, resource: Resource | None = None, name: str = "") -> Refused:
    return Refused(422, "Invalid", message, _details(resource, name) if resource else None)


def conflict(
    resource: Resource, name: str, why: str = "the object has been modified; please apply your changes to the latest version and try again"
) -> Refused:
    return Refused(409, "Conflict", f'Operation cannot be fulfilled on {resource.qualified} "{name}": {why}', _details(resource, name))


def unsupported(kind: str) -> Refused:
    said = f"the body of the request was in an unknown format - accepted media types include: {kind}"
    return Refused(415, "UnsupportedMediaType", said, {})


def too_old(version: int, oldest: int) -> Json:
    return status(410, "Expired", f"too old resource version: {version} ({oldest})")


def too_large(version: int, current: int) -> Refused:
    details = {"causes": [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}], "retryAfterSeconds": 1}
    said = f"Timeout: Too large resource version: {version}, current: {current}"
    return Refused(504, "Timeout", said, details, {"Retry-After": "1"})


def expired_list(token: str = "") -> Refused:
    said = "The provided continue parameter is too old to display a consistent list result."
    made = Refused(410, "Expired", said)
    if token:
        made.body["metadata"] = {"continue": token}
    return made


def on_demand(code: int) -> Json:
    """For refusals that nobody caused."""
    reason, said = {
        400: ("BadRequest", "the server rejected our request for an unknown reason"),
        401: ("Unauthorized", "Unauthorized"),
        404: ("NotFound", "the server could not find the requested resource"),
        409: (
            "Conflict",
            "Operation cannot be fulfilled: the object has been modified; please apply your changes to the latest version and try again",
        ),
        410: ("Expired", "The resourceVersion for the provided list is too old."),
        422: ("Invalid", "the server rejected our request due to an error in our request"),
        500: ("InternalError", "Internal error occurred: gameday was asked to fail"),
        503: ("ServiceUnavailable", "the server is currently unable to handle the request"),
        504: ("Timeout", "Timeout: request did not complete within the allotted timeout"),
    }.get(code, ("Unknown", f"gameday was asked to answer {code}"))
    return status(code, reason, said)
