"""The commands of `starter.py`, one file per thing they are about."""
