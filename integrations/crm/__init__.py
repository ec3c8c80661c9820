"""Customer relationship systems: what they say of a customer, and tasks in them (docs/crm.md)."""

from integrations.crm.hubspot import HubSpot
from integrations.crm.mapping import HubSpotMapping, Mapping
from integrations.crm.mapping_text import parse_hubspot_mapping, parse_salesforce_mapping
from integrations.crm.salesforce import Salesforce
from integrations.crm.source import ContextSource

__all__ = [
    "ContextSource",
    "HubSpot",
    "HubSpotMapping",
    "Mapping",
    "Salesforce",
    "parse_hubspot_mapping",
    "parse_salesforce_mapping",
]
