"""Templates filled: by the incident, by people, in the channel's own dialect; and who may send what."""

from datetime import timedelta

import pytest

from core.story import Story
from warroom.core.acts.checklists import Tick
from warroom.core.acts.hypotheses import AnswerTriage, Judge, Propose
from warroom.core.acts.incident import Resolve, Restore
from warroom.core.acts.messages import Send, key_of
from warroom.core.acts.people import TakeRole
from warroom.core.acts.phases import SetPhase
from warroom.core.acts.severity import SetSeverity
from warroom.core.acts.timeline import Note
from warroom.core.entries import MessageProposed, MessageQueued
from warroom.core.messages import Message, difference, fill, find_template, said_before
from warroom.core.team import Person, Team
from warroom.library import default_runbook, read_text
from warroom.runbook.model import Runbook, Template
from warroom.runbook.sections.templates import placeholders

BOOK: Runbook = read_text(default_runbook()[0])
TEAM = Team(
    people=(Person(name="Ada Park", login="ada", slack="U1"), Person(name="Tom")),
    war_room="https://zoom.example/j/1",
    groups={"oncall": "S9"},
)
NAMES = (
    "Incident Declared",
    "Incident Update",
    "Incident Resolved",
    "Investigating",
    "Identified",
    "Resolved",
    "Customer Email Template (P1 Only)",
)


def night(level: str = "P2", alerted: float = -16) -> Story:
    story = Story(BOOK)
    story.declares(0, "tensafe-server failing", level, alerted)
    story.does(0, TakeRole("ic", "ada"))
    return story


def filled(story: Story, name: str, minute: float = 0, given: dict[str, str] | None = None, *, unknown: bool = False) -> Message:
    template = find_template(BOOK, name)
    assert isinstance(template, Template), template
    return fill(template, story.incident, BOOK, TEAM, story.at(minute), given, unknown=unknown)


def values(message: Message) -> dict[str, str]:
    return {blank.name: blank.text for blank in message.blanks}


def test_declared_says_what_is_known_in_slacks_dialect() -> None:
    story = night()
    story.does(0, AnswerTriage("what", "jobs with a DP budget fail <at start>"))
    story.does(0, AnswerTriage("who", "R&D"))
    message = filled(story, "incident declared")
    assert message.text == (
        ":rotating_light: INCIDENT DECLARED - P2\n\n"
        "*Summary*: jobs with a DP budget fail &lt;at start&gt;\n*Impact*: R&amp;D\n*Status*: Investigating\n\n"
        "*Incident Commander*: <@U1>\n*War Room*: https://zoom.example/j/1\n\n"
        "More follows here every 30 minutes."
    )
    assert (message.channel, message.service, message.public, message.unfilled, message.nobody) == (
        "#incident-comms",
        "slack",
        False,
        (),
        (),
    )
    assert message.promised == story.at(30)


def test_the_war_room_is_for_some_levels_and_p4_has_no_number() -> None:
    third = filled(night("P3"), "incident declared")
    assert "War Room" not in third.text
    assert third.unfilled == ("who/what is affected", "15/30")
    fourth = filled(night("P4"), "incident declared")
    assert "1/2/3" in fourth.unfilled


def test_an_update_counts_from_the_alert_and_promises_the_next() -> None:
    story = night("P1")
    story.does(2, Note("errors fall since 2.8.0 is back", progress=True))
    story.does(3, SetPhase(3))
    message = filled(story, "incident update", 9, {"current actions": "watching"})
    assert message.text == (
        ":warning: INCIDENT UPDATE - P1 - 00:25\n\n*Current Status*: Mitigating\n"
        "*What we know*: errors fall since 2.8.0 is back\n*What we're doing*: watching\n*Next update*: 03:16 UTC"
    )
    assert message.promised == (story.at(9) + timedelta(minutes=15)).replace(second=0)
    assert filled(story, "incident update", 25 * 60).text.startswith(":warning: INCIDENT UPDATE - P1 - 25:16")


def test_what_is_suspected_is_said_as_that_and_what_is_confirmed_as_the_cause() -> None:
    story = night()
    story.does(1, Propose("release 2.8.1"))
    assert "latest findings" in filled(story, "incident update").unfilled
    story.does(2, Judge("release", "testing"))
    assert values(filled(story, "incident update"))["latest findings"] == "we suspect: release 2.8.1"
    story.does(3, Judge("release", "confirmed", "gone"))
    assert values(filled(story, "incident update"))["latest findings"] == "release 2.8.1"
    assert values(filled(story, "identified"))["high-level explanation"] == "release 2.8.1"


