"""Webhooks of payment providers and billing systems: whose they are, and what they tell."""
