"""All that is known of a customer, in lines for a person."""

from collections.abc import Iterator
from typing import Any

from commands.sayings import spaced, until_words
from domain.brief import AGES
from models.settings import Settings

_MOST_INVOICES = 12


def customer_lines(told: dict[str, Any], settings: Settings) -> Iterator[tuple[str, str]]:
    """What forbids or delays first, then who looks after them, how they pay, and what they owe."""
    yield "Customer", f"{told['name']} ({told['id']})"
    yield from _careful(told)
    owner = ", ".join(filter(None, told["owner"].values()))
    until = until_words(told["said"].get("owner_email", {}).get("until"))
    yield "Owner", f"{owner}{until}" if owner else f"nobody of their own: {settings.staff_email}"
    yield "Backup", told["backup"] or settings.backup_email or "nobody"
    yield "Manager", told["manager"] or settings.manager_email or "nobody"
    if csm := ", ".join(filter(None, told["csm"].values())):
        yield "Success", csm
    yield from _known(told)
    for currency, words in told["behaviour"].items():
        yield "They pay", f"{words} ({currency})"
    yield from _owed(told)
    for one in told["contacts"]:
        yield "Contacts", _contact(one)
    if not told["contacts"]:
        yield "Contacts", f"none; add one: starter.py customer contacts {told['id']} --add"
    yield "CRM", _connected(told["connected"])
    yield "As of", f"{told['as_of']} in {told['zone']}"


def _careful(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("do_not_contact", "insolvent", "legal_hold"):
        if told[name]:
            said = told["said"].get(name, {"by": "the register", "until": None})
            yield "Careful", f"{spaced(name)}{until_words(said['until'])}, says {said['by']}"
    for one in told["relationship"]:
        yield "Careful", f"{spaced(one['condition'])}{until_words(one['until'])}, says {one['by']}"


def _known(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is good to know and forbids nothing."""
    names = ("segment", "arr", "health", "nps", "renewal_on", "language", "country")
    known = ["strategic"] if told["strategic"] else []
    known += [f"{spaced(name)} {told[name]}" for name in names if told[name] not in (None, "")]
    known += [f"the contract allows {spaced(one)}" for one in told["contract_clauses"]]
    yield "Known", ", ".join(known)


def _owed(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for one in told["open"]:
        many = "1 invoice" if one["invoices"] == 1 else f"{one['invoices']} invoices"
        yield "They owe", f"{one['amount']:,.2f} {one['currency']} {AGES[one['age']]}, {many}"
    if not told["open"]:
        yield "They owe", "nothing"
    for one in told["invoices"][:_MOST_INVOICES]:
        yield "Invoices", _invoice(one)
    if (more := len(told["invoices"]) - _MOST_INVOICES) > 0:
        yield "Invoices", f"and {more} more"


def _invoice(one: dict[str, Any]) -> str:
    late = one["days_past_due"]
    age = f"{late} days late" if late > 1 else "1 day late" if late == 1 else "not late"
    owed = f"{one['amount_open']:,.2f} {one['currency']}"
    return f"{one['number']}: {owed}, due {one['due_on']}, {age}; {spaced(one['status'])}"


def _contact(one: dict[str, Any]) -> str:
    refused = f"refused mail on {one['rejected_at']:%Y-%m-%d}" if one["rejected_at"] else ""
    known = (one["email"], one["name"], one["role"], one["phone"], refused, one["source"])
    return ", ".join(part for part in known if part)


def _connected(told: dict[str, Any]) -> str:
    if not told["system"]:
        return "none is connected"
    answered = told["answered_at"]
    last = f"answered on {answered:%Y-%m-%d %H:%M} UTC" if answered else "has said nothing yet"
    if told["away_since"]:
        return (
            f"{told['system']} does not answer since {told['away_since']:%Y-%m-%d %H:%M} UTC "
            f"({told['problem']}); before, it {last}"
        )
    return f"{told['system']} {last}"
