"""What a text in SQL, sed, awk or a MongoDB shell would do."""

import re
from collections.abc import Collection, Mapping

from warroom.runbook.shell import FIELD
from warroom.runbook.verbs import Kind

_SQL_TEXT = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|`[^`]*`|--[^\n]*|/\*(?!!).*?\*/", re.DOTALL)
_SQL_READS = (
    "select",
    "show",
    "values",
    "describe",
    "desc",
    "use",
    "table",
    "with",
    "explain",
    "begin",
    "start",
    "commit",
    "rollback",
    "end",
    "help",
    "status",
)
_SQL_DESTROYS = re.compile(r"\b(delete|drop|truncate|kill)\b")
_SQL_CHANGES = re.compile(
    r"\b(insert|update|create|alter|grant|revoke|merge|replace\s+into|upsert|copy|vacuum|analyze|reindex|cluster|refresh|comment\s+on|lock|do|call|exec|execute"
    r"|load|import|optimize|repair|flush|reset|purge|set\s+(global|persist\w*|password|default|resource|@@(global|persist)\w*)|security|reassign|rename|notify|discard|checkpoint|stop|change"
    r"|into)\b"
)
_SQL_FUNCTION = re.compile(r"\b([a-z_][\w.]*)\s*\(")
_SQL_WORDS = frozenset(
    (
        "in",
        "and",
        "or",
        "not",
        "any",
        "all",
        "some",
        "exists",
        "values",
        "as",
        "on",
        "over",
        "filter",
        "using",
        "select",
        "from",
        "where",
        "by",
        "having",
        "case",
        "when",
        "then",
        "else",
        "end",
        "partition",
        "within",
        "group",
        "order",
        "distinct",
        "limit",
        "interval",
        "between",
        "like",
        "ilike",
        "is",
        "union",
        "except",
        "intersect",
        "with",
        "row",
        "array",
        "lateral",
        "join",
        "table",
        "cast",
        "extract",
        "recursive",
        "materialized",
        "int",
        "varchar",
        "char",
        "decimal",
        "numeric",
        "timestamp",
        "time",
        "set",
        "top",
    )
)
_SQLITE_READS = re.compile(
    r"\.(tables|schema|index(es)?|indices|databases|dbinfo|headers (on|off)|mode \w+|timeout \d+|version)( [\w%]+)?"
    r"|pragma \w*\.?(integrity_check|quick_check|foreign_key_check|foreign_key_list|table_info|table_list|table_xinfo|index_list"
    r"|index_info|page_count|page_size|freelist_count|compile_options|database_list|user_version"
    r"|schema_version|encoding|function_list|collation_list)( [\w']+)?"
)
_SET = re.compile(r"set [@\w.]+( |=|:=|$)")
"""For the session alone; a word that is no name may be filled with GLOBAL."""
_META_READS = re.compile(
    r"\\(d\w*\+?|l\+?|conninfo|timing|x|q|c|connect|pset|t|a|s|sf|sv|z|echo|encoding|h|\?|set|watch|g|gx|G|errverbose|dt\+?)(\s|$|;)"
)

_SED_ADDRESS = r"(?:\d+(?:~\d+)?|\$|/(?:\\.|[^/\\\n])*/[IM]*|\\(?P<c{n}>[^\w\s])(?:\\.|(?!(?P=c{n})).)*(?P=c{n}))"
_SED = re.compile(
    rf"\s*(?:{_SED_ADDRESS.format(n=1)}(?:\s*,\s*[+~]?{_SED_ADDRESS.format(n=2)})?)?\s*!?\s*"
    r"(?:s(?P<d>[^\w\s\\])(?:\\.|(?!(?P=d))[^\\])*(?P=d)(?:\\.|(?!(?P=d))[^\\])*(?P=d)[gpIiMm0-9]*"
    r"|y(?P<y>[^\w\s\\])(?:\\.|(?!(?P=y))[^\\])*(?P=y)(?:\\.|(?!(?P=y))[^\\])*(?P=y)"
    r"|[pdqQnNDGgHhxPlF=]\d*|[aic]\\?[^\n]*|[btT]\s*\w*|:\s*\w+|[{}]|)\s*(?:[;\n]|(?=\})|(?<=\{)|$)",
    re.DOTALL,
)
_MONGO_CALL = re.compile(r"(\.?)\s*\b([A-Za-z_$][\w$]*)\s*\(")
_MONGO_CHANGES = re.compile(
    r"(insert|update|replace|save|create|rename|findOneAnd|findAndModify|bulkWrite|set|stepDown|initiate|reconfig|add|enable|freeze|sync)"
)
_MONGO_FREE = (
    "print",
    "printjson",
    "ObjectId",
    "ISODate",
    "Date",
    "EJSON",
    "Object",
    "NumberLong",
    "stringify",
    "if",
    "for",
    "function",
    "tojson",
)


def sql(text: str, functions: Mapping[str, Kind]) -> tuple[Kind, str]:
    """Functions that are not listed make a reading text unknown."""
    if "$$" in text or "/*!" in text or re.search(r"\\'|\\\\'|\be'", text, re.IGNORECASE):
        bare = text.lower()
        sure = False
    else:
        bare = _SQL_TEXT.sub(lambda found: "''" if found[0][0] in "'" else (" x " if found[0][0] in '"`' else " "), text).lower()
        sure = bare.count("'") % 2 == 0 and '"' not in bare and "/*" not in bare
    for word in _SQL_FUNCTION.findall(bare):
        if functions.get(word.rsplit(".", 1)[-1]) == "destroy":
            return "destroy", f"SQL {word}() ends or deletes something"
    if found := _SQL_DESTROYS.search(bare):
        return "destroy", f"SQL {found[0].upper()} destroys something"
    metas = re.findall(r"(?:^|\n|\s)(\\[^\s;]+[\s;]?)", bare)
    bare_statements = re.sub(r"(^|\n)\s*\\[^\n;]*", "\n", bare)
    analyzed = re.sub(r"\bexplain\s*\(?[\s\w,]*\banalyze\b", "explain ", bare_statements)
    if found := _SQL_CHANGES.search(analyzed):
        return "mutate", f"SQL {' '.join(found[0].upper().split())} changes something"
    if re.search(r"\bfor\s+(no\s+key\s+)?(update|share)\b", bare):
        return "mutate", "SQL FOR UPDATE locks rows"
    if not sure:
        return "unknown", "its SQL has quotes that cannot be told apart"
    for meta in metas:
        if not _META_READS.match(meta.strip() + " ") or re.match(r"\\(g|gx|watch|s)\s*\S", meta):
            return "unknown", f"what {meta.strip()} does is not known"
    if re.search(r"(^|\n)\s*\\(o|w|copy|!|i|ir|g\s+\S|s\s+\S|gexec)", bare) or re.search(r"\\(g|watch|s|o|w)\s+[^\s;]", bare):
        return "unknown", "its SQL runs a program or writes a file"
    for statement in bare_statements.split(";"):
        words = statement.replace("(", " ").replace(")", " ").split()
        if words and _SQLITE_READS.fullmatch(" ".join(words)):
            continue
        if (
            words
            and words[0] not in _SQL_READS
            and not (words[0] == "set" and _SET.match(" ".join(words)) and FIELD.lower() not in words[1])
        ):
            return "unknown", f"what SQL {words[0].upper()} does is not known"
    for word in _SQL_FUNCTION.findall(analyzed):
        name = word.rsplit(".", 1)[-1]
        kind = functions.get(name, "read" if name in _SQL_WORDS else "unknown")
        if kind != "read":
            return kind, f"SQL {name}() " + ("changes something" if kind == "mutate" else "is not known")
    return "read", "its SQL only reads"


