"""Links, organisations and sections; and what is known of whether the links still answer."""

from .checks import LinkCheck, LinkHost, LinkVisit, Outcome
from .things import (
    ADDRESS_MAX_LENGTH,
    TITLE_MAX_LENGTH,
    InformationCategory,
    Language,
    Organization,
    Resource,
    ResourceOrganization,
    address_digest,
    other_language,
    parts_of,
    validate_address,
)

__all__ = [
    "ADDRESS_MAX_LENGTH",
    "TITLE_MAX_LENGTH",
    "InformationCategory",
    "Language",
    "LinkCheck",
    "LinkHost",
    "LinkVisit",
    "Organization",
    "Outcome",
    "Resource",
    "ResourceOrganization",
    "address_digest",
    "other_language",
    "parts_of",
    "validate_address",
]
