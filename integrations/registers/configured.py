"""The billing systems that a firm has connected: its register, and whom its events may ask."""

from collections.abc import Callable

from integrations.registers.chargebee import Chargebee
from integrations.registers.gocardless import GoCardless
from integrations.registers.quickbooks import QuickBooks
from integrations.registers.source import RegisterSource
from integrations.registers.stripe import Stripe
from integrations.registers.tokens import TokenKeeper
from integrations.registers.xero import Xero
from models.settings import Settings

Keeping = Callable[[str, str], TokenKeeper]


def providers(settings: Settings, keeping: Keeping) -> dict[str, RegisterSource]:
    """Every system whose credentials are set, by the name that its events come under.

    `keeping` makes the keeper of a source's tokens from its name and the first refresh token.
    """
    found: list[RegisterSource] = []
    if key := settings.stripe_key.get_secret_value():
        found.append(Stripe(key))
    if settings.chargebee_site:
        found.append(Chargebee(settings.chargebee_site, settings.chargebee_key.get_secret_value()))
    if settings.quickbooks_client_id:
        first = settings.quickbooks_refresh_token.get_secret_value()
        found.append(
            QuickBooks(
                settings.quickbooks_client_id,
                settings.quickbooks_client_secret.get_secret_value(),
                settings.quickbooks_realm,
                keeping("quickbooks", first),
                sandbox=settings.quickbooks_sandbox,
                currency=settings.base_currency,
            )
        )
    if settings.xero_client_id:
        found.append(
            Xero(
                settings.xero_client_id,
                settings.xero_client_secret.get_secret_value(),
                settings.xero_tenant,
                keeping("xero", settings.xero_refresh_token.get_secret_value()),
            )
        )
    if token := settings.gocardless_token.get_secret_value():
        found.append(GoCardless(token, sandbox=settings.gocardless_sandbox))
    return {source.name: source for source in found}
