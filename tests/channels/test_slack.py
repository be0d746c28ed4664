"""Posts: the very bytes, refusals at HTTP 200, and what was posted is found again."""

import pytest
from msgspec.structs import replace

from channels.conftest import Listen
from channels.intents import message
from hand import HandClock
from warroom.channels.slack import Slack
from warroom.channels.web import Web
from warroom.core.ports import Failed, Sent
from warroom.gameday.faults import Fault
from warroom.gameday.slack import Slack as StandIn

TOKEN = "xoxb-drill"


async def pair(listen: Listen, token: str = TOKEN, burst: int = 0, patience: float = 5.0) -> tuple[Slack, StandIn]:
    stand_in = StandIn(HandClock().now, TOKEN, burst=burst)
    url = await listen(stand_in.app())
    return Slack(Web(patience), token, f"{url}/api"), stand_in


async def test_it_receives_the_very_text_and_finds_it_by_its_key(listen: Listen) -> None:
    channel, stand_in = await pair(listen)
    intent = message("*P1* <@U1> 14 % &lt;of all&gt; [14:02]\n:rotating_light: déjà vu")
    assert await channel.find(intent) is None
    sent = await channel.send(intent)
    assert isinstance(sent, Sent)
    assert [one["text"] for one in stand_in.state()["channels"]["incident-active"]] == [intent.text]
    assert await channel.find(intent) == sent
    assert await channel.find(replace(intent, key="I1/update/2")) is None


async def test_an_older_page_of_the_history_is_read_too(listen: Listen) -> None:
    channel, _ = await pair(listen)
    sent = await channel.send(message())
    for n in range(250):
        await channel.send(message(f"{n}", key=f"I1/{n}"))
    assert await channel.find(message()) == sent


@pytest.mark.parametrize(
    ("channel_name", "token", "words"),
    [("#nowhere", TOKEN, "channel_not_found"), ("#oncall", "xoxb-other", "set another token")],
)
async def test_ok_false_is_a_refusal_with_advice(listen: Listen, channel_name: str, token: str, words: str) -> None:
    channel, _ = await pair(listen, token)
    failed = await channel.send(message(channel=channel_name))
    assert isinstance(failed, Failed)
    assert failed.final
    assert words in failed.why
    assert token not in failed.why


async def test_what_passes_by_itself_is_not_final(listen: Listen) -> None:
    channel, stand_in = await pair(listen, patience=0.6)
    for fault, after, unsure in (
        (Fault("refuse", error="internal_error"), 0.0, True),
        (Fault("limit", seconds=7), 7.0, False),
        (Fault("limit_bare"), 0.0, False),
        (Fault("busy"), 0.0, True),
        (Fault("drop"), 0.0, True),
        (Fault("timeout", seconds=2), 0.0, True),
    ):
        stand_in.faults.pull(fault)
        failed = await channel.send(message(key=fault.fault))
        assert isinstance(failed, Failed)
        assert not failed.final
        assert (failed.after, failed.unsure) == (after, unsure), fault


async def test_too_many_in_one_channel_are_asked_to_wait(listen: Listen) -> None:
    channel, _ = await pair(listen, burst=2)
    answers = [await channel.send(message(key=f"I1/{n}")) for n in range(3)]
    assert isinstance(answers[2], Failed)
    assert answers[2].after >= 1


async def test_a_channel_of_the_incident_is_opened_once(listen: Listen) -> None:
    channel, _ = await pair(listen)
    first = await channel.open_channel("INC-2026-02-03", "API down")
    assert isinstance(first, Sent)
    again = await channel.open_channel("inc-2026-02-03")
    assert isinstance(again, Sent)
    assert again.reference == first.reference


async def test_it_proves_its_token_without_a_post(listen: Listen) -> None:
    channel, stand_in = await pair(listen)
    assert await channel.prove() == "warroom in gameday"
    assert not any(stand_in.messages.values())
