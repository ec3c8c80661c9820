"""What a file holds and which column means what, from its header."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from integrations.csv_ledger.fields import FIELDS, Field, Kind
from integrations.csv_ledger.spellings import all_spellings, clear, plain, vague
from models.errors import LedgerUnreadable

_INVOICE = frozenset({Field.INVOICE_ID, Field.NUMBER})
_CUSTOMER = frozenset({Field.CUSTOMER_ID, Field.CUSTOMER_NAME})
_AMOUNT = frozenset({Field.AMOUNT, Field.AMOUNT_OPEN})

_NEEDS: dict[Kind, tuple[frozenset[Field], ...]] = {
    Kind.INVOICES: (
        _INVOICE,
        _AMOUNT,
        frozenset({Field.ISSUED_ON}),
        frozenset({Field.DUE_ON, Field.TERMS}),
        _CUSTOMER | {Field.EMAIL},
    ),
    Kind.PAYMENTS: (_INVOICE, frozenset({Field.AMOUNT}), frozenset({Field.PAID_ON})),
    Kind.CONTACTS: (_CUSTOMER, frozenset({Field.EMAIL})),
    Kind.CUSTOMERS: (_CUSTOMER | {Field.EMAIL},),
}
"""Of each group a file of that kind must have one column."""


@dataclass(frozen=True, slots=True)
class _Sign:
    """By what columns a kind shows: one of each group, and none of `never`.

    A vague header counts for `groups`, but not for `clearly`.
    """

    kind: Kind
    groups: tuple[frozenset[Field], ...] = ()
    clearly: tuple[frozenset[Field], ...] = ()
    never: frozenset[Field] = frozenset()


_SIGNS = (
    _Sign(
        Kind.INVOICES,
        groups=(_INVOICE, _AMOUNT),
        clearly=(frozenset({Field.DUE_ON, Field.TERMS, Field.ISSUED_ON}),),
    ),
    _Sign(
        Kind.PAYMENTS,
        groups=(_INVOICE, frozenset({Field.PAID_ON})),
        never=frozenset({Field.DUE_ON, Field.ISSUED_ON}),
    ),
    _Sign(
        Kind.CONTACTS,
        clearly=(frozenset({Field.EMAIL}), frozenset({Field.ROLE, Field.CONTACT_NAME})),
        never=FIELDS[Kind.CUSTOMERS] - FIELDS[Kind.CONTACTS] | {Field.CUSTOMER_NAME},
    ),
    _Sign(Kind.CUSTOMERS, groups=(_CUSTOMER,), never=_INVOICE),
)
"""The first that fits is taken."""


def known_headers(record: Sequence[str], named: Mapping[Field, str]) -> int:
    """How many cells of `record` are headers we know or a mapping names."""
    wanted = {plain(header) for header in named.values()}
    return sum(
        bool(name) and (name in all_spellings() or name in wanted) for name in map(plain, record)
    )


def kind_of(header: Sequence[str], named: Mapping[Field, str]) -> Kind:
    """What the file holds, from its header and the columns that a mapping names.

    Raises:
        LedgerUnreadable: the header fits nothing.
    """
    names = [plain(name) for name in header]
    sure = {clear()[name] for name in names if name in clear()} - named.keys()
    sure |= {field for field, column in named.items() if column}
    for sign in _SIGNS:
        likely = {stage[name] for stage in vague(sign.kind) for name in names if name in stage}
        found = sure | (likely - named.keys())
        shows = all(group & found for group in sign.groups)
        if shows and all(group & sure for group in sign.clearly) and not sign.never & sure:
            return sign.kind
    raise LedgerUnreadable(
        f"Cannot tell what the file holds from its columns: {_listed(header)}. Name them in a "
        f"mapping file under [columns], or say the kind: {', '.join(Kind)}."
    )


def columns_of(
    header: Sequence[str], kind: Kind, named: Mapping[Field, str], constant: frozenset[Field]
) -> dict[Field, int]:
    """The position of each field's column; `named` are a mapping's columns, "" for none at all.

    `constant` are fields that have a default and so need no column.

    Raises:
        LedgerUnreadable: two columns mean the same, a named one is missing or there twice, or the
            file lacks a column that its kind needs.
    """
    found = {field: _position(header, field, column) for field, column in named.items() if column}
    free = [(i, plain(name)) for i, name in enumerate(header) if i not in found.values()]
    for spellings in (clear(), *vague(kind)):
        wanted = FIELDS[kind] - found.keys() - named.keys()
        found |= _recognised(header, free, spellings, wanted)
        free = [(i, name) for i, name in free if i not in found.values()]
    found = {field: position for field, position in found.items() if field in FIELDS[kind]}
    for group in _NEEDS[kind]:
        if not group & (found.keys() | constant):
            names = " or ".join(sorted(group))
            raise LedgerUnreadable(
                f"A file of {kind} needs a column for {names}. It has: {_listed(header)}. "
                f"Name it in a mapping file under [columns]."
            )
    return found


def _position(header: Sequence[str], field: Field, column: str) -> int:
    exact = [i for i, name in enumerate(header) if name == column]
    places = exact or [i for i, name in enumerate(header) if plain(name) == plain(column)]
    if not places:
        raise LedgerUnreadable(
            f"The mapping's columns.{field} names {column!r}, which the file lacks. "
            f"It has: {_listed(header)}."
        )
    if len(places) > 1:
        raise LedgerUnreadable(
            f"The mapping's columns.{field} names {column!r}, which stands in columns "
            f"{places[0] + 1} and {places[1] + 1}. Rename one of them in the file."
        )
    return places[0]


def _recognised(
    header: Sequence[str],
    free: Sequence[tuple[int, str]],
    spellings: Mapping[str, Field],
    wanted: frozenset[Field],
) -> dict[Field, int]:
    found: dict[Field, int] = {}
    for position, name in free:
        field = spellings.get(name)
        if field is None or field not in wanted:
            continue
        if field in found:
            raise LedgerUnreadable(
                f"{header[found[field]]!r} (column {found[field] + 1}) and {header[position]!r} "
                f"(column {position + 1}) both mean {field}. Say which in a mapping file: "
                f'[columns] {field} = "…".'
            )
        found[field] = position
    return found


def _listed(header: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in header)
