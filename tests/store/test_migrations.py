"""The migrations make, on both engines, exactly the tables that the code works with."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import MetaData, Table, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, select

from models.errors import DatabaseUnavailable
from models.tables import Contact, Customer, FollowUpRow, Message, Touch
from models.vocabulary import Reason, Stage, Status, TaskKind
from store import alerts, disputes, migrate, policies, tasks
from store.database import Database
from tests.postgres import NewDatabase, PostgresServer
from tests.store.chase import check, look
from tests.store.rows import FILES, MORNING, TUESDAY

_ROOT = Path(migrate.__file__).parent.parent
_SCRIPTS = _ROOT / "migrations" / "versions"
_PREPARES = """
import sys
from store import migrate
from store.database import Database
database = Database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
migrate.upgrade(database)
database.close()
"""


def downgrade(database: Database, revision: str = "base") -> None:
    with database.engine.connect() as connection:
        connection.info["for_writing"] = True
        command.downgrade(migrate._config(connection), revision)
        connection.commit()


def upgrade_to(database: Database, revision: str) -> None:
    with database.engine.connect() as connection:
        connection.info["for_writing"] = True
        command.upgrade(migrate._config(connection), revision)
        connection.commit()


def fill(database: Database, rows: dict[str, dict[str, Any]]) -> None:
    """Write rows into tables as they are now, whatever the code thinks of them."""
    known = MetaData()

    def kept(value: Any) -> Any:
        is_whole = database.is_sqlite and isinstance(value, Decimal)
        return int(value * 10_000) if is_whole else value

    with database.engine.connect() as connection:
        connection.info["for_writing"] = True
        for name, values in rows.items():
            table = Table(name, known, autoload_with=connection)
            connection.execute(table.insert(), {key: kept(value) for key, value in values.items()})
        connection.commit()


def change(database: Database, statement: str) -> None:
    with database.writing() as session:
        session.connection().execute(text(statement))


def test_a_new_database_lacks_every_migration_oldest_first(new_database: NewDatabase) -> None:
    database = new_database(migrated=False)

    assert migrate.is_new(database)
    assert [revision[:4] for revision in migrate.missing(database)] == sorted(
        path.name[:4] for path in _SCRIPTS.glob("*.py")
    )


def test_upgrading_makes_the_tables_of_the_code_and_no_others(new_database: NewDatabase) -> None:
    database = new_database(migrated=False)

    migrate.upgrade(database)

    assert not migrate.is_new(database)
    assert migrate.missing(database) == []
    assert migrate.drift(database) == []
    tables = set(inspect(database.engine).get_table_names())
    assert tables == {*SQLModel.metadata.tables, "alembic_version"}


def test_upgrading_again_changes_nothing(any_database: Database) -> None:
    with any_database.writing() as session:
        session.add(Customer(id="ACME", name="Acme Inc."))

    migrate.upgrade(any_database)

    with any_database.reading() as session:
        assert [one.name for one in session.exec(select(Customer))] == ["Acme Inc."]


@pytest.mark.parametrize(
    "statement",
    [
        "DROP INDEX ix_invoices_due_on",
        "ALTER TABLE customers ADD COLUMN shoe_size INTEGER",
        "DROP TABLE scans",
    ],
)
def test_a_table_that_differs_from_the_code_is_noticed(
    any_database: Database, statement: str
) -> None:
    change(any_database, statement)

    assert migrate.drift(any_database) != []


def test_a_downgrade_takes_every_table_away_and_an_upgrade_brings_them_back(
    any_database: Database,
) -> None:
    everything = migrate.missing(any_database)
    downgrade(any_database)

    assert inspect(any_database.engine).get_table_names() == ["alembic_version"]
    assert len(migrate.missing(any_database)) > len(everything)

    migrate.upgrade(any_database)
    assert migrate.missing(any_database) == []
    assert migrate.drift(any_database) == []


def _customer() -> dict[str, Any]:
    return {
        **dict.fromkeys(("country", "subdivision", "segment", "owner"), ""),
        **dict.fromkeys(("owner_name", "owner_email"), ""),
        **dict.fromkeys(("strategic", "insolvent", "legal_hold", "do_not_contact"), False),
        **{name: [] for name in ("tags", "contract_clauses")},
        "id": "ACME",
        "name": "Acme Inc.",
        "zone": "UTC",
        "language": "en",
        "unapplied_cash": 0,
    }


def _letter() -> dict[str, Any]:
    return {
        **dict.fromkeys(("template", "language", "message_id", "recipient", "subject"), ""),
        "key": "INV-1/reminder/1",
        "customer_id": "ACME",
        "currency": "USD",
        "day": TUESDAY,
        "stage": "pre_due",
        "cc": [],
        "total": Decimal(5000),
        "plan": {},
        "claimed_by": "INV-1",
        "claimed_at": MORNING,
        "attempts": 1,
        "sent_at": MORNING,
    }


def _rows_of_0001() -> dict[str, dict[str, Any]]:
    """A firm at work under 0001: a row of every table that 0002 changes, as it was written then."""
    about = {"invoice_id": "INV-1", "round": 1}
    return {
        "customers": _customer(),
        "contacts": {
            "customer_id": "ACME",
            "email": "ap@acme.example",
            "name": "Sam Lee",
            "phone": "",
            "role": "ap",
        },
        "invoices": {
            **dict.fromkeys(("purchase_order", "terms", "payment_link"), ""),
            "id": "INV-1",
            "number": "INV-1",
            "customer_id": "ACME",
            "currency": "USD",
            "amount": Decimal(5000),
            "amount_open": Decimal(5000),
            "issued_on": TUESDAY,
            "due_on": TUESDAY,
            "status": "open",
            "settled_elsewhere": 0,
            "register_status": "open",
            "disputed": False,
            "revision": 1,
        },
        "follow_ups": {
            **dict.fromkeys(("says", "pause_note"), ""),
            **about,
            "customer_id": "ACME",
            "policy": "standard",
            "policy_version": 1,
            "status": "disputed",
            "reason": "disputed",
            "shift_days": 0,
            "paused": False,
            "dispute_id": 1,
            "broken_promises": 1,
            "seen_revision": 1,
            "opened_at": MORNING,
        },
        "disputes": {
            **dict.fromkeys(("note", "opened_by", "in_favour_of"), ""),
            "id": 1,
            "invoice_id": "INV-1",
            "code": "price",
            "opened_on": TUESDAY,
        },
        "tasks": {
            "key": "INV-1/resolve_dispute/1",
            "invoice_id": "INV-1",
            "customer_id": "ACME",
            "kind": "resolve_dispute",
            "why": "The dispute is still not resolved.",
            "owner": "",
            "priority": 0,
            "opened_at": MORNING,
            "closed_because": "",
        },
        "alerts": {
            "key": "INV-1/final-notice/1/alert_owner",
            "invoice_id": "INV-1",
            "recipient": "mara@harbour.example",
            "text": "Acme Inc.: 30 days past due.",
            "raised_at": MORNING,
        },
        "messages": _letter(),
        "touches": {
            **about,
            "key": "INV-1/reminder/1",
            "step": "reminder",
            "stage": "pre_due",
            "outcome": "sent",
            "message_key": "INV-1/reminder/1",
            "on": TUESDAY,
            "at": MORNING,
        },
    }


@pytest.fixture
def firm_of_0001(new_database: NewDatabase) -> Database:
    """A database that the version before has worked with."""
    database = new_database(migrated=False)
    upgrade_to(database, "0001")
    fill(database, _rows_of_0001())
    return database


def test_what_was_written_before_relationships_and_people_survives_their_coming(
    firm_of_0001: Database,
) -> None:
    migrate.upgrade(firm_of_0001)

    assert migrate.drift(firm_of_0001) == []
    with firm_of_0001.reading() as session:
        customer = session.get_one(Customer, "ACME")
        assert (customer.name, customer.context_revision) == ("Acme Inc.", 0)
        contact = session.exec(select(Contact)).one()
        assert (contact.email, contact.source) == ("ap@acme.example", "")
        row = session.get_one(FollowUpRow, "INV-1")
        assert (row.status, row.dispute_id, row.broken_promises) == (Status.DISPUTED, 1, 1)
        assert (row.priority, row.owner_email) == (Decimal(0), "")
        assert (row.dispute_settled, row.plan_broken, row.suspended) == (False, False, False)
        assert (row.broken_on, row.plan_id, row.draft_id) == (None, None, None)
        assert (row.asked_step, row.answer_by, row.owner_word) == (None, None, None)
        assert (row.disposition, row.disposed_on) == (None, None)
        [dispute] = disputes.open_disputes(session, row)
        assert (dispute.code, dispute.line, dispute.owner) == ("price", "", "")
        [task] = tasks.open_tasks(session)
        assert (task.kind, task.what, task.attempts) == (TaskKind.RESOLVE_DISPUTE, "", 0)
        assert (task.escalate_at, task.escalated, task.not_before) == (None, 0, None)
        assert (task.acknowledged_at, task.acknowledged_by) == (None, "")
        [alert] = alerts.untold(session)
        assert (alert.recipient, alert.urgent, alert.kind) == ("mara@harbour.example", False, "")
        assert (alert.customer_id, alert.detail, alert.notice_key) == ("", "", "")
        letter = session.get_one(Message, "INV-1/reminder/1")
        assert (letter.chases, letter.policy, letter.policy_version) == (True, "", 0)
        assert (letter.sent_at, letter.total) == (MORNING, Decimal(5000))
        assert session.get_one(Touch, "INV-1/reminder/1").warned is False


def test_what_was_written_before_is_decided_about_afterwards(firm_of_0001: Database) -> None:
    migrate.upgrade(firm_of_0001)

    with firm_of_0001.writing() as session:
        policies.pin(session, FILES, "standard")
        facts = look(session).facts
        assert facts.contact.last_message_on == TUESDAY
        assert [done.step for done in facts.progress.done] == ["reminder"]
        assert check(session).reason is Reason.DISPUTED


def test_of_two_letters_that_chase_on_one_day_the_second_is_refused_and_a_receipt_is_not(
    firm_of_0001: Database,
) -> None:
    migrate.upgrade(firm_of_0001)

    def write(key: str, **more: Any) -> None:
        values: dict[str, Any] = {"currency": "USD", "day": TUESDAY} | more
        letter = Message(
            key=key,
            customer_id="ACME",
            stage=Stage.EARLY,
            total=Decimal(1),
            claimed_by="INV-1",
            claimed_at=MORNING,
            **values,
        )
        with firm_of_0001.writing() as session:
            session.add(letter)

    with pytest.raises(IntegrityError):
        write("INV-1/due-notice/1")
    write("INV-1/thank-you/1", chases=False)
    write("INV-1/service-restored/1", chases=False)
    write("INV-1/due-notice/2", day=TUESDAY + timedelta(days=1))
    write("INV-1/due-notice/3", currency="EUR")
    with pytest.raises(IntegrityError):
        write("INV-1/due-notice/4", currency="EUR")


def test_a_database_that_went_back_one_version_goes_forward_again(any_database: Database) -> None:
    downgrade(any_database, "0001")

    migrate.upgrade(any_database)

    assert migrate.drift(any_database) == []


def test_going_back_one_version_keeps_what_it_knows(
    firm_of_0001: Database,
) -> None:
    migrate.upgrade(firm_of_0001)

    downgrade(firm_of_0001, "0001")
    with pytest.raises(IntegrityError):
        fill(firm_of_0001, {"messages": _letter() | {"key": "INV-1/due-notice/1"}})
    with firm_of_0001.reading() as session:
        kept = session.connection().execute(text("SELECT invoice_id, dispute_id FROM follow_ups"))
        assert [tuple(row) for row in kept] == [("INV-1", 1)]


def test_two_processes_may_prepare_a_database_at_once(new_database: NewDatabase) -> None:
    database = new_database(migrated=False)
    url = database.url.render_as_string(hide_password=False)
    other = subprocess.Popen(
        [sys.executable, "-c", _PREPARES, url],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert other.stdin is not None
    assert other.stdout is not None
    assert other.stdout.readline() == "ready\n"

    other.stdin.write("go\n")
    other.stdin.flush()
    try:
        migrate.upgrade(database)
    finally:
        _, said = other.communicate(timeout=60)

    assert other.returncode == 0, said
    assert migrate.missing(database) == []


@pytest.mark.parametrize("ask", [migrate.is_new, migrate.missing, migrate.upgrade, migrate.drift])
def test_a_server_that_is_away_is_said_to_be(
    postgres: PostgresServer, ask: Callable[[Database], object]
) -> None:
    database = Database(postgres.url("no_such_database"))

    with pytest.raises(DatabaseUnavailable):
        ask(database)

    database.close()
