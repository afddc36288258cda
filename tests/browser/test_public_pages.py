"""The public pages in a real browser: accessible, whole on a small screen, without a script."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.public_site import PAGES, build, path

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# All that axe knows, best practice too; only the size of targets is off unless asked for.
# Building what nobody reads, every rule that holds and where, would take longer than the rules.
AXE = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}


@pytest.fixture
def site(live_server):
    """Every type of public page in both languages; the address of the site."""
    build()
    return live_server.url


def address(site, language, name):
    return f"{site}{path(language, name)}"


@pytest.fixture
def requested(page):
    """Every address that the pages asked for, and every line they wrote to the console."""
    seen = {"requests": [], "console": []}
    page.on("request", lambda request: seen["requests"].append(request.url))
    page.on("console", lambda message: seen["console"].append(message.text))
    page.on("pageerror", lambda error: seen["console"].append(str(error)))
    return seen


@pytest.fixture
def reader(browser):
    """A function that opens a window of a reader with settings of her own; console messages fail."""
    contexts, noise = [], []

    def open_window(**settings):
        contexts.append(browser.new_context(**settings))
        window = contexts[-1].new_page()
        window.on("console", lambda message: noise.append(message.text))
        window.on("pageerror", lambda error: noise.append(str(error)))
        return window

    yield open_window
    for context in contexts:
        context.close()
    assert not [line for line in noise if "Failed to load resource" not in line]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_is_accessible_whole_and_quiet(page, site, requested, language, width):
    findings = []
    for name, status in PAGES.items():
        page.set_viewport_size({"width": width, "height": 800})
        response = page.goto(address(site, language, name))
        assert response.status == status, name
        assert page.locator("html").get_attribute("lang") == language, name
        for landmark in ("h1", "main", "body > header", "body > footer"):
            assert page.locator(landmark).count() == 1, f"{name}: {landmark}"
        findings += [
            f"{name}: {found['id']}: {node['html']}"
            for found in Axe().run(page, options=AXE).response["violations"]
            for node in found["nodes"]
        ]
        # The smallest screen, and the same for those who read from right to left.
        page.set_viewport_size({"width": 320, "height": 640})
        for direction in ("ltr", "rtl"):
            page.evaluate("direction => { document.dir = direction }", direction)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, (name, direction)
    assert not findings, "\n".join(findings)
    assert all(url.startswith(site) for url in requested["requests"]), requested["requests"]
    # Chromium itself notes that a page answered 404 or 410.
    noise = [line for line in requested["console"] if "Failed to load resource" not in line]
    assert not noise, noise


@pytest.mark.parametrize("media", [{"color_scheme": "dark"}, {"contrast": "more"}])
def test_pages_are_readable_in_the_dark_and_with_more_contrast(page, site, media):
    page.emulate_media(**media)
    for name in ("", "acuteleukemia.html", "healthtopics_a.html"):
        page.goto(address(site, "en", name))
        contrast = Axe().run(
            page, options={"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
        )
        assert contrast.violations_count == 0, contrast.generate_report()


def test_the_keyboard_alone_reaches_the_content_and_shows_where_it_is(page, site):
    page.goto(address(site, "en", "acuteleukemia.html"))
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    assert skip.evaluate("link => link === document.activeElement")
    box = skip.bounding_box()
    assert box["x"] >= 0, "the skip link is out of sight"
    assert skip.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = "document.querySelector('main').contains(document.activeElement)"
    assert page.evaluate(inside)


# Of what has the focus: its place in the document, and whether it can be seen to have it.
FOCUS = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect();
    const all = [...document.querySelectorAll("a[href], button, input, summary, [tabindex]")];
    const on_top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return {
        place: all.indexOf(one),
        what: one.outerHTML.slice(0, 120),
        outlined: getComputedStyle(one).outlineStyle === "solid",
        seen: one.contains(on_top),
        end: one === document.body,
    };
}"""


