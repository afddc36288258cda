"""Which fields of topics, groups and pages exist once per language."""

from modeltranslation.translator import TranslationOptions, register

from .models import HealthTopic, Installation, Page, TopicGroup, TopicSection


@register(TopicGroup)
class TopicGroupTranslation(TranslationOptions):
    fields = ("name",)


@register(HealthTopic)
class HealthTopicTranslation(TranslationOptions):
    fields = (
        *("title", "meta_description", "attribution"),
        *("image_alt", "image_credit", "image_license"),
    )


@register(TopicSection)
class TopicSectionTranslation(TranslationOptions):
    fields = ("position", "level", "heading", "body")


@register(Page)
class PageTranslation(TranslationOptions):
    fields = ("title", "body")


@register(Installation)
class InstallationTranslation(TranslationOptions):
    fields = ("name", "tagline", "disclaimer", "source_credit")
