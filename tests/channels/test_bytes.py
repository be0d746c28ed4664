"""Done when: what each of the runbook's messages becomes is, byte for byte, what its channel gets."""

from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from channels.conftest import Listen
from core.story import Story
from core.test_messages import BOOK, NAMES, filled, night
from hand import HandClock
from warroom.channels.mail import Mail
from warroom.channels.slack import Slack
from warroom.channels.statuspage import Statuspage
from warroom.channels.web import Web
from warroom.core.acts.hypotheses import AnswerTriage
from warroom.core.acts.incident import Resolve, Restore
from warroom.core.acts.messages import Send
from warroom.core.outbox import Intent, outbox
from warroom.core.ports import Sent
from warroom.gameday.slack import Slack as SlackStandIn
from warroom.gameday.statuspage import PAGE
from warroom.gameday.statuspage import Statuspage as PageStandIn
from warroom.runbook.sections.templates import placeholders

TOKEN = "xoxb-drill"
TYPED = "said by [people] & <others>, **déjà vu**"


def asked(name: str) -> tuple[Story, Intent]:
    """Two keys where it is public; the intent is what the sender follows."""
    story = night("P1")
    story.does(1, AnswerTriage("what", "jobs [with] a budget fail"))
    story.does(1, AnswerTriage("who", "all who train"))
    story.does(5, Restore("rolled back"))
    story.does(6, Resolve())
    given = dict.fromkeys(filled(story, name, 7).unfilled, TYPED)
    story.does(7, Send(filled(story, name, 7, given), ("it may be",), "drill", "a"))
    if not story.incident.sendings:
        story.does(8, Send(filled(story, name, 8, given), (), "drill", "b"), by="bob")
    (one,) = outbox(story.incident)
    return story, one.intent


@pytest.mark.parametrize("name", NAMES)
async def test_the_very_bytes_and_no_bracket_of_the_runbook(name: str, listen: Listen, tmp_path: Path) -> None:
    story, intent = asked(name)
    shown = filled(story, name, 7, dict.fromkeys(filled(story, name, 7).unfilled, TYPED))
    assert intent.text == shown.text
    got = await received(intent, listen, tmp_path)
    assert got.encode() == shown.text.encode()
    kept = got.replace("[people]", "").replace("<others>", "").replace("[with]", "").replace("[Customer Name]", "")
    assert placeholders(kept) == ()
    assert BOOK.templates


async def received(intent: Intent, listen: Listen, folder: Path) -> str:
    web = Web(patience=0.4)
    match intent.service:
        case "slack":
            chat = SlackStandIn(HandClock().now, TOKEN)
            url = await listen(chat.app())
            assert isinstance(await Slack(web, TOKEN, f"{url}/api").send(intent), Sent)
            (post,) = chat.state()["channels"]["incident-comms"]
            return str(post["text"])
        case "statuspage":
            page = PageStandIn(HandClock().now, TOKEN)
            url = await listen(page.app())
            assert isinstance(await Statuspage(web, TOKEN, PAGE, f"{url}/v1").send(intent), Sent)
            (incident,) = page.state()["incidents"]
            return str(incident["incident_updates"][0]["body"])
    await Mail(folder).send(intent)
    (file,) = folder.glob("*.eml")
    letter = message_from_bytes(file.read_bytes(), policy=SMTP)
    assert letter["Subject"] == intent.subject
    return str(letter.get_content()).replace("\r\n", "\n").rstrip("\n")
