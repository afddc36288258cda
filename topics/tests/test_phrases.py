"""Interface words are looked up once per language, and are right in each."""

import pytest
from django.template import Context, Engine

ENGINE = Engine(libraries={"phrases": "topics.templatetags.phrases"})


def render(template, language):
    return template.render(Context({"language": language, "word": "Home"}))


@pytest.mark.parametrize("order", [("en", "es", "en"), ("es", "en", "es")])
def test_words_follow_the_language_of_the_page(order):
    template = ENGINE.from_string('{% load phrases %}{% translate "Home page" %}')
    words = {"en": "Home page", "es": "Página principal"}
    assert [render(template, language) for language in order] == [words[code] for code in order]


def test_words_are_looked_up_once_in_a_language(monkeypatch):
    template = ENGINE.from_string('{% load phrases %}{% translate "Home page" %}')
    first = render(template, "es")
    monkeypatch.setattr("django.utils.translation._trans.gettext", None)
    assert render(template, "es") == first


def test_a_variable_is_translated_anew_each_time():
    template = ENGINE.from_string("{% load phrases %}{% translate word %}")
    assert template.render(Context({"language": "en", "word": "One"})) == "One"
    assert template.render(Context({"language": "en", "word": "Two"})) == "Two"
