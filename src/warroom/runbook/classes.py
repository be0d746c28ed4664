"""What a command would do: read, mutate, destroy, or unknown, and why."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from warroom.runbook.languages import awk, mongo, sed, sql
from warroom.runbook.shell import FIELD, Call, Word, read_script
from warroom.runbook.verbs import ORDER, Kind, Program, Verbs, fits, phrases, shipped

DEEPEST = 8
"""Shells inside shells beyond this are not looked into."""
_HARMLESS_FILES = re.compile(r"/dev/(null|stdout|stderr|tty|fd/[12])|-")
_STEERING = re.compile(
    r"PATH|IFS|ENV|BASH_ENV|SHELLOPTS|BASHOPTS|PROMPT_COMMAND|(LD|DYLD)_\w+|\w*(EDITOR|PAGER|BROWSER|COMMAND|_OPTS|_OPTIONS)|GIT_\w+|PYTHON\w*"
)
"""Variables that change which programs run."""
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


@dataclass(frozen=True, slots=True)
class Judgement:
    kind: Kind
    why: str
    interactive: bool = False
    streams: bool = False


@dataclass(frozen=True, slots=True)
class _Context:
    hosts: frozenset[str]
    verbs: Verbs
    depth: int = 0
    tainted: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()


def classify(command: str, hosts: Collection[str] = (), verbs: Verbs | None = None) -> Judgement:
    """`hosts` are those that the runbook or the settings name: a GET of another one is unknown."""
    judged = _script(command, _Context(frozenset(host.lower() for host in hosts), verbs or shipped()))
    if judged.kind == "read" and re.search("[“”‘’]", command):
        return replace(judged, kind="unknown", why="it has typographic quotes, which are no quotes for a shell: write straight ones")
    return judged


def hosts_of(text: str) -> frozenset[str]:
    """Every host that a web address in the text names."""
    found = {_host(address) for address in re.findall(r"\bhttps?://[^\s<>\"'`)\]}]+", text)}
    found.update((name or number).lower() for name, number in _BARE_HOST.findall(text))
    return frozenset(found - {""})


def _worst(found: Iterable[Judgement]) -> Judgement:
    """The worst class with its reason; a terminal or a stream is needed when one of them needs it."""
    every = list(found)
    if not every:
        return Judgement("read", "nothing is run")
    worst = max(every, key=lambda each: ORDER.index(each.kind))
    return replace(worst, interactive=any(each.interactive for each in every), streams=any(each.streams for each in every))


def _script(text: str, context: _Context) -> Judgement:
    if context.depth > DEEPEST:
        return Judgement("unknown", "it runs shells inside shells, deeper than is looked into")
    script = read_script(text)
    inner = replace(
        context,
        depth=context.depth + 1,
        tainted=context.tainted | script.tainted,
        functions=context.functions | script.functions,
    )
    found = [_call(call, inner) for call in script.calls if call.words or call.assigns]
    found += [_write(word) for word in script.writes]
    found += [Judgement("unknown", f"{word.text} is a connection, no file") for word in script.reads if word.text.startswith("/dev/tcp")]
    worst = _worst(found)
    return replace(worst, kind="unknown", why=script.trouble) if script.trouble else worst


def _write(target: Word) -> Judgement:
    if not target.open and target.text != "-" and _HARMLESS_FILES.fullmatch(target.text):
        return Judgement("read", "what it prints is thrown away")
    if target.text.startswith(("/dev/tcp", "/dev/udp")):
        return Judgement("mutate", f"it sends to {target.text}")
    return Judgement("mutate", f"it writes the file {target.text}")


def _call(call: Call, context: _Context) -> Judgement:
    for name, _ in call.assigns:
        if _STEERING.fullmatch(name):
            return _worst(
                [Judgement("unknown", f"{name} changes which programs run or what they do"), _words(call.words, call.stdin, context)]
            )
    if not call.words:
        return Judgement("read", "it only sets a variable")
    return _words(call.words, call.stdin, context)


def _words(words: list[Word], stdin: Word | None, context: _Context) -> Judgement:
    if context.depth > DEEPEST:
        return Judgement("unknown", "it runs programs through programs, deeper than is looked into")
    if not words:
        return Judgement("read", "nothing is run")
    first = words[0]
    if first.open or FIELD in first.text:
        return Judgement("unknown", "which program it runs is known only when it runs")
    if first.text in context.functions:
        return Judgement("read", f"{first.text} is a function of this text")
    name = first.text.rsplit("/", 1)[-1].removesuffix(".exe")
    program = context.verbs.program(name) or context.verbs.program(re.sub(r"(\.sh|-?[\d.]+)$", "", name))
    if name.startswith("-"):
        return Judgement("unknown", f"a line begins with {name}: the line before it seems to lack its backslash")
    if program is None:
        return Judgement("unknown", f"what {name or first.text} does is not known")
    return _Called(name, program, words[1:], stdin, context).judge()


@dataclass(slots=True)
class _Scan:
    """The words of a call told apart."""

    flags: list[tuple[str, Word | None]] = field(default_factory=list)
    objects: list[Word] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    """Where each object stands."""
    after: list[Word] | None = None
    """What follows `--`."""
    odd: str = ""
    """A flag of which it is not known whether it takes a value."""
    free: bool = False
    """A word that may become a flag when it runs."""


@dataclass(slots=True)
class _Called:
    name: str
    program: Program
    words: list[Word]
    stdin: Word | None
    context: _Context

    def judge(self) -> Judgement:
        program = self.program
        scan = self.scan()
        if len(self.words) == 1 and self.words[0].text in ("--help", "--version") and program.wraps < 0:
            return Judgement("read", f"{self.name} only tells about itself")
        if program.wraps >= 0:
            return self._worse(scan, self.wrapped())
        reader = _READERS.get(program.reads_as)
        if reader:
            return self._worse(scan, reader(self, scan))
        return self._worse(scan, self.by_verb(scan))

    def scan(self, *, odd_takes_value: bool = False, until: int | None = None) -> _Scan:
        """`odd_takes_value`: a flag that is not listed takes the next word. Ends after `until` objects."""
        program, scan = self.program, _Scan()
        at = 0
        if program.dashless and self.words and not self.words[0].text.startswith("-"):
            at = 1
            self._flag(scan, replace(self.words[0], text=f"-{self.words[0].text}"), odd_takes_value=False)
        while at < len(self.words):
            word = self.words[at]
            text = word.text
            at += 1
            if until is not None and len(scan.objects) >= until:
                break
            if text == "--" and not word.open:
                scan.after = self.words[at:]
                break
            if word.leads:
                scan.free = True
            number = text[1:2].isdigit() and text not in (*program.valued, *program.plain)
            if word.leads or number or text == "-" or not text.startswith("-"):
                scan.objects.append(word)
                scan.places.append(at - 1)
                continue
            name, equals, value = text.partition("=")
            if equals and (text.startswith("--") or program.long):
                scan.flags.append((name, replace(word, text=value)))
                continue
            taken = self._flag(scan, word, odd_takes_value=odd_takes_value)
            if taken and at < len(self.words):
                scan.flags[-1] = (scan.flags[-1][0], self.words[at])
                at += 1
        return scan

    def _flag(self, scan: _Scan, word: Word, *, odd_takes_value: bool) -> bool:
        """Writes it down; True: it takes the next word."""
        program, text = self.program, word.text
        if text.startswith("--") or program.long or text in program.valued or text in program.plain:
            scan.flags.append((text, None))
            if text in program.valued:
                return True
            if text in (*program.plain, *program.raises, *program.harmless, *program.lists):
                return False
            scan.odd = scan.odd or text
            return odd_takes_value
        for place, letter in enumerate(text[1:], 1):
            flag = f"-{letter}"
            rest = text[place + 1 :]
            if flag in program.valued:
                scan.flags.append((flag, replace(word, text=rest) if rest else None))
                return not rest
            scan.flags.append((flag, None))
            if flag not in (*program.plain, *program.raises, *program.harmless, *program.lists):
                scan.odd = scan.odd or text
        return odd_takes_value and scan.odd == text

    def _worse(self, scan: _Scan, judged: Judgement) -> Judgement:
        """With what the flags and the rules of the table say."""
        program = self.program
        found = [judged]
        for flag, value in scan.flags:
            kind = program.raises.get(flag) or next(
                (
                    program.raises[each]
                    for each in program.raises
                    if flag.startswith("--") and len(flag) > 3 and each.startswith(flag) and flag not in (*program.plain, *program.valued)
                ),
                None,
            )
            if kind and not (value and not value.open and _HARMLESS_FILES.fullmatch(value.text)):
                found.append(Judgement(kind, f"{self.name} with {flag} {_DOES[kind]}"))
        for flag, value in scan.flags:
            if value and value.text[:1] == "-" and _letters(value.text) & {*program.raises, *program.code}:
                found.append(Judgement("unknown", f"{value.text} after {flag} may be its value or a flag"))
        if program.strict and scan.odd:
            found.append(Judgement("unknown", f"what {scan.odd} makes {self.name} do is not known"))
        if scan.free and (program.raises or program.needs or program.when) and program.wraps < 0 and self._may_change(scan):
            found.append(Judgement("unknown", "a word that is known only when it runs may be a flag that changes something"))
        found += self._rules(scan)
        return replace(
            _worst(found),
            streams=judged.streams or self._listed(program.streams, scan),
            interactive=judged.interactive or (self._listed(program.interactive, scan) and not self._ends_by_itself(scan)),
        )

    def _ends_by_itself(self, scan: _Scan) -> bool:
        """Whether what follows `--` is a command, and no shell that waits for one."""
        return bool(scan.after) and not _words(scan.after or [], None, self.deeper()).interactive

    def _may_change(self, scan: _Scan) -> bool:
        """Whether some flag of it changes something."""
        program = self.program
        said = " ".join(word.text for word in scan.objects)
        rules = [rule for rule in program.when if rule.flags and (not rule.verb or re.match(rf"(?:{rule.verb})(?:\s|$)", said))]
        kinds = [*program.raises.values(), *(rule.kind for rule in rules)]
        return bool(program.needs) or any(kind in ("mutate", "destroy") for kind in kinds)

    def _rules(self, scan: _Scan) -> Iterator[Judgement]:
        verb = " ".join(word.text for word in scan.objects)
        for rule in self.program.when:
            said = re.match(rf"(?:{rule.verb})(?:\s|$)" if rule.verb else "", verb)
            if not said:
                continue
            if rule.word and rule.kind in ("mutate", "destroy") and any(FIELD in word.text for word in scan.objects):
                yield Judgement("unknown", "what stands in the place of a placeholder decides whether it changes something")
            if rule.word and not any(re.fullmatch(rule.word, word, re.IGNORECASE) for word in verb[said.end() :].split()):
                continue
            if rule.without and any(_is_flag(flag, rule.without) for flag, _ in scan.flags):
                continue
            if rule.flags:
                values = [value for flag, value in scan.flags if _is_flag(flag, rule.flags)]
                if all(value is not None and not value.open and value.text in rule.but for value in values):
                    continue
            yield Judgement(rule.kind, rule.why)

    def _listed(self, table: dict[str, tuple[str, ...]], scan: _Scan) -> bool:
        words = tuple(word.text for word in scan.objects)
        if any(_is_flag(flag, self.program.ends) for flag, _ in scan.flags):
            return False
        for verb, flags in table.items():
            if verb and fits(verb, words) < 0:
                continue
            if not flags or any(_is_flag(flag, flags) and not (value and value.text in ("false", "0")) for flag, value in scan.flags):
                return True
        return False

    def by_verb(self, scan: _Scan) -> Judgement:
        program = self.program
        if program.needs and not any(_is_flag(flag, program.needs) for flag, _ in scan.flags):
            return Judgement(program.otherwise, f"{self.name} without {' or '.join(program.needs[:2])} {_DOES[program.otherwise]}")
        readings = [self._verb(scan)]
        if scan.odd and self._has_verbs():
            readings.append(self._verb(self.scan(odd_takes_value=True)))
        readings += self._vanished(scan)
        if program.payload and scan.after:
            readings += [each for each in (self._carried(scan.after),) if each.kind == "destroy"]
        judged = max(readings, key=lambda each: ORDER.index(each.kind))
        return self._only_shown(scan) or judged if judged.kind != "read" else judged

    def _carried(self, words: list[Word]) -> Judgement:
        """What follows `--` is run, also by a verb that changes something by itself, as `oc debug node/x -- …`."""
        judged = _words(words, self.stdin, self.deeper())
        return replace(judged, why=f"inside {self.name}: {judged.why}")

    def _vanished(self, scan: _Scan) -> Iterator[Judgement]:
        """What it would change where a variable is empty, so that a flag takes the next word as its value."""
        for _, value in scan.flags:
            if value is not None and value.leads and any(word is value for word in self.words):
                words = [word for word in self.words if word is not value]
                without = replace(self, words=words)
                judged = without._verb(without.scan())
                if judged.kind in ("mutate", "destroy"):
                    yield judged

    def _has_verbs(self) -> bool:
        program = self.program
        return bool(program.read or program.mutate or program.destroy or program.unknown or program.payload)

    def _only_shown(self, scan: _Scan) -> Judgement | None:
        """A dry run, when it is sure that the flag is one and that every one of its kind says so."""
        harmless = set(self.program.harmless)
        names = {each.partition("=")[0] for each in harmless}
        said = [(flag, value) for flag, value in scan.flags if flag in names]
        if not said or scan.free:
            return None
        for at, (flag, value) in enumerate(scan.flags):
            if flag in names:
                text = flag if value is None else f"{flag}={value.text}"
                before = scan.flags[at - 1] if at else None
                if text not in harmless or (value and value.open):
                    return None
                if before and before[1] is None and before[0] not in self.program.plain and before[0] not in names:
                    return None  # that flag may have taken this one as its value
        return Judgement("read", f"with {said[0][0]} {self.name} only shows what it would do")

    def _verb(self, scan: _Scan) -> Judgement:
        program = self.program
        words = tuple((word.text.lower() if program.fold else word.text) for word in scan.objects)
        best: tuple[int, int, Kind, str] | None = None
        for kind, phrase in phrases(program, words[0]) if words else ():
            if (letters := fits(phrase, words)) >= 0:
                if self._is_open(phrase, scan):
                    return Judgement("unknown", f"what {self.name} does is known only when it runs")
                candidate = (letters if not phrase.startswith("**") else 0, ORDER.index(kind), kind, phrase)
                best = max(best, candidate) if best else candidate
        for verb, count in program.payload.items():
            letters = fits(verb, words)
            if letters >= 0 and (best is None or letters > best[0]):
                return self._payload(verb, count, scan)
        for verb in program.alone:
            letters = fits(verb, words)
            if (letters >= 0 if verb else not (best and words)) and (best is None or letters > best[0]):
                more = words[len(verb.split()) :]
                if more or scan.after:
                    return Judgement("mutate", f"{' '.join([self.name, *verb.split()])} with {(more or ('--',))[0]} changes something")
                return Judgement("read", f"{' '.join([self.name, *verb.split()])} by itself only reads")
        if best and best[2] == "read" and self._may_go_on(best[3], scan):
            return Judgement("unknown", f"what {self.name} {best[3]} does is known only when it runs")
        if best:
            said = best[3].replace("** ", "")
            return Judgement(best[2], f"{self.name} {said} {_DOES[best[2]]}")
        if not self._has_verbs() or program.kind != "unknown":
            return Judgement(program.kind, program.why or f"{self.name} {_DOES[program.kind]}")
        if not words and any(flag in program.lists for flag, _ in scan.flags):
            return Judgement("read", f"{self.name} only looks")
        if not words:
            return Judgement("unknown", f"{self.name} without a verb does what it is told later", interactive=program.prompts)
        return Judgement("unknown", f"what {self.name} {scan.objects[0].text} does is not known".replace(FIELD, "<…>"))

    def _may_go_on(self, phrase: str, scan: _Scan) -> bool:
        """Whether the next word is not known and may make a worse verb of a reading one."""
        at = len(phrase.split())
        if phrase.startswith("**") or at >= len(scan.objects):
            return False
        word = scan.objects[at]
        worse = (*self.program.unknown, *self.program.mutate, *self.program.destroy)
        return (word.leads or FIELD in word.text) and any(each.startswith(f"{phrase} ") for each in worse)

    def _is_open(self, phrase: str, scan: _Scan) -> bool:
        """A pattern that a word fits only because the pattern takes anything, and nobody knows the word."""
        if phrase.startswith("**"):
            return False
        return any(word.open and word.leads and part != "*" for part, word in zip(phrase.split(), scan.objects, strict=False))

    def _payload(self, verb: str, count: int, scan: _Scan) -> Judgement:
        size = len(verb.split())
        if scan.after is not None:
            ran = scan.after
        elif len(scan.places) >= size + count:
            ran = self.words[scan.places[size + count - 1] + 1 :]
            ran = self._without_own_flags(ran)
        else:
            ran = []
        where = f"{self.name} {verb}"
        if not ran:
            return Judgement("unknown", f"{where} opens a shell, and what is typed there is not known", interactive=True)
        judged = _words(ran, self.stdin, self.deeper())
        return replace(judged, why=f"inside {where}: {judged.why}")

    def _without_own_flags(self, words: list[Word]) -> list[Word]:
        at = 0
        while at < len(words) and words[at].text.startswith("-") and not words[at].open:
            text = words[at].text
            at += 2 if text in self.program.valued else 1
        return words[at:]

    def deeper(self) -> _Context:
        return replace(self.context, depth=self.context.depth + 1)

    def wrapped(self) -> Judgement:
        """What sudo, timeout, ssh and their like run."""
        program = self.program
        scan = self.scan(until=program.wraps + 1)
        texts: list[Word] = [value for flag, value in scan.flags if flag in program.code and value is not None]
        if texts:
            return _worst([self.code(text) for text in texts])
        if scan.after is not None and len(scan.objects) < program.wraps:
            ran = scan.after[program.wraps - len(scan.objects) :]
        elif scan.after is not None and len(scan.objects) == program.wraps:
            ran = scan.after
        elif len(scan.places) > program.wraps:
            ran = self.words[scan.places[program.wraps] :]
        else:
            ran = []
        if self.name == "env" or self.name == "sudo":
            while ran and re.match(r"\w+=", ran[0].text):
                if _STEERING.fullmatch(ran[0].text.partition("=")[0]):
                    return Judgement("unknown", f"{ran[0].text.partition('=')[0]} changes which programs run or what they do")
                ran = ran[1:]
        if scan.odd:
            return _worst(
                [Judgement("unknown", f"what {scan.odd} makes {self.name} do is not known"), _words(ran, self.stdin, self.deeper())]
            )
        if not ran:
            return self._nothing_wrapped()
        if any(word.leads for word in self.words[: len(self.words) - len(ran)]) and len(ran) > 1:
            text = " ".join(word.text for word in ran[1:])  # that word may be a flag, and the next one what was taken for the command
            shifted = self.code(Word(text)) if program.joined else _words(ran[1:], self.stdin, self.deeper())
            if shifted.kind in ("mutate", "destroy"):
                return shifted
        if program.appends:
            swap = next((value.text for flag, value in scan.flags if flag in ("-I", "-i", "--replace") and value), "")
            ran = [replace(word, open=True, leads=word.text.startswith(swap)) if swap and swap in word.text else word for word in ran]
            ran = ran if swap else [*ran, Word("…", open=True, leads=True, names=("?",))]
            if swap and len(ran) > 2 and any(word.text == "-c" for word in ran):
                ran = [replace(word, open=False) if " " in word.text else word for word in ran]
        if program.joined:
            if len(ran) == 1 and program.wraps and not ran[0].open and not ran[0].text.strip():
                return self._nothing_wrapped()
            text = " ".join(word.text for word in ran)
            names = tuple(name for word in ran for name in word.names)
            judged = self.code(Word(text, open=any(word.open for word in ran), names=names))
        else:
            judged = _words(ran, self.stdin, self.deeper())
        return replace(judged, why=f"inside {self.name}: {judged.why}")

    def _nothing_wrapped(self) -> Judgement:
        if self.program.joined and self.program.wraps and self.stdin is not None:
            return self.code(self.stdin)
        return Judgement(
            self.program.kind,
            self.program.why or f"{self.name} without a command {_DOES[self.program.kind]}",
            interactive=self.program.kind == "unknown",
        )

    def code(self, word: Word) -> Judgement:
        """A word that is a shell's text."""
        if "?" in word.names or any(name in self.context.tainted for name in word.names) or (word.open and not word.names):
            inner = _script(word.text, self.deeper())
            return _worst([Judgement("unknown", f"what {self.name} runs is known only when it runs"), inner])
        return _script(word.text, self.deeper())

    def shell(self, scan: _Scan) -> Judgement:
        at = -1
        while at + 1 < len(self.words):
            at += 1
            word = self.words[at]
            if re.fullmatch(r"[-+][a-zA-Z]*o", word.text):
                at += 1
                continue
            if re.fullmatch(r"-[a-zA-Z]*c", word.text) and not word.open:
                rest = [each for each in self.words[at + 1 :] if not re.fullmatch(r"[-+][a-zA-Z]+", each.text)]
                if not rest:
                    return Judgement("unknown", f"{self.name} -c has no text")
                judged = self.code(rest[0])
                return replace(judged, why=f"inside {self.name} -c: {judged.why}")
            if not word.text.startswith(("-", "+")):
                break
        if scan.objects or scan.after:
            name = (scan.objects or scan.after or [Word("?")])[0].text
            return Judgement("unknown", f"{name} is a script, and its text is not here".replace(FIELD, "<…>"))
        if any(_is_flag(flag, ("--init-file", "--rcfile")) for flag, _ in scan.flags):
            return Judgement("unknown", "it runs a file whose text is not here")
        if self.stdin is not None:
            judged = self.code(self.stdin)
            return replace(judged, why=f"inside {self.name}: {judged.why}")
        return Judgement("unknown", "it opens a shell, and what is typed there is not known", interactive=True)

    def sql(self, scan: _Scan) -> Judgement:
        texts = [value for flag, value in scan.flags if flag in self.program.code and value]
        if any(flag in self.program.files for flag, _ in scan.flags):
            return Judgement("unknown", f"{self.name} runs a file whose text is not here")
        if any(flag in self.program.harmless for flag, _ in scan.flags):
            return Judgement("read", f"{self.name} only lists")
        texts += [word for word in scan.objects if re.match(r"\s*(--|/\*|\w+\s)", word.text) and " " in word.text.strip()]
        if not texts and self.stdin is not None:
            texts = [self.stdin]
        if not texts:
            return Judgement("unknown", f"{self.name} opens a prompt, and what is typed there is not known", interactive=True)
        found = []
        for text in texts:
            if re.match(r"--?\w", text.text):
                found.append(Judgement("unknown", "its SQL may be a flag"))
            if text.open:
                found.append(Judgement("unknown", "a part of its SQL is known only when it runs"))
            kind, why = sql(text.text, self.context.verbs.functions)
            found.append(Judgement(kind, why))
        return _worst(found)

    def mongo(self, scan: _Scan) -> Judgement:
        texts = [value for flag, value in scan.flags if flag in self.program.code and value]
        if any(flag in self.program.files for flag, _ in scan.flags) or any(word.text.endswith(".js") for word in scan.objects):
            return Judgement("unknown", f"{self.name} runs a file whose text is not here")
        if not texts and self.stdin is not None:
            texts = [self.stdin]
        if not texts:
            return Judgement("unknown", f"{self.name} opens a prompt, and what is typed there is not known", interactive=True)
        found = [Judgement(*mongo(text.text, self.context.verbs.methods)) for text in texts]
        found += [Judgement("unknown", f"{text.text} may be a flag") for text in texts if text.text.startswith("-")]
        found += [Judgement("unknown", "a part of its text is known only when it runs") for text in texts if text.open]
        return _worst(found)

    def http(self, scan: _Scan) -> Judgement:
        found: list[Judgement] = []
        methods = [value for flag, value in scan.flags if flag in ("-X", "--request", "--method") and value]
        sends = [flag for flag, _ in scan.flags if flag in self.program.code]
        as_query = any(flag in ("-G", "--get", "-I", "--head", "--spider") for flag, _ in scan.flags)
        targets = scan.objects + (scan.after or []) + [value for flag, value in scan.flags if flag == "--url" and value]
        asks = bool(targets) and set(sends) <= _FORM and all(not word.open and _QUERY.search(word.text) for word in targets)
        for method in methods:
            name = method.text.upper()
            if method.open or FIELD.upper() in name:
                found.append(Judgement("unknown", "its method is known only when it runs"))
            elif name == "DELETE":
                found.append(Judgement("destroy", f"{self.name} sends DELETE"))
            elif name not in ("GET", "HEAD", "OPTIONS") and not (name == "POST" and asks):
                found.append(Judgement("mutate", f"{self.name} sends {name}"))
        if sends and not methods and not as_query and not asks:
            found.append(Judgement("mutate", f"{self.name} with {sends[0]} sends data"))
        if any(flag in self.program.files for flag, _ in scan.flags):
            found.append(Judgement("unknown", f"{self.name} takes its orders from a file whose text is not here"))
        if self.name == "wget" and not _prints(scan):
            found.append(Judgement("mutate", "wget writes a file"))
        found += [self._address(word) for word in targets]
        if not targets:
            found.append(Judgement("unknown", f"{self.name} is given no address"))
        return _worst(found)

    def _address(self, word: Word) -> Judgement:
        text = word.text
        address = text if "://" in text else f"http://{text}"
        scheme = address.partition("://")[0].lower()
        host = _host(address)
        head = re.match(r"\w+://[^/?#]*", address)
        if scheme not in ("http", "https") or not head:
            return Judgement("unknown", f"{text} is no web address".replace(FIELD, "<…>"))
        if (word.open and re.search(r"[$`]", head[0])) or FIELD in head[0] or not host:
            return Judgement("unknown", "which host it asks is known only when it runs")
        if host not in self.context.hosts and host not in _LOCAL:
            return Judgement("unknown", f"{host} is named neither by the runbook nor by the settings")
        if found := _DANGEROUS_PATH.search(address[head.end() :].replace(FIELD, "")):
            return Judgement("unknown", f"an address with {found[0]!r} in it may do more than answer")
        return Judgement("read", f"{self.name} gets an address of {host}, which the runbook names")

    def sed(self, scan: _Scan) -> Judgement:
        return self._filter(scan, sed, first_is_code=not any(flag in self.program.code for flag, _ in scan.flags))

    def awk(self, scan: _Scan) -> Judgement:
        return self._filter(scan, awk, first_is_code=not any(flag in (*self.program.code, *self.program.files) for flag, _ in scan.flags))

    def _filter(self, scan: _Scan, read: Callable[[str], tuple[Kind, str]], *, first_is_code: bool) -> Judgement:
        if any(flag in self.program.files for flag, _ in scan.flags):
            return Judgement("unknown", f"{self.name} runs a file whose text is not here")
        texts = [value for flag, value in scan.flags if flag in self.program.code and value]
        objects = scan.objects + (scan.after or [])
        if first_is_code:
            if not objects:
                return Judgement("unknown", f"{self.name} is given no text")
            texts.append(objects[0])
        found = [Judgement(*read(text.text)) for text in texts]
        found += [
            Judgement("unknown", f"a part of what {self.name} does is known only when it runs")
            for text in texts
            if "?" in text.names or any(name in self.context.tainted for name in text.names) or text.leads
        ]
        return _worst(found)

    def find(self, scan: _Scan) -> Judgement:
        found = [Judgement("read", "find only lists")]
        at = 0
        while at < len(self.words):
            word = self.words[at]
            at += 1
            if word.leads and at > 1:
                found.append(Judgement("unknown", "a word that is known only when it runs may make find change something"))
            if word.text in ("-exec", "-execdir", "-ok", "-okdir"):
                ran: list[Word] = []
                while at < len(self.words) and self.words[at].text not in (";", "+"):
                    ran.append(self.words[at])
                    at += 1
                judged = _words(ran, None, self.deeper())
                found.append(replace(judged, why=f"inside find: {judged.why}"))
            elif word.text == "-delete":
                found.append(Judgement("destroy", "find with -delete deletes files"))
            elif word.text.startswith("-f") and word.text in ("-fprint", "-fprint0", "-fprintf", "-fls"):
                found.append(Judgement("mutate", f"find with {word.text} writes a file"))
        return _worst(found)

    def tee(self, scan: _Scan) -> Judgement:
        targets = scan.objects + (scan.after or [])
        return _worst([_write(word) for word in targets]) if targets else Judgement("read", "tee without a file only prints")

    def verbatim(self, scan: _Scan) -> Judgement:
        """`exec` and `command`: the rest, or only redirections."""
        if not self.words:
            return Judgement("read", "nothing is run")
        return _words(self.words, self.stdin, self.deeper())


