"""A handoff: offered, signed, and no clock begins anew."""

from core.books import BOOK
from core.story import Story
from warroom.core.acts.handover import Accept, HandOver
from warroom.core.acts.people import TakeRole
from warroom.core.entries import Accepted, HandedOver

IC, TL = "Incident Commander", "Technical Lead"


def night() -> Story:
    story = Story(BOOK)
    story.declares(2, alerted=0)
    story.does(3, TakeRole("ic", "ada"))
    story.does(3, TakeRole("tl", "ada"))
    return story


def test_roles_move_with_the_signature_and_not_before() -> None:
    story = night()
    (offer,) = story.does(20, HandOver("kim", "end of shift"))
    assert offer.fact == HandedOver(to="kim", roles=(IC, TL), why="end of shift")
    assert story.incident.roles == {IC: "ada", TL: "ada"}
    assert story.incident.handoff == offer
    signed, *moved = story.does(22, Accept("jobs fail"), by="kim")
    assert signed.fact == Accepted(handed=offer.id, text="jobs fail")
    assert len(moved) == 2
    assert story.incident.roles == {IC: "kim", TL: "kim"}
    assert story.incident.handoff is None


def test_no_clock_begins_anew() -> None:
    story = night()
    before = {one.id: (one.due, one.state) for one in story.deadlines(30)}
    story.does(20, HandOver("kim"))
    story.does(22, Accept(), by="kim")
    assert {one.id: (one.due, one.state) for one in story.deadlines(30)} == before


def test_only_whom_it_names_can_sign() -> None:
    story = night()
    story.does(20, HandOver("kim"))
    assert "sign as kim" in story.refused(21, Accept(), by="tom").why
    story.does(21, HandOver("tom"))  # the last offer is the one
    story.does(22, Accept(), by="Tom")
    assert story.incident.roles[IC] == "tom"


def test_what_cannot_be_handed_over() -> None:
    story = night()
    assert "name who takes over" in story.refused(20, HandOver("Ada")).why
    assert "--to NAME" in story.refused(20, HandOver(" ")).why
    assert "ada is Incident Commander" in story.refused(20, HandOver("kim"), by="tom").why
    assert "nobody has handed over" in story.refused(20, Accept(), by="kim").why
    story.does(20, HandOver("kim"))
    assert "waits for kim's signature" in story.refused(21, HandOver("kim")).why


def test_who_hands_over_where_nobody_commands_did() -> None:
    story = Story(BOOK)
    story.declares(0)
    story.does(1, HandOver("kim"))
    story.does(2, Accept(), by="kim")
    assert story.incident.roles == {IC: "kim"}


def test_a_role_that_a_third_took_meanwhile_stays() -> None:
    story = night()
    story.does(20, HandOver("kim"))
    story.does(21, TakeRole("tl", "tom"), by="tom")
    story.does(22, Accept(), by="kim")
    assert story.incident.roles == {IC: "kim", TL: "tom"}
