"""Which fields of links and organisations exist once per language."""

from modeltranslation.translator import TranslationOptions, register

from .models import InformationCategory, Organization, Resource


@register(Organization)
class OrganizationTranslation(TranslationOptions):
    fields = ("name", "url")


@register(InformationCategory)
class InformationCategoryTranslation(TranslationOptions):
    fields = ("name",)


@register(Resource)
class ResourceTranslation(TranslationOptions):
    fields = ("title", "url", "descriptions")
