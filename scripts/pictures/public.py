"""Every type of public page: English on a desk, Spanish on a phone."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page
from serving import PICTURES, SITE

PREFIXES = {"en": "/", "es": "/spanish/"}
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 360, "height": 860}
# What a printer leaves of a sheet of A4 at 96 dots an inch, and the margin it adds.
PAPER, MARGIN = {"width": 698, "height": 1027}, 48
GAP, SCALE, COLORS = 40, 0.6, 96
# The page below the prefix of a language, and what is brought to the top of the window.
PAGES = {
    "home": ("", None),
    "hub": ("healthtopics.html", None),
    "letter": ("healthtopics_l.html", None),
    "all": ("all_healthtopics.html", None),
    "group": ("cancers.html", None),
    "topic": ("acutelymphocyticleukemia.html", None),
    "topic-links": ("acutelymphocyticleukemia.html", ".links"),
    "topic-foot": ("acutelymphocyticleukemia.html", ".facts"),
    "languages": ("languages/languages.html", None),
    "language": ("languages/vietnamese.html", None),
    "about": ("about/", None),
    "about-page": ("about/accessibility.html", None),
    "search": ("search/?q=leukemia", None),
    "report": ("report/?page=acutelymphocyticleukemia", None),
    "not-found": ("leukemai.html", None),
    "one-language": ("dizziness.html", None),
    "gone": ("bruises.html", None),
}
# Shown when nothing else can be: 500 and 503.
TROUBLE = ("server-error", "unavailable")


def take(browser: Browser, folder: Path) -> None:
    """Write the pictures of all public pages; `folder` is that of the installation."""
    for name in PAGES:
        _save(_both(browser, name), name)
    _save(_both(browser, "topic", "dark"), "topic-dark")
    for name in TROUBLE:
        pages = [_trouble(browser, name, language, folder) for language in PREFIXES]
        _save(_sheet(*pages), name)
    _save(_sheet(*(_on_paper(browser, language) for language in PREFIXES)), "topic-on-paper")


def _both(browser: Browser, name: str, scheme: str = "light") -> Image.Image:
    """The desk and the phone side by side."""
    return _sheet(
        _picture(browser, "en", name, DESK, scheme), _picture(browser, "es", name, PHONE, scheme)
    )


def _picture(
    browser: Browser, language: str, name: str, size: dict[str, int], scheme: str
) -> Image.Image:
    """What the window of a browser in the same language shows of a page."""
    path, top = PAGES[name]
    with browser.new_context(viewport=size, locale=language, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(f"{SITE}{PREFIXES[language]}{path}")
        if top:
            page.evaluate("top => document.querySelector(top).scrollIntoView()", top)
        return _seen(page)


def _on_paper(browser: Browser, language: str) -> Image.Image:
    """The first sheet of a printed topic."""
    with browser.new_context(viewport=PAPER, locale=language) as context:
        page = context.new_page()
        page.goto(f"{SITE}{PREFIXES[language]}{PAGES['topic'][0]}")
        page.emulate_media(media="print")
        return ImageOps.expand(_seen(page).convert("RGB"), MARGIN, "white")


def _trouble(browser: Browser, name: str, language: str, folder: Path) -> Image.Image:
    """A page for which the site asks nothing of its database, as scene.py wrote it."""
    size = {"en": DESK, "es": PHONE}[language]
    with browser.new_context(viewport=size, locale=language) as context:
        page = context.new_page()
        address = f"{SITE}{PREFIXES[language]}{name}"
        content = (folder / f"{name}.{language}.html").read_text(encoding="utf-8")
        page.route(address, lambda route: route.fulfill(body=content, content_type="text/html"))
        page.goto(address)
        return _seen(page)


def _seen(page: Page) -> Image.Image:
    return Image.open(BytesIO(page.screenshot()))


def _sheet(left: Image.Image, right: Image.Image) -> Image.Image:
    """Two windows side by side, small and in few colors."""
    sheet = Image.new("RGB", (left.width + GAP + right.width, left.height), "#8a979c")
    sheet.paste(left, (0, 0))
    sheet.paste(right, (left.width + GAP, 0))
    width, height = (round(side * SCALE) for side in sheet.size)
    return sheet.resize((width, height), Image.Resampling.LANCZOS).quantize(COLORS)


def _save(sheet: Image.Image, name: str) -> None:
    sheet.save(PICTURES / f"{name}.png", optimize=True)
