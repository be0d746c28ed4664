"""Whose logs the console follows: as the settings say, else the runbook's own command."""

from pathlib import Path
from typing import Any

import pytest

from hand import HandClock
from warroom.cli.logs import logs_feed
from warroom.cli.out import Mistake
from warroom.core.acts.incident import Declare
from warroom.core.entries import RunbookText
from warroom.feeds.access import Access
from warroom.feeds.source import Source
from warroom.journal.memory import MemoryJournal
from warroom.room import Room
from warroom.settings import Settings, SettingsTrouble, read_settings

BOOK = RunbookText(text="# Ours\n\n## Look\n\n```bash\nkubectl logs -l app=books --tail=9\n```\n", sha256="0" * 64)


async def room_of(hand: HandClock) -> Room:
    room = await Room.open(MemoryJournal(), BOOK, hand, "ada")
    await room.do(Declare(title="x", runbook=BOOK))
    return room


@pytest.mark.parametrize(
    ("given", "selectors"),
    [
        ({}, ("app=books",)),
        ({"selector": "app=mine"}, ()),
        ({"log_selector": "app=logs"}, ("app=logs",)),
        ({"selector": "app=mine", "log_selector": "tier in (web)"}, ("tier in (web)",)),
    ],
)
async def test_whose_logs(hand: HandClock, given: dict[str, Any], selectors: tuple[str, ...]) -> None:
    feed = logs_feed(Settings(**given, log_streams=7), await room_of(hand), Source.of(Access(), hand, hand.sleep))
    assert tuple(feed.wish.selectors()) == selectors
    assert feed.wish.most == 7
    assert feed.wish.start() == hand.now()


async def test_a_selector_that_is_none_is_told_with_its_place(hand: HandClock) -> None:
    settings = Settings(log_selector="a=b=c", sources={"log_selector": "/etc/w.toml"})
    with pytest.raises(Mistake, match=r"log_selector as set by /etc/w\.toml: `a=b=c` is no part"):
        logs_feed(settings, await room_of(hand), Source.of(Access(), hand, hand.sleep))


@pytest.mark.parametrize("number", ["0", "many", "1001"])
def test_a_number_of_streams_that_cannot_be(monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    monkeypatch.setenv("WARROOM_LOG_STREAMS", number)
    with pytest.raises(SettingsTrouble, match="log_streams as set by WARROOM_LOG_STREAMS is not valid"):
        read_settings({}, Path.cwd())
