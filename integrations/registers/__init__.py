"""Registers outside: billing systems that know which invoices are open."""
