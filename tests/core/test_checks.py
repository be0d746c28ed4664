"""How health endpoints answer."""

from hand import T0
from warroom.core.checks import checks, is_well, worst
from warroom.core.readings import Health


def answer(target: str, endpoint: str, status: int | None, seconds: float = 0.01, trouble: str = "") -> Health:
    return Health(target=target, endpoint=endpoint, status=status, seconds=seconds, at=T0, trouble=trouble)


def test_pods_are_told_together_and_the_public_address_apart() -> None:
    found = checks(
        [
            answer("n/a", "/health", 200),
            answer("n/b", "/health", 503, 0.4),
            answer("n/a", "/db", 200),
            answer("https://x/health", "/health", 200),
        ]
    )
    assert [(one.endpoint, one.public, one.well, len(one.answers)) for one in found] == [
        ("/health", False, 1, 2),
        ("/db", False, 1, 1),
        ("/health", True, 1, 1),
    ]
    assert len({one.key for one in found}) == 3


def test_the_worst_answer_comes_first() -> None:
    (one,) = checks(
        [answer("n/a", "/h", 200), answer("n/b", "/h", 500), answer("n/c", "/h", None, 2.0, "timed out"), answer("n/d", "/h", 302)]
    )
    assert [each.target for each in one.answers][:2] == ["n/c", "n/b"]
    assert (worst(one), one.slowest, one.well) == ("timed out", 0.01, 2)


def test_redirects_are_well_and_no_answer_is_not() -> None:
    assert is_well(answer("n/a", "/h", 302))
    assert not is_well(answer("n/a", "/h", None))
    (one,) = checks([answer("n/a", "/h", None)])
    assert (worst(one), one.slowest) == ("no answer", None)
    (good,) = checks([answer("n/a", "/h", 204)])
    assert worst(good) == ""
