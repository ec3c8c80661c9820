"""What crosses a boundary: words, events, decisions, facts, tables, settings, errors."""
