"""Everything that can reach a follow-up from outside. Handlers only note what happened."""

from collections import deque

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from models import events


class Inbox:
    """The signals of a follow-up, kept unread in the order of their arrival."""

    inbox: deque[events.Event]

    @workflow.signal(description="Money arrived for this invoice")
    def payment_received(self, payment: events.PaymentReceived) -> None:
        self.inbox.append(payment)

    @workflow.signal(description="A payment booked earlier was taken back")
    def payment_reversed(self, reversal: events.PaymentReversed) -> None:
        self.inbox.append(reversal)

    @workflow.signal(description="An attempt to pay failed")
    def payment_failed(self, failure: events.PaymentFailed) -> None:
        self.inbox.append(failure)

    @workflow.signal(description="The customer contests the invoice, whole or in part")
    def dispute_opened(self, dispute: events.DisputeOpened) -> None:
        self.inbox.append(dispute)

    @workflow.signal(description="The dispute is settled")
    def dispute_resolved(self, resolution: events.DisputeResolved) -> None:
        self.inbox.append(resolution)

    @workflow.signal(description="The customer said when they will pay")
    def promise_made(self, promise: events.PromiseMade) -> None:
        self.inbox.append(promise)

    @workflow.signal(description="Staff hold the chase")
    def pause(self, pause: events.Pause) -> None:
        self.inbox.append(pause)

    @workflow.signal(description="Staff end a pause")
    def resume(self, resume: events.Resume) -> None:
        self.inbox.append(resume)

    @workflow.signal(description="The register changed the invoice")
    def invoice_changed(self, change: events.InvoiceChanged) -> None:
        self.inbox.append(change)

    @workflow.signal(description="The customer wrote back")
    def customer_replied(self, reply: events.CustomerReplied) -> None:
        self.inbox.append(reply)

    @workflow.signal(description="Somebody called the customer")
    def call_logged(self, call: events.CallLogged) -> None:
        self.inbox.append(call)

    @workflow.signal(description="Something about the customer changed: look again")
    def context_changed(self, change: events.ContextChanged) -> None:
        self.inbox.append(change)
