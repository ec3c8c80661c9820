"""Temporal as seen by those who start and signal follow-ups."""
