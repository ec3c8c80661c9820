"""Letters to customers: approved templates filled with ledger facts, as text and as HTML."""

from integrations.letters.check import check_templates
from integrations.letters.letters import Letters

__all__ = ["Letters", "check_templates"]
