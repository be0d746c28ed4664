"""Secrets out of any text, before it is stored, sent or exported.

A rule looks at a word and what stands around it once, so that the time is linear in the text. Names of variables and
placeholders (`$PASSWORD`, `<password>`) stay, as they are what a runbook says; so does what was redacted already.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import msgspec

from warroom.core.entries import AnyFact
from warroom.core.harmless import connective, cut, goes_on, harmless, is_status, opaque

GONE = "[redacted]"
REFERENCES = frozenset(
    (
        *("kind", "item", "amends", "struck", "moved", "deadline", "purged", "handed", "ours", "theirs"),
        *("sha256", "evidence", "ca", "uid", "about", "key", "playbook", "run", "debt", "pays", "console"),
        *("message", "page", "announced", "instead_of", "reference", "hypothesis", "proposal", "hand"),
    )
)
"""Fields of facts that point at something: they are made by the console, and must stay what they are."""

Match = re.Match[str]


class Rule(NamedTuple):
    """What to do with each place that the pattern finds. A text that has none of the hints (in small letters) is not searched."""

    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    instead: str | Callable[[Match], str]


# -- what stands where a secret could stand ------------------------------------------------------------------------------

_KEY = (
    r"pass(?:word|wd|phrase|code)|(?<![a-z])(?:pass|pwd|pw)(?![a-z])"
    r"|secret(?:[ _-]?(?:access[ _-]?)?key)?|(?<!max_)(?<!max-)(?<!max )token|credentials?|(?<![a-z])creds"
    r"|(?:api|app|access|auth|private|signing|encryption|shared[ _-]?access|ssh)[ _-]?key"
    r"|(?:account|service|master|admin|storage|license|deploy)[_-]?key"
    r"|(?:client|tls)[._-]key(?:-data)?|ssh-privatekey|docker(?:configjson|cfg)"
    r"|sess(?:ion)?[ _-]?(?:id|key)|connect\.sid"
)
_NAME_ENDS = r"(?:[_-]?(?:hash|b64|base64|prod|production|staging|dev|test|old|new|value)|[_-]?\d{1,2})?"
_QUOTED = r"""(?P<quote>\\{0,4}["'`])(?P<quoted>(?:(?!(?P=quote))(?:\\.|[^\n]))*+)"""
_ENDS = r"""(?=[\s"'`;&,.!?:)\]}>/@|\\]|$)"""
_HELD = (
    r"""(?P<held>(?:<[^<>\n]{0,80}>|\[[^\[\]\n"']{0,80}\]|\{\{[^{}\n]{0,80}\}\}|\$\{[^{}\n]{0,80}\}|\$\([^()\n]{0,200}\)|%\w{1,40}%)"""
    rf"{_ENDS})"
)
_BARE = r"""(?P<bare>(?:[^\s"'`;&,\\]|\\(?![nrt"'\\])|,(?![ \t]*[\w.-]{1,40}[=:]|[\s"'`;&,\\]|$))++)"""
_VALUE = rf"(?:{_QUOTED}|{_HELD}|{_BARE})"


def _pair(match: Match) -> str:
    """A name and its value. After a colon and a space a plain word may be prose that goes on."""
    if match["held"] is not None:
        return match[0]
    head = match["head"]
    if match["quote"] is not None:
        return match[0] if harmless(match["quoted"]) else f"{head}{match['quote']}{GONE}"
    value, tail = cut(match["bare"])
    key = match["key"].lower()
    if harmless(value) or (key == "pwd" and value[0] in "/~") or (key in ("pass", "pw") and value.isdigit()):
        return match[0]
    if head[-1] in " \t*" and (is_status(value) or (goes_on(match) and not opaque(value))):
        return match[0]
    return f"{head}{GONE}{tail}"


def _flag(match: Match) -> str:
    """A flag of a command line and its value."""
    if match["held"] is not None:
        return match[0]
    if match["quote"] is not None:
        return match[0] if harmless(match["quoted"]) else f"{match['head']}{match['quote']}{GONE}"
    value, tail = cut(match["bare"])
    if harmless(value) or value.startswith(("-", "id=", "type=", "|", ">", "#")) or connective(value):
        return match[0]
    return f"{match['head']}{GONE}{tail}"


def _before(match: Match) -> str:
    """The line so far."""
    return match.string[max(0, match.start() - 200) : match.start()].rpartition("\n")[2].lower()


_TAKES_P = re.compile(r"\b(?:mysql\w*|mariadb[\w-]*|mongo\w*|sshpass)\b|\b(?:docker|podman|helm|registry|oras|skopeo)\b.*\blogin\b")
_TAKES_A = re.compile(r"\bredis-cli\b")
_TAKES_U = re.compile(r"\b(?:curl|wget|http|https|httpie|xh)\b")


def _short_flag(match: Match) -> str:
    takes = _TAKES_P if match["letter"] == "p" else _TAKES_A
    return _flag(match) if takes.search(_before(match)) else match[0]


def _user_flag(match: Match) -> str:
    return _flag(match) if _TAKES_U.search(_before(match)) else match[0]


def _credentials(match: Match) -> str:
    """`user:password@` of a URL: the user stays."""
    secret = match["secret"]
    if harmless(secret) or (secret.startswith(("$", "{", "<")) and secret.endswith(("}", ">", ")"))):
        return match[0]
    return f"{match['head']}{GONE}@"


def _header(match: Match) -> str:
    """What follows `Authorization:`; its scheme stays. Without one it must look like no word."""
    scheme, secret = match["scheme"] or "", match["secret"]
    if harmless(secret.rpartition("=")[2] or secret) or (not scheme and not re.match(r"(?=\D*\d)\S{12,}", secret)):
        return match[0]
    return f"{match['head']}{scheme}{GONE}"


def _scheme(match: Match) -> str:
    """`Bearer` or `Basic` anywhere: only before what is no word."""
    secret = match["secret"]
    no_word = any(sign.isdigit() for sign in secret) or secret.endswith("=") or len(secret) >= 32
    return f"{match['scheme']}{GONE}" if no_word and not harmless(secret) else match[0]


def _cookies(match: Match) -> str:
    pairs = [pair.partition("=")[2] for pair in match["secret"].split(";")]
    return match[0] if all(harmless(value) for value in pairs) else f"{match['head']}{GONE}"


def _pem(match: Match) -> str:
    """First and last line stay, and so does the number of lines: a runbook's lines keep their numbers."""
    inside = match["inside"]
    if GONE in inside:
        return match[0]
    breaks = "\n" * inside.count("\n") if "\n" in inside else ("\\n" if "\\n" in inside else "")
    first = breaks[:1] if breaks.startswith("\n") else breaks
    return f"{match['begin']}{first}{GONE}{breaks[len(first) :] if breaks.startswith(chr(10)) else breaks}{match['end'] or ''}"


def _card(match: Match) -> str:
    """Payment cards, by Luhn's check digit."""
    digits = [int(sign) for sign in match[0] if sign.isdigit()][::-1]
    total = sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return match[0] if total % 10 else GONE


# -- the rules ------------------------------------------------------------------------------------------------------------

_I = re.IGNORECASE
_TOKENS = (
    r"(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{22,}"
    r"|gl(?:pat|dt|ptt|rt|cbt|ft|imt|agent|oas|soat|ffct)-[\w.-]{20,}|GR1348941[\w-]{20,}"
    r"|xox[a-z]{1,2}(?:\.xox[a-z])?-[\w-]{10,}|xapp-\d-[\w-]{10,}"
    r"|(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])"
    r"|AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,}|1//0[\w-]{30,}"
    r"|[srp]k_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{16,}"
    r"|npm_[A-Za-z0-9]{36}|pypi-[\w-]{32,}|rubygems_[a-f0-9]{48}|dckr_(?:pat|oat)_[\w-]{20,}"
    r"|u\+[A-Za-z0-9_-]{18}(?![\w-])|pd(?:us|eu)\+_[\w-]{20,}"
    r"|sk-(?:ant|proj|svcacct|or)-[\w-]{20,}|sk-[A-Za-z0-9]{40,}|hf_[A-Za-z0-9]{30,}"
    r"|SG\.[\w-]{16,}\.[\w-]{16,}|SK[0-9a-f]{32}(?![0-9a-f])|hv[sbr]\.[\w-]{20,}|do[opr]_v1_[a-f0-9]{64}"
    r"|glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}|glc_[A-Za-z0-9+/=]{32,}|ATATT3[\w=-]{50,}|lin_api_[A-Za-z0-9]{32,}|NRAK-[A-Z0-9]{27}"
    r"|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|dapi[0-9a-f]{32}|AGE-SECRET-KEY-1[0-9A-Z]{58}|\d{8,10}:AA[\w-]{33}|sntry[su]_[\w=+/-]{32,}"
    r"|sha256~[\w-]{40,})"
)

_RULES: tuple[Rule, ...] = (
    Rule(
        ("private key",),
        re.compile(
            r"(?P<begin>-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----)"
            r"(?:(?P<inside>(?:[^-]|-(?!----))*+)(?P<end>-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----))"
        ),
        _pem,
    ),
    Rule(  # cut off before its end
        ("private key",),
        re.compile(
            r"(?P<begin>-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----)"
            r"(?P<inside>(?:(?:[\s>|]|\\n|\\r)*+[A-Za-z0-9+/=]{16,})+)(?P<end>)"
        ),
        _pem,
    ),
    Rule(("ls0tls1crudjti",), re.compile(r"LS0tLS1CRUdJTi(?!BDRVJU)[\w+/-]{20,}={0,2}"), GONE),  # the same in base 64
    Rule(("eyj",), re.compile(r"(?<![\w-])eyJ[\w-]{8,}+(?:\.[\w-]*+){2,4}"), GONE),
    Rule(
        (),
        re.compile(rf"(?<![A-Za-z0-9]){_TOKENS}"),
        GONE,
    ),
    Rule(
        ("hooks.slack.com/", "/api/webhooks/", "events.pagerduty.com/"),
        re.compile(
            r"(hooks\.slack\.com/(?:services|workflows|triggers)/|/api/webhooks/\d{5,}/|events\.pagerduty\.com/(?:integration|x-ere)/)[\w/-]{12,}"
        ),
        rf"\1{GONE}",
    ),
    Rule(
        ("authorization",),
        re.compile(
            r"""(?P<head>authorization\\{0,2}["']?[ \t]*[:=][ \t]*\\{0,2}["']?)"""
            r"""(?P<scheme>(?:bearer|basic|token|digest|negotiate|apikey|splunk|sso-key|genie-?key|aws4-hmac-sha256)[ \t]+)?"""
            r"""(?P<secret>(?:[\w-]{1,40}=\\?"[^"\n]{0,400}"|[^\s"'`\\,;]+)(?:[ \t,]+[\w-]{1,40}=(?:\\?"[^"\n]{0,400}"|[^\s"'\\,]+))*)""",
            _I,
        ),
        _header,
    ),
    Rule(
        ("bearer", "basic"),
        re.compile(r"(?<![\w-])(?P<scheme>(?:bearer|basic)[ \t]+)(?P<secret>[\w.~+/-]{8,}+={0,2})", _I),
        _scheme,
    ),
    Rule(
        ("cookie",),
        re.compile(r"""(?P<head>cookie\d?\\{0,2}["']?[ \t]*:[ \t]*\\{0,2}["']?)(?P<secret>[\w.%-]{1,80}=[^\r\n"'\\]+)""", _I),
        _cookies,
    ),
    Rule(  # a user's password may hold what a URL should have escaped, but not what begins the next URL
        ("://",),
        re.compile(
            r"(?P<head>(?:postgres(?:ql)?|mysql2?|mariadb|mongodb|rediss?|amqps?|mssql|sqlserver|clickhouse|cockroachdb|nats|kafka|ldaps?)"
            r"(?:\+\w{1,20})?://[^\s/:@\"'`<>]{0,200}:)(?!//)(?!\d{1,5}/)(?P<secret>[^\s\"'`]{1,300})@",
            _I,
        ),
        _credentials,
    ),
    Rule(
        ("://",),
        re.compile(r"(?P<head>://[^\s/:@\"'`<>]{0,200}:)(?P<secret>[^\s/\"'`]{1,300})@"),
        _credentials,
    ),
    Rule(
        ("sig=", "signature=", "credential=", "accesskeyid="),
        re.compile(r"((?:[?&;]|&amp;)(?:sig|(?:x-(?:amz|goog)-)?signature|x-(?:amz|goog)-credential|awsaccesskeyid)=)[\w%+/=.~-]{8,}", _I),
        rf"\1{GONE}",
    ),
    Rule(
        ("routing", "integration"),
        re.compile(r"""((?:routing|integration)[ _-]?key\\{0,2}["']?[ \t]*[:=][ \t]*\\{0,2}["']?)[A-Za-z0-9]{32}(?![A-Za-z0-9])""", _I),
        rf"\1{GONE}",
    ),
    Rule(  # the environment of a container, in YAML or JSON
        ("value",),
        re.compile(
            rf"""(?P<head>name["']?[ \t]*:[ \t]*["']?[\w.-]{{0,60}}?(?P<key>{_KEY}){_NAME_ENDS}["']?,?\s*"""
            rf"""["']?value["']?[ \t]*:[ \t]*){_VALUE}""",
            _I,
        ),
        _pair,
    ),
    Rule(("</",), re.compile(rf"(<[\w:.-]{{0,40}}?(?:{_KEY})>)(?!\[redacted\])[^<>\s]+(?=</)", _I), rf"\1{GONE}"),
    Rule(  # a block in YAML: its first line
        ("|", ">"),
        re.compile(rf"""(?P<head>(?P<key>{_KEY}){_NAME_ENDS}["']?:[ \t]*[|>][+-]?[ \t]*\n[ \t]+){_VALUE}""", _I),
        _pair,
    ),
    Rule(
        ("--", "-p", "-s", "-t"),
        re.compile(
            r"(?P<head>(?<![\w-])-{1,2}(?:[a-z0-9]{1,20}-){0,4}"
            r"(?:pass(?:word|wd|phrase)?|secret|token|(?:api|access|secret|auth)-?key|client-?secret|cookie|credentials?)[ \t]+)" + _VALUE,
            _I,
        ),
        _flag,
    ),
    Rule(
        ("mysql", "mariadb", "mongo", "sshpass", "login", "redis-cli"),
        re.compile(rf"(?P<head>(?<=[ \t])-(?P<letter>[pa])[ \t]*){_VALUE}"),
        _short_flag,
    ),
    Rule(
        ("curl", "wget", "http", "xh "),
        re.compile(rf"(?P<head>(?<=[ \t])(?:-u|--user)(?:[ \t]+|=)[\"']?[\w.@-]{{1,80}}:){_VALUE}"),
        _user_flag,
    ),
    Rule(
        ("pass", "pwd", "pw", "secret", "token", "cred", "key", "sess", "dockerc", "connect.sid"),
        re.compile(
            rf"""(?P<head>(?P<key>{_KEY}){_NAME_ENDS}(?:\\{{0,4}}["'`*\])]){{0,4}}[ \t]{{0,40}}"""
            rf"""(?::=|=>|={{1,2}}|:)(?![:/=])[*_]{{0,2}}[ \t]{{0,40}}){_VALUE}""",
            _I,
        ),
        _pair,
    ),
    Rule(
        ("pass",),
        re.compile(
            r"(pass(?:word|wd|phrase|code) (?:is|was|to)(?: now)? [\"'`]?)(?=[^\s\"'`]*[A-Za-z])(?=[^\s\"'`]*[\d!@#$%^&*])[^\s\"'`]{6,}+",
            _I,
        ),
        rf"\1{GONE}",
    ),
    Rule(('"auth"',), re.compile(r"""(\\{0,2}"auth\\{0,2}"[ \t]*:[ \t]*\\{0,2}")[A-Za-z0-9+/=]{12,}"""), rf"\1{GONE}"),
    Rule(
        ("$",),
        re.compile(r"\$(?:2[aby]\$\d\d\$[./A-Za-z0-9]{53}|[156y]\$[./\w=,$-]{20,}|apr1\$[./A-Za-z0-9$]{20,}|argon2i?d?\$[\w=,$+/-]{30,})"),
        GONE,
    ),
    Rule(("3", "4", "5", "6"), re.compile(r"(?<![\w.:/-])[3-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{4}(?![\w.:/-])"), _card),
)


def redact(text: str) -> str:
    """The same twice as once."""
    small = text.lower()
    for hints, pattern, instead in _RULES:
        if not hints or any(hint in small for hint in hints):
            text = pattern.sub(instead, text)
    return text


def clean(fact: AnyFact) -> AnyFact:
    """The fact with every text of people in it redacted."""
    cleaned: AnyFact = msgspec.convert(_walk(msgspec.to_builtins(fact, builtin_types=(datetime,))), AnyFact)
    return cleaned


def _walk(value: object) -> object:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, list | tuple):
        return [_walk(item) for item in value]
    if isinstance(value, dict):
        return {key: item if key in REFERENCES else _walk(item) for key, item in value.items()}
    return value
