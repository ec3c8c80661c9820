"""The life that the README draws is one that a real follow-up lives."""

import re
from datetime import date, datetime

from models import events
from models.vocabulary import Action, Method, Outcome, Status, TaskKind
from tests.docs.pages import section
from tests.harness import Harness

_STEP = re.compile(r"^ *(\d+ \w{3}) +([a-z-]+) \.+", re.MULTILINE)


async def test_the_life_in_the_readme_is_lived_as_drawn(firm: Harness) -> None:
    drawn = [
        (datetime.strptime(f"{day} 2026", "%d %b %Y").date(), step)  # noqa: DTZ007  (a day alone)
        for day, step in _STEP.findall(section("README.md", "One invoice's life"))
    ]
    await firm.add_customer(owner_email="mara@harbour.example")
    await firm.follow_up(await firm.add_invoice(due=date(2026, 3, 2)))

    await firm.pass_until(date(2026, 3, 12))
    await firm.tell(events.PromiseMade, pay_on=date(2026, 3, 20), method=Method.WIRE)
    await firm.pass_until(date(2026, 3, 20))
    assert (await firm.state()).status is Status.PROMISED
    await firm.pass_until(date(2026, 3, 26))
    assert [task.kind for task in await firm.tasks()] == [TaskKind.CALL]
    await firm.pay(amount="1000.00")
    await firm.pass_until(date(2026, 4, 14))
    assert Action.ALERT_OWNER in await firm.story()
    await firm.pay(amount="4000.00")

    assert await firm.outcome() is Outcome.PAID
    # The alert to the owner is mail too, though no letter.
    letters = zip(firm.sent_on, firm.sent, firm.outbox.sent, strict=True)
    assert [(on, step) for on, step, one in letters if "alert" not in one.message_id] == drawn
