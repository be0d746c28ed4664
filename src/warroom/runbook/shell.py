"""A command as bash would split it: which programs it calls with which words, what it writes, and what cannot be known."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

FIELD = "wrfield"
"""What stands in the place of a placeholder such as `<pod-name>` while a command is read."""
INCOMPLETE = "it is not complete shell text"
_LANGUAGE = Language(tree_sitter_bash.language())
PLACEHOLDER = re.compile(r"(?<![<\\\d])<([A-Za-z_](?:[\w .,:/'’&()#*+-]*[\w.)’'*])?)>(?!>)")
_SWALLOWED = re.compile(r"[\s;|&]")
"""What no bare word has in it: the grammar takes a line that begins with a backslash into the line before."""
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_BLANK = re.compile(r"(?:[ \t\r]|\\\n)*")
_PLAIN = re.compile(r"[\w./:@%,=-]*")
_BRACES = re.compile(r"\{[^{}]*(,|\.\.)[^{}]*\}")
_STRUCTURE = frozenset(
    (
        "program",
        "list",
        "pipeline",
        "redirected_statement",
        "compound_statement",
        "subshell",
        "if_statement",
        "elif_clause",
        "else_clause",
        "for_statement",
        "c_style_for_statement",
        "while_statement",
        "case_statement",
        "case_item",
        "do_group",
        "function_definition",
        "negated_command",
        "command_substitution",
        "process_substitution",
        "string",
        "string_content",
        "concatenation",
        "word",
        "raw_string",
        "ansi_c_string",
        "translated_string",
        "expansion",
        "simple_expansion",
        "arithmetic_expansion",
        "heredoc_redirect",
        "heredoc_start",
        "heredoc_body",
        "heredoc_content",
        "heredoc_end",
        "herestring_redirect",
        "file_redirect",
        "file_descriptor",
        "comment",
        "number",
        "variable_name",
        "special_variable_name",
        "subscript",
        "array",
        "variable_assignment",
        "variable_assignments",
        "declaration_command",
        "unset_command",
        "test_command",
        "test_operator",
        "command",
        "command_name",
        "binary_expression",
        "unary_expression",
        "postfix_expression",
        "ternary_expression",
        "parenthesized_expression",
        "regex",
        "extglob_pattern",
        "brace_expression",
    )
)
_EXPANSIONS = ("simple_expansion", "expansion", "command_substitution", "process_substitution", "arithmetic_expansion", "brace_expression")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a call, without its quotes."""

    text: str
    open: bool = False
    """A part of it is known only when it runs."""
    leads: bool = False
    """It begins with such a part, so it can be anything, a flag too."""
    names: tuple[str, ...] = ()
    """The variables in it; `?` for what is no plain variable."""


@dataclass(slots=True)
class Call:
    """A program with its words; `stdin` is the text it is given, open when that is not known, None when there is none."""

    words: list[Word]
    assigns: list[tuple[str, Word]] = field(default_factory=list)
    stdin: Word | None = None


@dataclass(slots=True)
class Script:
    calls: list[Call] = field(default_factory=list)
    writes: list[Word] = field(default_factory=list)
    reads: list[Word] = field(default_factory=list)
    tainted: set[str] = field(default_factory=set)
    """Variables that this script itself gives a value which may hold more than a plain word."""
    functions: set[str] = field(default_factory=set)
    trouble: str = ""
    """Why a part was not understood."""


def read_script(text: str) -> Script:
    """Never fails: what could not be read is in `trouble`."""
    script = Script()
    text, odd = without_placeholders(text)
    if odd:
        script.trouble = "it cannot be told whether a part in angle brackets is a placeholder or a redirection"
    if "\0" in text:
        script.trouble = "it has a character that no shell takes"
    # The grammar's scanner looks letters up in a table that ends at 255, and the process dies beyond it.
    # One byte for each letter also makes the tree's offsets those of the text.
    root = Parser(_LANGUAGE).parse(_FOREIGN.sub("U", text).encode()).root_node
    if root.has_error:
        script.trouble = INCOMPLETE
    _Reader(text, script).visit(root)
    return script