@pytest.mark.parametrize("width", [360, 1280])
def test_focus_is_seen_and_goes_through_the_page_in_order(page, site, width):
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(address(site, "en", "acuteleukemia.html"))
    places = []
    for _step in range(150):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus["end"]:
            break
        assert focus["outlined"], focus["what"]
        # A link over two lines has its middle between them.
        assert focus["seen"] or "<a" in focus["what"], focus["what"]
        places.append(focus["place"])
    assert len(places) > 20
    assert places == sorted(places)


def test_a_page_needs_no_script(reader, site):
    window = reader(java_script_enabled=False, viewport={"width": 360, "height": 700})
    for name, status in PAGES.items():
        assert window.goto(address(site, "en", name)).status == status
        assert window.locator("h1").is_visible(), name
        assert window.locator(".offer:visible, [data-copied]:visible").count() == 0, name
    window.goto(address(site, "en", "acuteleukemia.html"))
    questions = window.locator(".folded li a").first
    assert not questions.is_visible()
    window.locator(".folded summary").click()
    assert questions.is_visible()
    window.goto(site)
    window.get_by_label("Search health topics").fill("anemia")
    window.get_by_role("button", name="Search").click()
    assert window.get_by_role("link", name="Anemia", exact=True).is_visible()


def test_the_citation_is_copied_by_a_button(reader, site):
    window = reader(permissions=["clipboard-read", "clipboard-write"])
    window.goto(address(site, "en", "acuteleukemia.html"))
    window.get_by_role("button", name="Copy the citation").click()
    window.get_by_text("Copied.", exact=True).wait_for()
    copied = window.evaluate("navigator.clipboard.readText()")
    assert copied == window.locator(".citation").inner_text()


# How often something on the page moved by itself.
SHIFTS = """() => new Promise(done => {
    let count = 0;
    const observer = new PerformanceObserver(list => { count += list.getEntries().length; });
    observer.observe({type: "layout-shift", buffered: true});
    requestAnimationFrame(() => requestAnimationFrame(() => done(count)));
})"""


def test_the_language_of_the_browser_is_offered_once(reader, site):
    window = reader(locale="es-MX", viewport={"width": 360, "height": 640})
    window.goto(address(site, "en", "acuteleukemia.html"))
    assert window.evaluate(SHIFTS) == 0
    offer = window.get_by_text("Esta página también está en español.")
    assert offer.is_visible()
    assert offer.evaluate("words => words.closest('[lang]').lang") == "es"
    assert Axe().run(window, options=AXE).violations_count == 0
    window.get_by_role("link", name="Leerla en español").click()
    assert window.locator("h1").inner_text() == "Leucemia aguda"
    window.goto(address(site, "en", "anemia.html"))
    assert not offer.is_visible()
    assert not window.context.cookies()


def test_an_offer_that_is_declined_stays_away(reader, site):
    window = reader(locale="en-US")
    window.goto(address(site, "es", "acuteleukemia.html"))
    offer = window.get_by_text("This page is in English, too.")
    window.get_by_role("button", name="No, thank you").click()
    assert not offer.is_visible()
    window.reload()
    assert not offer.is_visible()


def test_who_does_not_answer_the_offer_is_not_asked_again(reader, site):
    window = reader(locale="es-MX")
    window.goto(address(site, "en", "acuteleukemia.html"))
    offer = window.get_by_text("Esta página también está en español.")
    assert offer.is_visible()
    window.goto(address(site, "en", "anemia.html"))
    assert not offer.is_visible()


def test_nothing_is_offered_where_the_browser_could_not_remember_it(reader, site):
    window = reader(locale="es-MX")
    full = "throw new DOMException('full', 'QuotaExceededError')"
    window.add_init_script(f"Storage.prototype.setItem = () => {{ {full}; }}")
    window.goto(address(site, "en", "acuteleukemia.html"))
    assert window.locator(".offer:visible").count() == 0


