"""Webhooks of payment providers and billing systems: whose they are, and what they tell."""

from integrations.webhooks.generic import Generic
from integrations.webhooks.source import TOLERANCE, WebhookSource
from integrations.webhooks.stripe import Stripe

__all__ = ["TOLERANCE", "Generic", "Stripe", "WebhookSource"]
