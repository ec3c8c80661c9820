"""Relationships and people, lived through on a real server."""
