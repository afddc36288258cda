"""Django's translate and static tags, remembering what never changes in a process.

A public page holds some forty interface words; looking each of them up for every request takes
longer than rendering the rest of the template. Words without variables are looked up once per
language. The tags keep their names, so that makemessages finds the words.
"""

from django import template
from django.template.base import Node, Parser, Token
from django.template.context import Context
from django.templatetags.i18n import do_translate
from django.templatetags.static import do_static
from django.utils.translation import override

register = template.Library()


class Phrase(Node):
    """A node whose output depends on the language alone, which is the page's variable `language`."""

    def __init__(self, node: Node):
        self.node = node
        self.known: dict[str, str] = {}

    def render(self, context: Context) -> str:
        language = context["language"]
        if language not in self.known:
            with override(language):
                self.known[language] = self.node.render(context)
        return self.known[language]


@register.tag
def translate(parser: Parser, token: Token) -> Node:
    """{% translate "words" %}, looked up once per language; every other form as Django's."""
    node = do_translate(parser, token)
    words = token.split_contents()
    return Phrase(node) if len(words) == 2 and words[1][0] in "'\"" else node


@register.tag
def static(parser: Parser, token: Token) -> Node:
    """{% static "file" %}; the address of a file changes only with a release."""
    return Phrase(do_static(parser, token))