def without_placeholders(text: str) -> tuple[str, bool]:
    """The text with a plain word in the place of each placeholder, and whether one may as well be a redirection."""
    odd = False

    def put(found: re.Match[str]) -> str:
        nonlocal odd
        before, after = text[: found.start()], text[found.end() :]
        at_start = not before or before[-1].isspace()
        if at_start and re.match(r"\w", after):
            return found[0]  # `sort <in>out` is two redirections
        odd = odd or (at_start and bool(re.match(r"[/.~$\"'](?![<\s]|$)", after)))
        return FIELD

    return PLACEHOLDER.sub(put, text), odd


class _Reader:
    def __init__(self, source: str, script: Script) -> None:
        self.source = source
        self.script = script

    def visit(self, node: Node, stdin: Word | None = None) -> None:
        """`stdin` is for the first call below this node."""
        waiting = [(node, stdin)]
        while waiting:
            each, given = waiting.pop()
            waiting += reversed(list(self._step(each, given)))

    def _step(self, node: Node, stdin: Word | None) -> Iterator[tuple[Node, Word | None]]:
        """Writes down what the node says and yields what to look at next."""
        kind = node.type
        if node.is_named and kind not in _STRUCTURE and not node.is_error:
            self.script.trouble = self.script.trouble or f"a part of it ({kind.replace('_', ' ')}) is not understood"
        if kind == "command":
            self._call(node, stdin)
        elif kind == "file_redirect":
            self._redirect(node)
        elif kind == "variable_assignment":
            self._assignment(node)
        elif kind == "for_statement":
            self._loop(node)
        elif kind == "function_definition" and (name := node.child_by_field_name("name")):
            self.script.functions.add(self.raw(name))
        if kind == "pipeline":
            before: Word | None = stdin
            for child in node.named_children:
                yield child, before
                before = self._said(child)
        elif kind == "redirected_statement":
            body = node.child_by_field_name("body")
            given = self._fed(node) or stdin
            for child in node.children:
                if child.type == "heredoc_redirect" and body:
                    for inner in child.children:
                        yield inner, (given if self._only_copies(body) else Word("", open=True, names=("?",)))
                else:
                    yield child, (given if child == body else None)
        else:
            first = kind in ("compound_statement", "subshell", "negated_command", "do_group", "while_statement", "list")
            for child in node.children:
                yield child, (stdin if first else None)

    def raw(self, node: Node) -> str:
        return self.source[node.start_byte : node.end_byte]

    def word(self, node: Node) -> Word:
        kind = node.type
        raw = self.raw(node)
        if kind == "raw_string":
            return Word(raw[1:-1])
        if kind in ("word", "number", "variable_name", "command_name", "regex") and not node.named_children:
            if _SWALLOWED.search(re.sub(r"\\.", "", raw, flags=re.DOTALL)):
                self.script.trouble = self.script.trouble or "its lines cannot be told apart"
            braces = bool(_BRACES.search(raw))
            return Word(re.sub(r"\\\n", "", re.sub(r"\\([^\n])", r"\1", raw)), open=braces, leads=braces)
        if kind == "ansi_c_string":
            inner = raw[2:-1]
            plain = re.sub(r"\\([nt'\"\\])", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), inner)
            return Word(plain, open=bool(re.search(r"\\[^nt'\"\\]", inner)))
        if kind in _EXPANSIONS:
            simple = re.fullmatch(r"\$\{?(\w+)\}?", raw)
            return Word(raw, open=True, leads=True, names=(simple[1] if simple else "?",))
        if kind in ("string", "concatenation", "command_name", "herestring_redirect", "translated_string"):
            return self._joined(node, quoted=kind in ("string", "translated_string"))
        return Word(raw, open=True, leads=True, names=("?",))

    def _joined(self, node: Node, *, quoted: bool) -> Word:
        """Its parts, and what stands between them as it is: the tree leaves out some blanks."""
        parts: list[str] = []
        names: list[str] = []
        is_open = leads = False
        inside = quoted
        at = node.start_byte + (self.raw(node).startswith("$") + 1 if quoted else 0)
        end = node.end_byte - (1 if quoted else 0)
        for child in node.named_children:
            if child.type == "string_content":
                continue
            parts.append(_unescaped(self.source[at : child.start_byte], quoted=inside))
            word = self.word(child)
            leads = leads or (word.leads and not "".join(parts))
            is_open = is_open or word.open
            names += word.names
            parts.append(word.text)
            at = child.end_byte
        parts.append(_unescaped(self.source[at:end], quoted=inside))
        text = "".join(parts)
        if not quoted and _BRACES.search(self.raw(node)) and not is_open and any(child.type == "word" for child in node.named_children):
            bare = "".join(self.raw(child) for child in node.named_children if child.type == "word")
            is_open = leads = bool(_BRACES.search(bare) and not bare.startswith("{{") and "={" not in bare)
        return Word(text, is_open, leads, tuple(names))

    def _call(self, node: Node, stdin: Word | None) -> None:
        words: list[Word] = []
        assigns: list[tuple[str, Word]] = []
        at = node.start_byte
        for child in node.children:
            if not _BLANK.fullmatch(self.source[at : child.start_byte]):
                self.script.trouble = self.script.trouble or "its lines cannot be told apart"
            at = child.end_byte
        for child in node.named_children:
            if child.type == "variable_assignment":
                assigns.append(self._pair(child))
            elif child.type == "herestring_redirect":
                inner = child.named_children
                stdin = self.word(inner[-1]) if inner else Word("", open=True)
            elif child.type not in ("file_redirect", "comment", "file_descriptor"):
                words.append(self.word(child))
        self.script.calls.append(Call(words, assigns, stdin))

    def _redirect(self, node: Node) -> None:
        target = node.child_by_field_name("destination")
        operator = "".join(child.type for child in node.children if not child.is_named)
        word = self.word(target) if target else Word("", open=True)
        if operator in ("<", "<&"):
            self.script.reads.append(word)
        elif not (operator in (">&", "&>", "<&-", ">&-") and re.fullmatch(r"\d+|-|", word.text) and not word.open):
            self.script.writes.append(word)

    def _assignment(self, node: Node) -> None:
        name, value = self._pair(node)
        if value.open or not _PLAIN.fullmatch(value.text):
            self.script.tainted.add(name)
        if node.parent is None or node.parent.type != "command":
            self.script.calls.append(Call([], [(name, value)]))

    def _pair(self, node: Node) -> tuple[str, Word]:
        name = node.child_by_field_name("name")
        value = node.child_by_field_name("value")
        return self.raw(name) if name else "?", self.word(value) if value else Word("")

    def _loop(self, node: Node) -> None:
        variable = node.child_by_field_name("variable")
        values = node.children_by_field_name("value")
        if variable and any(word.open or not _PLAIN.fullmatch(word.text) for word in map(self.word, values)):
            self.script.tainted.add(self.raw(variable))

    def _fed(self, node: Node) -> Word | None:
        """What a here-document or a file gives to the statement."""
        for child in node.children:
            if child.type == "heredoc_redirect":
                bodies = [each for each in child.named_children if each.type == "heredoc_body"]
                if not bodies:
                    return Word("", open=True)
                inner = list(bodies[0].named_children)
                names = tuple(name for each in inner if each.type in _EXPANSIONS for name in self.word(each).names)
                return Word(self.raw(bodies[0]), open=bool(names), names=names)
            if child.type == "file_redirect" and any(each.type == "<" for each in child.children):
                return Word("", open=True, names=("?",))
        return None

    def _said(self, node: Node) -> Word:
        """What a part of a pipe gives to the next: known for echo, printf of one text, and cat of a here-document."""
        if node.type == "command":
            words = [self.word(child) for child in node.named_children]
            name = words[0].text if words else ""
            rest = [word for word in words[1:] if not re.fullmatch(r"-[neE]+", word.text)]
            if name == "echo" or (name == "printf" and len(rest) == 1 and "%" not in rest[0].text):
                names = tuple(name for word in rest for name in word.names)
                text = " ".join(word.text for word in rest)
                return Word(text, open=any(word.open for word in rest) or "\\" in text, names=names)
        elif node.type == "redirected_statement" and (body := node.child_by_field_name("body")) and self._only_copies(body):
            return self._fed(node) or Word("", open=True, names=("?",))
        return Word("", open=True, names=("?",))

    def _only_copies(self, node: Node) -> bool:
        return self.raw(node).split() in (["cat"], ["cat", "-"])


def _unescaped(text: str, *, quoted: bool) -> str:
    text = text.replace("\\\n", "")
    return re.sub(r'\\([$`"\\])', r"\1", text) if quoted else re.sub(r"\\(.)", r"\1", text)
