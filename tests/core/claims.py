"""Messages of ours with what is true while they are written; half of them with a planted lie.

Each is (scene, channel, text, the code of the lie or empty). The alert of every scene fired at 02:36 and it is 03:06 now.
"""

from functools import cache

from core.story import Story
from warroom.core.acts.checklists import Tick
from warroom.core.acts.hypotheses import AnswerTriage, Judge, Propose
from warroom.core.acts.incident import Declare, Restore
from warroom.core.acts.severity import SetSeverity
from warroom.core.entries import Draft, MessageQueued, RunbookText
from warroom.core.live import Live
from warroom.core.team import Person, Team
from warroom.library import default_runbook, read_text
from warroom.runbook.model import Runbook

BOOK: Runbook = read_text(default_runbook()[0])
TEAM = Team(people=(Person(name="Ada Park"), Person(name="Tom Reyes")), customers=("Northwind Bank", "Helvetia"))
NOW = 14.0
PODS = frozenset(("tensafe-server-7d9f8b6c4d-x2k9p", "tensafe-server", "node-eu-3"))
LIVE = {
    "errors": Live(errors=0.142, p95=1.89, normal=0.31, ready=3, wanted=6, names=PODS),
    "latency": Live(errors=0.002, p95=2.4, normal=0.3, ready=6, wanted=6, names=PODS),
    "over": Live(errors=0.001, p95=0.29, normal=0.31, ready=6, wanted=6, names=PODS),
    "breach": Live(errors=0.001, p95=0.3, normal=0.31, ready=6, wanted=6, names=PODS),
    "dark": Live(),
}
WHAT = {
    "errors": ("tensafe-server failing", "training jobs with a DP budget fail with errors on start", "all who train with a DP budget"),
    "latency": ("API latency above 2 s", "the API answers slowly", "all users of the API"),
    "over": ("tensafe-server failing", "training jobs failed with errors on start", "all who trained with a DP budget"),
    "breach": ("possible leak of tokens", "access tokens leaked through a log", "twelve accounts"),
    "dark": ("API unreachable", "no requests are answered, error rate is unknown", "everybody"),
}
TICKS = {"breach": "breach confirmed", "dark": "completely unavailable"}


@cache
def scene(name: str) -> Story:
    story = Story(BOOK)
    title, what, who = WHAT[name]
    level = "P1" if name in ("breach", "dark") else "P2"
    text = RunbookText(text="# R", sha256="a" * 64)
    story.does(0, Declare(title=title, runbook=text, severity=level, alerted=story.at(-16.3)))
    if words := TICKS.get(name):
        item = next(item for item in BOOK.items() if words in item.text.casefold())
        story.does(1, Tick(item.id))
    story.does(1, AnswerTriage("what", what))
    story.does(1, AnswerTriage("who", who))
    story.does(2, Propose("release 2.8.1"))
    story.does(2, Propose("the connection pool"))
    story.does(3, Judge("the connection pool", "refuted", "it has 40 free connections"))
    before = "INCIDENT UPDATE - about 25 % of users are affected, 120 jobs failed"
    story.records(4, Draft(MessageQueued(name="Incident Update", channel="#incident-comms", text=before, key="a"), story.at(4)))
    if name == "over":
        story.does(5, Judge("release 2.8.1", "confirmed", "gone after the rollback"))
        story.does(6, Restore("error rate below 1 % for 5 min"))
    if name == "latency":
        story.does(5, SetSeverity("P3", "a workaround is in place"))
    return story


