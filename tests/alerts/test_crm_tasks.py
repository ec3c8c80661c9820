"""A notice about one customer is a task in the CRM; any other takes the other way."""

from datetime import UTC, datetime

import pytest

from integrations.alerts.crm_tasks import CrmTasks
from models.context import CustomerContext
from models.errors import PeerRefused, PeerUnavailable
from models.notice import Notice, NoticeLine, NoticePart


class Crm:
    name = "hubspot"

    def __init__(self, trouble: Exception | None = None) -> None:
        self.trouble = trouble
        self.tasks: list[tuple[str, str, str, str, str]] = []

    async def fetch(self, customer_id: str) -> CustomerContext | None:
        raise AssertionError("nobody asks")

    async def open_task(
        self, customer_id: str, title: str, body: str, owner_email: str, key: str
    ) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.tasks.append((customer_id, title, body, owner_email, key))

    async def close(self) -> None:
        """Nothing to let go of."""


class OtherWay:
    name = "mail"

    def __init__(self) -> None:
        self.notices: list[Notice] = []

    async def deliver(self, notice: Notice) -> None:
        self.notices.append(notice)

    async def close(self) -> None:
        """Nothing to let go of."""


def notice(customer_id: str | None) -> Notice:
    return Notice(
        key="alerts/mara@harbour.example/2026-03-10",
        recipient="mara@harbour.example",
        title="1 matter for 2026-03-10",
        parts=(
            NoticePart(heading="Today", lines=(NoticeLine(text="Call Acme", detail="5,000 USD"),)),
        ),
        written_at=datetime(2026, 3, 10, 14, tzinfo=UTC),
        customer_id=customer_id,
    )


async def test_what_is_about_one_customer_becomes_a_task_there() -> None:
    crm, mail = Crm(), OtherWay()

    await CrmTasks(crm, mail).deliver(notice("ACME"))

    assert mail.notices == []
    assert crm.tasks == [
        (
            "ACME",
            "Receivables: 1 matter for 2026-03-10",
            "Today\n- Call Acme\n  5,000 USD",
            "mara@harbour.example",
            "alerts/mara@harbour.example/2026-03-10",
        )
    ]


async def test_what_is_about_several_takes_the_other_way() -> None:
    crm, mail = Crm(), OtherWay()

    await CrmTasks(crm, mail).deliver(notice(None))

    assert (crm.tasks, len(mail.notices)) == ([], 1)


async def test_what_the_crm_refuses_is_told_all_the_same() -> None:
    mail = OtherWay()

    await CrmTasks(Crm(PeerRefused("hubspot", "no such owner")), mail).deliver(notice("ACME"))

    assert len(mail.notices) == 1


async def test_a_crm_that_is_away_is_tried_again_later() -> None:
    mail = OtherWay()

    with pytest.raises(PeerUnavailable):
        await CrmTasks(Crm(PeerUnavailable("hubspot", "503")), mail).deliver(notice("ACME"))

    assert mail.notices == []
