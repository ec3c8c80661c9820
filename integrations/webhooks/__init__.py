"""Webhooks of payment providers and billing systems: whose they are, and what they tell."""

from integrations.webhooks.chargebee import Chargebee
from integrations.webhooks.generic import Generic
from integrations.webhooks.gocardless import GoCardless
from integrations.webhooks.quickbooks import QuickBooks
from integrations.webhooks.source import TOLERANCE, WebhookSource
from integrations.webhooks.stripe import Stripe
from integrations.webhooks.xero import Xero

__all__ = [
    "TOLERANCE",
    "Chargebee",
    "Generic",
    "GoCardless",
    "QuickBooks",
    "Stripe",
    "WebhookSource",
    "Xero",
]
