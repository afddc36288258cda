"""The picture on the page of what both languages share: put there, worded, taken away."""

import re

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from editorial.admins import topic_forms
from editorial.admins import topics as topic_admin
from editorial.preview.sharing import make_link
from topics.models import HealthTopic
from topics.pictures.receiving import receive
from topics.pictures.renditions import file_name, keep
from topics.tests.test_pictures import file

from .desk import fields, pair, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(ana):
    english, _spanish = pair()
    return english.topic


def address(topic):
    return f"/admin/topics/healthtopic/{topic.pk}/change/"


def send(client, topic, **changes):
    form = fields(client.get(address(topic)), "healthtopic_form")
    return client.post(address(topic), form | changes, follow=True)


def upload(content=None):
    return SimpleUploadedFile("x.png", content or file("PNG"))


def test_an_uploaded_picture_waits_in_both_languages_to_be_published(client, topic, ana):
    response = send(
        client,
        topic,
        picture=upload(),
        image_alt_en="Two hands",
        image_alt_es="Dos manos",
        image_credit_en="A Photographer",
        image_license_en="Public domain",
        image_license_es="Dominio público",
    )
    assert response.status_code == 200
    topic = HealthTopic.objects.get()
    assert (topic.image_width, topic.image_height) == (700, 400)
    assert (topic.image_alt_es, topic.image_credit_en) == ("Dos manos", "A Photographer")
    assert all(topic.languages.values_list("has_changes", flat=True))
    shown = f"/media/pictures/{topic.image}/320.jpg"
    assert shown in client.get(address(topic)).content.decode()
    assert client.get(shown).status_code == 200
    version = topic.languages.get(language="en")
    preview = client.get(f"/admin/topics/topiclanguage/{version.pk}/preview/page/")
    assert f"/media/pictures/{topic.image}/700.avif" in preview.content.decode()
    private = make_link(version, by=ana, whom="", days=1).removeprefix("http://127.0.0.1:8000")
    client.logout()
    assert client.get(shown).status_code == 404
    (lent, *_others) = re.findall(r'src="(/media/[^"]+)"', client.get(private).content.decode())
    assert client.get(lent).status_code == 200


def test_a_file_that_is_no_picture_is_refused_and_the_words_are_kept(client, topic):
    response = send(client, topic, picture=upload(b"<svg/>"), image_credit_en="A Photographer")
    page = response.content.decode()
    assert "This is no picture. Choose a JPEG, PNG or WebP file." in page
    assert 'value="A Photographer"' in page
    assert HealthTopic.objects.get().image == ""


def test_decoration_with_a_text_is_refused_with_a_sentence(client, topic):
    response = send(client, topic, image_decorative="on", image_alt_es="Dos manos")
    assert "A picture that is decoration needs no text" in response.content.decode()
    assert HealthTopic.objects.get().image_alt_es in ("", None)


def test_a_picture_without_a_text_is_saved_with_a_warning_for_each_language(client, topic):
    sentence = "The picture has no text in {} for people who cannot see it."
    page = send(client, topic, picture=upload(), image_alt_en="Two hands").content.decode()
    assert HealthTopic.objects.get().image
    assert sentence.format("Spanish") in page
    assert sentence.format("English") not in page
    page = send(client, topic, image_alt_en="", image_decorative="on").content.decode()
    assert "The picture has no text" not in page


def test_a_picture_is_replaced_and_taken_away(client, topic):
    send(client, topic, picture=upload())
    first = HealthTopic.objects.get().image
    send(client, topic, picture=upload(file("PNG", color="red")))
    second = HealthTopic.objects.get().image
    assert second not in ("", first)
    send(client, topic, no_picture="on")
    topic = HealthTopic.objects.get()
    assert (topic.image, topic.image_width) == ("", None)
    assert not any(topic.languages.values_list("has_changes", flat=True))


def test_of_two_pictures_chosen_at_once_the_second_is_asked_for_again(client, topic):
    form = fields(client.get(address(topic)), "healthtopic_form")
    send(client, topic, picture=upload())
    before = HealthTopic.objects.get().image
    page = client.post(address(topic), form | {"picture": upload(file("PNG", color="red"))})
    assert "Somebody else changed the picture after you opened this." in page.content.decode()
    assert HealthTopic.objects.get().image == before


def test_a_picture_and_its_words_changed_by_two_people_are_both_kept(client, topic):
    form = fields(client.get(address(topic)), "healthtopic_form")
    send(client, topic, picture=upload())
    client.post(address(topic), form | {"image_credit_en": "A Photographer"})
    topic = HealthTopic.objects.get()
    assert topic.image
    assert topic.image_credit_en == "A Photographer"


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_database_while_a_picture_is_encoded(client, topic, monkeypatch):
    in_transaction = []
    for name in ("receive", "encode"):
        work = getattr(topic_forms, name)
        monkeypatch.setattr(
            topic_forms,
            name,
            lambda what, work=work: (in_transaction.append(connection.in_atomic_block), work(what))[
                1
            ],
        )
    send(client, topic, picture=upload())
    assert HealthTopic.objects.get().image
    assert in_transaction == [False, False]


@pytest.mark.parametrize(
    ("limited", "where", "status"), [(True, "", 403), (False, "999999999", 302), (False, "x", 302)]
)
def test_an_upload_that_cannot_be_saved_is_not_even_decoded(
    client, topic, ana, monkeypatch, limited, where, status
):
    worked = []
    for name in ("prepare", "discard"):
        monkeypatch.setattr(topic_admin, name, lambda *told, name=name: worked.append(name))
    if limited:
        topic.owners.add(ana)
    client.force_login(person("Eva", "view_healthtopic", "change_healthtopic"))
    there = address(topic).replace(str(topic.pk), where or str(topic.pk))
    assert client.post(there, {"picture": upload()}).status_code == status
    assert worked == []


def test_files_are_looked_for_only_where_some_were_kept(client, topic, monkeypatch):
    looked = []
    monkeypatch.setattr(topic_admin, "discard", lambda *told: looked.append(told))

    def fail(*told, **named):
        raise ZeroDivisionError

    form = fields(client.get(address(topic)), "healthtopic_form")
    monkeypatch.setattr(topic_admin.HealthTopicAdmin, "get_form", fail)
    with pytest.raises(ZeroDivisionError):
        client.post(address(topic), form | {"picture": upload()})
    assert looked == []


@pytest.mark.parametrize("shown_elsewhere", [False, True])
def test_a_save_that_fails_leaves_no_files_but_those_of_others(
    client, topic, monkeypatch, shown_elsewhere
):
    received = receive(upload(file("PNG", color="blue")))
    width, height = received.pixels.size
    if shown_elsewhere:
        keep(received)
        size = {"image_width": width, "image_height": height}
        HealthTopic.objects.create(title_en="Other", image=received.name, **size)

    def fail(topics):
        raise ZeroDivisionError

    monkeypatch.setattr(topic_admin, "note_changes", fail)
    with pytest.raises(ZeroDivisionError):
        send(client, topic, picture=upload(file("PNG", color="blue")))
    assert HealthTopic.objects.get(pk=topic.pk).image == ""
    assert default_storage.exists(file_name(received.name, width, "jpg")) == shown_elsewhere
