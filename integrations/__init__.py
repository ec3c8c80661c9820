"""The outside world: mail, letters, ledgers, Temporal."""
