"""A task that nobody takes up reaches the next one in time, and is buried nowhere."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from models import acts
from models.decision import TaskRequest
from models.tables import Alert, Customer, Task
from models.vocabulary import TaskKind
from store import escalation, tasks, timeline
from store.database import Database
from store.escalation import Superiors
from tests.store.chase import flag, happening, put
from tests.store.rows import MORNING, RULEBOOK, STAFF, acme

MARA, BEN, INES = (f"{name}@harbour.example" for name in ("mara", "ben", "ines"))
BACKUP, MANAGER = "backup@harbour.example", "manager@harbour.example"
NOBODY = Superiors(STAFF)
ANYBODY = Superiors(STAFF, BACKUP, MANAGER)

Told = tuple[str, str, bool]


class House:
    """Our own people, at work from 9 to 17 UTC. ACME is Mara's; on Tuesday at 15:25 a call to
    them is queued, which is to be taken up within eight hours of work."""

    def __init__(
        self, session: Session, superiors: Superiors = ANYBODY, said: dict[str, Any] | None = None
    ) -> None:
        self.session = session
        self.superiors = superiors
        acme(session)
        session.get_one(Customer, "ACME").owner_email = MARA
        if said is None:
            said = {"backup_email": BEN, "manager_email": INES}
        flag(session, **said)

    def queue(
        self,
        kind: TaskKind = TaskKind.CALL,
        owner: str = MARA,
        key: str = "call",
        at: datetime = MORNING,
    ) -> None:
        about = happening(self.session, at=at)
        tasks.open_task(
            self.session,
            about.row,
            TaskRequest(kind=kind, why="Call accounts payable."),
            at,
            key=key,
            owner=owner,
            escalate_at=about.terms.escalate_at(kind, at),
        )
        self.session.flush()

    def round(self, now: datetime) -> int:
        """One round among our people, at that moment."""
        overdue = escalation.overdue(self.session, now)
        for task in overdue:
            followed = RULEBOOK.find(self.session, task.invoice_id, now)
            assert followed is not None
            terms = RULEBOOK.terms(self.session, followed)
            escalation.escalate(self.session, task, followed, terms, self.superiors, now)
        self.session.flush()
        self.session.expire_all()
        return len(overdue)

    def until(self, day: date) -> list[Told]:
        """Go round whenever something is due; when who was told, and whether at once."""
        end = datetime.combine(day, datetime.min.time(), tzinfo=UTC)
        while (due := escalation.next_deadline(self.session)) is not None and due < end:
            self.round(due)
        return self.told

    @property
    def told(self) -> list[Told]:
        kinds = col(Alert.kind).in_(["escalation", "reminder"])
        rows = self.session.exec(select(Alert).where(kinds).order_by(col(Alert.raised_at)))
        return [(f"{one.raised_at:%a %H:%M}", one.recipient, one.urgent) for one in rows]

    @property
    def story(self) -> list[str]:
        lines = timeline.entries(self.session, "INV-1")
        return [line.text for line in lines if line.kind == "escalation"]

    @property
    def task(self) -> Task:
        return self.session.get_one(Task, "call")


@pytest.fixture
def house(blank: Session) -> House:
    return House(blank)


def test_it_goes_from_the_owner_to_the_backup_to_the_manager_and_then_comes_every_day(
    house: House,
) -> None:
    house.queue()

    assert house.until(date(2026, 3, 18)) == [
        ("Wed 15:25", BEN, True),
        ("Thu 15:25", INES, True),
        ("Fri 15:25", INES, False),
        ("Mon 09:00", INES, False),
        ("Tue 09:00", INES, False),
    ]
    assert house.task.escalated == 5


def test_each_time_the_timeline_says_who_was_told_and_since_when_it_waits(house: House) -> None:
    house.queue()

    house.until(date(2026, 3, 14))

    since = "The task call was not taken up since 2026-03-10 15:25 UTC"
    assert house.story == [
        f"{since}: the backup is told.",
        f"{since}: the manager is told.",
        f"{since}: the manager, with the day's digest, is told.",
    ]


def test_who_is_told_is_told_what_for(house: House) -> None:
    house.queue()

    house.until(date(2026, 3, 12))

    [alert] = house.session.exec(select(Alert).where(Alert.kind == "escalation"))
    assert alert.text == (
        "Acme Inc., invoice INV-1, 5,000.00 USD open: call was not taken up since "
        "2026-03-10 15:25 UTC."
    )
    assert (alert.detail, alert.invoice_id, alert.customer_id) == (
        "Call accounts payable.",
        "INV-1",
        "ACME",
    )


def test_nobody_is_told_before_its_time(house: House) -> None:
    house.queue()

    assert house.round(datetime(2026, 3, 11, 15, 24, tzinfo=UTC)) == 0
    assert house.told == []


def test_a_round_that_is_made_twice_tells_once(house: House) -> None:
    house.queue()
    due = datetime(2026, 3, 11, 15, 25, tzinfo=UTC)

    assert (house.round(due), house.round(due)) == (1, 0)

    assert house.told == [("Wed 15:25", BEN, True)]


def test_a_round_that_comes_late_gives_the_next_one_their_full_time(house: House) -> None:
    house.queue()

    house.round(datetime(2026, 3, 13, 12, tzinfo=UTC))  # nobody was there for two days

    assert house.told == [("Fri 12:00", BEN, True)]
    assert house.task.escalate_at == datetime(2026, 3, 16, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("owner", "said", "superiors", "told"),
    [
        (MARA, {"manager_email": INES}, NOBODY, [(INES, True), (INES, False)]),
        (MARA, {"backup_email": BEN}, NOBODY, [(BEN, True), (STAFF, True), (STAFF, False)]),
        (MARA, {"backup_email": BEN}, ANYBODY, [(BEN, True), (MANAGER, True), (MANAGER, False)]),
        (MARA, {"manager_email": INES}, ANYBODY, [(BACKUP, True), (INES, True), (INES, False)]),
        (MARA, {}, ANYBODY, [(BACKUP, True), (MANAGER, True), (MANAGER, False)]),
        (MARA, {}, NOBODY, [(STAFF, True), (STAFF, False)]),
        ("", {"backup_email": BEN}, ANYBODY, [(BACKUP, True), (MANAGER, True), (MANAGER, False)]),
        ("", {}, NOBODY, [(STAFF, False), (STAFF, False)]),
        (MARA, {"backup_email": MARA, "manager_email": INES}, NOBODY, [(INES, True)]),
    ],
    ids=[
        "no backup",
        "no manager",
        "the firm's manager",
        "the firm's backup",
        "the firm's",
        "only the staff",
        "the staff's own work",
        "the staff alone",
        "one person twice",
    ],
)
def test_a_rung_that_is_missing_is_passed_over_and_nobody_is_the_last(
    any_database: Database,
    owner: str,
    said: dict[str, Any],
    superiors: Superiors,
    told: list[tuple[str, bool]],
) -> None:
    with any_database.writing() as session:
        house = House(session, superiors, said)
        house.queue(owner=owner)

        found = [(who, at_once) for _, who, at_once in house.until(date(2026, 3, 18))]

    assert found[: len(told)] == told
    assert found[-1][1] is False


def test_where_there_is_no_backup_the_timeline_speaks_of_none(any_database: Database) -> None:
    with any_database.writing() as session:
        house = House(session, NOBODY, {"manager_email": INES})
        house.queue()

        house.until(date(2026, 3, 14))

        assert "the manager is told" in house.story[0]
        assert "with the day's digest" in house.story[1]


def test_who_is_told_of_the_staffs_own_work_is_said_to_be_who_they_are(house: House) -> None:
    """The customer's own backup and manager have nothing to do with it."""
    house.queue(owner="")

    house.until(date(2026, 3, 14))

    assert [who for _, who, _ in house.told] == [BACKUP, MANAGER, MANAGER]
    assert "the backup is told" in house.story[0]
    assert "the manager is told" in house.story[1]


