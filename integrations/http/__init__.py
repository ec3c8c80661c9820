"""What every system spoken to over HTTP has in common."""
