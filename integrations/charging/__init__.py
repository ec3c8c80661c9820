"""Payment providers that charge cards and mandates on file."""
