"""Hypotheses and calls from the keyboard."""

from ui.console import text_of, until
from ui.night import Night
from warroom.core.acts.hypotheses import AnswerTriage, Propose
from warroom.core.entries import Called
from warroom.core.hypotheses import hypotheses
from warroom.core.team import Person, Team
from warroom.ui.cards.call import CallCard
from warroom.ui.cards.hypotheses import HypothesesCard


async def test_a_hypothesis_is_proposed_tested_and_confirmed() -> None:
    night = await Night().declared()
    app = night.console()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("Y")
        await until(pilot, lambda: isinstance(app.screen, HypothesesCard))
        await pilot.press("tab", "tab", *"[red]release", "enter")
        await until(pilot, lambda: "hypothesis_proposed" in night.kinds)
        await until(pilot, lambda: "[red]release" in "\n".join(text_of(app, "#board")))
        await pilot.press("enter")
        await until(pilot, lambda: "hypothesis_judged" in night.kinds)
        (one,) = hypotheses(night.room.incident)
        assert (one.state, one.owner) == ("testing", "ada")


async def test_confirmed_wants_to_know_why() -> None:
    night = await Night().declared()
    await night.does(Propose("the release"))
    app = night.console()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("Y")
        await until(pilot, lambda: isinstance(app.screen, HypothesesCard))
        await pilot.press("tab", "3", "enter")
        await until(pilot, lambda: "--reason" in getattr(app.screen, "trouble", ""))
        await pilot.press("tab", *"gone", "enter")
        await until(pilot, lambda: "hypothesis_judged" in night.kinds)
        assert hypotheses(night.room.incident)[0].state == "confirmed"


async def test_whoever_is_not_reached_is_followed_by_the_next() -> None:
    night = await Night().declared(severity="P1")
    await night.does(AnswerTriage("who", "all who train"))
    app = night.console()
    app.team = Team(people=(Person(name="Vera", titles=("VP Engineering",), phone="+49 30 7"),))
    async with app.run_test(size=(120, 36)) as pilot:
        app.action_card("call", "L4")
        await until(pilot, lambda: isinstance(app.screen, CallCard))
        assert "+49 30 7" in "\n".join(text_of(app, "#contacts"))
        await pilot.press("tab", *"decide on the failover", "tab", "2", "enter")
        await until(pilot, lambda: "called" in night.kinds)
        await until(pilot, lambda: "next is CTO" in getattr(app.screen, "trouble", ""))
        fact = night.room.incident.calls[0].fact
        assert isinstance(fact, Called)
        assert (fact.contact, fact.person, fact.outcome) == ("L4", "Vera", "voicemail")
        await pilot.press("1", "enter")
        await until(pilot, lambda: not isinstance(app.screen, CallCard))
        assert night.kinds.count("called") == 2
