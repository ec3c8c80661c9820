"""The system that runs the customer's service, asked to suspend or to restore it."""
