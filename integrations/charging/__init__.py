"""Payment providers that charge cards and mandates on file (docs/charging.md)."""

from integrations.charging.gocardless import GoCardlessCharging
from integrations.charging.provider import PaymentProvider
from integrations.charging.stripe import StripeCharging

__all__ = ["GoCardlessCharging", "PaymentProvider", "StripeCharging"]
