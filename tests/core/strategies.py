"""Any story of an incident, for Hypothesis: acts of all kinds at any minute, refused ones left out."""

from datetime import timedelta

from hypothesis import strategies as st

from core.books import BOOK
from core.story import TEXT, Story
from warroom.core.acts import Act, Refusal
from warroom.core.acts.checklists import Tick, Untick
from warroom.core.acts.clocks import Answer, Snooze
from warroom.core.acts.evidence import Pin
from warroom.core.acts.incident import Acknowledge, Close, Declare, Reopen, Resolve, Restore
from warroom.core.acts.people import TakeRole
from warroom.core.acts.phases import SetPhase
from warroom.core.acts.severity import SetSeverity
from warroom.core.acts.timeline import AddAction, Amend, Badly, Move, Note, Strike, Well

HOSTILE = ("[Incident Title]", "HH:MM", "a|b", "| --- |", "```", "<!--", "-->", "\x1b[31m", "{{x}}", "\u202eabc", "# x", "- [ ] y", "a\\")
# Lone surrogates cannot be typed; everything else can, or comes out of a clipboard.
typed = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
    st.text("|\\`*_[]<>&#-+~\n\r\t1.)!:$ a@", min_size=1, max_size=30),
    st.sampled_from(HOSTILE),
)
people = st.sampled_from(["ada", "tom", "kim | <b>", "[name]"])
items = st.sampled_from([item.id for item in BOOK.items()])
references = st.integers(1, 30).map(str)
deadline_ids = st.sampled_from(
    ["ack", "respond", "update", "phase:1", "phase:2", "postmortem", *(f"trigger:{t.id}" for t in BOOK.escalation.triggers)]
)

acts: st.SearchStrategy[Act] = st.one_of(
    st.builds(Tick, items),
    st.builds(Untick, items),
    st.builds(Note, typed, st.booleans()),
    st.builds(Amend, references, typed),
    st.builds(Strike, references, typed),
    st.builds(SetSeverity, st.sampled_from(["P1", "P2", "P3", "P4"]), typed),
    st.builds(SetPhase, st.integers(1, 4)),
    st.builds(TakeRole, st.sampled_from(["ic", "cl", "tl"]), st.one_of(people, st.just(""))),
    st.builds(Acknowledge),
    st.builds(Restore, typed),
    st.builds(Resolve, typed),
    st.builds(Close, st.booleans()),
    st.builds(Reopen, typed),
    st.builds(Answer, deadline_ids, st.sampled_from(["told", "sent", "not needed", "final"]), typed),
    st.builds(Snooze, deadline_ids, st.integers(1, 30).map(lambda minutes: timedelta(minutes=minutes)), typed),
    st.builds(Well, typed),
    st.builds(Badly, typed),
    st.builds(Pin, st.sampled_from(["pod", "output"]), typed, typed),
    st.builds(AddAction, typed, st.one_of(people, st.just("")), st.sampled_from(["", "2026-02-17"]), st.sampled_from(["", "P1"])),
)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    story, minute = Story(BOOK), 0.0
    level = draw(st.one_of(st.none(), st.sampled_from(["P1", "P2", "P3"])))
    story.does(0, Declare(title=draw(typed.filter(str.strip)), runbook=TEXT, severity=level, symptoms=draw(typed)))
    for _ in range(draw(st.integers(0, 14))):
        minute += draw(st.integers(0, 40))
        by = draw(people)
        act = draw(st.one_of(acts, st.builds(Move, references, st.integers(-20, int(minute)).map(story.at))))
        decision = story.tries(minute, act, by)
        if not isinstance(decision, Refusal):
            story.records(minute, *decision, by=by)
    return story
