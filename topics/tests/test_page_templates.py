"""What a public template writes: finished HTML as it is, everything else escaped."""

from django.utils.safestring import SafeString
from markupsafe import Markup

from topics.pages.templates import _environment


def written(template: str, **variables: object) -> str:
    return _environment("en").from_string(template).render(**variables)


def test_only_what_is_finished_html_is_written_as_it_is():
    values = {"text": "<b>&", "html": SafeString("<b>"), "markup": Markup("<i>"), "number": 1}
    assert written("{{ text }}{{ html }}{{ markup }}{{ number }}", **values) == (
        "&lt;b&gt;&amp;<b><i>1"
    )


def test_no_part_of_a_template_lets_a_text_through():
    template = (
        "{% macro m(x) %}{{ x }}{% endmacro %}{% set block %}{{ text }}{% endset %}"
        "{{ m(text) }}{{ block }}{% for one in [text] %}{{ one }}{% endfor %}{{ text ~ text }}"
        "{{ text if text else '' }}{{ '%s'|format(text) }}{{ text|upper }}"
    )
    assert "<" not in written(template, text="<b>")


def test_finished_html_that_is_joined_with_a_text_does_not_make_the_text_html():
    assert "<b>" not in written("{{ html ~ text }}", html=SafeString("<i>"), text="<b>")
