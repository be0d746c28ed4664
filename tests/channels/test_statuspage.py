"""Posts for the public: one incident there, updates of it, never the same words twice."""

from msgspec.structs import replace

from channels.conftest import Listen
from channels.intents import message
from hand import HandClock
from warroom.channels.statuspage import Statuspage
from warroom.channels.web import Web
from warroom.core.outbox import Intent
from warroom.core.ports import Failed, Sent
from warroom.gameday.faults import Fault
from warroom.gameday.statuspage import PAGE
from warroom.gameday.statuspage import Statuspage as StandIn


async def pair(listen: Listen, a_minute: int = 0, page: str = PAGE) -> tuple[Statuspage, StandIn]:
    stand_in = StandIn(HandClock().now, "token", a_minute=a_minute)
    url = await listen(stand_in.app())
    return Statuspage(Web(5.0), "token", page, f"{url}/v1"), stand_in


def post(text: str, status: str = "investigating", linked: str = "") -> Intent:
    return message(text, service="statuspage", channel="Status Page", subject="Elevated errors", status=status, public=True, linked=linked)


async def test_the_first_opens_an_incident_and_the_next_are_updates_of_it(listen: Listen) -> None:
    channel, stand_in = await pair(listen)
    first = await channel.send(post("We are looking into it."))
    assert first == Sent("sp000001")
    assert await channel.send(post("The cause is known.", "identified", "sp000001")) == Sent("sp000001")
    assert await channel.send(post("It works again.", "resolved", "sp000001")) == Sent("sp000001")
    (incident,) = stand_in.incidents
    assert [one["body"] for one in incident["incident_updates"]] == ["It works again.", "The cause is known.", "We are looking into it."]
    assert incident["status"] == "resolved"
    assert stand_in.mailed == 0
    assert await channel.find(post("It works again.", "resolved", "sp000001")) == Sent("sp000001")
    assert await channel.find(replace(post("It broke again."), linked="sp000001")) is None


async def test_a_lost_answer_is_read_back(listen: Listen) -> None:
    channel, stand_in = await pair(listen)
    intent = post("We are looking into it.")
    assert await channel.find(intent) is None
    stand_in.faults.pull(Fault("lost", path="/incidents"))
    assert isinstance(await channel.send(intent), Failed | Sent)
    stand_in.faults.reset()
    if not stand_in.incidents:  # the question before the post was what got lost
        await channel.send(intent)
    assert await channel.find(intent) == Sent("sp000001")


async def test_refusals(listen: Listen) -> None:
    channel, _ = await pair(listen)
    failed = await channel.send(post("x", "fine"))
    assert isinstance(failed, Failed)
    assert failed.final
    assert "fine" in failed.why
    elsewhere, _ = await pair(listen, page="other")
    assert isinstance(await elsewhere.prove(), Failed)
    limited, _ = await pair(listen, a_minute=1)
    await limited.prove()
    waits = await limited.send(post("x"))
    assert isinstance(waits, Failed)
    assert not waits.final
    assert not waits.unsure
