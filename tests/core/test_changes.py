"""Rollouts against the start of the incident."""

from datetime import datetime, timedelta

import pytest

from hand import T0
from warroom.core.changes import image_diff, recent_changes
from warroom.core.readings import Deployment, Revision

HOUR = timedelta(hours=1)


def rolled(number: int, *images: tuple[str, str], created: datetime | None = T0 - HOUR, changed: datetime | None = None) -> Revision:
    return Revision(
        number=number,
        name=f"shop-{number}",
        template_hash=f"h{number}",
        created=created,
        images=images,
        replicas=1,
        cause="release",
        changed=changed,
    )


def deployment(*revisions: Revision) -> Deployment:
    newest = max(one.number for one in revisions)
    return Deployment(key="shop/shop", namespace="shop", name="shop", replicas=1, ready=1, updated=1, revision=newest, revisions=revisions)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ({"server": "r:5000/shop:2.8.0"}, {"server": "r:5000/shop:2.8.1"}, "2.8.0 → 2.8.1"),
        ({"server": "shop"}, {"server": "shop:1"}, "latest → 1"),
        ({"server": "r:5000/shop"}, {"server": "r:5000/shop:1"}, "latest → 1"),
        ({"server": "a/shop:1"}, {"server": "b/store:1"}, "shop:1 → store:1"),
        ({"server": "shop@sha256:" + "a" * 64}, {"server": "shop@sha256:" + "b" * 64}, "aaaaaaaaaaaa → bbbbbbbbbbbb"),
        ({"server": "shop:1"}, {"server": "shop:1"}, "same images, another template"),
        ({"server": "shop:1", "proxy": "p:1"}, {"server": "shop:2", "proxy": "p:1"}, "server 1 → 2"),
        ({"server": "shop:1"}, {"server": "shop:1", "proxy": "p:1"}, "proxy added p:1"),
        ({"server": "shop:1", "proxy": "p:1"}, {"server": "shop:1"}, "proxy removed"),
    ],
)
def test_what_the_images_were_and_are(old: dict[str, str], new: dict[str, str], says: str) -> None:
    assert image_diff(rolled(2, *new.items()), rolled(1, *old.items())) == says


def test_the_first_one_has_nothing_before_it() -> None:
    assert image_diff(rolled(1, ("server", "a/shop:1")), None) == "first seen: shop:1"


def test_rollouts_newest_first_and_the_recent_ones_marked() -> None:
    at = [T0 + HOUR, T0 - HOUR, T0 - 3 * HOUR]
    one = deployment(*(rolled(42 - n, ("server", f"shop:2.8.{2 - n}"), created=when) for n, when in enumerate(at)))
    told = [(change.what, change.recent, change.current, change.at) for change in recent_changes([one], T0)]
    assert told == [
        ("2.8.1 → 2.8.2, revision 42", True, True, T0 + HOUR),
        ("2.8.0 → 2.8.1, revision 41", True, False, T0 - HOUR),
        ("first seen: shop:2.8.0, revision 40", False, False, T0 - 3 * HOUR),
    ]
    assert [change.recent for change in recent_changes([one], T0, timedelta(hours=4))] == [True, True, True]
    assert [change.recent for change in recent_changes([one], None)] == [False, False, False]


def test_a_roll_back_counts_from_when_it_was_done() -> None:
    back = rolled(3, ("server", "shop:1"), created=T0 - 99 * HOUR, changed=T0)
    (change, _) = recent_changes([deployment(back, rolled(2, ("server", "shop:2"), created=T0 - 9 * HOUR))], T0)
    assert (change.what, change.recent, change.at) == ("2 → 1, revision 3", True, T0)
