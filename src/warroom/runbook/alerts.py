"""The parts of a runbook about one alert or failure: which of its headings say what it is, and which say what to do."""

import re
from functools import lru_cache

from warroom.runbook.document import Section
from warroom.runbook.plans import names_a_failure
from warroom.runbook.vocabulary import plain

_NUMBER = re.compile(r"^[\W_]*(?:(?:step|part|section)\s+)?(?:\d+(?:\.\d+)*[.):]?|[a-z][.)])?[\W_]*(?:[:–—-]\s+)?", re.IGNORECASE)
_TELLS = re.compile(
    r"^(?:the\s+)?(?:"
    r"(?:alert\s+|business\s+|user\s+|customer\s+|service\s+|possible\s+|potential\s+|likely\s+|common\s+|probable\s+|typical\s+|known\s+|root\s+|general\s+)*"
    r"(?:meaning|impacts?|effects?|symptoms?|causes?|reasons?|severit(?:y|ies)|overview|background|summary|description|context|introduction|definitions?"
    r"|purpose|scope|references?|links?|resources?|see also|additional|notes?|related|further|metrics?|dashboards?|services?"
    r"|dependenc(?:y|ies)|architecture|concepts?|glossary|metadata|information|history|changelog|owners?|contacts?|signals?|triggers?|thresholds?|conditions?|behaviou?r"
    r"|details?|prevention|preventive|lessons|follow[ -]?ups?|post-?\s?mortems?|table of contents|contents|toc"
    r"|prerequisites?|recent changes|estimated|duration|time to|frequency|risks?|sla|rto|rpo"
    r"|sample|examples?|faq|quick links|success criteria|expected|escalation|tags|labels|false positives?)\b"
    r"|what (?:is|are|was|does|it|this|the)\b|how (?:it|this|they) \w+s\b|why\b|about\b"
    r"|(?:when (?:to use|does|it)|use (?:when|this|for)|applies)\b"
    r"|road ?map|features?\b|goals?\b|objectives?\b|principles?\b|licen[sc]e|contributing|definition of|philosophy|values?\b|terminology"
    r"|who\b|alert (?:rule|definition|expression|details)"
    r"|(?:bedeutung|auswirkung|ursache|hintergrund|symptom|beschreibung|zweck|voraussetzung)\w*"
    r"|(?:significado|impacto|sintomas|causas?|descripcion|descricao|resumen|resumo|contexto|prevencion|prevencao)\b"
    r"|(?:signification|symptomes|contexte|consequences|apercu|prerequis)\b"
    r"|(?:znaczenie|wplyw|objawy|przyczyn\w*|opis)\b"
    r"|(?:симптом|причин|описани|влияни|значени)\w*|影响|影響|原因|症状|现象|背景|概要|说明|含义|意味"
    r")",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"\b(?:diagnos|mitigat|resolv|resolution|remed|troubleshoot|investigat|triage|triaging|verif|recover|fix|actions?\b"
    r"|steps?\b|procedures?\b|how to\b"
    r"|workaround|checks?\b|checking|checklist|debug|respon[sd]|roll\w* ?back|what (?:to|can|should)\b"
    r"|repair|restor|solution|solv|treat|handling|confirm|validat|assess|immediate|contain\w*\b"
    r"|eradicat"
    r"|quick|runbook|playbook|instructions?\b|commands?\b|todo|to do\b|next\b|manual\b|restart|rotate|scale|drain|clean|maintenance"
    r"|behebung|losung|massnahm|diagnose|vorgehen|prufung|wiederherstell"
    r"|resolucion|resolucao|mitigacion|mitigacao|solucion|solucao|accion|acoes|pasos|passos|procedimiento|procedimento|verifica|recuperaci|recuperac"
    r"|etapes|verification|procedure|correction|remediation|depannage|reprise"
    r"|rozwiazani|kroki|naprawa|diagnostyka"
    r"|диагност|решени|действи|устранени|восстановлени|проверк|шаги)"
    r"|诊断|排查|处理|解决|恢复|步骤|診断|対処|対応|確認|復旧|手順",
    re.IGNORECASE,
)

_AND_HOW = re.compile(
    r"(?:&|\band\b|/|,)\s*.*\b(?:fix|remed|resol|mitigat|solution|diagnos|troubleshoot|action|recover|treat)", re.IGNORECASE
)
_PART = re.compile(
    r"(?:(?:possible|potential|common|root|immediate|initial) )?"
    r"(?:meaning|impact|diagnos\w*|mitigat\w*|resolution|remediation|symptoms?|causes?|overview|verification|triage|investigat\w*|recovery"
    r"|what does (?:this|it|the)\b.*\bmean|how (?:do (?:i|we|you)|to|can (?:i|we|you))"
    r" (?:check|fix|investigate|verify|resolve|mitigate|diagnose|debug|respond)"
    r"|bedeutung|auswirkung\w*|ursachen?|behebung|losung|significado|impacto|sintomas|causas?|mitiga[cz]\w*|resoluc\w*|soluc\w*"
    r"|signification|symptomes|znaczenie|wplyw|objawy|przyczyn\w*|rozwiazani\w*|симптом\w*|причин\w*|диагност\w*|решени\w*)\b"
    r"|影响|影響|原因|症状|现象|诊断|排查|处理|解决|診断|対処|対応",
    re.IGNORECASE,
)
"""The parts by which a runbook about one alert is known."""
_PHASES = frozenset(
    ["triage", "investigate", "investigation", "mitigate", "mitigation", "resolution", "recovery", "remediation", "verification"]
)
"""Parts that a plan for any incident has too."""
_PART_NAME = re.compile(
    rf"(?:{_PART.pattern}|(?:manual|quick|first|next|short-?term|long-?term|automated) \w+"
    r"|steps?|procedures?|instructions?|commands?|actions?|checks?"
    r"|prerequisites?|prevention|rollback|rolling back|validation|fix|solution|workaround|pre-?checks?|post-?checks?|confirmation"
    r"|notes?|expected \w+|before|after|then)"
    r"(?:[ -](?:steps?|procedures?|commands?|plan|actions?|phase|checks?|and \w+|& \w+|/ ?\w+))*",
    re.IGNORECASE,
)


def bare(heading: str) -> str:
    """The heading without its number, its sign and its accents."""
    return _NUMBER.sub("", plain(heading), count=1)


def is_part_name(heading: str) -> bool:
    """Whether it is only the name of a part, as `Verification` or `Diagnostic steps`, and not of a procedure."""
    return bool(_PART_NAME.fullmatch(bare(heading).strip(" :.")))


def says_how(section: Section, top: Section | None = None) -> bool | None:
    """Whether it says what to do: as the nearest heading says that says either; None when none does."""
    for each in (section, *section.ancestors()):
        if each is top or not each.heading:
            return None
        if heads(each.heading) is not None:
            return heads(each.heading)
    return None


def heads(heading: str) -> bool | None:
    """True: what to do, False: what it is, None: the words say neither."""
    words = bare(heading)
    if _TELLS.match(words):
        return bool(_AND_HOW.search(words))
    return True if _DOES.search(words) else None


@lru_cache(maxsize=64)
def is_alert(section: Section) -> bool:
    """Whether it is about one alert or failure: what it means, how it is found, what helps."""
    parts = [child.heading for child in section.children if _PART.match(bare(child.heading))]
    words = {_first_word(heading) for heading in parts}
    if words <= _PHASES and not names_a_failure(section.heading):
        return False
    return len(words) >= 2 and any(heads(heading) for heading in parts)


def _first_word(heading: str) -> str:
    return next(iter(re.findall(r"\w+", bare(heading).casefold())), "")
