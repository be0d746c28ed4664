"""Claims held against facts: how many planted lies are found, and how many true messages are doubted."""

import pytest

from core.claims import BOOK, LIVE, MESSAGES, NOW, PAGE, TEAM, scene
from warroom.core.claim import Claims, Doubt
from warroom.core.truth import doubts


def doubted(scene_: str, channel: str, text: str) -> tuple[Doubt, ...]:
    story = scene(scene_)
    return doubts(
        Claims(
            text=text,
            channel=channel,
            public=channel == PAGE,
            incident=story.incident,
            runbook=BOOK,
            team=TEAM,
            live=LIVE[scene_],
            now=story.at(NOW),
        )
    )


def test_the_set_is_large_and_half_of_it_lies() -> None:
    lies = [one for one in MESSAGES if one[3]]
    assert len(MESSAGES) >= 60
    assert len({one[2] for one in MESSAGES}) == len(MESSAGES)
    assert 0.45 <= len(lies) / len(MESSAGES) <= 0.55


def test_lies_are_found_and_true_words_are_let_be() -> None:
    found = [(one, {doubt.code for doubt in doubted(*one[:3])}) for one in MESSAGES]
    missed = [one[2] for one, codes in found if one[3] and one[3] not in codes]
    alarms = [(one[2], codes) for one, codes in found if not one[3] and codes]
    assert len(missed) < 0.1 * sum(bool(one[3]) for one in MESSAGES), missed
    assert len(alarms) < 0.05 * sum(not one[3] for one in MESSAGES), alarms


@pytest.mark.parametrize("one", [one for one in MESSAGES if one[3]], ids=lambda one: one[2][:30])
def test_a_doubt_names_the_claim_and_the_fact(one: tuple[str, str, str, str]) -> None:
    for doubt in doubted(*one[:3]):
        assert " ".join(doubt.claim.split()).casefold() in " ".join(one[2].split()).casefold()
        assert doubt.fact
