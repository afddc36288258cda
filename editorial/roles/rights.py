"""What a person may do with one language of a topic: the one place where that is decided."""

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Exists, OuterRef, Q

from resources.models import Language
from topics.models import HealthTopic, TopicLanguage

from .table import translate_right

VIEW = "topics.view_topiclanguage"
ADD_LANGUAGE = "topics.add_topiclanguage"
CHANGE_TEXT = "topics.change_topiclanguage"
CHANGE_TOPIC = "topics.change_healthtopic"
PUBLISH = "topics.publish_topiclanguage"
REVIEW = "topics.add_review"
CHANGE_SHOWN = "topics.change_shown_things"
LIMIT = "topics.limit_healthtopic"

# Who may translate into a language may begin it, and write what belongs to it.
OF_TRANSLATORS = (ADD_LANGUAGE, CHANGE_TEXT)
# They change nothing of the topic, so owners keep nobody from them.
OPEN_TO_ALL = (VIEW, REVIEW)


def may(user: AbstractBaseUser, right: str, topic_language: TopicLanguage) -> bool:
    """Whether a person has a right on one language of a topic."""
    return may_in(user, right, topic_language.topic, topic_language.language)


def may_in(user: AbstractBaseUser, right: str, topic: HealthTopic, language: str) -> bool:
    """Whether a person has a right on a topic in a language, which need not exist yet."""
    has = user.has_perm(right) or (
        right in OF_TRANSLATORS and user.has_perm(translate_right(language))
    )
    return has and (right in OPEN_TO_ALL or is_open_to(user, topic))


def is_open_to(user: AbstractBaseUser, topic: HealthTopic) -> bool:
    """Whether owners of the topic, where it has any, do not keep this person from changing it."""
    owners = owners_of(topic)
    return not owners or user.pk in owners or user.has_perm(LIMIT)


def open_to(user: AbstractBaseUser) -> Q:
    """The condition for TopicLanguages whose topics' owners do not keep this person from changing them."""
    if user.has_perm(LIMIT):
        return Q()
    owners = HealthTopic.owners.through.objects.filter(healthtopic=OuterRef("topic"))
    return ~Exists(owners) | Q(Exists(owners.filter(user=user)))


def owners_of(topic: HealthTopic) -> dict[int, AbstractBaseUser]:
    """The people to whom a topic is limited, by key; asked once for each row that was read."""
    if "_owners" not in topic.__dict__:
        topic._owners = {owner.pk: owner for owner in topic.owners.order_by("username")}
    return topic._owners


def works_in(user: AbstractBaseUser, language: str) -> bool:
    """Whether a person writes or publishes topics in a language."""
    return any(map(user.has_perm, (CHANGE_TEXT, PUBLISH, translate_right(language))))


def writes_anywhere(user: AbstractBaseUser) -> bool:
    """Whether a person may write topics in any language at all."""
    rights = [CHANGE_TEXT, *map(translate_right, Language.values)]
    return any(user.has_perm(right) for right in rights)


def may_change_shown(user: AbstractBaseUser) -> bool:
    """Whether a person may change a shared thing that live pages show."""
    return user.has_perm(PUBLISH) or user.has_perm(CHANGE_SHOWN)
