"""An about page has the buttons that its reader may press, and no others."""

import pytest
from django.contrib.auth.models import User

from topics.models import Page

from .desk import fields, person
from .test_roles import create_roles, in_role

pytestmark = pytest.mark.django_db


def buttons(client, page: Page) -> list[str]:
    text = client.get(f"/admin/topics/page/{page.pk}/change/").content.decode()
    return [name for name in ("_save", "_publish_en", "_publish_es") if f'name="{name}"' in text]


@pytest.mark.parametrize(
    ("role", "expected"),
    [("Editor", ["_save"]), ("Publisher", ["_save", "_publish_en", "_publish_es"])],
)
def test_an_about_page_is_saved_and_published_by_who_may(client, role, expected):
    create_roles()
    page = Page.objects.first()
    client.force_login(in_role(role, "Eva"))
    assert buttons(client, page) == expected
    address = f"/admin/topics/page/{page.pk}/change/"
    posted = fields(client.get(address), "page_form") | {"title_en": "Other words"}
    assert client.post(address, posted | {"_save": "1"}).status_code == 302
    page.refresh_from_db()
    assert page.title_en == "Other words"


def test_who_may_only_look_at_an_about_page_has_no_button(client):
    person("Zoe", "view_page")
    client.force_login(User.objects.get(username="zoe"))
    assert buttons(client, Page.objects.first()) == []
