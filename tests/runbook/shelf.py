"""The runbooks that the tests read: the shipped one, and the users' own where it lies beside the checkout."""

from functools import lru_cache
from pathlib import Path

from warroom.library import default_runbook
from warroom.runbook.model import Runbook
from warroom.runbook.reader import read

USERS = Path(__file__).parents[3] / "shared" / "runbook" / "tensafe-incident-response.md"
SHIPPED = default_runbook()[0]
TEXTS = {"shipped": SHIPPED} | ({"users": USERS.read_bytes().decode()} if USERS.exists() else {})


@lru_cache
def book(name: str = "shipped") -> Runbook:
    return read(TEXTS[name])


def changed(*changes: tuple[str, str]) -> Runbook:
    """The shipped runbook with each old text, which stands in it exactly once, made new."""
    text = SHIPPED
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the runbook"
        text = text.replace(old, new)
    return read(text)
