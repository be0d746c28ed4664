"""Programs whose words are text in a language of their own: SQL, a web address, a filter, a search."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol
from urllib.parse import urlsplit

from warroom.runbook import languages
from warroom.runbook.judgements import HARMLESS_FILES, Judgement, worst, written
from warroom.runbook.scan import Scan
from warroom.runbook.shell import FIELD, Word
from warroom.runbook.verbs import Kind, Program, Verbs

_DANGEROUS_PATH = re.compile(
    r"(delete|remove|destroy|drop|purge|shutdown|quit|exit|kill|abort|restart|reboot|reload|flush|reset|disable|drain|stop|failover|rollback)",
    re.IGNORECASE,
)
_BARE_HOST = re.compile(
    r"(?<![\w./@$-])((?:[a-zA-Z][\w-]*)(?:\.[\w-]+)*)(?::\d{2,5}\b|(?<=\.[a-zA-Z]{2})/|(?<=\.[a-zA-Z]{3})/)"
    r"|(?<![\w.])(\d+\.\d+\.\d+\.\d+)"
)
_QUERY = re.compile(r"/api/v1/(?:query|query_range|query_exemplars|series|labels)/?(?:\?|$)")
"""Where Prometheus and its kin are asked, also by POST; nothing is changed there."""
_FORM = frozenset(("-d", "--data", "--data-raw", "--data-urlencode"))
_LOCAL = ("localhost", "127.0.0.1", "::1", "0.0.0.0")


class Caller(Protocol):
    """A call that is judged; what it runs in its turn is judged by `run`."""

    name: str
    program: Program
    words: list[Word]
    stdin: Word | None

    @property
    def verbs(self) -> Verbs: ...

    @property
    def hosts(self) -> frozenset[str]: ...

    @property
    def tainted(self) -> frozenset[str]: ...

    def run(self, words: list[Word], stdin: Word | None = None) -> Judgement: ...


def hosts_of(text: str) -> frozenset[str]:
    """Every host that a web address in the text names."""
    found = {_host(address) for address in re.findall(r"\bhttps?://[^\s<>\"'`)\]}]+", text)}
    found.update((name or number).lower() for name, number in _BARE_HOST.findall(text))
    return frozenset(found - {""})


def sql(call: Caller, scan: Scan) -> Judgement:
    texts = [value for flag, value in scan.flags if flag in call.program.code and value]
    if any(flag in call.program.files for flag, _ in scan.flags):
        return Judgement("unknown", f"{call.name} runs a file whose text is not here")
    if any(flag in call.program.harmless for flag, _ in scan.flags):
        return Judgement("read", f"{call.name} only lists")
    texts += [word for word in scan.objects if re.match(r"\s*(--|/\*|\w+\s)", word.text) and " " in word.text.strip()]
    if call.program.code_after >= 0:
        texts += [word for word in scan.objects[call.program.code_after :] if word not in texts]
    if not texts and call.stdin is not None:
        texts = [call.stdin]
    if not texts:
        return Judgement("unknown", f"{call.name} opens a prompt, and what is typed there is not known", interactive=True)
    found = []
    for text in texts:
        if re.match(r"--?\w", text.text):
            found.append(Judgement("unknown", "its SQL may be a flag"))
        if text.open:
            found.append(Judgement("unknown", "a part of its SQL is known only when it runs"))
        kind, why = languages.sql(text.text, call.verbs.functions)
        found.append(Judgement(kind, why))
    return worst(found)


def mongo(call: Caller, scan: Scan) -> Judgement:
    texts = [value for flag, value in scan.flags if flag in call.program.code and value]
    if any(flag in call.program.files for flag, _ in scan.flags) or any(word.text.endswith(".js") for word in scan.objects):
        return Judgement("unknown", f"{call.name} runs a file whose text is not here")
    if not texts and call.stdin is not None:
        texts = [call.stdin]
    if not texts:
        return Judgement("unknown", f"{call.name} opens a prompt, and what is typed there is not known", interactive=True)
    found = [Judgement(*languages.mongo(text.text, call.verbs.methods)) for text in texts]
    found += [Judgement("unknown", f"{text.text} may be a flag") for text in texts if text.text.startswith("-")]
    found += [Judgement("unknown", "a part of its text is known only when it runs") for text in texts if text.open]
    return worst(found)


def http(call: Caller, scan: Scan) -> Judgement:
    found: list[Judgement] = []
    methods = [value for flag, value in scan.flags if flag in ("-X", "--request", "--method") and value]
    sends = [flag for flag, _ in scan.flags if flag in call.program.code]
    as_query = any(flag in ("-G", "--get", "-I", "--head", "--spider") for flag, _ in scan.flags)
    targets = scan.objects + (scan.after or []) + [value for flag, value in scan.flags if flag == "--url" and value]
    asks = bool(targets) and set(sends) <= _FORM and all(not word.open and _QUERY.search(word.text) for word in targets)
    for method in methods:
        name = method.text.upper()
        if method.open or FIELD.upper() in name:
            found.append(Judgement("unknown", "its method is known only when it runs"))
        elif name == "DELETE":
            found.append(Judgement("destroy", f"{call.name} sends DELETE"))
        elif name not in ("GET", "HEAD", "OPTIONS") and not (name == "POST" and asks):
            found.append(Judgement("mutate", f"{call.name} sends {name}"))
    if sends and not methods and not as_query and not asks:
        found.append(Judgement("mutate", f"{call.name} with {sends[0]} sends data"))
    if any(flag in call.program.files for flag, _ in scan.flags):
        found.append(Judgement("unknown", f"{call.name} takes its orders from a file whose text is not here"))
    if call.name == "wget" and not _prints(scan):
        found.append(Judgement("mutate", "wget writes a file"))
    found += [_address(call, word) for word in targets]
    if not targets:
        found.append(Judgement("unknown", f"{call.name} is given no address"))
    return worst(found)


def _address(call: Caller, word: Word) -> Judgement:
    text = word.text
    address = text if "://" in text else f"http://{text}"
    scheme = address.partition("://")[0].lower()
    host = _host(address)
    head = re.match(r"\w+://[^/?#]*", address)
    if scheme not in ("http", "https") or not head:
        return Judgement("unknown", f"{text} is no web address".replace(FIELD, "<…>"))
    if (word.open and re.search(r"[$`]", head[0])) or FIELD in head[0] or not host:
        return Judgement("unknown", "which host it asks is known only when it runs")
    if host not in call.hosts and host not in _LOCAL:
        return Judgement("unknown", f"{host} is named neither by the runbook nor by the settings")
    if found := _DANGEROUS_PATH.search(address[head.end() :].replace(FIELD, "")):
        return Judgement("unknown", f"an address with {found[0]!r} in it may do more than answer")
    return Judgement("read", f"{call.name} gets an address of {host}, which the runbook names")


def sed(call: Caller, scan: Scan) -> Judgement:
    return _filter(call, scan, languages.sed, first_is_code=not any(flag in call.program.code for flag, _ in scan.flags))


def awk(call: Caller, scan: Scan) -> Judgement:
    return _filter(
        call, scan, languages.awk, first_is_code=not any(flag in (*call.program.code, *call.program.files) for flag, _ in scan.flags)
    )


def _filter(call: Caller, scan: Scan, read: Callable[[str], tuple[Kind, str]], *, first_is_code: bool) -> Judgement:
    if any(flag in call.program.files for flag, _ in scan.flags):
        return Judgement("unknown", f"{call.name} runs a file whose text is not here")
    texts = [value for flag, value in scan.flags if flag in call.program.code and value]
    objects = scan.objects + (scan.after or [])
    if first_is_code:
        if not objects:
            return Judgement("unknown", f"{call.name} is given no text")
        texts.append(objects[0])
    found = [Judgement(*read(text.text)) for text in texts]
    found += [
        Judgement("unknown", f"a part of what {call.name} does is known only when it runs")
        for text in texts
        if "?" in text.names or any(name in call.tainted for name in text.names) or text.leads
    ]
    return worst(found)


def find(call: Caller, scan: Scan) -> Judgement:
    found = [Judgement("read", "find only lists")]
    at = 0
    while at < len(call.words):
        word = call.words[at]
        at += 1
        if word.leads and at > 1:
            found.append(Judgement("unknown", "a word that is known only when it runs may make find change something"))
        if word.text in ("-exec", "-execdir", "-ok", "-okdir"):
            ran: list[Word] = []
            while at < len(call.words) and call.words[at].text not in (";", "+"):
                ran.append(call.words[at])
                at += 1
            judged = call.run(ran)
            found.append(replace(judged, why=f"inside find: {judged.why}"))
        elif word.text == "-delete":
            found.append(Judgement("destroy", "find with -delete deletes files"))
        elif word.text.startswith("-f") and word.text in ("-fprint", "-fprint0", "-fprintf", "-fls"):
            found.append(Judgement("mutate", f"find with {word.text} writes a file"))
    return worst(found)


def tee(call: Caller, scan: Scan) -> Judgement:
    targets = scan.objects + (scan.after or [])
    return worst([written(word) for word in targets]) if targets else Judgement("read", "tee without a file only prints")


def verbatim(call: Caller, scan: Scan) -> Judgement:
    """`exec` and `command`: the rest, or only redirections."""
    if not call.words:
        return Judgement("read", "nothing is run")
    return call.run(call.words, call.stdin)


def _prints(scan: Scan) -> bool:
    """Whether wget writes to the terminal."""
    targets = [value for flag, value in scan.flags if flag in ("-O", "--output-document")]
    if any(flag == "--spider" for flag, _ in scan.flags):
        return True
    return bool(targets) and all(value is not None and not value.open and HARMLESS_FILES.fullmatch(value.text) for value in targets)


def _host(address: str) -> str:
    try:
        host = urlsplit(re.sub(r"[$`{].*", "", address) if "$" in address.partition("://")[2].split("/")[0] else address).hostname
    except ValueError:
        return ""
    return host or ""


READERS: dict[str, Callable[[Caller, Scan], Judgement]] = {
    "sql": sql,
    "mongo": mongo,
    "http": http,
    "sed": sed,
    "awk": awk,
    "find": find,
    "tee": tee,
    "verbatim": verbatim,
}
