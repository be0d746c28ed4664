"""Whether a message is true: its claims held against what is measured, recorded, and was said before."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from warroom.core.claim import KINDS, Claims, Doubt, least, ticked
from warroom.core.figures import spelled
from warroom.core.hypotheses import hypotheses
from warroom.core.inside import inside
from warroom.core.said import figures, recorded, said_before
from warroom.core.triage import answer


def doubts(claims: Claims) -> tuple[Doubt, ...]:
    """Each once, in the order of what matters most."""
    found = [doubt for check in CHECKS for doubt in check(claims)]
    return tuple({(one.code, one.fact): one for one in reversed(found)}.values())[::-1]


# What is said to be over.

HEDGE = re.compile(
    r"\b(?:not|isn't|aren't|n't|never|until|once|when|if|whether|should|will|would|may|might|hope|expect\w*"
    r"|before|aim\w*|working (?:on|to)|trying"
    r"|try|towards?|return(?:ing)? to|restoring|confirm(?:ing)? that|partly|partially|some of|most of|unless"
    r"|yet|close to|almost|nearly)\b",
    re.IGNORECASE,
)
WELL = re.compile(
    r"\b(?:operating|operational|running|working|behaving|functioning|performing)\s+(?:as\s+)?(?:normal(?:ly)?"
    r"|usual|expected|fine|properly|correctly|well)\b"
    r"|\bback to normal\b|\bfully (?:operational|restored|recovered|functional)\b|\ball (?:is|looks) (?:well|good|green)\b|\ball clear\b"
    r"|\b(?:service|system|issue|incident|problem|outage|everything|platform|api)s?\b[^.]{0,30}\b(?:is|are|was"
    r"|were|has been|have been)(?: now)?"
    r"(?: fully| completely)? (?:restored|resolved|recovered|healthy|fixed|over|stable|normal|mitigated)\b"
    r"|\bworks? (?:again|as (?:it|they) should|normally|as usual|as expected)\b|\b(?:have|has) (?:fully )?recovered\b"
    r"|\berrors? (?:rates? )?(?:are|is|have|has) (?:now )?(?:gone|stopped|normal|ceased|cleared|subsided)\b"
    r"|\b(?:has|have) returned to normal\b|\b(?:no (?:more|further|longer any)|zero) errors\b"
    r"|\bhealthy again\b|\bservice restored\b|\bincident resolved\b",
    re.IGNORECASE,
)
AS_SAID = re.compile(r"\bas (?:it|they) should\b|\bas (?:usual|expected)\b", re.IGNORECASE)
OWN_NO = re.compile(r"\b(?:no (?:more|further|longer any)|zero) errors\b", re.IGNORECASE)


def _over(claims: Claims) -> Iterator[Doubt]:
    against = _unwell(claims)
    if not against:
        return
    for sentence in claims.sentences():
        hedged = HEDGE.search(AS_SAID.sub(" ", sentence))
        if (found := WELL.search(sentence)) and (OWN_NO.search(sentence) or not hedged):
            yield Doubt("not over", found.group(), against)


def _unwell(claims: Claims) -> str:
    """What speaks against "all is well", in words; empty: nothing that is known."""
    live, facts = claims.live, []
    if live.errors is not None and live.errors >= least(claims.runbook, "errors", 0.01):
        facts.append(f"errors are {spelled(live.errors, 'ratio')} now")
    limit = max(least(claims.runbook, "p95", 0.5), 2 * (live.normal or 0.0))
    if live.p95 is not None and live.p95 >= limit:
        facts.append(f"P95 is {spelled(live.p95, 's')} now")
    if live.ready is not None and live.wanted is not None and live.ready < live.wanted:
        facts.append(f"{live.ready:g} of {live.wanted:g} pods are ready")
    if not facts and claims.incident.open and not claims.incident.restored and live.errors is None:
        facts.append("nobody has recorded that the service is restored, and nothing measures it")
    return ", ".join(facts)


# What is promised.

PROMISE = re.compile(
    r"\b(?:next update\W{0,6}(?:at|by)?|updates? (?:at|by|follows? (?:at|by))|again (?:at|by)|(?:ready|fixed"
    r"|done|deployed|restored|complete|in place|"
    r"available|back) (?:at|by)|(?:expect|expected|eta|aim|will|planned|scheduled)\b[^.\n]{0,60}?\b(?:at|by|for|before|until))\W{0,4}"
    r"(?:(\d{4}-\d\d-\d\d)[ T])?([01]?\d|2[0-3]):([0-5]\d)\b",
    re.IGNORECASE,
)
LATELY = timedelta(hours=12)


def _past(claims: Claims) -> Iterator[Doubt]:
    now = claims.now.astimezone(UTC)
    for found in PROMISE.finditer(claims.text):
        at = now.replace(hour=int(found[2]), minute=int(found[3]), second=0, microsecond=0)
        if found[1]:
            at = datetime.fromisoformat(f"{found[1]}T{int(found[2]):02}:{found[3]}:00+00:00")
        elif at > now + LATELY:
            at -= timedelta(days=1)
        elif at < now - LATELY:
            at += timedelta(days=1)
        if at < now - timedelta(minutes=1):
            yield Doubt("in the past", " ".join(found.group().split()), f"it is {now:%H:%M} UTC already")


# What fits the symptom.

SAYS_ERRORS = re.compile(r"\b(?:elevated|increased|high(?:er)?) error rates?\b", re.IGNORECASE)


def _symptom(claims: Claims) -> Iterator[Doubt]:
    """A template that speaks of error rates, where it is something else that is broken."""
    found = SAYS_ERRORS.search(claims.text)
    if not found:
        return
    incident, live = claims.incident, claims.live
    said = " ".join((incident.title, incident.symptoms, answer(incident, "what"), *ticked(incident)))
    kinds = [kind for kind, pattern in KINDS.items() if pattern.search(said)]
    errors = live.errors is not None and live.errors >= least(claims.runbook, "errors", 0.01)
    if kinds and "errors" not in kinds and not errors:
        measured = f", and errors are {spelled(live.errors, 'ratio')}" if live.errors is not None else ""
        yield Doubt("another symptom", found.group(), f"this incident is about {' and '.join(kinds)}{measured}")


CAUSE = re.compile(
    r"\b(?:(?:identified|found|confirmed|know|determined|isolated) the (?:root )?cause"
    r"|(?:the )?(?:root )?cause\b[^.]{0,60}\b(?:is known|is|was|has been (?:identified|found|confirmed))"
    r"(?! (?:not|un\w+|being|still|under))|issue identified)",
    re.IGNORECASE,
)


def _cause(claims: Claims) -> Iterator[Doubt]:
    board = hypotheses(claims.incident)
    if any(one.state == "confirmed" for one in board):
        pass
    else:
        for sentence in claims.sentences():
            found = CAUSE.search(sentence)
            if found and not re.search(
                r"\b(?:not|n't|unknown|looking for|investigating|suspect\w*|once|until|whether|may|might|probably"
                r"|likely)\b",
                sentence,
                re.I,
            ):
                yield Doubt("cause", found.group(), "no hypothesis is confirmed")
    small = " ".join(claims.text.casefold().split())
    for one in board:
        if one.state == "refuted" and one.text.casefold() in small:
            where = re.search(rf"[^.\n]*{re.escape(one.text.casefold())}[^.\n]*", small)
            if where and not re.search(r"\b(?:not|ruled out|refuted|excluded|unrelated|no longer)\b", where.group()):
                yield Doubt("refuted", one.text, f"that hypothesis was refuted{f': {one.reason}' if one.reason else ''}")


NOBODY = re.compile(
    r"\bno (?:customers?|users?|one|impact)(?: data| impact)? (?:\w+ )?(?:is|are|was|were|have been"
    r"|has been)? ?(?:affected|impacted)|\bno customer impact\b"
    r"|\bcustomers? (?:are|were) not affected\b|\bnobody (?:is|was) affected\b|\bwithout (?:any )?(?:customer )?impact\b",
    re.IGNORECASE,
)
SAFE = re.compile(
    r"\bno (?:customer |user |personal )?data (?:was|were|is|has been|have been)? ?(?:\w+ )?(?:affected|lost"
    r"|exposed|compromised|leaked|accessed|at risk)"
    r"|\bno (?:data loss|security impact|breach)\b|\b(?:customer )?data (?:is|remains) (?:safe|secure|intact)\b",
    re.IGNORECASE,
)


def _harm(claims: Claims) -> Iterator[Doubt]:
    items = list(ticked(claims.incident))
    who = answer(claims.incident, "who")
    if found := NOBODY.search(claims.text):
        told = next((text for text in items if re.search(r"\bcustomers?\b|\busers?\b|outage|completely unavailable", text, re.I)), "")
        if told or (who and not re.match(r"(?:no|nobody|none)\b", who, re.I)):
            yield Doubt("harm", found.group(), f"{told} is ticked" if told else f"who is affected: {who}")
    if found := SAFE.search(claims.text):
        told = next((text for text in items if KINDS["data"].search(text) or KINDS["security"].search(text) or "PII" in text), "")
        if told:
            yield Doubt("harm", found.group(), f"{told} is ticked")


CHECKS = (_over, _past, _symptom, figures, recorded, _cause, _harm, said_before, inside)
