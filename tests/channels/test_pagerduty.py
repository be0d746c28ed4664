"""Paging: by level, once, read back, and refused in words."""

from datetime import timedelta

import pytest

from channels.conftest import Listen
from channels.intents import message, page
from hand import HandClock
from warroom.channels.pagerduty import Pagerduty
from warroom.core.ports import Failed, Sent
from warroom.gameday.faults import Fault
from warroom.gameday.pagerduty import ROUTING_KEY, SENDER
from warroom.gameday.pagerduty import Pagerduty as StandIn

TOKEN = "drill-token"


async def pair(listen: Listen, patience: float = 5.0, **more: str) -> tuple[Pagerduty, StandIn, HandClock]:
    clock = HandClock()
    stand_in = StandIn(clock.now, TOKEN)
    url = await listen(stand_in.app())
    given = {"token": TOKEN, "sender": SENDER, "service_name": "TenSafe Production", **more}
    channel = Pagerduty(**given, address=url, events=f"{url}/v2", targets={"Security": "PSECURITY"}, patience=patience)
    return channel, stand_in, clock


async def test_a_page_opens_an_incident_and_goes_to_its_level_once(listen: Listen) -> None:
    channel, stand_in, clock = await pair(listen)
    sent = await channel.send(page(level=2))
    assert sent == Sent("Q000001", "incident Q000001 escalated to level 2")
    assert await channel.send(page(level=2)) == Sent("Q000001", "incident Q000001 is at level 2 already")
    assert await channel.find(page(level=2, linked="Q000001")) == Sent("Q000001", "incident Q000001 at level 2")
    assert await channel.find(page(level=3, linked="Q000001")) is None
    assert [(one["to"], one["level"]) for one in stand_in.pages] == [("ada", 1), ("grace", 2)]
    await clock.forward(timedelta(minutes=5).total_seconds())
    assert stand_in.state()["incidents"][0]["status"] == "acknowledged"


async def test_who_has_acknowledged_is_called_again_for_the_next_cause(listen: Listen) -> None:
    channel, stand_in, clock = await pair(listen)
    await channel.send(page(level=2))
    await clock.forward(30 * 60)
    assert stand_in.state()["incidents"][0]["status"] == "acknowledged"
    again = page(level=2, key="I1/trigger@2", linked="Q000001", since=clock.now().timestamp())
    assert await channel.find(again) is None
    assert isinstance(await channel.send(again), Sent)
    assert await channel.find(again) == Sent("Q000001", "incident Q000001 at level 2")
    assert [one["to"] for one in stand_in.pages] == ["ada", "grace", "grace"]


async def test_a_lost_answer_is_not_paged_again(listen: Listen) -> None:
    channel, stand_in, _ = await pair(listen)
    stand_in.faults.pull(Fault("lost", path="/incidents"))
    first = await channel.send(page(level=1))
    assert isinstance(first, Sent | Failed)
    stand_in.faults.reset()
    assert isinstance(await channel.send(page(level=1)), Sent)
    assert len(stand_in.incidents) == 1


async def test_a_late_page_does_not_open_again_what_is_resolved(listen: Listen) -> None:
    channel, stand_in, _ = await pair(listen)
    await channel.send(page(level=1))
    stand_in.incidents[0]["status"] = "resolved"
    refused = await channel.send(page(level=2, linked="Q000001"))
    assert isinstance(refused, Failed)
    assert refused.final
    assert "open it again" in refused.why
    assert stand_in.incidents[0]["status"] == "resolved"


@pytest.mark.parametrize(
    ("more", "level", "words"),
    [
        ({"token": "another"}, 2, "does not accept the token"),
        ({"sender": ""}, 2, "pagerduty.from"),
        ({"sender": "nobody"}, 2, "pagerduty.from"),
        ({"service_name": "Billing"}, 2, "pagerduty.service"),
        ({}, 9, "cannot go to that level"),
        ({}, 0, "pagerduty.targets"),
    ],
)
async def test_what_is_refused_says_what_to_do_and_is_final(listen: Listen, more: dict[str, str], level: int, words: str) -> None:
    channel, _, _ = await pair(listen, 5.0, **more)
    failed = await channel.send(page(level=level))
    assert isinstance(failed, Failed)
    assert failed.final
    assert words in failed.why
    assert TOKEN not in failed.why


async def test_a_team_with_a_policy_of_its_own_has_an_incident_of_its_own(listen: Listen) -> None:
    channel, stand_in, _ = await pair(listen)
    await channel.send(page(level=2))
    sent = await channel.send(page(level=0, key="I1/breach@1/Security", to=("Security",), linked="Q000001"))
    assert isinstance(sent, Sent)
    assert sent.reference == "Q000002"
    assert stand_in.pages[-1]["to"] == "radia"


async def test_a_limit_says_how_long_and_does_not_block(listen: Listen) -> None:
    channel, stand_in, _ = await pair(listen)
    stand_in.faults.pull(Fault("limit", seconds=17))
    assert await channel.send(page(level=2)) == Failed("PagerDuty asks to wait: too many requests", after=17.0)
    stand_in.faults.pull(Fault("limit_bare"))
    assert await channel.send(page(level=2)) == Failed("PagerDuty asks to wait: too many requests")


async def test_a_stall_ends_in_time_and_nobody_knows(listen: Listen) -> None:
    channel, stand_in, _ = await pair(listen, patience=0.3)
    stand_in.faults.pull(Fault("timeout", seconds=1))
    failed = await channel.send(page(level=2))
    assert isinstance(failed, Failed)
    assert failed.unsure
    assert not failed.final


async def test_with_a_routing_key_alone_it_raises_one_alert(listen: Listen) -> None:
    channel, stand_in, _ = await pair(listen, token="", routing_key=ROUTING_KEY)
    assert isinstance(await channel.send(page(level=2)), Sent)
    assert isinstance(await channel.send(page(level=2)), Sent)
    assert [one["incident_key"] for one in stand_in.incidents] == ["warroom/I1"]


async def test_a_text_becomes_a_note_and_is_found_again(listen: Listen) -> None:
    channel, stand_in, _ = await pair(listen)
    await channel.send(page(level=1))
    note = message(service="pagerduty", channel="PagerDuty", linked="Q000001")
    assert await channel.find(note) is None
    assert isinstance(await channel.send(note), Sent)
    assert await channel.find(note) == Sent("Q000001")
    assert [one["content"] for one in stand_in.incidents[0]["notes"]] == [note.text]
