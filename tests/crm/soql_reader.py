"""Reads the queries that Salesforce gets, strictly: what it would refuse is a ValueError here."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\\x00-\x1f]|\\(?:['\"\\nrtbf_%]|u[0-9a-f]{4}))*')"
    r"|(?P<word>[A-Za-z][A-Za-z0-9_.]*|\d+)|(?P<mark>!=|[=(),]))"
)
_UNESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_KEYWORDS = {"AND", "OR", "LIKE", "WHERE", "LIMIT", "FROM", "SELECT"}

Test = Callable[[Callable[[str], Any]], bool]


@dataclass
class Query:
    """A query taken apart. `test` is asked with a function that gives a field's value."""

    fields: list[str] = field(default_factory=list)
    children: dict[str, "Query"] = field(default_factory=dict)
    source: str = ""
    test: Test = lambda _: True
    limit: int | None = None


class _Tokens:
    def __init__(self, text: str) -> None:
        self._left = [*_split(text)]

    def peek(self) -> str:
        return self._left[0] if self._left else ""

    def next(self, wanted: str = "") -> str:
        token = self._left.pop(0) if self._left else ""
        if wanted and token != wanted:
            raise ValueError(f"{wanted} expected, not {token!r}")
        return token


def _split(text: str) -> Iterator[str]:
    place = 0
    while place < len(text.rstrip()):
        found = _TOKEN.match(text, place)
        if not found:
            raise ValueError(f"unexpected: {text[place:]!r}")
        yield found[0].strip()
        place = found.end()


def read_soql(text: str) -> Query:
    """The query.

    Raises:
        ValueError: it is none.
    """
    tokens = _Tokens(text)
    query = _query(tokens)
    if tokens.peek():
        raise ValueError(f"unexpected: {tokens.peek()!r}")
    return query


def _query(tokens: _Tokens) -> Query:
    query = Query()
    tokens.next("SELECT")
    while True:
        if tokens.peek() == "(":
            tokens.next()
            child = _query(tokens)
            query.children[child.source] = child
            tokens.next(")")
        else:
            query.fields.append(tokens.next())
        if tokens.peek() != ",":
            break
        tokens.next()
    if len({name.lower() for name in query.fields}) < len(query.fields):
        raise ValueError("duplicate field selected")
    tokens.next("FROM")
    query.source = tokens.next()
    if tokens.peek() == "WHERE":
        tokens.next()
        query.test = _either(tokens)
    if tokens.peek() == "LIMIT":
        tokens.next()
        query.limit = int(tokens.next())
    return query


def _either(tokens: _Tokens) -> Test:
    """Conditions joined by AND, or by OR; Salesforce wants brackets around a mixture."""
    tests, words = [_one(tokens)], set()
    while tokens.peek() in {"AND", "OR"}:
        words.add(tokens.next())
        tests.append(_one(tokens))
    if len(words) > 1:
        raise ValueError("AND and OR are mixed without brackets")
    join = any if words == {"OR"} else all
    return lambda said: join(test(said) for test in tests)


def _one(tokens: _Tokens) -> Test:
    if tokens.peek() == "(":
        tokens.next()
        inner = _either(tokens)
        tokens.next(")")
        return inner
    name, sign, literal = tokens.next(), tokens.next(), tokens.next()
    if name in _KEYWORDS or literal in _KEYWORDS or not literal:
        raise ValueError(f"no condition: {name} {sign} {literal}")
    if sign == "LIKE":
        return lambda said: bool(_pattern(literal).fullmatch(said(name) or ""))
    wanted = _value(literal)
    return lambda said: _equal(said(name), wanted) is (sign == "=")


def _equal(said: Any, wanted: Any) -> bool:
    if isinstance(said, str) and isinstance(wanted, str):
        return said.lower() == wanted.lower()
    if said is not None and wanted is not None and type(said) is not type(wanted):
        raise ValueError(f"{wanted!r} is not of the type of {said!r}")
    return bool(said == wanted)


def _value(literal: str) -> Any:
    known = {"true": True, "false": False, "null": None}
    if literal in known:
        return known[literal]
    return "".join(sign for sign, _ in _signs(literal)) if literal[0] == "'" else int(literal)


def _pattern(literal: str) -> re.Pattern[str]:
    wild = {"%": ".*", "_": "."}
    parts = (
        wild.get(sign, re.escape(sign)) if not escaped else re.escape(sign)
        for sign, escaped in _signs(literal)
    )
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def _signs(literal: str) -> Iterator[tuple[str, bool]]:
    """The signs of a text, each with whether it was escaped."""
    for found in re.finditer(r"\\u([0-9a-f]{4})|\\(.)|(.)", literal[1:-1], re.DOTALL):
        if found[1]:
            yield chr(int(found[1], 16)), True
        elif found[2]:
            yield _UNESCAPED.get(found[2], found[2]), True
        else:
            yield found[3], False
