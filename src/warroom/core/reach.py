"""Where a command reaches: which cluster and which namespace its programs would speak to, held against the pinned ones."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from warroom.runbook.shell import Script, Word, read_script

SPEAKERS = frozenset(
    ("kubectl", "oc", "k", "kubecolor", "helm", "helm3", "stern", "kubetail", "flux", "velero", "istioctl", "linkerd", "cilium", "k9s")
)
"""Programs that go where the kubeconfig says."""
SWITCHES = frozenset(("kubectx", "kubens", "kubie", "kubeswitch"))
"""Programs that are there to go elsewhere."""
OTHERS = frozenset(("sudo", "su", "doas", "runuser", "ssh", "chroot", "nsenter", "docker", "podman"))
"""What runs a program as another user or on another machine, where no pin holds."""
ELSEWHERE = {
    "--context": "another context",
    "--kube-context": "another context",
    "--kubeconfig": "another kubeconfig",
    "--cluster": "another cluster",
    "--server": "another server",
    "--kube-apiserver": "another server",
    "--user": "another user",
    "--token": "another user",
    "--kube-token": "another user",
    "--as": "another user",
    "--as-group": "another user",
    "--kube-as-user": "another user",
}
KUBECTLS = frozenset(("kubectl", "oc", "k", "kubecolor"))
NAMESPACE = re.compile(r"(?:-n|--namespace)(?:=(?P<value>.*))?|-n(?P<joined>[a-z0-9].*)", re.DOTALL)
LOOPS = re.compile(r"\b(?:for|select)\s+(\w+)\s+in\b")
READERS = frozenset(("read", "mapfile", "readarray"))
"""What sets the variables that it names."""
OF_BASH = frozenset(
    ("BASHPID", "BASH_VERSION", "EUID", "HOSTNAME", "IFS", "LINENO", "OLDPWD", "OSTYPE", "PIPESTATUS", "PPID", "PWD", "RANDOM")
) | frozenset(("REPLY", "SECONDS", "SHELL", "SHLVL", "UID"))
CHANGES = re.compile(r"config (?:use|set|unset|rename|delete)\S*|login|logout|project \S+")
KUBECONFIG = "KUBECONFIG"
DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Reach:
    """`speaks`: the programs in it that need a cluster. `refusal`: why it may not run under the pin, or empty."""

    speaks: frozenset[str] = frozenset()
    refusal: str = ""


def reach(command: str, namespaces: Sequence[str], known: Collection[str] = ()) -> Reach:
    """`namespaces` are the pinned ones; `known` are the variables that the command will find set."""
    script = read_script(command)
    speaks, troubles = set[str](), list[str]()
    _look(script, namespaces, speaks, troubles, 0)
    if speaks and KUBECONFIG in command:
        troubles.append(f"it names {KUBECONFIG}, which the console sets")
    if missing := _unset(script, {*known, *OF_BASH, *LOOPS.findall(command)}):
        troubles.append(f"{', '.join(f'${name}' for name in missing)} {'is' if len(missing) == 1 else 'are'} not set")
    return Reach(frozenset(speaks), troubles[0] if troubles else "")


def programs(command: str) -> tuple[str, ...]:
    """The names of the programs that it calls, in order."""
    return tuple(_name(call.words[0]) for call in read_script(command).calls if call.words)


def _look(script: Script, namespaces: Sequence[str], speaks: set[str], troubles: list[str], depth: int) -> None:
    fixed = _fixed(script)
    for call in script.calls:
        names = [_name(word) for word in call.words]
        for at, name in enumerate(names):
            if name in SWITCHES:
                troubles.append(f"{name} goes to another context or namespace")
            if name not in SPEAKERS:
                continue
            speaks.add(name)
            if other := next((before for before in names[:at] if before in OTHERS), None):
                troubles.append(f"{other} runs {name} where the pinned cluster is not known")
            troubles += _called(
                name, [fixed.get(word.text.strip("${}"), word) if word.open else word for word in call.words[at + 1 :]], namespaces
            )
        for word in (*call.words, *([call.stdin] if call.stdin else [])):
            if depth < DEEPEST and re.search(r"\s", word.text) and (SPEAKERS | SWITCHES) & set(re.findall(r"[\w-]+", word.text)):
                _look(read_script(word.text), namespaces, speaks, troubles, depth + 1)


def _called(name: str, words: Sequence[Word], namespaces: Sequence[str]) -> Iterator[str]:
    """What takes this call of a program elsewhere."""
    own = list(words[: next((n for n, word in enumerate(words) if word.text == "--"), len(words))])
    verb = " ".join(word.text for word in own if not word.text.startswith("-"))
    if name in KUBECTLS and CHANGES.match(verb):
        yield f"{name} {verb.split()[0]} changes the context or who speaks to the cluster"
    for at, word in enumerate(own):
        flag = word.text.partition("=")[0]
        if word.text == "-s" and name in KUBECTLS:
            yield "it names another server (-s)"
        if flag in ELSEWHERE:
            yield f"it names {ELSEWHERE[flag]} ({flag})"
        if found := NAMESPACE.fullmatch(word.text):
            value = found["value"] if found["value"] is not None else found["joined"]
            given = word if value is not None else own[at + 1] if at + 1 < len(own) else Word("")
            text = value if value is not None else given.text
            if given.open:
                yield f"which namespace {text} is, is known only when it runs"
            elif text not in namespaces:
                yield f"it names the namespace {text}, and the console is pinned to {', '.join(namespaces) or 'none'}"


def _name(word: Word) -> str:
    return word.text.rsplit("/", 1)[-1].removesuffix(".exe")


def _fixed(script: Script) -> dict[str, Word]:
    """Variables that are set once, to what is known before it runs."""
    pairs = [pair for call in script.calls for pair in call.assigns]
    counts = Counter(name for name, _ in pairs)
    return {name: value for name, value in pairs if counts[name] == 1 and not value.open}


def unset_variables(command: str, known: Collection[str] = ()) -> list[str]:
    """Variables that it uses, and that neither it nor what is known sets."""
    return _unset(read_script(command), {*known, *OF_BASH, *LOOPS.findall(command)})


def set_variables(command: str) -> tuple[str, ...]:
    """Variables that it sets for itself, in order."""
    found = dict.fromkeys(name for call in read_script(command).calls if not call.words for name, _ in call.assigns)
    return tuple(name for name in found if re.fullmatch(r"[A-Za-z_]\w*", name))


def _unset(script: Script, known: Collection[str]) -> list[str]:
    """Variables that are used and that nobody sets."""
    given = set(known) | {name for call in script.calls for name, _ in call.assigns}
    given |= {word.text for call in script.calls if call.words and call.words[0].text in READERS for word in call.words[1:]}
    used = [name for call in script.calls for word in (*call.words, *(word for _, word in call.assigns)) for name in word.names]
    return [name for name in dict.fromkeys(used) if re.fullmatch(r"[A-Za-z_]\w*", name) and name not in given]
