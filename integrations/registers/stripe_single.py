"""One object of Stripe's as it is now. Stripe deletes nothing that was ever owed, so an id that it
does not know tells nothing, unless it is a means of payment."""

from datetime import datetime

from integrations.provider_objects.stripe_credits import credit_news
from integrations.provider_objects.stripe_customers import customer_news
from integrations.provider_objects.stripe_declines import intent_canceled
from integrations.provider_objects.stripe_invoices import invoice_news, payments_named
from integrations.provider_objects.stripe_means import mandate_news, means_news
from integrations.provider_objects.stripe_payments import (
    charge_news,
    invoice_payment_news,
    share_of,
)
from integrations.provider_objects.stripe_refunds import refund_news
from integrations.provider_objects.stripe_values import NAME, names_of, ours
from integrations.registers.stripe_api import StripeApi
from integrations.registers.stripe_lists import WHOLE_INVOICE, Tell, by_its_own_moment
from models.billing import MeansState, MeansStated, News, ObjectChanged, ObjectKind

_PLAIN: dict[ObjectKind, tuple[str, str, Tell]] = {
    ObjectKind.CREDIT_NOTE: ("credit_notes", "credit note", credit_news),
    ObjectKind.CUSTOMER: ("customers", "customer", customer_news),
    ObjectKind.REFUND: ("refunds", "refund", by_its_own_moment(refund_news)),
}


async def object_news(api: StripeApi, changed: ObjectChanged, as_of: datetime) -> list[News]:
    """What the object tells, as of a moment before it is read."""
    match changed.object:
        case ObjectKind.PAYMENT:
            return await _payment(api, changed.id)
        case ObjectKind.MANDATE:
            return await _means(api, changed, as_of)
        case ObjectKind.INVOICE:
            return await _invoice(api, changed, as_of)
    path, kind, tell = _PLAIN[changed.object]
    said = await api.object(f"{path}/{changed.id}", kind)
    return tell(said, as_of) if said else []


async def _invoice(api: StripeApi, changed: ObjectChanged, as_of: datetime) -> list[News]:
    """An invoice; of a copy, what was paid by it."""
    said = await api.object(f"invoices/{changed.id}", "invoice", WHOLE_INVOICE)
    if said is None or not ours(said):
        return invoice_news(said, as_of) if said else []
    asked = {"invoice": changed.id, "status": "paid"}
    ties, _ = await api.list("invoice_payments", "invoice payment", asked)
    names = names_of(said)
    listed = [news for one in ties for news in invoice_payment_news(one, None, names)]
    return listed or payments_named(said, changed.happened_at)


async def _payment(api: StripeApi, payment_id: str) -> list[News]:
    """A payment by its intent or its charge, with the invoices that it is for."""
    if not payment_id.startswith("pi_"):
        charge = await api.object(f"charges/{payment_id}", "charge")
        return charge_news(charge) if charge else []
    intent = await api.object(f"payment_intents/{payment_id}", "payment intent", ("latest_charge",))
    if intent is None:
        return []
    if intent.optional("status") == "canceled":
        return intent_canceled(intent)
    charge = intent.expanded("latest_charge")
    if charge is None:
        return []
    asked = {
        "payment[type]": "payment_intent",
        "payment[payment_intent]": payment_id,
        "expand[]": ["data.invoice"],
    }
    ties, _ = await api.list("invoice_payments", "invoice payment", asked)
    known = [share for one in ties if (share := share_of(one))]
    return charge_news(charge.as_kind("charge"), None, known)


async def _means(api: StripeApi, changed: ObjectChanged, as_of: datetime) -> list[News]:
    is_mandate = changed.id.startswith("mandate_")
    path, kind, tell = (
        ("mandates", "mandate", mandate_news)
        if is_mandate
        else ("payment_methods", "payment method", means_news)
    )
    said = await api.object(f"{path}/{changed.id}", kind)
    if said is not None:
        return tell(said, as_of)
    if is_mandate:
        return []
    gone = MeansStated(
        provider=NAME,
        reference=changed.id,
        as_of=changed.happened_at,
        state=MeansState.REVOKED,
    )
    return [gone]
