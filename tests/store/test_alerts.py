"""What our own people are to be told is raised once and told once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from activities.rounds import Rounds
from domain import digests
from models.errors import AddressRejected, PeerUnavailable
from models.notice import Notice
from models.rounds import Round, RoundMade
from models.tables import Alert, FollowUpRow, NoticeRow
from store import alerts
from store.database import Database
from store.escalation import Superiors
from tests.store.rows import MORNING, RULEBOOK, STAFF, acme, add_invoice, follow

MARA, JON = "mara@harbour.example", "jon@harbour.example"
NIGHT = datetime(2026, 3, 10, 2, tzinfo=UTC)  # our office opens at 9


def alert(
    session: Session,
    key: str,
    recipient: str = MARA,
    at: datetime = MORNING,
    *,
    urgent: bool = False,
) -> bool:
    return alerts.raise_alert(
        session,
        session.get_one(FollowUpRow, "INV-1"),
        key=key,
        kind="alert_owner",
        recipient=recipient,
        text=f"about {key}",
        at=at,
        detail="more of it",
        urgent=urgent,
    )


def told(session: Session, key: str, recipient: str, alert_keys: list[str], at: datetime) -> None:
    notice = NoticeRow(key=key, recipient=recipient, title="1 matter", sent_at=at)
    alerts.told(session, notice, alert_keys)
    session.flush()
    session.expire_all()


@pytest.fixture
def session(blank: Session) -> Session:
    acme(blank)
    return blank


def test_an_alert_is_raised_once_however_often_it_arises(session: Session) -> None:
    assert alert(session, "1") is True
    assert alert(session, "1", JON, urgent=True) is False

    [known] = alerts.untold(session)
    assert (known.recipient, known.urgent, known.raised_at) == (MARA, False, MORNING)
    assert (known.invoice_id, known.customer_id, known.kind) == ("INV-1", "ACME", "alert_owner")
    assert (known.text, known.detail) == ("about 1", "more of it")


def test_what_was_told_does_not_arise_again(session: Session) -> None:
    alert(session, "1")
    told(session, "notice", MARA, ["1"], MORNING)

    assert alert(session, "1") is False
    assert alerts.untold(session) == []


def test_what_is_to_be_told_stands_by_recipient_the_oldest_first(session: Session) -> None:
    later = MORNING + timedelta(hours=1)
    for key, who, at in (
        ("d", MARA, later),
        ("c", MARA, MORNING),
        ("b", JON, later),
        ("a", MARA, later),
    ):
        alert(session, key, who, at)

    assert [one.key for one in alerts.untold(session)] == ["b", "c", "a", "d"]


def test_the_urgent_and_the_rest_are_asked_for_apart(session: Session) -> None:
    alert(session, "now", urgent=True)
    alert(session, "today")

    assert [one.key for one in alerts.untold(session, urgent=True)] == ["now"]
    assert [one.key for one in alerts.untold(session, urgent=False)] == ["today"]
    assert len(alerts.untold(session)) == 2


def test_a_notice_that_left_took_its_own_alerts_along_and_no_others(session: Session) -> None:
    alert(session, "1")
    alert(session, "2")
    alert(session, "3", JON)

    told(session, "alerts/mara/2026-03-10", MARA, ["1"], MORNING)

    assert alerts.was_sent(session, "alerts/mara/2026-03-10")
    assert not alerts.was_sent(session, "alerts/jon/2026-03-10")
    assert [one.key for one in alerts.untold(session)] == ["3", "2"]
    known = session.get_one(Alert, "1")
    assert (known.sent_at, known.notice_key) == (MORNING, "alerts/mara/2026-03-10")


def test_a_notice_that_is_noted_twice_is_one(session: Session) -> None:
    alert(session, "1")
    for at in (MORNING, MORNING + timedelta(hours=1)):
        told(session, "notice", MARA, ["1"], at)

    assert [one.key for one in session.exec(select(NoticeRow))] == ["notice"]


class Messenger:
    """A channel to our own people that keeps what it delivers, and fails for whom it is told to."""

    name = "messenger"

    def __init__(self) -> None:
        self.delivered: list[Notice] = []
        self.away = False
        self.unknown: set[str] = set()

    async def deliver(self, notice: Notice) -> None:
        if self.away:
            raise PeerUnavailable(self.name, "503")
        if notice.recipient in self.unknown:
            raise AddressRejected(notice.recipient, "550 no such person")
        self.delivered.append(notice)

    async def close(self) -> None:
        """Nothing to let go of."""

    @property
    def said(self) -> list[tuple[str, str]]:
        return [(one.recipient, one.title) for one in self.delivered]


class House:
    """Rounds among our own people."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.messenger = Messenger()
        superiors = Superiors(STAFF)
        self._rounds = Rounds(database, RULEBOOK, self.messenger, superiors, leadership="")

    def alert(self, key: str, who: str = MARA, at: datetime = NIGHT, *, urgent: bool) -> None:
        with self.database.writing() as session:
            alert(session, key, who, at, urgent=urgent)

    async def round(self, now: datetime) -> RoundMade:
        return await self._rounds.make_round(Round(now=now))


