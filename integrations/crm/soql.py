"""Salesforce's query language: texts quoted so that they stay texts, conditions, selections.

Names of fields stand in a query as they are; a mapping admits nothing else for one.
"""

from collections.abc import Iterable

from integrations.crm.mapping import Condition

_ESCAPES = str.maketrans(
    {chr(sign): f"\\u{sign:04x}" for sign in (*range(0x20), 0x7F)}
    | {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)


def quoted(text: str) -> str:
    """`text` as a literal (SOQL and SOSL Reference, "Quoted String Escape Sequences")."""
    return f"'{text.translate(_ESCAPES)}'"


def ending_in(text: str) -> str:
    """A pattern for LIKE: whatever ends in `text`, in which % and _ stand for themselves."""
    plain = text.translate(_ESCAPES).replace("%", "\\%").replace("_", "\\_")
    return f"'%{plain}'"


def where(*conditions: Condition) -> str:
    """` WHERE …` for records that fulfil all conditions, or nothing when there are none."""
    tests = [
        " OR ".join(f"{name} = {_literal(value)}" for value in wanted)
        for condition in conditions
        for name, wanted in condition.items()
    ]
    return f" WHERE {' AND '.join(f'({test})' for test in tests)}" if tests else ""


def select(fields: Iterable[str], source: str, rest: str = "") -> str:
    """A query of `source`; `rest` starts with a space."""
    return f"SELECT {', '.join(fields)} FROM {source}{rest}"  # noqa: S608 - no SQL; see above


def _literal(value: bool | int | str) -> str:
    """As the field's type wants it: true, 5, 'text'; "" is null."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return quoted(value) if value else "null"
