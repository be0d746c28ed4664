"""Facts to bytes and back; a body written by an older console still reads."""

import msgspec

from warroom.core.entries import AnyFact

_decoder: msgspec.json.Decoder[AnyFact] = msgspec.json.Decoder(AnyFact)


class UnknownBody(ValueError):
    """A body that this console cannot read. Its text is advice."""


def kind(fact: AnyFact) -> str:
    return str(fact.__struct_config__.tag)


def encode(fact: AnyFact) -> bytes:
    return msgspec.json.encode(fact)


def decode(body: bytes) -> AnyFact:
    try:
        return _decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise UnknownBody(
            f"an entry holds what this console does not know ({error}): update warroom, or ask `warroom journal verify`"
        ) from error
