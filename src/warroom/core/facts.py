"""Whether a ticked item states the fact that an escalation rule waits for, told by significant words."""

import re

UNCERTAIN = frozenset(
    (
        "suspected",
        "suspect",
        "suspicion",
        "suspicious",
        "possible",
        "possibly",
        "potential",
        "potentially",
        "alleged",
        "unconfirmed",
        "might",
    )
)
"""What is suspected is not confirmed."""

# Words that say the same for the purpose of a rule; the first is what stands for them.
SAME = {
    word: words[0]
    for words in (
        ("breach", "breached", "breaches", "exfiltration", "exfiltrated", "leak", "leaked", "exposure", "exposed", "compromised"),
        ("regulatory", "regulation", "regulator", "regulators", "compliance", "privacy", "gdpr", "hipaa", "pci"),
        ("loss", "lost", "corruption", "corrupted", "integrity"),
        ("legal", "lawsuit", "litigation"),
        ("press", "media", "journalist"),
    )
    for word in words
}
# Words that nearly every rule and item has, or that only say how sure it is.
EMPTY = frozenset(
    (
        "a",
        "all",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "by",
        "confirmed",
        "customer",
        "customers",
        "data",
        "detected",
        "event",
        "events",
        "has",
        "have",
        "if",
        "immediately",
        "impact",
        "incident",
        "incidents",
        "involved",
        "is",
        "issue",
        "issues",
        "of",
        "on",
        "or",
        "reported",
        "service",
        "the",
        "there",
        "to",
        "user",
        "users",
        "verified",
        "was",
        "when",
        "with",
    )
)


def heads(text: str) -> frozenset[str]:
    """The words that carry the fact."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    stems = (SAME.get(word) or SAME.get(word.removesuffix("s")) or word.removesuffix("s") for word in words if word not in EMPTY)
    return frozenset(stem for stem in stems if stem not in EMPTY and stem not in UNCERTAIN)


def is_suspicion(text: str) -> bool:
    return bool(UNCERTAIN & set(re.findall(r"[^\W\d_]+", text.casefold())))


def states(item: str, condition: str) -> bool:
    """Whether ticking `item` says that `condition` holds: it has every significant word of it, and is as sure."""
    wanted = heads(condition)
    return bool(wanted) and wanted <= heads(item) and (not is_suspicion(item) or is_suspicion(condition))
