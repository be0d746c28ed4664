"""What stands where a secret could stand, and is none: placeholders, states, code, prose."""

import re

_HARMLESS = re.compile(
    r"\$[a-z_]\w*\W?|\$\{.*|\$\(.*|%\w+%|<.*>|\[[\w .…-]*\]|\{\{?[^{}]*\}\}?"  # variables and placeholders
    r"|[\w-]{0,20}…|[*•x.…_#?-]+|\W?redacted\W?|(?:your|insert|enter|replace)[-_ ].*|.*_here"
    r"|(?:my)?(?:password|passwd|secret|token|key|api[_-]?key|value|string)"
    r"|true|false|null|none|nil|undefined|yes|no|on|off|n/?a|ok|okay|tbd|todo"
    r"|empty|missing|invalid|valid|expir(?:ed|ing|es)|required|optional|unknown|wrong|incorrect|correct|rotated|changed|reset|revoked"
    r"|set|unset|unchanged|present|absent|hidden|pending|failed|denied|rejected|refused|leaked|compromised|accepted|enabled|disabled"
    r"|encrypted|managed|mismatch|rotate|rotation|stored|done|good|bad|stale|fresh|not|lost|found|renewed|old|new"
    r"|[\[{(]+\}?|lambda|%s|self|mock\..*"
    r"|str|int|integer|bool|boolean|bytes|text|object|number|any|bearer|basic|oauth2?|jwt|opaque|varchar.*|optional\W.*|secretstr"
    r"|/(?:run|etc|var|home|root|tmp|opt|usr|mnt|secrets|vault|users|work|app|srv|data)(?:/[\w.@-]+)*/?|arn:.*|vault:.*|file:.*"
    r"|(?:os\.|process\.env|system\.|env\.|env\[|getenv|config\.|settings\.|secrets\.|vars?\.|local\.|data\.|self\.|args\.).*",
    re.IGNORECASE,
)
_NAME_OF_VARIABLE = re.compile(r"[A-Z][A-Z_]*(?:PASSWORD|PASS|TOKEN|SECRET|KEY)[A-Z_]*")
_CONNECTIVE = re.compile(
    r"an?|and|are|as|at|be|can|for|from|has|if|in|instead|into|is|it|must|of|on|option|or|so|that|the|then|to|was|were|when|which|will|with",
    re.IGNORECASE,
)
_PROSE_GOES_ON = re.compile(r"[.,;)]*[ \t]+[A-Za-z][\w'-]*+(?![ \t]?[:=])")
_LIKE_A_SECRET = re.compile(r"(?=.*[A-Za-z])(?=.*[\d!@#$%^&*+=])|.*[a-z][A-Z]")
_TAIL = re.compile(r"[.,:!?)\]}>|]+$")


def harmless(value: str) -> bool:
    value = value.strip()
    # Nothing that is known to be harmless is that long, and some of these patterns would look twice at it.
    return not value or (len(value) <= 200 and bool(_HARMLESS.fullmatch(value) or _NAME_OF_VARIABLE.fullmatch(value)))


def connective(word: str) -> bool:
    """A word that binds a sentence, rather than the value of a flag."""
    return bool(_CONNECTIVE.fullmatch(word))


def is_status(value: str) -> bool:
    """A short number, as of an HTTP answer."""
    return bool(re.fullmatch(r"\W{0,2}\d{1,3}\W{0,2}", value))


def opaque(value: str) -> bool:
    """More than a word: letters with digits, signs or capitals among them."""
    return bool(_LIKE_A_SECRET.match(value[:200]))


def goes_on(match: re.Match[str]) -> bool:
    """Whether a sentence goes on after the match, rather than a list of names and values."""
    return bool(_PROSE_GOES_ON.match(match.string[match.end() : match.end() + 80]))


def cut(bare: str) -> tuple[str, str]:
    """A value without the punctuation that ends the sentence around it, and that punctuation."""
    tail = _TAIL.search(bare[-20:])
    end = len(bare) - len(tail[0]) if tail else len(bare)
    return (bare[:end], bare[end:]) if end else (bare, "")
