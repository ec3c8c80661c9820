"""A history that grows long is continued as new, and loses nothing on the way."""

import asyncio
from datetime import date

from temporalio.api.enums.v1 import EventType

from models import events
from models.vocabulary import CallResult, Outcome, Status
from tests.harness import Harness


async def test_continuing_as_new_keeps_unread_signals_and_the_state(quick_firm: Harness) -> None:
    firm = quick_firm
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice("LONG-1"))
    await firm.pass_until(date(2026, 3, 5))
    first_run = (await firm.client.get_workflow_handle("invoice/LONG-1").describe()).run_id

    await firm.tell(events.DisputeOpened, "LONG-1", code="price")
    notes = [f"note {number}" for number in range(150)]
    for batch in range(0, 150, 10):
        await asyncio.gather(
            *(
                firm.tell(events.CallLogged, "LONG-1", result=CallResult.REACHED, note=note)
                for note in notes[batch : batch + 10]
            )
        )
    await _until_read(firm, "LONG-1")

    handle = firm.client.get_workflow_handle("invoice/LONG-1")
    described = await handle.describe()
    assert described.run_id != first_run
    state = await firm.state("LONG-1")
    assert (state.status, state.round) == (Status.DISPUTED, 1)
    assert (await firm.story("LONG-1")).count("call_logged") == 150
    rolled = await _carried_over(firm, first_run)
    assert rolled > 0, "no signal was unread when the workflow rolled: the test shows nothing"
    await firm.pay("LONG-1")
    assert await firm.outcome("LONG-1") is Outcome.PAID


async def _until_read(firm: Harness, invoice_id: str) -> None:
    for _ in range(300):
        if (await firm.story(invoice_id)).count("call_logged") == 150:
            return
        await asyncio.sleep(0.1)


async def _carried_over(firm: Harness, run_id: str) -> int:
    """How many unread events the runs since `run_id` handed on, all together."""
    carried = 0
    while run_id:
        handle = firm.client.get_workflow_handle("invoice/LONG-1", run_id=run_id)
        last = [event async for event in handle.fetch_history_events()][-1]
        if last.event_type != EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW:
            break
        attributes = last.workflow_execution_continued_as_new_event_attributes
        carried += attributes.input.payloads[0].data.count(b'"call_logged"')
        run_id = attributes.new_execution_run_id
    return carried