def test_typed_brackets_stay_and_are_no_placeholders() -> None:
    message = filled(night(), "incident update", 0, {"latest findings": "[ERROR] [time] **all** a@b.io", "current actions": "[name]"})
    assert "*What we know*: [ERROR] [time] *all* a@b.io\n*What we're doing*: [name]" in message.text
    assert message.unfilled == ()


def test_a_choice_takes_one_and_p_is_not_doubled() -> None:
    message = filled(night(), "incident update", 0, {"x": "P1"})
    assert "UPDATE - P1 -" in message.text
    assert filled(night(), "incident update").blanks[2].choices == ("Investigating", "Mitigating", "Monitoring")
    assert filled(night(), "incident update", 0, {"investigating/mitigating/monitoring": "asleep"}).blanks[2].wants


def test_a_name_without_an_id_is_named() -> None:
    story = night()
    story.does(1, TakeRole("ic", "tom"))
    message = filled(story, "incident declared", 0, {"who/what is affected": "x"})
    assert "*Incident Commander*: @Tom" in message.text
    assert message.nobody == ("Tom",)
    told = filled(night(), "incident update", 0, {"latest findings": "@oncall and @kim", "current actions": "x"})
    assert "<!subteam^S9> and @kim" in told.text
    assert told.nobody == ("kim",)


def test_midnight_gives_dates_and_utc_is_said_once() -> None:
    story = night("P1", alerted=-180)
    story.does(10, Restore("rolled back"))
    mail = filled(story, "customer")
    assert "On 2026-02-02, from 2026-02-02 23:52 to 2026-02-03 03:02 UTC" in mail.text
    assert mail.subject == "TenSafe Service Incident - 2026-02-02"
    assert "Dear [Customer Name],\n" in mail.text
    assert "customer name" not in mail.unfilled
    chat = filled(story, "incident resolved")
    assert "2026-02-02 23:52 UTC - 2026-02-03 03:02 UTC (3 hours 10 minutes)" in chat.text
    assert "a time to be scheduled by 2026-02-05 03:02 UTC" in chat.text


@pytest.mark.parametrize("name", NAMES)
def test_no_bracket_of_the_runbook_is_left(name: str) -> None:
    """Done-when 3: what is asked for is filled, and only the field of a merge stays."""
    story = night("P1")
    story.does(1, AnswerTriage("what", "jobs [with] a budget fail"))
    story.does(1, AnswerTriage("who", "all who train"))
    story.does(5, Restore("rolled back"))
    story.does(6, Resolve())
    first = filled(story, name, 7)
    message = filled(story, name, 7, dict.fromkeys(first.unfilled, "said by [people]"))
    text = message.text.replace("[Customer Name]", "").replace("[people]", "").replace("[with]", "")
    assert message.unfilled == ()
    assert placeholders(text) == ()
    assert "[" not in text


def test_unknown_is_said_inside_and_never_outside() -> None:
    story = night()
    inside = filled(story, "incident update", unknown=True)
    assert inside.text.count("unknown at this time") == 2
    assert filled(story, "identified", unknown=True).unfilled == ("high-level explanation", "timeframe")


def test_every_name_of_a_message_finds_it() -> None:
    shorter = ("customer", "incident upd", "slack incident res", "statuspage res")
    found = [getattr(find_template(BOOK, name), "title", "") for name in (*NAMES, *shorter)]
    assert found == [*NAMES, NAMES[6], "Incident Update", "Incident Resolved", "Resolved"]
    assert "more than one" in str(find_template(BOOK, "incident"))
    assert "send Identified" in str(find_template(BOOK, "monitoring"))
    assert "it has" in str(find_template(BOOK, "poem"))


# Sending.


def test_inside_it_goes_out_at_once_and_not_twice() -> None:
    story = night()
    message = filled(story, "incident update", 0, {"latest findings": "a", "current actions": "b"})
    (queued,) = story.does(1, Send(message))
    assert isinstance(queued.fact, MessageQueued)
    assert (queued.fact.text, queued.fact.channel, queued.fact.promised) == (message.text, "#incident-comms", message.promised)
    assert queued.fact.key == key_of(message.text, message)
    assert "was told just that at 02:53:18" in story.refused(2, Send(message)).why
    assert said_before(story.incident, "Incident Update", "#incident-comms (Slack)") == queued