_READERS: dict[str, Callable[[_Called, _Scan], Judgement]] = {
    "shell": _Called.shell,
    "sql": _Called.sql,
    "mongo": _Called.mongo,
    "http": _Called.http,
    "sed": _Called.sed,
    "awk": _Called.awk,
    "find": _Called.find,
    "tee": _Called.tee,
    "verbatim": _Called.verbatim,
}
_DOES: dict[Kind, str] = {
    "read": "only reads",
    "unknown": "does what is not known from here",
    "mutate": "changes something",
    "destroy": "destroys something",
}


def _letters(text: str) -> set[str]:
    """The flags that a word may be: itself, or each letter of it."""
    return {text, text.partition("=")[0], *(f"-{letter}" for letter in text[1:] if not text.startswith("--"))}


def _is_flag(flag: str, listed: Collection[str]) -> bool:
    return flag in listed


def _prints(scan: _Scan) -> bool:
    """Whether wget writes to the terminal."""
    targets = [value for flag, value in scan.flags if flag in ("-O", "--output-document")]
    if any(flag == "--spider" for flag, _ in scan.flags):
        return True
    return bool(targets) and all(value is not None and not value.open and _HARMLESS_FILES.fullmatch(value.text) for value in targets)


def _host(address: str) -> str:
    try:
        host = urlsplit(re.sub(r"[$`{].*", "", address) if "$" in address.partition("://")[2].split("/")[0] else address).hostname
    except ValueError:
        return ""
    return host or ""
