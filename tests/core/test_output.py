"""Which endings of a command are success."""

import pytest

from warroom.core.output import is_ok


@pytest.mark.parametrize(
    ("code", "stages", "programs", "ok"),
    [
        (0, [0], ["kubectl"], True),
        (1, [1], ["kubectl"], False),
        (1, [0, 1], ["kubectl", "grep"], True),
        (1, [1, 1], ["kubectl", "grep"], False),
        (2, [0, 2], ["kubectl", "grep"], False),
        (1, [0, 1, 0], ["kubectl", "grep", "wc"], True),
        (141, [141, 0], ["kubectl", "head"], True),
        (1, [141, 1], ["kubectl", "rg"], True),
        (1, [0, 1], ["kubectl", "jq"], False),
        (1, [0, 1], ["kubectl", "head", "grep"], False),
        (1, [], ["grep"], False),
        (127, [127], ["kubectl"], False),
    ],
)
def test_endings(code: int, stages: list[int], programs: list[str], ok: bool) -> None:
    assert is_ok(code, stages, programs) is ok
