"""What a command would do: read, mutate, destroy, or unknown, and why."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from warroom.runbook.judgements import DOES, HARMLESS_FILES, Judgement, worst, written
from warroom.runbook.readers import READERS, hosts_of
from warroom.runbook.scan import Scan, is_flag, letters
from warroom.runbook.scan import scan as scanned
from warroom.runbook.shell import FIELD, Call, Word, read_script
from warroom.runbook.verbs import ORDER, Kind, Program, Same, Verbs, fits, phrases, shipped

__all__ = ["Judgement", "classify", "hosts_of"]
DEEPEST = 8
"""Shells inside shells beyond this are not looked into."""
_STEERING = re.compile(
    r"PATH|IFS|ENV|BASH_ENV|SHELLOPTS|BASHOPTS|PROMPT_COMMAND|(LD|DYLD)_\w+|\w*(EDITOR|PAGER|BROWSER|COMMAND|_OPTS|_OPTIONS)|GIT_\w+|PYTHON\w*"
)
"""Variables that change which programs run."""


@dataclass(frozen=True, slots=True)
class _Context:
    hosts: frozenset[str]
    verbs: Verbs
    depth: int = 0
    tainted: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()


def classify(command: str, hosts: Collection[str] = (), verbs: Verbs | None = None) -> Judgement:
    """`hosts` are those that the runbook or the settings name: a GET of another one is unknown."""
    return _classified(command, frozenset(host.lower() for host in hosts), Same(verbs or shipped()))


@lru_cache(maxsize=4096)
def _classified(command: str, hosts: frozenset[str], verbs: Same[Verbs]) -> Judgement:
    judged = _script(command, _Context(hosts, verbs.it))
    if judged.kind == "read" and re.search("[“”‘’]", command):
        return replace(judged, kind="unknown", why="it has typographic quotes, which are no quotes for a shell: write straight ones")
    return judged


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
    found += [written(word) for word in script.writes]
    found += [Judgement("unknown", f"{word.text} is a connection, no file") for word in script.reads if word.text.startswith("/dev/tcp")]
    judged = worst(found)
    return replace(judged, kind="unknown", why=script.trouble) if script.trouble else judged


def _call(call: Call, context: _Context) -> Judgement:
    for name, _ in call.assigns:
        if _STEERING.fullmatch(name):
            return worst(
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
class _Called:
    name: str
    program: Program
    words: list[Word]
    stdin: Word | None
    context: _Context

    def judge(self) -> Judgement:
        program = self.program
        scan = scanned(program, self.words)
        if len(self.words) == 1 and self.words[0].text in ("--help", "--version") and program.wraps < 0:
            return Judgement("read", f"{self.name} only tells about itself")
        if program.wraps >= 0:
            return self._worse(scan, self.wrapped())
        if program.reads_as == "shell":
            return self._worse(scan, self.shell(scan))
        if program.reads_as:
            return self._worse(scan, READERS[program.reads_as](self, scan))
        return self._worse(scan, self.by_verb(scan))

    def _worse(self, scan: Scan, judged: Judgement) -> Judgement:
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
            if kind and not (value and not value.open and HARMLESS_FILES.fullmatch(value.text)):
                found.append(Judgement(kind, f"{self.name} with {flag} {DOES[kind]}"))
        for flag, value in scan.flags:
            if value and value.text[:1] == "-" and letters(value.text) & {*program.raises, *program.code}:
                found.append(Judgement("unknown", f"{value.text} after {flag} may be its value or a flag"))
        if program.strict and scan.odd:
            found.append(Judgement("unknown", f"what {scan.odd} makes {self.name} do is not known"))
        if scan.free and (program.raises or program.needs or program.when) and program.wraps < 0 and self._may_change(scan):
            found.append(Judgement("unknown", "a word that is known only when it runs may be a flag that changes something"))
        found += self._rules(scan)
        return replace(
            worst(found),
            streams=judged.streams or self._listed(program.streams, scan),
            interactive=judged.interactive or (self._listed(program.interactive, scan) and not self._ends_by_itself(scan)),
        )

    def _ends_by_itself(self, scan: Scan) -> bool:
        """Whether what follows `--` is a command, and no shell that waits for one."""
        return bool(scan.after) and not _words(scan.after or [], None, self.deeper()).interactive

    def _may_change(self, scan: Scan) -> bool:
        """Whether some flag of it changes something."""
        program = self.program
        said = " ".join(word.text for word in scan.objects)
        rules = [rule for rule in program.when if rule.flags and (not rule.verb or re.match(rf"(?:{rule.verb})(?:\s|$)", said))]
        kinds = [*program.raises.values(), *(rule.kind for rule in rules)]
        return bool(program.needs) or any(kind in ("mutate", "destroy") for kind in kinds)

    def _rules(self, scan: Scan) -> Iterator[Judgement]:
        verb = " ".join(word.text for word in scan.objects)
        for rule in self.program.when:
            said = re.match(rf"(?:{rule.verb})(?:\s|$)" if rule.verb else "", verb)
            if not said:
                continue
            if rule.word and rule.kind in ("mutate", "destroy") and any(FIELD in word.text for word in scan.objects):
                yield Judgement("unknown", "what stands in the place of a placeholder decides whether it changes something")
            if rule.word and not any(re.fullmatch(rule.word, word, re.IGNORECASE) for word in verb[said.end() :].split()):
                continue
            if rule.without and any(is_flag(flag, rule.without) for flag, _ in scan.flags):
                continue
            if rule.flags:
                values = [value for flag, value in scan.flags if is_flag(flag, rule.flags)]
                if all(value is not None and not value.open and value.text in rule.but for value in values):
                    continue
            yield Judgement(rule.kind, rule.why)

    def _listed(self, table: dict[str, tuple[str, ...]], scan: Scan) -> bool:
        words = tuple(word.text for word in scan.objects)
        if any(is_flag(flag, self.program.ends) for flag, _ in scan.flags):
            return False
        for verb, flags in table.items():
            if verb and fits(verb, words) < 0:
                continue
            if not flags or any(is_flag(flag, flags) and not (value and value.text in ("false", "0")) for flag, value in scan.flags):
                return True
        return False

    def by_verb(self, scan: Scan) -> Judgement:
        program = self.program
        if program.needs and not any(is_flag(flag, program.needs) for flag, _ in scan.flags):
            return Judgement(program.otherwise, f"{self.name} without {' or '.join(program.needs[:2])} {DOES[program.otherwise]}")
        readings = [self._verb(scan)]
        if scan.odd and self._has_verbs():
            readings.append(self._verb(scanned(self.program, self.words, odd_takes_value=True)))
        readings += self._vanished(scan)
        if program.payload and scan.after:
            readings += [each for each in (self._carried(scan.after),) if each.kind == "destroy"]
        judged = max(readings, key=lambda each: ORDER.index(each.kind))
        return self._only_shown(scan) or judged if judged.kind != "read" else judged

    def _carried(self, words: list[Word]) -> Judgement:
        """What follows `--` is run, also by a verb that changes something by itself, as `oc debug node/x -- …`."""
        judged = _words(words, self.stdin, self.deeper())
        return replace(judged, why=f"inside {self.name}: {judged.why}")

    def _vanished(self, scan: Scan) -> Iterator[Judgement]:
        """What it would change where a variable is empty, so that a flag takes the next word as its value."""
        for _, value in scan.flags:
            if value is not None and value.leads and any(word is value for word in self.words):
                words = [word for word in self.words if word is not value]
                without = replace(self, words=words)
                judged = without._verb(scanned(self.program, words))
                if judged.kind in ("mutate", "destroy"):
                    yield judged

    def _has_verbs(self) -> bool:
        program = self.program
        return bool(program.read or program.mutate or program.destroy or program.unknown or program.payload)

    def _only_shown(self, scan: Scan) -> Judgement | None:
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

    def _verb(self, scan: Scan) -> Judgement:
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
            return Judgement(best[2], f"{self.name} {said} {DOES[best[2]]}")
        if not self._has_verbs() or program.kind != "unknown":
            return Judgement(program.kind, program.why or f"{self.name} {DOES[program.kind]}")
        if not words and any(flag in program.lists for flag, _ in scan.flags):
            return Judgement("read", f"{self.name} only looks")
        if not words:
            return Judgement("unknown", f"{self.name} without a verb does what it is told later", interactive=program.prompts)
        return Judgement("unknown", f"what {self.name} {scan.objects[0].text} does is not known".replace(FIELD, "<…>"))

    def _may_go_on(self, phrase: str, scan: Scan) -> bool:
        """Whether the next word is not known and may make a worse verb of a reading one."""
        at = len(phrase.split())
        if phrase.startswith("**") or at >= len(scan.objects):
            return False
        word = scan.objects[at]
        worse = (*self.program.unknown, *self.program.mutate, *self.program.destroy)
        return (word.leads or FIELD in word.text) and any(each.startswith(f"{phrase} ") for each in worse)

    def _is_open(self, phrase: str, scan: Scan) -> bool:
        """A pattern that a word fits only because the pattern takes anything, and nobody knows the word."""
        if phrase.startswith("**"):
            return False
        return any(word.open and word.leads and part != "*" for part, word in zip(phrase.split(), scan.objects, strict=False))

    def _payload(self, verb: str, count: int, scan: Scan) -> Judgement:
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

    @property
    def verbs(self) -> Verbs:
        return self.context.verbs

    @property
    def hosts(self) -> frozenset[str]:
        return self.context.hosts

    @property
    def tainted(self) -> frozenset[str]:
        return self.context.tainted

    def run(self, words: list[Word], stdin: Word | None = None) -> Judgement:
        return _words(words, stdin, self.deeper())

    def deeper(self) -> _Context:
        return replace(self.context, depth=self.context.depth + 1)

    def wrapped(self) -> Judgement:
        """What sudo, timeout, ssh and their like run."""
        program = self.program
        scan = scanned(program, self.words, until=program.wraps + 1)
        texts: list[Word] = [value for flag, value in scan.flags if flag in program.code and value is not None]
        if texts:
            return worst([self.code(text) for text in texts])
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
            return worst(
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
            self.program.why or f"{self.name} without a command {DOES[self.program.kind]}",
            interactive=self.program.kind == "unknown",
        )

    def code(self, word: Word) -> Judgement:
        """A word that is a shell's text."""
        if "?" in word.names or any(name in self.context.tainted for name in word.names) or (word.open and not word.names):
            inner = _script(word.text, self.deeper())
            return worst([Judgement("unknown", f"what {self.name} runs is known only when it runs"), inner])
        return _script(word.text, self.deeper())

    def shell(self, scan: Scan) -> Judgement:
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
        if any(is_flag(flag, ("--init-file", "--rcfile")) for flag, _ in scan.flags):
            return Judgement("unknown", "it runs a file whose text is not here")
        if self.stdin is not None:
            judged = self.code(self.stdin)
            return replace(judged, why=f"inside {self.name}: {judged.why}")
        return Judgement("unknown", "it opens a shell, and what is typed there is not known", interactive=True)
