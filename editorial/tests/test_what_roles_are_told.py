"""Each role is told what it can do, and nothing that only somebody else can."""

import pytest

from topics.models import TopicLanguage
from topics.publishing import publish

from .desk import edit, pair, url_of
from .test_roles import create_roles, in_role

pytestmark = pytest.mark.django_db

WRITERS = ["Translator into Spanish", "Editor"]
UNTIL_YOU = "until you publish"


@pytest.mark.parametrize("role", WRITERS)
@pytest.mark.parametrize(("end", "field"), [("change", "title"), ("links", "links-0-own_title")])
def test_who_cannot_publish_is_told_that_somebody_else_does(client, role, end, field):
    create_roles()
    _english, spanish = pair()
    client.force_login(in_role(role, "Eva"))
    assert edit(client, spanish, end, **{field: "Otra cosa"}).status_code == 302
    page = client.get(url_of(spanish, end)).content.decode()
    assert "until another person, who may publish, publishes it" in page
    assert UNTIL_YOU not in page


def test_a_publisher_is_told_that_she_publishes_unless_four_eyes_are_needed(client, settings):
    create_roles()
    english, _spanish = pair()
    client.force_login(in_role("Publisher", "Pat"))
    edit(client, english, title="Belly Pain")
    assert UNTIL_YOU in client.get(url_of(english)).content.decode()
    settings.FOUR_EYES = True
    edit(client, english, title="Tummy Pain")
    page = client.get(url_of(english)).content.decode()
    assert "until another person" in page and UNTIL_YOU not in page


@pytest.mark.parametrize(
    ("role", "tells"),
    [
        ("Translator into Spanish", "Whoever publishes it looks at both and ticks"),
        ("Editor", "Whoever publishes it looks at both and ticks"),
        ("Publisher", "When you publish, say that you compared"),
    ],
)
def test_who_ticks_that_texts_were_compared_is_said_as_it_is(client, ana, role, tells):
    create_roles()
    english, spanish = pair()
    TopicLanguage.objects.filter(pk=spanish.pk).update(has_changes=True)
    publish(spanish.pk, by=ana, compared_with=1)
    edit(client, english, title="Belly Pain")
    publish(english.pk, by=ana)
    client.force_login(in_role(role, "Eva"))
    page = client.get(url_of(spanish)).content.decode()
    assert tells in page
    assert ("say that you compared" in page) == (role == "Publisher")


def test_a_reviewer_is_not_sent_to_a_page_she_may_not_open(client):
    create_roles()
    english, _spanish = pair()
    client.force_login(in_role("Reviewer", "Rea"))
    page = client.get(url_of(english, "review")).content.decode()
    assert "are set on the page of the text" not in page
    client.force_login(in_role("Editor", "Eve"))
    assert (
        "are set on the page of the text" in client.get(url_of(english, "review")).content.decode()
    )


def test_the_preview_says_whether_the_public_sees_the_same(client, ana):
    english, _spanish = pair()
    preview = url_of(english, "preview/page")
    page = client.get(preview).content.decode()
    assert "is what the public sees now: edition 1." in page
    assert "does not see this" not in page
    edit(client, english, title="Belly Pain")
    page = client.get(preview).content.decode()
    assert "The public does not see this." in page
    assert "is what the public sees" not in page