def test_what_is_taken_up_goes_no_further(house: House) -> None:
    house.queue()
    house.until(date(2026, 3, 12))

    taken = acts.AcknowledgeCall(event_id="1", by=BEN, task_key="call")
    put(house.session, taken, at=datetime(2026, 3, 12, 9, tzinfo=UTC))

    assert house.until(date(2026, 4, 1)) == [("Wed 15:25", BEN, True)]
    assert escalation.next_deadline(house.session) is None


def test_what_is_done_goes_no_further(house: House) -> None:
    house.queue()

    tasks.close_tasks(house.session, "INV-1", MORNING, "call logged: reached")

    assert house.until(date(2026, 4, 1)) == []


def test_a_decision_that_was_taken_up_and_is_not_taken_comes_back_to_its_owner_every_day(
    house: House,
) -> None:
    house.queue(TaskKind.RESOLVE_DISPUTE)
    taken = acts.AcknowledgeCall(event_id="1", by=MARA, task_key="call")
    put(house.session, taken)

    # A week of work, and then every day: it is theirs, and no superior hears of it.
    assert house.until(date(2026, 3, 20)) == [
        ("Tue 15:25", MARA, False),
        ("Wed 09:00", MARA, False),
        ("Thu 09:00", MARA, False),
    ]
    assert house.story[0].startswith(
        f"The task resolve dispute (taken up by {MARA}) is still not done since 2026-03-10"
    )

    tasks.close_tasks(house.session, "INV-1", MORNING, "dispute resolved")
    assert escalation.next_deadline(house.session) is None


def test_what_comes_again_begins_with_its_owner_again(house: House) -> None:
    house.queue()
    house.until(date(2026, 3, 13))
    tasks.close_tasks(house.session, "INV-1", MORNING, "done")
    house.session.expire_all()
    monday = datetime(2026, 3, 16, 15, 25, tzinfo=UTC)

    house.queue(at=monday)

    assert house.until(date(2026, 3, 18)) == [("Tue 15:25", BEN, True)]


def test_the_longest_overdue_come_first_and_the_next_deadline_is_the_earliest(
    house: House,
) -> None:
    for hours, key in ((2, "second"), (0, "first"), (4, "third")):
        house.queue(key=key, at=MORNING - timedelta(days=4, hours=-hours))
    house.queue(TaskKind.FINANCE, key="far off")

    overdue = escalation.overdue(house.session, MORNING)

    assert [task.key for task in overdue] == ["first", "second", "third"]
    assert escalation.next_deadline(house.session) == overdue[0].escalate_at


def test_where_nothing_waits_nothing_is_due(house: House) -> None:
    assert escalation.next_deadline(house.session) is None
    assert escalation.overdue(house.session, MORNING) == []
