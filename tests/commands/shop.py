"""A firm at work, seen from its terminal."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests.commands.terminal import Said, Terminal

_NUMBERS = count(1)


def bill(invoice: str, **more: object) -> dict[str, object]:
    """A row of a ledger: 5,000 dollars, due in a month, so that no letter is up for weeks."""
    today = datetime.now(UTC).date()
    return {
        "Invoice": invoice,
        "Customer ID": "ACME",
        "Customer": "Acme Inc.",
        "Email": "ap@acme.example",
        "Country": "US",
        "Issued": today,
        "Due Date": today + timedelta(days=30),
        "Amount": "5000.00",
        "Currency": "USD",
        "Status": "open",
    } | more


class Shop:
    """A terminal with a prepared database, and a worker at work."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def __call__(self, *words: object) -> Said:
        return self.terminal(*words)

    def take(self, *rows: Mapping[str, object]) -> Said:
        """Import a ledger."""
        file = self.terminal.write(f"ledger-{next(_NUMBERS)}.csv", rows)
        said = self("import", file)
        assert said.status == 0, said.err
        return said

    def follow(self, **more: object) -> str:
        """A new invoice that is followed up; returns its id."""
        invoice = f"INV-{next(_NUMBERS)}"
        self.take(bill(invoice, **more))
        started = self("backfill", "--json")
        assert started.data["started"] == 1, started
        return invoice

    def story(self, invoice: str) -> list[str]:
        """The codes on its timeline."""
        return [line["code"] for line in self("timeline", invoice, "--json").data]

    def state(self, invoice: str) -> dict[str, Any]:
        """How its follow-up stands."""
        said = self("status", invoice, "--json")
        assert said.status == 0, said.err
        found = said.data
        assert isinstance(found, dict)
        return found
