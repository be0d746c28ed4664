"""Whether a document or a heading is about any incident, or about one failure."""

import re

from warroom.runbook.draft import Draft
from warroom.runbook.vocabulary import plain

_RESPONSE = re.compile(
    r"\b(incident\w*|respon\w+|on-?call|emergency|outage|disaster|crisis|inciden\w+|awari\w+|storung\w*|panne)\b"
    r"|障害|インシデント|故障|应急|事故|장애",
    re.IGNORECASE,
)
_PLAN = re.compile(
    r"\b(incident|emergency|crisis|disaster|on-?call)s?\b.*\b(response|management|handling|recovery|process|plan|policy|guide|handbook|manual"
    r"|runbook|playbook|protocol|procedures?)\b"
    r"|^\W*outages?\b.*\b(response|management|handling|process|plan|policy|guide|playbook|runbook)\b"
    r"|\b(managing|handling|respond\w* to|how we (?:handle|manage|respond)\w*|how to (?:handle|manage|respond)\b.*) (?:\w+ )?incidents?\b"
    r"|\bresposta a incidentes|\brespuesta a incidentes",
    re.IGNORECASE,
)
_FAILURE = re.compile(
    r"\b(down|full|slow\w*|fail\w*|errors?|outages?|los[ts]\w*|unavailab\w+|unreachab\w+|crash\w*|leak\w*|breach\w*|attack\w*|compromise\w*"
    r"|ransomware|phishing|malware|d?dos|lag\w*|time-?outs?|exhaust\w*|stuck|latency|corrupt\w*|oom\w*|expir\w+|high|low|not \w+ing|broken"
    r"|missing|worms?|virus|infect\w+|defac\w+|blackmail|extort\w+|spoof\w+|fraud|exfiltrat\w+|unauthori[sz]ed|stolen|intrusion|overload\w*|saturat\w*|degrad\w*|mismatch|backlog|deadlocks?|spikes?|unhealthy|flapping|pressure)\b"
    r"|[a-z][A-Z]\w+[A-Z]",
)
"""What stands in the name of a failure, or a name that is written as alerts are: `DiskAlmostFull`."""


def is_response(draft: Draft) -> bool:
    """The document is about responding to any incident, so that a list of steps in it is a check-list and not one failure's playbook."""
    title = next((section.heading for section in draft.document.sections() if section.heading), "")
    return bool(draft.severities or draft.roles or draft.escalations or _RESPONSE.search(plain(title)))


def is_plan(title: str) -> bool:
    """A title for any incident: its headings (triage, recovery) are those of one failure too."""
    return bool(_PLAN.search(plain(title))) and not names_a_failure(_PLAN.sub("", plain(title)))


def names_a_failure(heading: str) -> bool:
    """`Database is down`, and not `When you are paged`."""
    return bool(_FAILURE.search(heading) or _FAILURE.search(heading.lower()))