CHAT, PAGE = "#incident-comms", "Status Page"
MESSAGES: tuple[tuple[str, str, str, str], ...] = (
    # True ones.
    (
        "errors",
        CHAT,
        ":warning: INCIDENT UPDATE - P2 - 00:30\n\n*Current Status*: Mitigating\n*What we know*: 3 of 6 pods "
        "are ready\n*Next update*: 03:36 UTC",
        "",
    ),
    ("errors", CHAT, "*What we know*: errors are at 14 % since the release of 2.8.1, P95 is 1,890 ms", ""),
    ("errors", CHAT, "We suspect that release 2.8.1 is the cause; the connection pool is ruled out.", ""),
    ("errors", CHAT, "Rolling back now. Once the rollback is through, we expect the service to be back to normal by 03:20.", ""),
    ("errors", CHAT, "Error rate is still above 10 %, the rollback has not helped yet", ""),
    ("errors", CHAT, "The service is not restored. 3 of 6 pods are ready. Next update: 03:36 UTC", ""),
    ("errors", CHAT, "ada looks at the pods, tom at the database. Errors peaked at 22 % at 02:50.", ""),
    ("errors", CHAT, "Correction: 30 % of users are affected, not 25 %", ""),
    ("errors", CHAT, "The pod tensafe-server-7d9f8b6c4d-x2k9p logs KeyError: 'budget' [time] [name]", ""),
    (
        "errors",
        PAGE,
        "We are investigating elevated error rates affecting training jobs. Some users may see failed "
        "requests.\n\nPosted: 2026-02-03 03:06 UTC",
        "",
    ),
    ("errors", PAGE, "We have not identified the cause yet. The next update follows at 03:36 UTC.", ""),
    ("errors", PAGE, "Our engineers are working to restore normal service. We will post again by 03:40 UTC.", ""),
    ("errors", PAGE, "Since 02:36 UTC, training jobs that use a privacy budget fail when they start. Other jobs are not concerned.", ""),
    ("errors", PAGE, "A part of all requests fails. We expect a fix to be in place by 04:00 UTC.", ""),
    ("latency", CHAT, "P95 stands at 2.4 s, 8x normal; errors are 0.2 %", ""),
    ("latency", CHAT, "It was a P2 until 02:57 and is a P3 now: a workaround is in place", ""),
    ("latency", PAGE, "Responses of the API are slower than usual since 02:36 UTC. Requests are answered, but may time out.", ""),
    ("latency", PAGE, "We are looking into slow responses of the API. An update will follow by 03:45 UTC.", ""),
    ("latency", CHAT, "Latency is above 2 s for everybody; 6 of 6 pods are ready", ""),
    (
        "over",
        CHAT,
        ":white_check_mark: INCIDENT RESOLVED - P2\n\n*Duration*: 02:36 UTC - 02:58 UTC (0 hours 22 "
        "minutes)\n*Resolution*: rolled back release 2.8.1",
        "",
    ),
    ("over", PAGE, "The issue causing elevated error rates has been resolved. All systems are now operating normally.", ""),
    ("over", PAGE, "The cause of the elevated error rates is known and a fix has been deployed.", ""),
    ("over", CHAT, "Errors are gone, P95 is 290 ms and 6 of 6 pods are ready. We watch it for 30 minutes.", ""),
    ("over", PAGE, "The service has fully recovered. We apologize; a report will be published within 48 hours.", ""),
    ("over", CHAT, "Root cause was release 2.8.1. 120 jobs failed; their owners will be told by 04:00 UTC.", ""),
    ("over", PAGE, "Training jobs work again as expected. Jobs that failed between 02:36 and 02:58 UTC have to be started anew.", ""),
    ("breach", PAGE, "We are investigating a security matter that concerns a small number of accounts and have told their owners.", ""),
    ("breach", CHAT, "P1: tokens leaked through a log. The twelve accounts are locked. Security and Legal are on the bridge.", ""),
    ("breach", CHAT, "We do not know yet whether customer data was accessed. Next update 03:21 UTC.", ""),
    ("dark", CHAT, "INCIDENT UPDATE - P1: no pod answers, nothing is measured. We fail over now.", ""),
    ("dark", PAGE, "The API is unavailable since 02:36 UTC. We will post again at 03:20 UTC.", ""),
    ("dark", CHAT, "Nobody knows the cause. We hope to have everything back by 03:30.", ""),
    ("errors", CHAT, "Should the rollback fail, we scale to 12 replicas; the service would be stable then.", ""),
    ("errors", PAGE, "Some jobs fail with an error when they start. There is no need to change anything on your side.", ""),
    ("latency", PAGE, "Most requests are answered normally again, a few are still slow. Next update at 03:30 UTC.", ""),
    ("over", CHAT, "120 jobs failed in all; 25 % of users saw it.", ""),
    # With a lie.
    ("errors", PAGE, "The issue has been resolved. All systems are now operating normally.", "not over"),
    ("errors", CHAT, "Service is back to normal, thanks everybody", "not over"),
    (
        "errors",
        PAGE,
        "The elevated error rates are gone: what caused them is fixed, and every part of the service works as it should.",
        "not over",
    ),
    ("errors", CHAT, "All clear. The API has fully recovered since the rollback.", "not over"),
    ("errors", PAGE, "Our platform is stable and all training jobs work again.", "not over"),
    ("latency", PAGE, "The system is running normally. Thank you for your patience.", "not over"),
    ("latency", CHAT, "everything is fixed, P3 can be closed", "not over"),
    ("dark", PAGE, "The outage is over and the service has been restored.", "not over"),
    ("errors", CHAT, "*What we know*: still looking\n*Next update*: 02:50 UTC", "in the past"),
    ("errors", PAGE, "We expect the fix to be deployed by 02:30 UTC.", "in the past"),
    ("latency", PAGE, "We will post again at 03:00 UTC.", "in the past"),
    ("dark", CHAT, "ETA: the failover will be done by 2026-02-03 02:45", "in the past"),
    ("latency", PAGE, "We are currently investigating reports of elevated error rates affecting the TenSafe API.", "another symptom"),
    ("breach", PAGE, "We are investigating increased error rates. Some users may experience failed requests.", "another symptom"),
    ("latency", CHAT, "INCIDENT DECLARED - P3: higher error rates on the API", "another symptom"),
    ("errors", CHAT, "errors are down to 2 %, we are nearly there", "figure"),
    ("errors", CHAT, "The error rate is 3.1 %. P95 is 1,900 ms.", "figure"),
    ("errors", CHAT, "P95 is at 400 ms, errors at 14 %", "figure"),
    ("latency", CHAT, "Latency is below 500 ms for all regions", "figure"),
    ("errors", CHAT, "5 of 6 pods are ready, the last one is starting", "figure"),
    ("errors", CHAT, ":warning: INCIDENT UPDATE - P3 - 00:30\n*Current Status*: Mitigating", "severity"),
    ("over", CHAT, "INCIDENT RESOLVED - P1: release 2.8.1 was rolled back", "severity"),
    ("errors", PAGE, "Since 01:15 UTC, some training jobs fail when they start.", "start"),
    ("dark", PAGE, "The API is unavailable. The outage started at 02:55 UTC.", "start"),
    ("errors", PAGE, "We have identified the cause of the failures and are implementing a fix.", "cause"),
    ("dark", CHAT, "The root cause is a full disk on the gateway. We free space now.", "cause"),
    ("latency", CHAT, "What we know: the connection pool is exhausted", "refuted"),
    ("breach", PAGE, "We have looked into it: no customer data was exposed.", "harm"),
    ("dark", PAGE, "A part of our internal tooling has trouble. No customers are affected.", "harm"),
    ("errors", CHAT, "10 % of users are affected, the cause is being looked for", "said before"),
    ("over", CHAT, "INCIDENT RESOLVED - P2. In all 80 jobs failed between 02:36 and 02:58.", "said before"),
    ("errors", PAGE, "The pod tensafe-server-7d9f8b6c4d-x2k9p fails when it starts; we are replacing it.", "internal"),
    ("errors", PAGE, "Requests to 10.42.3.17 time out. We are looking into it.", "internal"),
    ("latency", PAGE, "Slow responses are seen by Northwind Bank and a few others.", "internal"),
    ("dark", PAGE, "Ada Park is working on restoring the API.", "internal"),
    ("over", PAGE, "The failures came from a KeyError in our scheduler and have been fixed.", "internal"),
    ("latency", PAGE, "db-1.prod.internal answers slowly, which makes the API slow.", "internal"),
    # Written after the checks, to see what they had not been made for.
    ("errors", PAGE, "Good news: the platform is up and running as usual again.", "not over"),
    ("errors", CHAT, "We're good, errors have stopped", "not over"),
    ("latency", PAGE, "Performance has returned to normal for all users.", "not over"),
    ("dark", CHAT, "next update: 02:55", "in the past"),
    ("errors", PAGE, "The next update will be published at 02:40 UTC.", "in the past"),
    ("latency", CHAT, "error rate at 6 %, p95 2.4 s", "figure"),
    ("errors", CHAT, "6 of 6 pods ready, but errors go on", "figure"),
    ("errors", CHAT, "This is a P1 now", "severity"),
    ("errors", PAGE, "We found the root cause and a fix is on its way.", "cause"),
    ("errors", CHAT, "40 % of users are affected", "said before"),
    ("errors", PAGE, "The node node-eu-3 is unhealthy.", "internal"),
    ("errors", PAGE, "Customers such as Helvetia cannot train.", "internal"),
    ("errors", PAGE, "A bug introduced in commit 3fa9c1d made jobs fail.", "internal"),
    ("breach", PAGE, "Customer data remains safe.", "harm"),
    ("latency", PAGE, "Slow answers began at 01:50 UTC.", "start"),
    ("errors", PAGE, "We apologise that jobs fail. Engineers have been working on it since 02:40 UTC.", ""),
    ("errors", CHAT, "When errors are below 1 % for 5 min we call it restored", ""),
    ("errors", CHAT, "Tom restarts one pod to see whether it comes up; next update at 03:21 UTC", ""),
    ("errors", PAGE, "We are testing a fix and will share more within 30 minutes.", ""),
    ("latency", PAGE, "The API is slow but working. All data is being processed.", ""),
    ("latency", CHAT, "p95 went from 300 ms to 2.4 s at 02:36", ""),
    ("over", PAGE, "This incident is resolved. Thank you for your patience.", ""),
    ("over", CHAT, "all green since 02:58, closing at 03:30", ""),
    ("breach", PAGE, "As a precaution, we have signed out all sessions of the accounts concerned.", ""),
    ("dark", PAGE, "We know that nothing works right now, and all hands are on it.", ""),
    ("dark", CHAT, "Failover at 40 %, 02:50 was the last good request", ""),
    ("errors", PAGE, "Version 2.8.1 of the training service is being withdrawn.", ""),
    ("over", PAGE, "Between 02:36 and 02:58 UTC about 25 % of users saw failed training jobs.", ""),
    ("errors", CHAT, "25 % of users, 120 jobs, same as before", ""),
    ("latency", CHAT, "not a P1: nobody loses data", ""),
)
