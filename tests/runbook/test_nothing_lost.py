"""No text of a file is lost, and no file makes the reader fail."""

import re
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook.shelf import TEXTS
from warroom.runbook.reader import read
from warroom.runbook.show import show

_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile(r"^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*(?:(?:`{3,}|~{3,})\w+)?", re.MULTILINE)


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from strings(each)


def values(text: str) -> list[str]:
    """Every text of every value but the findings, which quote."""
    shown = show(read(text))
    del shown["findings"]
    return list(strings(shown))


@pytest.mark.parametrize("name", TEXTS)
def test_every_line_of_the_runbook_is_somewhere_as_it_stands(name: str) -> None:
    said = [" ".join(text.replace("*", "").replace("`", "").split()) for text in values(TEXTS[name])]
    for number, line in enumerate(TEXTS[name].splitlines(), 1):
        bare = re.sub(r"^\s*(#+ |[-*+] (\[[ x]\] )?|\d+\. )", "", line)
        bare = re.sub(r"^(Title|Subject): |\[[\w.]+\]\(|\) - |^```\w*$", "|", bare).replace("*", "").replace("`", "")
        for part in filter(_WORD.search, map(str.strip, bare.split("|"))):
            words = " ".join(part.split())
            assert any(words in text or words.lstrip("# ") in text for text in said), f"line {number}: {part!r} is lost"


def lost(text: str) -> set[str]:
    """Words that no value has; the numbers of a list and the language of a fence are marks, not words."""
    return set(_WORD.findall(_MARKS.sub("", text))) - set(_WORD.findall(" ".join(values(text))))


HARD = {
    "title in a link": '# A\n\n## Related\n\n- [one](two.md "three") four\n',
    "html": "# A\n\n<details>\n<summary>one</summary>\n\n- [ ] two\n\n</details>\n",
    "references": "# A\n\n[one]: http://two.example\n\nthree\n",
    "front matter": "---\ntitle: one\nversion: two\n---\n\n# three\n",
    "front matter alone": "---\ntitle: one\n---\n",
    "an open fence": "# A\n\n```bash\nkubectl get pods\n## B\n- [ ] one\n",
    "extra cells": "## Escalation\n\n| Condition | Action | Secret |\n|---|---|---|\n| one | two | three | four |\n| five |\n",
    "more in an item": "## On-call checklist\n\n- [ ] one\n\n  two\n\n  ```bash\n  three\n  ```\n  > four\n",
    "deep": "".join(f"{'  ' * depth}- [ ] word{depth}\n" for depth in range(90)),
    "deep quote": "> " * 150 + "one\n",
    "setext": "one\ntwo\n===\n\nthree\n---\nfour\n",
    "entities": "# A &amp; B\n\n## When to declare\n\n- [ ] one &copy; &lt;two&gt;\n",
    "fence words": '## Messages\n\n```text title="one two"\nthree\n```\n',
    "numbers": "## Phase 1: x (999999999999999999 - 5 minutes)\n\n1. one 99999999999999999999999 h\n",
    "no words": "# 🔥\n\n- [ ] 🚒\n\n🥖\n",
    "tabs": "#\tA\n\n-\t[ ] one\n\n\ttwo\n",
    "nul": "# A\x00B\n\n- [ ] C\x00D\n",
    "separators": "# A\u2028B\x0bC\x0cD\n\n- [ ] one\u2028two\x85three\n",
    "lone surrogate": "# A\ud800\n",
    "indented code": "# A\n\n    one two\n",
    "heading in a list": "- # one\n- [ ] two\n",
    "table in a list": "- one\n\n  | two | three |\n  |---|---|\n  | four | five |\n",
    "severity twice": "## Severity\n\n"
    "| Level | Meaning |\n|---|---|\n| P1 | one |\n| P2 | two |\n\n"
    "| Level | Meaning |\n|---|---|\n| P1 | six |\n| P2 | ten |\n",
    "two templates": "## Post-mortem\n\n```\none\n```\n\n```\ntwo\n```\n",
}


@pytest.mark.parametrize("name", HARD)
def test_hard_places_keep_every_word(name: str) -> None:
    assert lost(HARD[name]) == set()


def test_signs_without_words_are_kept_too() -> None:
    assert {"🔥", "🚒", "🥖"} <= set("".join(values(HARD["no words"])))


SOME = (
    "declare incident severity P1 P2 SEV-1 on-call escalation playbook phase 1: 2: (0-15 minutes) templates Slack checklist roles "
    "contacts post-mortem agenda related revision history quick assessment commands response process error > 10% kubectl get pods "
    "[name] [a/b] **bold** `code` [link](x.md) <id> &amp; \\| é 火 🔥 15 minutes immediately Level Role Condition Action Week Primary"
)
WORDS = st.sampled_from(SOME.split())
LINE = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
MARK = st.sampled_from(
    ["", "# ", "## ", "### ", "- ", "- [ ] ", "  - ", "1. ", "   ", "> ", "    ", "| ", "---", "|---|---|", "```", "```bash", "   ```sh"]
)


@st.composite
def markdown(draw: st.DrawFn) -> str:
    lines = draw(st.lists(st.one_of(st.tuples(MARK, LINE).map("".join), MARK, st.just("")), max_size=30))
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines)


@st.composite
def tables(draw: st.DrawFn) -> str:
    columns = draw(st.integers(1, 5))
    rows = draw(st.lists(st.lists(LINE, min_size=1, max_size=6), min_size=1, max_size=4))
    head = draw(st.lists(WORDS, min_size=columns, max_size=columns))
    shown = [head, ["---"] * columns, *rows]
    return f"## {draw(LINE)}\n\n" + "\n".join(f"| {' | '.join(row)} |" for row in shown) + "\n"


@settings(max_examples=150, deadline=None)
@given(st.one_of(markdown(), st.lists(st.one_of(tables(), markdown()), max_size=4).map("\n\n".join)))
def test_any_markdown_keeps_every_word(text: str) -> None:
    assert lost(text) == set()
    msgspec.json.encode(show(read(text)))


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text_is_read(text: str) -> None:
    found = read(text)
    assert found.lines == text.count("\n")
    ids = [item.id for item in found.items()]
    assert len(ids) == len(set(ids))
    assert lost(text) == set()