@pytest.mark.parametrize(
    ("locale", "language", "name"),
    [
        ("en-US", "en", "acuteleukemia.html"),
        ("fr-FR", "en", "acuteleukemia.html"),
        ("es-ES", "en", "alone.html"),
        ("es-ES", "en", "gone.html"),
        ("es-ES", "en", "languages/klingon.html"),
    ],
)
def test_no_page_is_offered_that_nobody_wishes_or_that_is_not_there(
    reader, site, locale, language, name
):
    window = reader(locale=locale)
    window.goto(address(site, language, name))
    assert window.locator(".offer:visible").count() == 0


def test_the_toggle_stays_on_the_page_and_comes_back(page, site):
    page.goto(address(site, "en", "acuteleukemia.html"))
    page.get_by_role("link", name="Español", exact=True).click()
    assert page.locator("h1").inner_text() == "Leucemia aguda"
    page.get_by_role("link", name="English", exact=True).click()
    assert page.locator("h1").inner_text() == "Acute Leukemia"


def test_a_topic_is_found_by_clicking_from_the_home_page(page, site):
    page.goto(site)
    page.get_by_role("link", name="Cancers").first.click()
    page.get_by_role("link", name="Acute Leukemia").click()
    page.get_by_role("link", name="anemia", exact=True).click()
    assert page.locator("h1").inner_text() == "Anemia"


def test_paper_has_addresses_and_no_navigation(page, site):
    page.goto(address(site, "en", "acuteleukemia.html"))
    page.emulate_media(media="print")
    assert page.get_by_text("URL of this page:").is_visible()
    assert not page.locator(".site-nav").is_visible()
    assert page.locator(".contents:visible").count() == 0
    after = "link => getComputedStyle(link, '::after').content"
    outside = page.locator('a[href="https://example.org/about%20it"]')
    assert "https://example.org/about%20it" in outside.evaluate(after)
    inside = page.locator('.summary a[href="/anemia.html"]')
    assert "http://127.0.0.1:8000/anemia.html" in inside.evaluate(after)
    assert page.locator(".emergency:visible").count() == 1
    page.goto(address(site, "es", "cancers.html"))
    assert page.get_by_text("URL de esta página:").is_visible()
    assert not page.locator(".breadcrumb").is_visible()
    listed = page.locator('main a[href="/spanish/acuteleukemia.html"]')
    assert "http://127.0.0.1:8000/spanish/acuteleukemia.html" in listed.evaluate(after)


# The words of an element and what they are written on, as numbers.
COLORS = """one => {
    const style = getComputedStyle(one);
    return [style.color, style.backgroundColor];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_vanishes_in_the_colors_of_the_reader(reader, site, scheme):
    window = reader(forced_colors="active", color_scheme=scheme)
    window.goto(f"{site}/search/?q=anemia")
    words, ground = window.locator("mark").first.evaluate(COLORS)
    assert ground not in (words, "rgba(0, 0, 0, 0)")
    ground = window.locator(".site-name img").evaluate(COLORS)[1]
    assert ground == "rgb(10, 87, 99)", "a white book on white paper"


def test_the_offer_of_a_language_hides_no_page_that_is_enlarged(reader, site):
    # A window of 1280 by 720 pixels at four times its size.
    window = reader(locale="es-MX", viewport={"width": 320, "height": 180})
    window.goto(address(site, "en", "acuteleukemia.html"))
    offer = window.locator(".offer[lang=es]")
    assert offer.evaluate("offer => getComputedStyle(offer).position") == "static"
    assert offer.evaluate("offer => offer.hidden") is False


def test_nothing_moves_by_itself(page, site):
    page.goto(address(site, "en", "acuteleukemia.html"))
    moving = """[...document.querySelectorAll("*")].filter(one => {
        const style = getComputedStyle(one);
        return parseFloat(style.transitionDuration) || style.animationName !== "none"
            || style.scrollBehavior === "smooth";
    }).length"""
    assert page.evaluate(moving) == 0


def test_the_link_in_the_other_language_is_high_enough_to_be_touched(page, site):
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(address(site, "en", "acuteleukemia.html"))
    assert page.locator(".also a").first.bounding_box()["height"] >= 24
