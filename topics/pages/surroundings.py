"""What stands around every public page: names, navigation, the other language, the foot."""

from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.functional import cached_property

from topics import live


class Text(NamedTuple):
    """Words in the page's language, or, labelled with `lang`, in the only one that has them."""

    text: str
    lang: str = ""


class PageLink(NamedTuple):
    """A link to an about page."""

    title: Text
    path: str
    slug: str


class OtherLanguage(NamedTuple):
    """The same page in another language."""

    language: str
    name: str
    path: str


def in_language(values: dict[str, str], name: str, language: str) -> Text:
    """`name` of the frame in a language; the other language's words, marked, where it has none."""
    own = values.get(f"{name}_{language}")
    if own:
        return Text(own)
    for other in live.languages_beside(language):
        if values.get(f"{name}_{other}"):
            return Text(values[f"{name}_{other}"], other)
    return Text("")


@dataclass
class Surroundings:
    """The frame of one page. `name` is the page's address below the prefix of its language."""

    language: str
    frame: live.Frame
    name: str
    # Where the page has another name in another language.
    other_names: dict[str, str]
    # The languages in which the page is there, for search engines; the toggle is always shown.
    alternates: set[str]

    @cached_property
    def words(self) -> dict[str, str]:
        """The installation's own words."""
        return self.frame.installation

    @cached_property
    def site(self) -> Text:
        """The name of the site; empty until an editor has given it one."""
        return in_language(self.words, "name", self.language)

    @cached_property
    def tagline(self) -> Text:
        """What the site is, in a line."""
        return in_language(self.words, "tagline", self.language)

    @cached_property
    def disclaimer(self) -> Text:
        """The disclaimer for the foot of every page."""
        return in_language(self.words, "disclaimer", self.language)

    @cached_property
    def source_credit(self) -> Text:
        """Whom imported topics credit."""
        return in_language(self.words, "source_credit", self.language)

    @cached_property
    def contact(self) -> str:
        """Where readers can write, as an address for a link; empty when there is none."""
        contact = self.words.get("contact", "")
        if "@" in contact and "/" not in contact:
            return f"mailto:{contact.removeprefix('mailto:')}"
        return contact if contact.startswith(("https://", "http://")) else ""

    @cached_property
    def root(self) -> str:
        """The path of the home page in this language; every other path begins with it."""
        return f"/{settings.PUBLIC_LANGUAGE_PREFIXES[self.language]}"

    @cached_property
    def canonical(self) -> str:
        """The one whole address of the page."""
        return f"{settings.SITE_URL}{self.root}{self.name}"

    @cached_property
    def about_pages(self) -> list[PageLink]:
        """The about pages; one that this language lacks is offered, marked, in the other."""
        links = []
        for page in self.frame.pages:
            title = in_language(page, "title", self.language)
            path = live.path_of(title.lang or self.language, page["slug"])
            links.append(PageLink(title, path, page["slug"]))
        return links

    @cached_property
    def policies(self) -> dict[str, PageLink]:
        """The about pages in this language by the last part of their address."""
        return {
            page.slug.rsplit("/", 1)[-1]: page for page in self.about_pages if not page.title.lang
        }

    @cached_property
    def other_languages(self) -> list[OtherLanguage]:
        """This page in each other language, by that language's own name."""
        return [
            OtherLanguage(
                language, LANG_INFO[language]["name_local"].capitalize(), self._path_in(language)
            )
            for language in live.languages_beside(self.language)
        ]

    @cached_property
    def alternate_addresses(self) -> list[tuple[str, str]]:
        """Language and whole address of every language the page is in; nothing when it is alone."""
        if not self.alternates:
            return []
        languages = sorted({self.language, *self.alternates})
        return [(code, settings.SITE_URL + self._path_in(code)) for code in languages]

    def _path_in(self, language: str) -> str:
        name = self.name if language == self.language else self.other_names.get(language, self.name)
        return f"/{settings.PUBLIC_LANGUAGE_PREFIXES[language]}{name}"
