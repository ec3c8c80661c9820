"""Durable processes. Each decides nothing itself: it asks, waits, acts, and asks again."""
