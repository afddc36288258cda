"""The templates of public pages: Jinja2, compiled once per language with its words already in them.

Django's own templates take as long for a topic page as everything else together, because they are
walked node by node for each request (docs/adr/0007). The admin keeps Django's. Whatever a variable
holds is escaped, unless it is a SafeString; a variable that nobody gave is an error.
"""

import re
from ast import literal_eval
from functools import cache
from html import escape

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import gettext, override
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.nodes import Expr, Getattr, Name
from markupsafe import escape as markup

from .numbers import number

FOLDER = settings.BASE_DIR / "templates" / "public"
# What a template may ask for and most pages do not have.
ABSENT = {"notice": SafeString(""), "asked": None, "parent": False, "letter_path": ""}

_WORDS = re.compile(r"""\b_\(("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\)""")
_FILE = re.compile(r"\{\{ static\('([^']+)'\) \}\}")


class Words(Extension):
    """Writes into the template what never changes: a translation in the place of _("words"), where
    makemessages finds the words, and the path of a file in the place of static('name').
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        source = _FILE.sub(lambda found: static(found[1]), source)
        with override(self.environment.globals["language"]):
            return _WORDS.sub(lambda found: repr(gettext(literal_eval(found[1]))), source)


def _offers(page_language: str) -> list[tuple[str, str, str, str, str]]:
    """What offers a page in each other language to who reads that better, in that language.

    Code, name of the place on the page, sentence, words of the link, words to decline.
    """
    offers = []
    for code in settings.PUBLIC_LANGUAGE_PREFIXES:
        if code != page_language:
            with override(code):
                # Translators: offered to readers of your language on a page in another one, so
                # name your language instead of English.
                sentence, accept = (
                    gettext("This page is in English, too."),
                    gettext("Read it in English"),
                )
                offers.append(
                    (code, gettext("Language"), sentence, accept, gettext("No, thank you"))
                )
    return offers


class Code(CodeGenerator):
    """Writes values by `html`, and attributes as Python has them, without Jinja2's search for items.

    Should Jinja2 call the first no more, values are escaped all the same.
    """

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: object) -> None:
        self.write("environment.html(")

    def visit_Getattr(self, node: Getattr, frame: Frame) -> None:
        if isinstance(node.node, Name) and node.node.name == "self":
            super().visit_Getattr(node, frame)
        else:
            self.visit(node.node, frame)
            self.write(f".{node.attr}")


def html(value: object) -> str:
    """A value as HTML. Most are finished HTML, of which Jinja2 would make two copies each time."""
    kind = type(value)
    return value if kind is SafeString else escape(value) if kind is str else markup(value)


class PageEnvironment(Environment):
    code_generator_class = Code
    html = staticmethod(html)

    def make_globals(self, own: dict[str, object] | None) -> dict[str, object]:
        """What every template may ask for. None has globals of its own, for which Jinja2 would chain
        two dictionaries, and walk them for every page and every part that a page includes.
        """
        return self.globals


@cache
def _environment(language: str) -> Environment:
    environment = PageEnvironment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=settings.DEBUG,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals = {
        "language": language,
        "offers": _offers(language),
        "number": number,
        **ABSENT,
    }
    environment.add_extension(Words)
    return environment


def render(name: str, language: str, variables: dict[str, object]) -> bytes:
    """The page that templates/public/<name>.html makes of the variables, in a language, in UTF-8."""
    template = _environment(language).get_template(f"{name}.html")
    # What Template.render does, but for its search for the line of the template that an error is at.
    pieces = template.root_render_func(template.new_context(variables))
    # One by one, because most are ASCII, and that takes no encoding; the page as a whole is not.
    return b"".join([piece.encode() for piece in pieces])
