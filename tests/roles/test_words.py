"""The desk in Spanish: no page of it says in English what has a Spanish word."""

from pathlib import Path

import django
import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils.text import capfirst
from lxml import html

from editorial.roles.table import ROLES

from .walking import Site

pytestmark = [pytest.mark.django_db, pytest.mark.any_database("words are the same on both")]

DJANGO = Path(django.__file__).parent / "contrib"
CATALOGUES = [
    *(Path(folder) / "es/LC_MESSAGES/django.po" for folder in settings.LOCALE_PATHS),
    *(DJANGO / app / "locale/es/LC_MESSAGES/django.po" for app in ("admin", "auth")),
]
# What the interface shows of an element beside its text.
SHOWN = ("aria-label", "title", "placeholder", "alt")
# Words that stand in no catalogue and belong to English sentences only.
ENGLISH = {"the", "and", "with", "will", "this", "been", "which", "can", "None"}
# Where what is stored is shown as it is: texts, records, and the English names in lists.
STORED = (
    "//textarea | //script | //style | //pre | //template | //*[contains(@class, '_en')]"
    " | //body//*[@lang='en'] | //*[contains(concat(' ', @class, ' '), ' hidden ')]"
)
OURS = ("resources", "topics", "editorial", "search", "interchange")


def has_spanish() -> set[str]:
    """Every English word and sentence of the interface for which there is another one in Spanish."""
    entries = [entry for path in CATALOGUES for entry in polib.pofile(str(path))]
    words = {entry.msgid for entry in entries if entry.translated() and entry.msgstr != entry.msgid}
    return words | {capfirst(word) for word in words}


def named_by_nobody() -> set[str]:
    """What Django calls the fields that have no name of their own."""
    fields = [
        field
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if hasattr(field, "verbose_name")
    ]
    made = {field.name.replace("_", " ") for field in fields}
    return {capfirst(field.verbose_name) for field in fields if field.verbose_name in made}


def shown_words(page: str) -> set[str]:
    """The texts that a reader of a Spanish page sees or hears, without what is marked as English."""
    tree = html.fromstring(page)
    if tree.get("lang") == "en":
        return set()
    for part in tree.xpath(STORED):
        part.drop_tree()
    texts = tree.xpath("//text()")
    texts += [value for name in SHOWN for value in tree.xpath(f"//@{name}")]
    texts += tree.xpath("//input[@type='submit']/@value")
    return {" ".join(text.split()).strip(" :›/.*") for text in texts}


def administrator() -> User:
    """Somebody who sees every form."""
    return User.objects.create_superuser("jefa")


def onlooker() -> User:
    """Somebody who sees every row, and fields that are not typed in."""
    somebody = User.objects.create_user("testigo", is_staff=True)
    somebody.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return somebody


@pytest.mark.parametrize("who", [administrator, onlooker])
def test_the_desk_says_nothing_in_english_for_which_it_has_a_spanish_word(who):
    site = Site()
    client = Client()
    client.force_login(who())
    client.cookies["django_language"] = "es"
    # A role has one stored name, which lists and forms translate; and one person is called “owner”.
    known = (has_spanish() | named_by_nobody()) - {*ROLES, site.owner.username}
    found = {}
    for address in site.addresses:
        answer = client.get(address.path)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        for text in shown_words(answer.content.decode()):
            if text in known or ENGLISH & set(text.split()):
                found.setdefault(text, address.name)
    assert not found, "\n".join(f"{name}: {text}" for text, name in found.items())
