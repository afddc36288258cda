"""Pictures: which files are taken, what is left of them, and who may see what."""

import struct
import zlib
from dataclasses import replace
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from lxml import html
from PIL import Image as Pillow

from topics.document import Image, TopicDocument
from topics.models import Edition, HealthTopic, LivePicture, TopicLanguage
from topics.pictures import serving
from topics.pictures.receiving import MOST_BYTES, Refused, receive
from topics.pictures.renditions import encode, file_name, keep, widths_of
from topics.pictures.serving import lend
from topics.publishing import publish as publish_copy
from topics.publishing import withdraw

from .documents import ENGLISH
from .public import ANEMIA, ANEMIA_ES, publish

pytestmark = pytest.mark.django_db


def file(form="JPEG", size=(700, 400), color="teal", mode="RGB", **options):
    """A picture as bytes."""
    content = BytesIO()
    Pillow.new(mode, size, color).save(content, form, **options)
    return content.getvalue()


def upload(content):
    return SimpleUploadedFile("any name.exe", content)


def huge_png():
    """A file of a few bytes that says it has 10,000 million pixels."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99))


# --- Taking in --------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_pictures_of_three_formats_are_taken_in(form):
    assert receive(upload(file(form))).pixels.size == (700, 400)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "no picture"),
        (file("GIF", mode="P", color=1), "no picture"),
        (file("BMP"), "no picture"),
        (file("JPEG")[:900], "damaged"),
        (file("PNG")[:60], "damaged"),
        (huge_png(), "40 million pixels"),
        (file("PNG", (7000, 6000), 1, "1"), "40 million pixels"),
        (file(size=(319, 400)), "narrower than 320"),
        (file("PNG", (400, 4001)), "ten times as high"),
        (file("PNG", (400, 20_000)), "ten times as high"),
        (
            file("WEBP", save_all=True, append_images=[Pillow.new("RGB", (700, 400), "red")]),
            "moves",
        ),
    ],
)
def test_what_is_no_good_picture_is_refused_with_a_sentence(content, sentence):
    with pytest.raises(Refused, match=sentence):
        receive(upload(content))


@pytest.mark.parametrize("size", [(1280, 12_800), (20_000, 1)])
def test_the_highest_and_the_flattest_picture_fit_into_every_format(size):
    assert encode(receive(upload(file("PNG", size))))


def test_a_photograph_of_a_phone_with_a_second_picture_behind_it_does_not_move():
    behind = Pillow.new("RGB", (70, 40), "red")
    exif = Pillow.Exif()
    exif[0x0112] = 6
    photograph = file("MPO", exif=exif, save_all=True, append_images=[behind])
    with Pillow.open(BytesIO(photograph)) as picture:
        assert (picture.format, picture.n_frames) == ("MPO", 2)
    received = receive(upload(photograph))
    assert received.pixels.size == (400, 700)
    assert received.pixels.getpixel((9, 9)) == pytest.approx((0, 128, 128), abs=3)


def test_sixteen_bits_of_grey_keep_their_shades():
    for options in ({}, {"transparency": 10_000}):
        received = receive(upload(file("PNG", mode="I;16", color=40_000, **options)))
        assert received.pixels.getpixel((1, 1)) == (156, 156, 156)


@pytest.mark.parametrize("error", [struct.error, TypeError])
def test_metadata_that_pillow_stumbles_over_is_no_fault_of_ours(monkeypatch, error):
    def stumble(_picture):
        raise error("required argument is not an integer")

    monkeypatch.setattr("topics.pictures.receiving.ImageOps.exif_transpose", stumble)
    with pytest.raises(Refused, match="damaged"):
        receive(upload(file()))


def test_a_file_that_is_too_large_is_refused_unread():
    large = upload(b"")
    large.size = MOST_BYTES + 1
    with pytest.raises(Refused, match="larger than 10 MB"):
        receive(large)


def test_nothing_but_upright_pixels_is_left_of_a_file():
    exif = Pillow.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "Secret Camera"
    received = receive(upload(file(exif=exif, comment=b"Secret Comment") + b"Secret Tail"))
    assert received.pixels.size == (400, 700)
    keep(received)
    for form in ("avif", "webp", "jpg"):
        with default_storage.open(file_name(received.name, 320, form)) as stored:
            content = stored.read()
        assert b"Secret" not in content
        with Pillow.open(BytesIO(content)) as picture:
            assert picture.size == (320, 560)
            assert not picture.getexif()


def test_what_shines_through_becomes_white_and_other_colors_are_converted():
    clear = receive(upload(file("PNG", color=(0, 0, 0, 0), mode="RGBA")))
    assert clear.pixels.getpixel((1, 1)) == (255, 255, 255)
    for mode, color in (("CMYK", (0, 0, 0, 255)), ("L", 0)):
        assert receive(upload(file(mode=mode, color=color))).pixels.getpixel((1, 1))[0] < 60


def test_a_picture_is_named_by_its_pixels():
    first, again = receive(upload(file("PNG"))), receive(upload(file("WEBP", lossless=True)))
    assert first.name == again.name
    assert receive(upload(file("PNG", color="red"))).name != first.name


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (320, (320,)),
        (700, (320, 640, 700)),
        (1280, (320, 640, 960, 1280)),
        (9000, (320, 640, 960, 1280)),
    ],
)
def test_no_file_is_wider_than_the_picture(width, widths):
    assert widths_of(width) == widths


# --- Showing ----------------------------------------------------------------------------------------


@pytest.fixture
def topic():
    """A live topic whose working copy got a picture."""
    publish(ANEMIA, ANEMIA_ES)
    received = receive(upload(file()))
    keep(received)
    topic = HealthTopic.objects.get()
    for name, value in {
        "image": received.name,
        "image_width": 700,
        "image_height": 400,
        "image_alt_en": "Two <hands>",
        "image_alt_es": "Dos manos",
        "image_credit_en": "A & B",
        "image_license_en": "Public domain",
        "image_credit_es": "A & B",
        "image_license_es": "Dominio público",
    }.items():
        setattr(topic, name, value)
    topic.save()
    return topic


def key(language):
    return TopicLanguage.objects.get(language=language).pk


def address(topic, width=320, form="webp"):
    return f"/media/pictures/{topic.image}/{width}.{form}"


def test_a_picture_goes_live_by_publishing_in_each_language_on_its_own(client, topic):
    assert "<picture>" not in client.get("/anemia.html").content.decode()
    assert client.get(address(topic)).status_code == 404
    edition = publish_copy(key("en"), by=None)
    page = client.get("/anemia.html").content.decode()
    assert "<picture>" in page
    assert "<picture>" not in client.get("/spanish/anemia.html").content.decode()
    response = client.get(address(topic))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response["Content-Type"] == "image/webp"
    assert "Set-Cookie" not in response.headers
    assert TopicDocument.from_json(edition.document).image == Image(
        name=topic.image,
        width=700,
        height=400,
        alt="Two <hands>",
        widths=(320, 640, 700),
        credit="A & B",
        license="Public domain",
    )


def test_the_page_shows_every_file_with_size_text_and_credit(client, topic, settings):
    settings.SITE_URL = "https://health.example.org"
    publish_copy(key("en"), by=None)
    tree = html.fromstring(client.get("/anemia.html").content.decode())
    (img,) = tree.xpath("//picture//img")
    assert (img.get("alt"), img.get("width"), img.get("height")) == ("Two <hands>", "700", "400")
    assert img.get("loading") is None
    sources = tree.xpath("//picture//*/@srcset")
    addresses = [one.split()[0] for source in sources for one in source.split(", ")]
    assert len(addresses) == 9
    for one in [*addresses, img.get("src")]:
        response = client.get(one)
        assert response.status_code == 200
        with Pillow.open(BytesIO(response.content)) as picture:
            assert str(picture.width) == one.rsplit("/")[-1].split(".")[0]
    assert tree.xpath("string(//figcaption)") == "Picture: A & B · Public domain"
    (shared,) = tree.xpath("//meta[@property='og:image']/@content")
    assert shared == f"https://health.example.org{address(topic, 700, 'jpg')}"


def test_each_page_says_in_its_own_language_whose_the_picture_is(client, topic):
    publish_copy(key("es"), by=None)
    tree = html.fromstring(client.get("/spanish/anemia.html").content.decode())
    assert tree.xpath("string(//figcaption)") == "Imagen: A & B · Dominio público"


def test_a_decorative_picture_is_silent(client, topic):
    HealthTopic.objects.update(image_alt_en="", image_alt_es=None, image_decorative=True)
    publish_copy(key("en"), by=None)
    (alternative,) = html.fromstring(client.get("/anemia.html").content).xpath(
        "//picture//img/@alt"
    )
    assert alternative == ""


def test_a_picture_cannot_be_decoration_and_have_a_text(topic):
    for language in ("en", "es"):
        with pytest.raises(IntegrityError), transaction.atomic():
            HealthTopic.objects.update(
                **{"image_alt_en": "", "image_alt_es": None, f"image_alt_{language}": "x"},
                image_decorative=True,
            )
    with pytest.raises(IntegrityError), transaction.atomic():
        HealthTopic.objects.update(image="")


def test_a_withdrawn_page_takes_its_picture_along(client, topic):
    publish_copy(key("en"), by=None)
    publish_copy(key("es"), by=None)
    withdraw(key("en"), by=None, reason="Old")
    assert client.get(address(topic)).status_code == 200
    withdraw(key("es"), by=None, reason="Old")
    assert client.get(address(topic)).status_code == 404
    assert not LivePicture.objects.exists()


def test_a_network_keeps_a_picture_only_where_it_can_be_told_to_drop_it(client, topic, settings):
    publish_copy(key("en"), by=None)
    assert "s-maxage" not in client.get(address(topic))["Cache-Control"]
    settings.CDN_PURGE_URL = "https://cdn.example.org/purge"
    response = client.get(address(topic))
    assert response["Cache-Control"] == "public, max-age=31536000, immutable, s-maxage=300"
    assert response["Surrogate-Key"] == response["Cache-Tag"] == "pages"


def test_who_works_at_the_desk_sees_a_picture_before_it_is_public(client, topic):
    user = User.objects.create_user("eva", is_staff=True)
    client.force_login(user)
    assert client.get(address(topic)).status_code == 404
    user.user_permissions.add(Permission.objects.get(codename="view_healthtopic"))
    response = client.get(address(topic))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


def test_a_page_lends_its_picture_for_an_hour_and_no_other(client, topic, monkeypatch):
    path = address(topic)
    lent = lend(f'<img src="{path}">'.encode()).decode().split('"')[1]
    response = client.get(lent)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    other = lend(path.replace(topic.image, "0" * 32).encode()).decode().split("?")[1]
    assert client.get(f"{path}?{other}").status_code == 404
    assert client.get(f"{path}?lent=forged").status_code == 404
    monkeypatch.setattr(serving, "LENT_SECONDS", -1)
    assert client.get(lent).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/media/pictures/{name}/321.webp",
        "/media/pictures/{name}/320.gif",
        "/media/pictures/../../db.sqlite3",
        "/media/pictures/{name}/",
        "/media/topics/x.jpg",
        "/media/pictures/00000000000000000000000000000000/320.webp",
    ],
)
def test_nothing_else_is_given_out(client, topic, path):
    publish_copy(key("en"), by=None)
    assert client.get(path.format(name=topic.image)).status_code == 404


def test_the_digest_of_a_page_without_a_picture_is_what_it_always_was():
    # Of the first version. Else every page would differ from its edition after an update.
    assert ENGLISH.content_digest().startswith("14787ed6472fd090")
    assert ENGLISH.structure_digest().startswith("08897e6ccc49d349")
    shown = replace(ENGLISH, image=Image("a" * 32, 700, 400, "x"))
    assert shown.content_digest() != ENGLISH.content_digest()
    assert replace(shown, image=replace(shown.image, credit="C")).content_digest() not in (
        shown.content_digest(),
        ENGLISH.content_digest(),
    )
    assert shown.structure_digest() == ENGLISH.structure_digest()


def test_an_edition_keeps_the_picture_it_was_published_with(topic):
    first = publish_copy(key("en"), by=None)
    HealthTopic.objects.update(image_credit_en="Somebody else")
    second = publish_copy(key("en"), by=None)
    assert second.pk != first.pk
    stored = Edition.objects.get(pk=first.pk)
    assert TopicDocument.from_json(stored.document).image.credit == "A & B"
