"""The few bodies that kubectl sends as protobuf whatever a server says it takes, read without a schema."""

from collections.abc import Iterator

from warroom.gameday.resources import Json

MAGIC = b"k8s\x00"
KIND = "application/vnd.kubernetes.protobuf"
Value = int | bytes


def inside(body: bytes) -> bytes:
    """The object within Kubernetes' envelope. Raises ValueError where it is none."""
    if not body.startswith(MAGIC):
        raise ValueError("it does not begin as Kubernetes' protobuf does")
    return _bytes(body[len(MAGIC) :], 2)


def delete_options(body: bytes) -> Json:
    """A DeleteOptions, as far as it is looked at here."""
    raw = inside(body)
    preconditions = _bytes(raw, 2)
    wanted = {"uid": _text(preconditions, 1), "resourceVersion": _text(preconditions, 2)}
    options: Json = {"preconditions": {key: value for key, value in wanted.items() if value}}
    for number, value in fields(raw):
        if number == 1 and isinstance(value, int):
            options["gracePeriodSeconds"] = value
        elif number == 5 and isinstance(value, bytes):
            options.setdefault("dryRun", []).append(value.decode())
    return options


def fields(message: bytes) -> Iterator[tuple[int, Value]]:
    """Each field's number and value. Raises ValueError where the message is cut."""
    at = 0
    while at < len(message):
        tag, at = _number(message, at)
        if tag & 7 == 0:
            value, at = _number(message, at)
            yield tag >> 3, value
            continue
        size, at = _number(message, at) if tag & 7 == 2 else ({1: 8, 5: 4}.get(tag & 7, len(message)), at)
        if at + size > len(message):
            raise ValueError("the message is cut")
        yield tag >> 3, message[at : at + size]
        at += size


def _number(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message):
        value |= (message[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not message[at - 1] & 0x80:
            return value, at
    raise ValueError("the message is cut")


def _bytes(message: bytes, wanted: int) -> bytes:
    return next((value for number, value in fields(message) if number == wanted and isinstance(value, bytes)), b"")


def _text(message: bytes, wanted: int) -> str:
    return _bytes(message, wanted).decode()
