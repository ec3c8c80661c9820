"""The sources that a firm has set up, and the translation of what any of them sends."""

from collections.abc import Callable, Sequence

from integrations.webhooks.chargebee import Chargebee
from integrations.webhooks.generic import Generic
from integrations.webhooks.gocardless import GoCardless
from integrations.webhooks.quickbooks import QuickBooks
from integrations.webhooks.source import WebhookSource
from integrations.webhooks.stripe import Stripe
from integrations.webhooks.xero import Xero
from models.billing import Arrived, News
from models.settings import Settings

_SOURCES: dict[str, Callable[[Sequence[str]], WebhookSource]] = {
    "webhook_secrets": Generic,
    "stripe_webhook_secrets": Stripe,
    "gocardless_webhook_secrets": GoCardless,
    "chargebee_webhook_secrets": Chargebee,
    "quickbooks_webhook_secrets": QuickBooks,
    "xero_webhook_secrets": Xero,
}
_TRANSLATE = {
    one.name: one.translate for one in (Generic, Stripe, GoCardless, Chargebee, QuickBooks, Xero)
}


def webhook_sources(settings: Settings) -> dict[str, WebhookSource]:
    """The sources whose secrets are set, by the name in their address.

    Raises:
        SettingInvalid: a secret is none; it is not quoted.
    """
    made = (
        make(secrets.split(","))
        for name, make in _SOURCES.items()
        if (secrets := getattr(settings, name).get_secret_value().strip())
    )
    return {source.name: source for source in made}


def translate(arrived: Arrived) -> Sequence[News] | None:
    """What an event of any source tells; None when the source or its type is unknown.

    It takes no secret: whoever reads what was kept need not be able to sign.

    Raises:
        WebhookMalformed: a part that is needed is missing, or is not what it should be.
    """
    translating = _TRANSLATE.get(arrived.source)
    return translating(arrived) if translating else None
