"""A firm at work, seen from its terminal."""

import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlmodel import Session

from commands.office import Office, in_office
from models.clock import Clock
from models.follow_up import FollowUp
from models.tables import FollowUpRow
from models.vocabulary import Outcome, Reason, Status
from store import policies
from store.database import Database
from store.policies import PolicyFiles
from tests.commands.terminal import ROOT, Said, Terminal

_NUMBERS = count(1)
_PATIENCE_SECONDS = 60


def _first_thursday_of_march(year: int) -> date:
    day = date(year, 3, 1)
    return day + timedelta(days=(3 - day.weekday()) % 7)


# A day on which letters leave, in a year to come: the rounds among our own people are made in real
# time and leave alone what is not due yet. On it an invoice due 16 days before is at its second
# notice, which brings a call.
A_DAY = _first_thursday_of_march(datetime.now(UTC).year + 1)
LATE = A_DAY - timedelta(days=16)


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


def add_round(
    database: Database, invoice: str, *, closed: bool = False, policy: str = "standard"
) -> None:
    """A follow-up of ACME that the database knows and the Temporal server does not."""
    row = FollowUpRow(
        invoice_id=invoice,
        customer_id="ACME",
        policy=policy,
        policy_version=1,
        status=Status.ACTIVE,
        opened_at=datetime.now(UTC),
    )
    if closed:
        row.status, row.outcome, row.closed_at = Status.CLOSED, Outcome.PAID, datetime.now(UTC)
        row.reason, row.says = Reason.PAID, "The register says it is paid."
    with database.writing() as session:
        session.add(row)
        if policy == "standard":
            policies.pin(session, PolicyFiles(ROOT / "policies", "USD"), policy)


@contextmanager
def writing(terminal: Terminal) -> Iterator[Session]:
    """The terminal's database, to put into it what no command does."""
    with (
        closing(Database(terminal.env["DUNLIN_DATABASE_URL"])) as database,
        database.writing() as session,
    ):
        yield session


class Shop:
    """A terminal with a prepared database, and a worker at work."""

    def __init__(self, terminal: Terminal, worker: subprocess.Popen[bytes]) -> None:
        self.terminal = terminal
        self._worker = worker

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
        self.begin(invoice)
        return invoice

    def follow_on(
        self, day: date = A_DAY, policy: str = "standard", flag: str = "", **more: object
    ) -> str:
        """A new invoice of a new customer, overdue and followed up by a clock that began late in a
        New York morning of `day`, so that a letter is up; returns its id. `flag` is said of the
        customer before that."""
        number = next(_NUMBERS)
        invoice, customer = f"INV-{number}", f"CUST-{number}"
        own = {"Customer ID": customer, "Customer": f"{customer} Inc.", "Due Date": LATE}
        self.take(bill(invoice, **(own | {"Email": f"ap@{customer}.example"} | more)))
        if flag:
            assert self("customer", "flag", customer, flag).status == 0

        async def start(office: Office) -> None:
            files = PolicyFiles(office.settings.policies, office.settings.base_currency)
            with office.database.writing() as session:
                version = policies.pin(session, files, policy)
            found = office.find(invoice).invoice
            begins = datetime(day.year, day.month, day.day, 16, 25, tzinfo=UTC)
            follow_up = FollowUp(
                invoice_id=invoice,
                customer_id=found.customer_id,
                due_on=found.due_on,
                policy=policy,
                policy_version=version,
                clock=Clock(real_start=datetime.now(UTC), business_start=begins),
            )
            await (await office.follow_ups()).start(follow_up)

        with self.terminal.inside():
            in_office(start)
        self.wait_for(invoice, "opened")
        return invoice

    def begin(self, *invoices: str) -> None:
        """Follow up what is open, and wait until the worker has taken it up."""
        said = self("backfill", "--json")
        assert said.status == 0, said.err
        for invoice in invoices:
            self.wait_for(invoice, "opened")

    def wait_for(self, invoice: str, code: str) -> None:
        """Wait until that stands on the invoice's timeline."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while code not in self.story(invoice):
            assert self._worker.poll() is None, "the worker has ended; see its log"
            assert time.monotonic() < deadline, f"{invoice}: no {code} in {self.story(invoice)}"
            time.sleep(0.05)

    def wait_until(self, invoice: str, status: str) -> None:
        """Wait until the invoice's follow-up stands so."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while (stands := self.state(invoice)["status"]) != status:
            assert time.monotonic() < deadline, f"{invoice} is {stands}, not {status}"
            time.sleep(0.05)

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
