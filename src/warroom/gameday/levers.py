"""What a test or a scenario can do to the API server itself: refuse, delay, cut, forget."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import msgspec


class Refuse(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="lever", tag="refuse"):
    """The next requests are answered with a status, or cut off without an answer (status 0).

    With a path only requests whose path contains it; with a verb (get, list, watch, patch, delete) only those.
    """

    status: Annotated[int, msgspec.Meta(ge=0, le=599)]
    times: int = 1
    path: str = ""
    verb: str = ""
    retry_after: int | None = None
    """429 alone has 1 when nothing is said; kubectl tries again by itself wherever it sees one."""


class Cut(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="lever", tag="cut"):
    """Every open watch ends now: cleanly, in mid-stream, or as expired."""

    how: Literal["clean", "abrupt", "expired"] = "clean"


class Expire(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="lever", tag="expire"):
    """All versions and continue tokens given out so far are too old."""


class Watches(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="lever", tag="watches"):
    """While closed, a watch ends at once, after what it begins with."""

    closed: bool


class Delay(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="lever", tag="delay"):
    """Every answer comes so much later."""

    seconds: float
    path: str = ""


class Churn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="lever", tag="churn"):
    """The pods of namespace fill change, so many in a second."""

    per_second: float
    seconds: float


class Reset(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="lever", tag="reset"):
    """No refusals, no delay, watches stay open."""


Lever = Refuse | Cut | Expire | Watches | Delay | Churn | Reset


@dataclass(slots=True)
class _Left:
    refuse: Refuse
    times: int


@dataclass(slots=True)
class Levers:
    """How the server behaves now."""

    closed: bool = False
    delay: Delay = field(default_factory=lambda: Delay(seconds=0.0))
    cuts: int = 0
    how: str = "clean"
    _left: list[_Left] = field(default_factory=list)

    def pull(self, lever: Lever) -> None:
        """Churn and Expire are for whoever owns the world; here they change nothing."""
        match lever:
            case Refuse():
                self._left.append(_Left(lever, lever.times))
            case Cut(how=how):
                self.how = how
                self.cuts += 1
            case Watches(closed=closed):
                self.closed = closed
            case Delay():
                self.delay = lever
            case Reset():
                self._left.clear()
                self.closed = False
                self.delay = Delay(seconds=0.0)
            case Expire() | Churn():
                pass

    def refused(self, verb: str, path: str) -> Refuse | None:
        """The refusal that this request meets; it is used up by one."""
        for left in self._left:
            if left.refuse.path in path and left.refuse.verb in ("", verb):
                left.times -= 1
                if left.times <= 0:
                    self._left.remove(left)
                return left.refuse
        return None

    def delayed(self, path: str) -> float:
        return self.delay.seconds if self.delay.path in path else 0.0


def lever(given: Any) -> Lever:
    """From JSON; raises ValueError with a sentence that says what is wrong."""
    try:
        pulled: Lever = msgspec.convert(given, Lever)
    except msgspec.ValidationError as error:
        raise ValueError(f"{error}; a lever is one of refuse, cut, expire, watches, delay, churn, reset.") from None
    return pulled
