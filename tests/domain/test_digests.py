"""What our own people are told together: the urgent, the day's alerts, the week's digest."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pytest

from domain import digests
from domain.digests import Account, Week
from models.notice import Notice
from tests.domain.one_invoice import at, march

NOW = at(march(10), 9)
MARA, JON = "mara@firm.example", "jon@firm.example"
STAFF = "receivables@firm.example"


@dataclass(slots=True)
class _Alert:
    key: str
    recipient: str
    customer_id: str
    text: str
    detail: str = ""


_FIRST = _Alert("INV-1/final/1", JON, "ACME", "Acme: 5,000.00 USD", "The final notice has left.")
_SECOND = _Alert("INV-2/final/1", MARA, "BOLT", "Bolt: 900.00 EUR")
_THIRD = _Alert("INV-3/final/1", MARA, "CORE", "Core: 70.00 EUR", "A promise was broken.")


def _lines(notice: Notice) -> list[tuple[str, str]]:
    return [(line.text, line.detail) for part in notice.parts for line in part.lines]


def test_each_of_our_people_has_one_notice_of_all_that_is_urgent() -> None:
    (jons, his_keys), (maras, her_keys) = digests.urgent([_FIRST, _SECOND, _THIRD], STAFF, NOW)

    assert (jons.recipient, maras.recipient) == (JON, MARA)
    assert jons.title == "Acme: 5,000.00 USD"
    assert maras.title == "2 matters need you now"
    assert _lines(maras) == [("Bolt: 900.00 EUR", ""), ("Core: 70.00 EUR", "A promise was broken.")]
    assert his_keys == ["INV-1/final/1"]
    assert her_keys == ["INV-2/final/1", "INV-3/final/1"]
    assert all(notice.urgent for notice in (jons, maras))


def test_a_round_that_is_made_twice_tells_the_urgent_once() -> None:
    later = at(march(10), 10)

    [(once, _)] = digests.urgent([_SECOND, _THIRD], STAFF, NOW)
    [(again, _)] = digests.urgent([_SECOND, _THIRD], STAFF, later)
    [(other, _)] = digests.urgent([_SECOND], STAFF, NOW)

    assert once.key == again.key
    assert once.key != other.key


def test_a_days_alerts_are_one_notice_whatever_they_are_about() -> None:
    (jons, _), (maras, keys) = digests.daily([_FIRST, _SECOND, _THIRD], STAFF, march(10), NOW)

    assert (jons.title, maras.title) == ("1 matter for 2026-03-10", "2 matters for 2026-03-10")
    assert maras.key == "alerts/mara@firm.example/2026-03-10"
    assert keys == ["INV-2/final/1", "INV-3/final/1"]
    assert not maras.urgent
    assert maras.written_at == NOW


def test_a_notice_about_one_customer_alone_says_which() -> None:
    again = _Alert("INV-4/final/1", MARA, "BOLT", "Bolt: 20.00 EUR")

    def daily(alerts: list[_Alert], staff: str, now: datetime) -> list[digests.Told]:
        return digests.daily(alerts, staff, march(10), now)

    for tell in (digests.urgent, daily):
        [(bolts, _)] = tell([_SECOND, again], STAFF, NOW)
        [(several, _)] = tell([_SECOND, _THIRD], STAFF, NOW)

        assert (bolts.customer_id, several.customer_id) == ("BOLT", None)


def test_a_day_without_alerts_is_silent() -> None:
    assert digests.urgent([], STAFF, NOW) == []
    assert digests.daily([], STAFF, march(10), NOW) == []


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2026, 3, 2), "2026-W10"),
        (date(2026, 3, 8), "2026-W10"),
        (date(2026, 1, 1), "2026-W01"),
        (date(2027, 1, 1), "2026-W53"),  # a Friday that still belongs to the old year's last week
        (date(2024, 12, 30), "2025-W01"),
    ],
)
def test_a_week_is_counted_as_iso_8601_does(day: date, week: str) -> None:
    assert digests.week_of(day) == week


def test_a_recipient_has_the_weeks_digest_once() -> None:
    keys = {
        digests.weekly(who, Week(), week, NOW).key
        for who in (MARA, JON)
        for week in ("2026-W10", "2026-W11")
    }

    assert len(keys) == 4
    assert digests.weekly_key(MARA, "2026-W10") in keys


def _told(told: Week, now: datetime = NOW) -> dict[str, list[str]]:
    notice = digests.weekly(MARA, told, "2026-W10", now)
    return {part.heading: [line.text for line in part.lines] for part in notice.parts}


def test_the_weeks_digest_says_what_to_look_at_what_changed_and_what_waits() -> None:
    told = _told(
        Week(
            accounts=(
                Account("Acme", (("EUR", Decimal("12000.5")), ("USD", Decimal(900))), 61, 3),
                Account("Bolt", (("EUR", Decimal(70)),), 2, 1),
            ),
            paid=(("EUR", Decimal(48_000), 12), ("USD", Decimal("99.9"), 2)),
            promises_broken=2,
            disputes_opened=3,
            plans_broken=4,
            promises_due=("2026-03-16: Acme, invoice 7",),
            decisions=("Acme, since 2026-03-02: plan, write-off, agency, legal, or continue?",),
        )
    )

    assert told == {
        "Accounts to look at first": [
            "Acme: 12,000.50 EUR and 900.00 USD open on 3 invoices, the oldest 61 days late",
            "Bolt: 70.00 EUR open on 1 invoice, the oldest 2 days late",
        ],
        "What has changed in a week": [
            "48,000.00 EUR came in; 12 invoices are paid",
            "99.90 USD came in; 2 invoices are paid",
            "2 promises were broken",
            "3 disputes were opened",
            "4 payment plans have ended unpaid",
        ],
        "Promised for the coming week": ["2026-03-16: Acme, invoice 7"],
        "Decisions that wait": [
            "Acme, since 2026-03-02: plan, write-off, agency, legal, or continue?"
        ],
    }


def test_a_quiet_week_says_so_under_every_heading() -> None:
    assert _told(Week()) == {
        "Accounts to look at first": ["Nobody is late."],
        "What has changed in a week": ["Nothing has changed."],
        "Promised for the coming week": ["Nothing is promised."],
        "Decisions that wait": ["None waits."],
    }


def test_what_did_not_happen_is_not_counted() -> None:
    changes = _told(Week(disputes_opened=2))["What has changed in a week"]

    assert changes == ["2 disputes were opened"]


def test_amounts_of_two_currencies_are_never_added() -> None:
    account = Account("Acme", (("EUR", Decimal(1)), ("USD", Decimal(1))), 5, 2)

    [line] = _told(Week(accounts=(account,)))["Accounts to look at first"]

    assert "1.00 EUR and 1.00 USD" in line


def test_what_names_nobody_is_told_to_the_staff_with_what_is_theirs() -> None:
    nobodys = _Alert("INV-5/finance/1", "", "DALE", "Dale: finance")
    theirs = _Alert("INV-6/final/1", STAFF, "ECHO", "Echo: the final notice has left")

    (maras, _), (staffs, keys) = digests.daily([nobodys, _SECOND, theirs], STAFF, march(10), NOW)

    assert (maras.recipient, staffs.recipient) == (MARA, STAFF)
    assert keys == ["INV-5/finance/1", "INV-6/final/1"]


def test_a_notice_of_very_many_matters_says_how_many_more_there_are() -> None:
    many = [_Alert(f"INV-{n}/final/1", MARA, "BOLT", f"matter {n}") for n in range(75)]

    [(notice, keys)] = digests.daily(many, STAFF, march(10), NOW)

    assert len(_lines(notice)) == 61
    assert _lines(notice)[-1][0] == "… and 15 more: starter.py status"
    assert len(keys) == 75