def test_what_is_not_filled_does_not_go() -> None:
    story = night()
    assert "`--unknown`" in story.refused(1, Send(filled(story, "incident update"))).why
    outside = story.refused(1, Send(filled(story, "identified"))).why
    assert "high-level explanation, timeframe" in outside
    assert "--unknown" not in outside


def test_what_may_not_be_true_takes_a_reason() -> None:
    story = night()
    message = filled(story, "incident update", 0, {"latest findings": "all is well", "current actions": "b"})
    assert "errors are 3 %" in story.refused(1, Send(message, ("all is well: errors are 3 %",))).why
    (queued,) = story.does(1, Send(message, ("all is well: errors are 3 %",), "the figures lag"))
    assert getattr(queued.fact, "against", "") == "all is well: errors are 3 %: the figures lag"


def test_the_public_is_told_with_two_keys() -> None:
    story = night()
    first, later = filled(story, "investigating", 1), filled(story, "investigating", 3)
    assert first.text != later.text
    (proposed,) = story.does(1, Send(first, hand="ada@box"))
    assert isinstance(proposed.fact, MessageProposed)
    assert not story.incident.sendings
    assert "waits for its second key" in story.refused(1.1, Send(first, hand="ada@box")).why
    assert "waits" in story.refused(1.1, Send(first, hand="ada@box"), by="bob").why  # a name alone is a claim
    (queued,) = story.does(1.2, Send(later, hand="bob@box"), by="bob")
    assert isinstance(queued.fact, MessageQueued)
    assert (queued.fact.text, queued.fact.proposal, queued.fact.public, queued.fact.status) == (
        first.text,
        proposed.id,
        True,
        "investigating",
    )


def test_alone_after_a_while_with_a_reason() -> None:
    story = night()
    story.does(1, Send(filled(story, "investigating", 1), hand="ada@box"))
    again = filled(story, "investigating", 2)
    assert "alone" in story.refused(2, Send(again, hand="ada@box")).why
    (queued,) = story.does(2, Send(again, hand="ada@box", reason="nobody is awake"))
    assert getattr(queued.fact, "against", "") == "second key: nobody is awake"


def test_other_words_are_another_first_key() -> None:
    story = night()
    story.does(1, Send(filled(story, "identified", 1, {"timeframe": "1 h", "high-level explanation": "x"}), hand="a"))
    (again,) = story.does(2, Send(filled(story, "identified", 2, {"timeframe": "2 h", "high-level explanation": "x"}), hand="b"), by="bob")
    assert again.kind == "message_proposed"


def test_a_breach_is_legals_too_and_fills_in_nothing() -> None:
    story = night("P1")
    story.does(1, AnswerTriage("what", "keys leaked"))
    item = next(item for level in BOOK.severities for item in level.criteria if "breach confirmed" in item.text.casefold())
    story.does(1, Tick(item.id))
    story.does(2, AnswerTriage("who", "all"))
    assert "brief impact summary" in filled(story, "resolved").unfilled
    story.does(3, Send(filled(story, "investigating", 3), hand="ada@box"))
    assert "Legal" in story.refused(4, Send(filled(story, "investigating", 4), hand="bob@box"), by="bob").why


def test_customers_get_a_mail_once_it_is_over_and_if_it_ever_was_the_worst() -> None:
    story = night("P2")
    given = dict.fromkeys(filled(story, "customer").unfilled, "x")
    assert "P1 only" in story.refused(1, Send(filled(story, "customer", 1, given))).why
    story.does(2, SetSeverity("P1", "all"))
    assert "resolve" in story.refused(3, Send(filled(story, "customer", 3, given))).why
    story.does(4, SetSeverity("P2", "half"))
    story.does(5, Resolve())
    (proposed,) = story.does(6, Send(filled(story, "customer", 6, given), hand="a"))
    assert proposed.kind == "message_proposed"


def test_a_difference_is_lines() -> None:
    assert difference("a\nb\n", "a\nc\n\n") == ("- b", "+ c")


def test_the_ways_to_declare_are_messages_too() -> None:
    story = night("P1")
    story.does(1, AnswerTriage("what", "jobs [x] fail"))
    by_hand = filled(story, "option 2")
    assert (by_hand.service, by_hand.unfilled) == ("hand", ())
    assert by_hand.text.splitlines() == ["/incident create", "Title: jobs [x] fail", "Severity: P1"]
    chat = filled(story, "option 3")
    assert (chat.channel, chat.unfilled) == ("#incident-active", ())
    assert chat.text == "<!subteam^S9> Declaring incident: jobs [x] fail\nSeverity: P1\nInitial symptoms: jobs [x] fail"
