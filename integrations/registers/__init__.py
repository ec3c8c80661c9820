"""Registers outside: billing systems that know which invoices are open (docs/registers.md)."""

from integrations.registers.chargebee import Chargebee
from integrations.registers.gocardless import GoCardless
from integrations.registers.quickbooks import QuickBooks
from integrations.registers.source import RegisterSource
from integrations.registers.stripe import Stripe
from integrations.registers.tokens import TokenKeeper, Tokens
from integrations.registers.xero import Xero

__all__ = [
    "Chargebee",
    "GoCardless",
    "QuickBooks",
    "RegisterSource",
    "Stripe",
    "TokenKeeper",
    "Tokens",
    "Xero",
]