def sed(text: str) -> tuple[Kind, str]:
    """Only commands that print and replace in the stream; `w`, `e`, `r` and all others are unknown."""
    at = 0
    while at < len(text):
        found = _SED.match(text, at)
        if not found or found.end() == at:
            return "unknown", "what this text makes sed do is not known"
        at = found.end()
    return "read", "sed only prints"


def awk(text: str) -> tuple[Kind, str]:
    bare = re.sub(r'"(?:\\.|[^"\\])*"', '""', text)
    if re.search(r"\bsystem\s*\(|\bgetline\b|@load|@include|@\w+\(|(?<!\|)\|(?!\|)", bare) or re.search(r'/[^/\s]*"[^/]*/', text):
        return "unknown", "awk can run programs, and this text may"
    if re.search(r"\bprintf?\b[^;}\n]*>", bare) or ">>" in bare:
        return "mutate", "awk writes a file"
    return "read", "awk only prints"


def mongo(text: str, methods: Collection[str]) -> tuple[Kind, str]:
    bare = re.sub(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", "''", text)
    calls = _MONGO_CALL.findall(bare)
    for dot, name in calls:
        if re.match(r"(delete|drop|remove|kill|shutdown)", name):
            return "destroy", f"{name}() deletes or ends something"
        if _MONGO_CHANGES.match(name):
            return "mutate", f"{name}() changes something"
        if not ((dot and name in methods) or (not dot and name in _MONGO_FREE)):
            return "unknown", f"what {name}() does is not known"
    if re.search(r"\$(out|merge)\b", text):
        return "mutate", "the aggregation writes a collection"
    if re.search(r"[^=!<>]=[^=>]|\]\s*\(|`|=>", bare):
        return "unknown", "its text does more than call what is known"
    return "read", "its text only reads"