@pytest.fixture
def house(any_database: Database) -> House:
    with any_database.writing() as session:
        acme(session)
        follow(session, add_invoice(session, "INV-2"))
    return House(any_database)


async def test_the_urgent_is_told_at_any_hour_and_the_rest_once_our_office_is_open(
    house: House,
) -> None:
    house.alert("now", urgent=True)
    house.alert("today", urgent=False)

    await house.round(NIGHT)
    assert house.messenger.said == [(MARA, "about now")]

    await house.round(MORNING)
    assert house.messenger.said[1:] == [(MARA, "1 matter for 2026-03-10")]


async def test_what_is_urgent_is_not_told_again_with_the_rest_of_the_day(house: House) -> None:
    house.alert("now", urgent=True)
    house.alert("today", urgent=False)

    await house.round(MORNING)

    lines = [line.text for one in house.messenger.delivered for line in one.parts[0].lines]
    assert sorted(lines) == ["about now", "about today"]


async def test_each_has_one_notice_a_day_and_what_comes_after_it_waits_for_the_next(
    house: House,
) -> None:
    for key, who in (("1", MARA), ("2", MARA), ("3", JON)):
        house.alert(key, who, urgent=False)
    await house.round(MORNING)
    assert house.messenger.said == [
        (JON, "1 matter for 2026-03-10"),
        (MARA, "2 matters for 2026-03-10"),
    ]

    house.alert("4", urgent=False)
    await house.round(MORNING + timedelta(hours=1))
    assert len(house.messenger.said) == 2

    await house.round(MORNING + timedelta(days=1))
    assert house.messenger.said[2:] == [(MARA, "1 matter for 2026-03-11")]


async def test_what_cannot_be_told_now_is_told_in_the_next_round(house: House) -> None:
    house.alert("now", urgent=True)
    house.messenger.away = True
    made = await house.round(NIGHT)
    assert (made.notices, made.failed) == (0, 1)

    house.messenger.away = False
    made = await house.round(NIGHT + timedelta(minutes=15))

    assert (made.notices, made.failed) == (1, 0)
    assert house.messenger.said == [(MARA, "about now")]


async def test_who_cannot_be_reached_is_told_through_the_staff_and_once(house: House) -> None:
    house.alert("now", urgent=True)
    house.messenger.unknown = {MARA}

    for minutes in range(3):
        await house.round(NIGHT + timedelta(minutes=minutes))

    assert house.messenger.said == [
        (STAFF, f"about now (for {MARA}, who cannot be reached)"),
    ]
    with house.database.reading() as session:
        assert alerts.untold(session) == []
        assert session.exec(select(NoticeRow)).one().failed == "AddressRejected"


async def test_the_weeks_digest_is_told_to_each_owner_once_a_week(house: House) -> None:
    with house.database.writing() as session:
        session.get_one(FollowUpRow, "INV-1").owner_email = MARA
    week = digests.week_of(MORNING.date())

    for days in range(3):
        await house.round(MORNING + timedelta(days=days))
    assert house.messenger.said == [(MARA, f"The week {week}")]

    await house.round(MORNING + timedelta(days=7))
    assert len(house.messenger.said) == 2
