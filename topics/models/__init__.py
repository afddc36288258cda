"""The working copy that editors change, and the editions that the public reads."""

from .desk import DeskPage, OpenPage, TopicWriter, UnsavedText
from .edition import AddressChange, Draft, Edition, Origin, PublicationEvent, RefreshJob
from .parts import (
    Membership,
    OtherLanguage,
    Placement,
    RelatedTopic,
    TextAddress,
    TopicName,
    TopicSection,
)
from .public import (
    ADDRESS_TAKEN,
    Address,
    Generation,
    Installation,
    LiveMembership,
    LiveName,
    LivePicture,
    LiveTongue,
    Page,
    PageEdition,
    PageWriter,
)
from .review import Review
from .schedule import ScheduledEdition
from .sharing import DraftLink
from .topic import LOCAL_NUMBER_BASE, HealthTopic, TaggedTopic, TopicGroup, TopicLanguage, TopicTag

__all__ = [
    "ADDRESS_TAKEN",
    "LOCAL_NUMBER_BASE",
    "Address",
    "AddressChange",
    "DeskPage",
    "Draft",
    "DraftLink",
    "Edition",
    "Generation",
    "HealthTopic",
    "Installation",
    "LiveMembership",
    "LiveName",
    "LivePicture",
    "LiveTongue",
    "Membership",
    "OpenPage",
    "Origin",
    "OtherLanguage",
    "Page",
    "PageEdition",
    "PageWriter",
    "Placement",
    "PublicationEvent",
    "RefreshJob",
    "RelatedTopic",
    "Review",
    "ScheduledEdition",
    "TaggedTopic",
    "TextAddress",
    "TopicGroup",
    "TopicLanguage",
    "TopicName",
    "TopicSection",
    "TopicTag",
    "TopicWriter",
    "UnsavedText",
]
