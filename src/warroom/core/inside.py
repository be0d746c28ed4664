"""What is nobody's outside: names of the cluster, of machines, of people and of customers in a public text."""

import re
from collections.abc import Iterator

from warroom.core.claim import Claims, Doubt

INSIDE = (
    ("pod name", re.compile(r"\b[a-z][a-z0-9-]*-[0-9a-f]{6,10}-[a-z0-9]{5}\b")),
    ("address", re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")),
    ("address", re.compile(r"(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}(?![\w:])", re.IGNORECASE)),
    ("host name", re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.(?:svc|internal|local|lan|corp|cluster\.local)\b(?:\.[\w-]+)*", re.IGNORECASE)),
    ("host name", re.compile(r"\bip-\d+-\d+-\d+-\d+\b")),
    (
        "object of the cluster",
        re.compile(r"\b(?:deployment|deploy|pod|configmap|secret|statefulset|daemonset|node|svc|namespace)s?/[\w.-]+", re.IGNORECASE),
    ),
    ("state of a pod", re.compile(r"\b(?:CrashLoopBackOff|OOMKilled|ImagePullBackOff|ErrImagePull)\b")),
    ("name of an exception", re.compile(r"\b[A-Z]\w+(?:Error|Exception)\b")),
    ("commit", re.compile(r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b")),
    ("channel of ours", re.compile(r"(?<![\w&/])#[a-z][\w-]{2,}")),
    ("path", re.compile(r"(?<![\w:/.])/(?:etc|var|usr|home|srv|opt|app|data)/[\w./-]+")),
)


def inside(claims: Claims) -> Iterator[Doubt]:
    if not claims.public:
        return
    text = claims.text
    for what, pattern in INSIDE:
        for found in pattern.finditer(text):
            yield Doubt(
                "internal",
                found.group(),
                f"a {what} is not for the public" if what[0] not in "aeio" else f"an {what} is not for the public",
            )
    named = [(name, "a name of the cluster") for name in sorted(claims.live.names)]
    named += [(person.name, "somebody of the team") for person in claims.team.people]
    named += [(name, "a customer") for name in claims.team.customers]
    for name, what in named:
        if len(name) > 2 and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE):
            yield Doubt("internal", name, f"{what} is not for the public")
