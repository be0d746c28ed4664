"""Whether a message is an error by its words: the last resort, where nothing else says so."""

import re

_LOUD = re.compile(r"\b(?:ERROR|FATAL|CRITICAL|SEVERE|EMERG|EMERGENCY|PANIC)\b")
_WORD = re.compile(
    r"(?i)error|exception|fatal|panic|crash|critical|failed|failure|segfault|segmentation fault|out of memory|core dumped|traceback"
)
_HARMLESS = re.compile(
    r"""(?ix) \b(?:no|0|zero|without|any)\s+(?:\w+\s+)?(?:errors?|exceptions?|failures?)\b
    | \b(?:errors?|exceptions?|failures?|failed)["']?\s*[:=]\s*["']?(?:0|null|none|nil|false|no|""|'')(?=$|["'\s,;)}\]])
    | \b0\s+failed\b | \berror[-_]?(?:free|handler|handling|correct\w*)\b | \bfail(?:ed|ure)?[-_]?over\b
    """
)


def alarming(message: str) -> bool:
    """By its words, the last resort."""
    if _LOUD.search(message, 0, 120):
        return True
    return bool(_WORD.search(message)) and bool(_WORD.search(_HARMLESS.sub("", message)))
