"""The pages of the editors' desk, once in each language, for docs/editors.md and docs/editors.es.md."""

from collections.abc import Callable
from io import BytesIO

from PIL import Image
from playwright.sync_api import Browser, Page
from serving import PICTURES, SITE

PASSWORD = "pictures only"
SIZE = {"width": 1280, "height": 800}
SCALE, COLORS = 0.62, 96
TOPIC = f"{SITE}/admin/topics/"
# The topic that most pictures show is the language of the desk; the other one stands beside it.
Step = Callable[[Page, str], None]


def at(path: str, *, top: str = "") -> Step:
    """Open a page of the desk, and bring a part of it to the top."""

    def step(page: Page, _language: str) -> None:
        page.goto(f"{SITE}/admin/{path}")
        if top:
            page.locator(top).first.evaluate("part => part.scrollIntoView()")

    return step


def of_anemia(end: str, *, top: str = "") -> Step:
    """Open a page of the topic “Anemia” in the language of the desk."""

    def step(page: Page, language: str) -> None:
        page.goto(_address(page, language, end))
        if end == "change/":
            page.locator("html[data-rich-ready]").wait_for(state="attached")
        if top:
            page.locator(top).first.evaluate("part => part.scrollIntoView()")

    return step


def _address(page: Page, language: str, end: str) -> str:
    """Where a page of “Anemia” in one language is."""
    page.goto(f"{TOPIC}healthtopic/?q=anemia")
    column = {"en": ".field-in_english", "es": ".field-in_spanish"}[language]
    first = page.locator(f"{column} a[href*=topiclanguage]").first.get_attribute("href")
    return SITE + first.replace("change/", end)


def collision(page: Page, language: str) -> None:
    """Two people change the same title; the second one is asked."""
    address = _address(page, language, "change/")
    page.goto(address)
    page.locator("html[data-rich-ready]").wait_for(state="attached")
    with page.context.browser.new_context(locale=language) as context:
        colleague = context.new_page()
        sign_in(colleague, "ben", language)
        colleague.goto(address)
        colleague.locator("#id_title").fill({"en": "Anemia, Low Iron", "es": "Anemias"}[language])
        _save(colleague)
    page.locator("#id_title").fill({"en": "Anemias", "es": "Anemia y hierro"}[language])
    _save(page)


def many(page: Page, _language: str) -> None:
    """Three topics chosen from the list, to be published."""
    page.goto(f"{TOPIC}healthtopic/?state_en=live")
    for number in range(3):
        page.locator("input.action-select").nth(number).check()
    page.locator("select[name=action]").select_option("publish")
    page.locator("#changelist-form button[name=index]").click()
    page.locator("form.work").wait_for()


def merging(page: Page, language: str) -> None:
    """What merging one topic into another one would do."""
    page.goto(f"{TOPIC}healthtopic/?q=dizziness")
    page.locator(".field-in_english a").first.click()
    page.locator(".breadcrumbs a").nth(2).click()
    page.goto(page.url.replace("change/", "merge/?into=Fatigue"))


def broken_link(page: Page, _language: str) -> None:
    """What is known of a link that does not answer any more."""
    page.goto(f"{SITE}/admin/resources/linkcheck/?state=broken")
    page.locator(".field-shown_address a").first.click()


def link_to_topic(page: Page, language: str) -> None:
    """The dialog in which a topic is found by typing."""
    of_anemia("change/", top="#part-summary")(page, language)
    page.locator("[data-rows=sections] [role=textbox]").nth(1).click()
    page.keyboard.press("Control+k")
    page.locator("dialog input").first.press_sequentially({"en": "fever", "es": "fiebre"}[language])
    page.locator("[role=option]").first.wait_for()


def outdated(page: Page, _language: str) -> None:
    """The Spanish text, whose English original went on."""
    of_anemia("change/", top="#part-news")(page, "es")


def person(page: Page, _language: str) -> None:
    """An account with its roles."""
    page.goto(f"{SITE}/admin/auth/user/?q=lucia")
    page.locator(".field-username a").click()
    page.locator("#id_email").evaluate("field => field.scrollIntoView()")


PAGES: dict[str, Step] = {
    "start": at(""),
    "topics": at("topics/healthtopic/?review=overdue"),
    "text": of_anemia("change/", top="#part-summary"),
    "link-to-topic": link_to_topic,
    "links": of_anemia("links/"),
    "preview": of_anemia("preview/", top=".tabs"),
    "publish": of_anemia("publish/"),
    "outdated": outdated,
    "review": of_anemia("review/"),
    "editions": of_anemia("editions/"),
    "compare": of_anemia("editions/compare/?from=1&to=working"),
    "many": many,
    "merge": merging,
    "link-health": at("resources/linkcheck/?state=broken"),
    "broken-link": broken_link,
    "reports": at("editorial/problemreport/"),
    "roles": person,
}
# What saves something, which other pictures would show.
AFTERWARDS: dict[str, Step] = {"collision": collision}


def sign_in(page: Page, name: str, language: str) -> None:
    """Come to the desk in a language."""
    desk = f"{SITE}/admin/"
    page.context.add_cookies([{"name": "django_language", "value": language, "url": desk}])
    page.goto(desk)
    page.locator("#id_username").fill(name)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("[type=submit]").last.click()
    page.locator("#site-name").wait_for()


def _save(page: Page) -> None:
    page.locator(".savebar [type=submit]").first.click()
    page.wait_for_load_state()


def take(browser: Browser) -> None:
    """Write the pictures of the desk, “name.en.png” and “name.es.png”."""
    for pages in (PAGES, AFTERWARDS):
        for language in ("en", "es"):
            with browser.new_context(viewport=SIZE, locale=language) as context:
                page = context.new_page()
                sign_in(page, "ana", language)
                for name, step in pages.items():
                    step(page, language)
                    _write(page, f"{name}.{language}.png")


def _write(page: Page, name: str) -> None:
    """Keep what the window shows, small and in few colors."""
    seen = Image.open(BytesIO(page.screenshot())).convert("RGB")
    width, height = (round(side * SCALE) for side in seen.size)
    small = seen.resize((width, height), Image.Resampling.LANCZOS).quantize(COLORS)
    small.save(PICTURES / "desk" / name, optimize=True)
