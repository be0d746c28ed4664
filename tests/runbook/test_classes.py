"""Each command has the class that a careful reader gives it, and no addition makes a change look harmless."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from warroom.runbook.classes import classify, hosts_of
from warroom.runbook.verbs import ORDER, Kind, shipped

HOSTS = frozenset({"api.example.com"})


def table() -> list[tuple[Kind, str]]:
    found: list[tuple[Kind, str]] = []
    kind: Kind = "unknown"
    for line in (Path(__file__).parent / "commands.txt").read_text().splitlines():
        if line.startswith("# "):
            kind = next(each for each in ORDER if each == line[2:])
        elif found and found[-1][1].endswith("\\"):
            found[-1] = (kind, f"{found[-1][1]}\n{line}")
        else:
            found.append((kind, line))
    return found


TABLE = table()
CHANGES = [(kind, command) for kind, command in TABLE if kind in ("mutate", "destroy") and "--dry-run" not in command]


def test_the_table_is_large_and_says_each_command_once() -> None:
    assert len(TABLE) >= 500
    assert [command for command, times in Counter(command for _, command in TABLE).items() if times > 1] == []


@pytest.mark.parametrize("kind", ORDER)
def test_each_command_has_its_class(kind: Kind) -> None:
    wrong = [(command, judged) for wanted, command in TABLE if wanted == kind and (judged := classify(command, HOSTS)).kind != kind]
    assert wrong == []


def test_every_class_has_a_reason() -> None:
    assert [command for _, command in TABLE if not classify(command, HOSTS).why] == []


WRAPPED = (
    "{}",
    "sudo {}",
    "timeout 5 {}",
    "nohup {} &",
    "time {}",
    "ls; {}",
    "ls && {}",
    "( {} )",
    "{{ {}; }}",
    "if true; then {}; fi",
    "for x in a b; do {}; done",
    "echo $({})",
    "X=$({})",
    "cat <({})",
    "! {}",
    "f() {{ {}; }}; f",
    "{} | cat",
    "{} | grep -v x | sort",
    "echo x | {}",
    "{} 2>/dev/null",
    "{} || true",
    "{} > /dev/null 2>&1",
    "NS=x; {}",
    "A=b {}",
    "ls\n{}",
    "{} # to read only",
    "echo 'a'\n{}\necho b",
    "{} --verbose",
    "{} -v",
    "{} $X",
    '{} "$X"',
    "{} <pod-name>",
    "watch '{}'",
    "env A=b {}",
    "while true; do {}; sleep 1; done",
)


@given(st.sampled_from(CHANGES), st.lists(st.sampled_from(WRAPPED), min_size=1, max_size=3))
@settings(max_examples=600, deadline=None)
def test_no_wrapper_pipe_flag_or_variable_makes_a_change_harmless(change: tuple[Kind, str], wrappers: list[str]) -> None:
    command = change[1]
    for wrapper in wrappers:
        assume("'" not in wrapper or "'" not in command)
        command = wrapper.format(command)
    assert classify(command, HOSTS).kind != "read", command


@given(st.sampled_from(CHANGES), st.data())
@settings(max_examples=600, deadline=None)
def test_no_quote_escape_or_variable_inside_makes_a_change_harmless(change: tuple[Kind, str], data: st.DataObject) -> None:
    words = change[1].split(" ")
    at = data.draw(st.sampled_from([at for at, word in enumerate(words) if any(map(str.isalnum, word)) and not set(word) & set("'\"`")]))
    word = words[at]
    how = data.draw(
        st.sampled_from(
            (
                "'{}'",
                '"{}"',
                '"{}',
                "{}'",
                "\\{}",
                "$X",
                '"$X"',
                "${{X}}",
                "$(echo {})",
                "`echo {}`",
                "<x>",
                "$X {}",
                "--flag {}",
                "-x {}",
                "{} --flag",
                "$'{}'",
                "{{{},b}}",
            )
        )
    )
    assume(how != "<x>" or not word.startswith("-"))  # a placeholder is filled with a name, never with a flag
    # Behind a flag it would be that flag's value, and what was the value the verb: `docker compose -p --flag ps down` lists.
    assume(how not in ("--flag {}", "-x {}", "$X {}") or not words[at - 1].startswith("-") or at == 0)
    before = " ".join(words[:at])
    quoted = any(before.count(mark) % 2 for mark in "'\"")
    assume(not quoted or how in ("$X", "${{X}}", "$(echo {})"))  # a quote or a flag inside a quoted text is another text
    command = " ".join([*words[:at], how.format(word), *words[at + 1 :]])
    assert classify(command, HOSTS).kind != "read", command


@given(st.text(max_size=200))
@settings(max_examples=500, deadline=None)
def test_any_text_has_a_class(text: str) -> None:
    assert classify(text).kind in ORDER


@given(st.lists(st.sampled_from(list("$()`'\"|&;<>{}[]!#\\\n =-aE*?~")), max_size=60).map("".join))
@settings(max_examples=500, deadline=None)
def test_any_marks_have_a_class(text: str) -> None:
    assert classify(text).kind in ORDER


def test_letters_of_any_script_are_read_as_they_stand() -> None:
    judged = classify("echo \U000e0501Â[\U00109fed > /tmp/größe")
    assert (judged.kind, judged.why) == ("mutate", "it writes the file /tmp/größe")
    assert classify("psql -c \"SELECT 'é' ; DELETE FROM größen\"").kind == "destroy"
    assert classify("grep 'ошибка' журнал | head").kind == "read"


def test_deep_nesting_is_unknown_and_no_fault() -> None:
    assert classify("echo " + "$(" * 500 + "ls" + ")" * 500).kind in ("read", "unknown")
    assert classify("sudo " * 50 + "ls").kind == "unknown"
    assert classify("sudo " * 50 + "rm x").kind != "read"


@pytest.mark.parametrize("command", ["ls\n\\rm x", "ls a\n\\kubectl delete pod x", "echo x\n\\sudo rm x"])
def test_a_line_that_begins_with_a_backslash_is_not_swallowed(command: str) -> None:
    assert classify(command).kind != "read"


HEREDOCS: dict[str, Kind] = {
    "psql <<EOF\nSELECT 1;\nEOF": "read",
    "psql <<'EOF'\nDELETE FROM x;\nEOF": "destroy",
    "cat <<EOF | kubectl apply -f -\nkind: Pod\nEOF": "mutate",
    "cat <<EOF\n$(rm x)\nEOF": "destroy",
    "cat <<'EOF'\n$(rm x)\nEOF": "read",
    "cat <<EOF > x\nhello\nEOF": "mutate",
    "cat <<EOF | bash\nrm x\nEOF": "destroy",
    "bash <<'EOF'\nkubectl scale deploy/x --replicas=1\nEOF": "mutate",
    "ssh host <<'EOF'\nrm x\nEOF": "destroy",
    "ssh host <<'EOF'\nuptime\ndf -h\nEOF": "read",
    "kubectl exec -i db-0 -- psql <<EOF\nTRUNCATE x;\nEOF": "destroy",
    "mysql <<EOF\nSHOW PROCESSLIST;\nEOF": "read",
}


@pytest.mark.parametrize("command", HEREDOCS)
def test_here_documents_are_looked_into(command: str) -> None:
    assert classify(command).kind == HEREDOCS[command]


@pytest.mark.parametrize(
    "command",
    [
        "kubectl edit deploy/x",
        "kubectl exec -it x -- bash",
        "oc rsh x",
        "psql",
        "ssh host",
        "vi /etc/hosts",
        "redis-cli",
        "docker exec -it x sh",
        "sudo -i",
        "htop",
        "telnet x 1",
    ],
)
def test_what_needs_a_terminal_says_so(command: str) -> None:
    assert classify(command).interactive


@pytest.mark.parametrize("command", ["kubectl exec -it x -- curl localhost", "kubectl get pods", "psql -c 'SELECT 1'", "ssh host uptime"])
def test_what_needs_none_does_not(command: str) -> None:
    assert not classify(command).interactive


@pytest.mark.parametrize(
    "command",
    [
        "kubectl logs -f x",
        "kubectl get pods -w",
        "kubectl port-forward svc/x 1:1",
        "tail -f x",
        "ping x",
        "tcpdump -i any",
        "watch ls",
        "journalctl -fu x",
        "top",
        "kubectl exec x -- tail -f y",
    ],
)
def test_what_never_ends_says_so(command: str) -> None:
    assert classify(command).streams


@pytest.mark.parametrize(
    "command", ["kubectl logs x", "ping -c 3 x", "tail -n 5 x", "kubectl get pods -o wide", "top -b -n 1", "tcpdump -c 5"]
)
def test_what_ends_does_not(command: str) -> None:
    assert not classify(command).streams


def test_a_host_is_named_by_the_text_around() -> None:
    text = "Ask https://api.example.org:8443/health or prometheus:9090 or see docs.example.net/a."
    assert hosts_of(text) == {"api.example.org", "prometheus", "docs.example.net"}
    assert classify("curl https://api.example.org/x", hosts_of(text)).kind == "read"


def test_a_team_adds_its_programs_and_verbs() -> None:
    verbs = shipped().extended(
        '[ourtool]\nread = ["status"]\nmutate = ["fix"]\n\n[oc]\nread = ["frob"]\n\n[sql]\nread = ["our_function"]\n'
    )
    assert [
        classify(command, verbs=verbs).kind for command in ("ourtool status", "ourtool fix", "oc frob", "kubectl get x", "oc get x")
    ] == [
        "read",
        "mutate",
        "read",
        "read",
        "read",
    ]
    assert classify("psql -c 'SELECT our_function(1)'", verbs=verbs).kind == "read"
    assert classify("ourtool status").kind == "unknown"


@pytest.mark.parametrize("text", ["[x", "[x]\nread = 1", "[x]\nfrob = 1", "x = 1", '[sql]\nfrob = ["a"]'])
def test_a_table_that_is_none_is_one_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"the table of verbs is not understood: [^\n]+"):
        shipped().extended(text)
