"""Escalating and the outbox as commands, against the services that stand in."""

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest

from channels.night import TOKEN, served
from cli.conftest import Cli
from warroom.clock import SystemClock
from warroom.gameday.faults import Fault
from warroom.gameday.pagerduty import SENDER, Pagerduty
from warroom.gameday.slack import Slack
from warroom.gameday.statuspage import PAGE, Statuspage

Services = tuple[Slack, Statuspage, Pagerduty]


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """In a thread of their own, since a command has the loop of this one."""
    now = SystemClock().now
    found = (Slack(now, TOKEN), Statuspage(now, TOKEN), Pagerduty(now, TOKEN))
    loop, up, ends = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    urls: list[str] = []

    async def serve() -> None:
        async with served(*found) as given:
            urls.extend(given)
            up.set()
            await ends.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert up.wait(20)
    slack, page, pager = urls
    for name, value in {
        "SLACK_API": slack,
        "SLACK_TOKEN": TOKEN,
        "STATUSPAGE_API": page,
        "STATUSPAGE_TOKEN": TOKEN,
        "STATUSPAGE_PAGE": PAGE,
        "PAGERDUTY_API": pager,
        "PAGERDUTY_EVENTS_API": f"{pager}/v2",
        "PAGERDUTY_TOKEN": TOKEN,
        "PAGERDUTY_FROM": SENDER,
    }.items():
        monkeypatch.setenv(f"WARROOM_{name}", value)
    yield found
    stop: Callable[[], object] = ends.set
    loop.call_soon_threadsafe(stop)
    thread.join(20)


def test_a_page_goes_to_its_level_and_is_read_back(cli: Cli, declared: str, services: Services) -> None:
    ran = cli("escalate", "L2", "--help-needed", "decide on the rollback", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert (ran.json["kind"], ran.json["by"]) == ("page_sent", "outbox")
    assert [(one["to"], one["level"]) for one in services[2].pages] == [("ada", 1), ("grace", 2)]
    assert "needed: decide on the rollback" in cli("outbox", "--json").json[0]["text"]
    (one,) = cli("outbox", "--json").json
    assert (one["state"], one["attempts"], one["last_error"], one["kind"]) == ("confirmed", 1, None, "page")
    assert {"id", "channel", "state", "attempts", "created", "last_error"} <= set(one)
    assert cli("escalate", "Secondary On-Call").code == 1
    assert len(services[2].pages) == 2


def test_what_cannot_be_sent_says_not_sent_and_what_to_do(cli: Cli, declared: str, services: Services) -> None:
    ran = cli("escalate", "Security")
    assert ran.code == 1
    assert ran.err.startswith("warroom: NOT SENT: ")
    assert "pagerduty.targets" in ran.err
    assert TOKEN not in ran.err + ran.out
    (one,) = cli("outbox", "--json").json
    assert one["state"] == "failed"
    assert cli("outbox").out.startswith("NOT SENT")
    assert cli("outbox", "drop", one["id"]).code == 2
    assert cli("outbox", "drop", one["id"], "--reason", "they are on the bridge").code == 0
    assert cli("outbox", "--json").json[0]["state"] == "dropped"


def test_retry_sends_it_and_a_slow_service_is_no_failure(cli: Cli, declared: str, services: Services) -> None:
    services[2].faults.pull(Fault("refuse", path="/incidents", error="not today"))
    ran = cli("escalate", "L3", "--json")
    assert ran.code == 1
    pager, phone = cli("outbox", "--json").json
    assert (pager["state"], pager["service"], phone["state"], phone["service"]) == ("failed", "pagerduty", "queued", "hand")
    assert cli("outbox", "retry", pager["id"][-8:], "--json").json["state"] == "confirmed"
    assert cli("outbox", "retry", pager["id"]).code == 1


def test_who_is_telephoned_is_called_by_a_person(cli: Cli, declared: str, services: Services) -> None:
    ran = cli("escalate", "L4")
    assert ran.code == 0
    assert "call VP Engineering and read this to them" in ran.err
    (one,) = cli("outbox", "--json").json
    assert cli("outbox", "confirm", one["id"]).code == 0
    assert cli("outbox", "--json").json[0] | {"state": "sent", "by_hand": True} == cli("outbox", "--json").json[0]
    assert any(one["id"] == "contact:l4" for one in cli("deadlines", "--json").json)


def test_without_a_token_the_steps_are_told_and_nothing_is_lost(cli: Cli, declared: str) -> None:
    ran = cli("escalate", "L2")
    assert ran.code == 0
    assert "1. open the incident in PagerDuty; 2. " in ran.err
    assert "choose the level 2 for Secondary On-Call" in ran.err
    assert cli("outbox", "--json").json[0]["state"] == "queued"


def test_in_a_drill_nothing_leaves_this_machine(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARROOM_PAGERDUTY_TOKEN", "real-token")
    assert cli("declare", "a drill", "--severity", "P1", "--drill").code == 0
    ran = cli("escalate", "L2")
    assert ran.code == 1
    assert "only to this machine, not to https://api.pagerduty.com" in ran.err


def test_mistakes_are_two_and_say_what_there_is(cli: Cli, declared: str) -> None:
    for words, told in (
        (("escalate", "the boss"), "L1 (On-Call Engineer)"),
        (("outbox", "send", "x"), "warroom outbox retry ID"),
        (("outbox", "retry", "x"), "is nothing in the outbox"),
        (("cancel", "ack", "--reason", "x"), "is not announced"),
    ):
        ran = cli(*words)
        assert ran.code == 2, words
        assert told in ran.err


def test_a_token_goes_over_no_plain_line(cli: Cli, declared: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARROOM_SLACK_TOKEN", "xoxb-1")
    monkeypatch.setenv("WARROOM_SLACK_API", "http://slack.example/api")
    ran = cli("escalate", "L2")
    assert ran.code == 2
    assert "https" in ran.err
    assert "xoxb-1" not in ran.err


def test_doctor_proves_them_without_sending(cli: Cli, services: Services) -> None:
    checks = {check["what"]: check for check in cli("doctor", "--json").json}
    assert [checks[name]["ok"] for name in ("pagerduty", "slack", "statuspage", "mail")] == [True] * 4
    assert "warroom in gameday" in checks["slack"]["detail"]
    assert not any(services[0].messages.values())
    assert services[2].incidents == []
