"""Label selectors select what kubectl's do."""

import pytest

from warroom.core.selectors import BadSelector, selects

LABELS = {"app": "shop", "app.kubernetes.io/name": "shop", "tier": "web", "empty": ""}


@pytest.mark.parametrize(
    ("selector", "fits"),
    [
        ("", True),
        ("app=shop", True),
        ("app==shop", True),
        ("app = shop , tier=web", True),
        ("app=shop,tier=db", False),
        ("app!=shop", False),
        ("missing!=shop", True),
        ("app.kubernetes.io/name=shop", True),
        ("tier in (web, db)", True),
        ("tier in (db)", False),
        ("tier notin (db)", True),
        ("missing notin (db)", True),
        ("tier notin (web)", False),
        ("app,!missing", True),
        ("!app", False),
        ("missing", False),
        ("empty=", True),
        ("missing=", False),
        ("tier in (web,db),app=shop", True),
    ],
)
def test_a_selector(selector: str, fits: bool) -> None:
    assert selects(selector)(LABELS) is fits


@pytest.mark.parametrize("selector", ["a=b=c", "in (a)", "a in b", "=x", "a b"])
def test_what_is_no_selector_is_told(selector: str) -> None:
    with pytest.raises(BadSelector, match="is no part of a label selector"):
        selects(selector)
