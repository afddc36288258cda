"""Every kind of page of the desk: accessible, quiet and whole on a phone, in both languages."""

from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils import timezone

from resources.models import LinkCheck, Outcome, address_digest
from tests.roles.walking import Site
from topics.models import HealthTopic, ScheduledEdition, TopicLanguage
from topics.publishing import withdraw

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# All rules, best practice too. What stands in the frame of a preview is a public page, checked
# elsewhere; and axe itself would break the policy by reading style sheets before it looks.
AXE = {"iframes": False, "preload": False, "resultTypes": ["violations"]}
# Colors, the dearest to check, are the same in every language.
RULES = {"en": {}, "es": {"color-contrast": {"enabled": False}}}
# Chromium notes that a page answered 400 or 404, and that the frame of a preview runs no script.
EXPECTED = ("Failed to load resource", "Blocked script execution")
# Where nobody has a right, where other roles have it, and for somebody without a role.
REFUSED = {"A": "editorial/act/add/", "E": "auth/user/", "X": "topics/healthtopic/"}
BROKEN = "https://example.org/broken"
# A row that is added has the form of one that is changed, and every kind the same page of the rest.
SAME = ("_history", "_delete", " (es)", " (limited)", "_password_change_done")
FORMS_AS_CHANGED = ("topicgroup", "topictag", "page", "resource", "organization")
ONLY_IN_LISTS = ("refreshjob", "schedulededition", "act")
SEEN = {
    *(f"topics_{kind}_add" for kind in FORMS_AS_CHANGED),
    *(f"resources_{kind}_add" for kind in (*FORMS_AS_CHANGED, "informationcategory")),
    *(f"topics_{kind}_change" for kind in ONLY_IN_LISTS),
    "editorial_act_change",
}


@pytest.fixture
def site() -> Site:
    """A row of everything; a live topic that was changed since, whose review is overdue.

    Its Spanish is withdrawn, the text that should have gone live is late, and a link is broken.
    """
    site = Site()
    withdraw(site.spanish.pk, by=site.people["A"], reason="Ya no es cierto.")
    late = timezone.now() - timedelta(days=1)
    ScheduledEdition.objects.update(created_at=late, due_at=late)
    LinkCheck.objects.create(
        digest=address_digest(BROKEN),
        address=BROKEN,
        host=site.rows["resources/linkcheck"].host,
        state=LinkCheck.State.BROKEN,
        outcome=Outcome.GONE,
        failures=3,
        looked_at=late,
        failing_since=late,
    )
    HealthTopic.objects.filter(pk=site.english.topic_id).update(title_en="Belly Pain")
    TopicLanguage.objects.filter(live_edition__isnull=False).update(
        has_changes=True, next_review=date(2020, 1, 1), review_owner=site.people["A"]
    )
    return site


def paths(site: Site) -> list[str]:
    """Where the desk shows a page, every kind of page once."""
    topic = f"/admin/topics/topiclanguage/{site.english.pk}/"
    withdrawn = f"/admin/topics/topiclanguage/{site.spanish.pk}/"
    topics = "/admin/topics/healthtopic/"
    found = [
        one.path for one in site.addresses if not one.name.endswith(SAME) and one.name not in SEEN
    ]
    further = [
        "/admin/topics/page/1/history/",
        "/admin/topics/topictag/1/delete/",
        f"{topics}?state_en=changed&owner=me",
        f"{topics}?q=nothing+of+the+kind",
        f"{topics}{site.english.topic_id}/merge/?into=Limited",
        f"{topic}editions/compare/?from=1&to=working",
        f"{topic}editions/on-date/?on=2020-01-01",
        *(f"{withdrawn}{end}/" for end in ("change", "publish", "withdraw", "editions")),
        # More than a form of ours has.
        f"{topics}?{'&' * settings.DATA_UPLOAD_MAX_NUMBER_FIELDS}",
    ]
    client = site.client("A")
    shown = {path: client.get(path) for path in [*found, *further]}
    return [
        path
        for path, answer in shown.items()
        # What an administrator is refused looks the same each time; see REFUSED.
        if not answer.streaming
        and answer.status_code != 403
        and b'id="container"' in answer.content
    ]


def look(page, path: str, rules: dict) -> list[str]:
    """What is wrong with the page in sight."""
    found = [
        f"{path}: {rule['id']}: {node['html']}"
        for rule in Axe().run(page, options={**AXE, "rules": rules}).response["violations"]
        for node in rule["nodes"]
    ]
    if page.locator("h1").count() != 1:
        found.append(f"{path}: not one h1")
    page.set_viewport_size({"width": 360, "height": 740})
    if page.evaluate("document.documentElement.scrollWidth") > 360:
        found.append(f"{path}: wider than a phone")
    page.set_viewport_size({"width": 1280, "height": 800})
    return found


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_of_the_desk_is_accessible_quiet_and_whole(page, live_server, site, language):
    noise, asked, rules = [], [], RULES[language]
    page.on("console", lambda message: noise.append((message.type, message.text)))
    page.on("pageerror", lambda error: noise.append(("error", str(error))))
    page.on("request", lambda request: asked.append(request.url))
    desk = f"{live_server.url}/admin/"
    page.context.add_cookies([{"name": "django_language", "value": language, "url": desk}])
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{desk}login/")
    findings = look(page, "login", rules)
    session = site.client("A").session.session_key
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": desk}])
    for path in paths(site):
        page.goto(live_server.url + path)
        findings += look(page, path, rules)
        if page.locator("html").get_attribute("lang") != language:
            findings.append(f"{path}: not in {language}")
    page.goto(f"{desk}resources/linkcheck/{site.rows['resources/linkcheck'].pk}/change/")
    page.locator("input[name=new]").fill(BROKEN)
    page.locator("button[name=replace]").click()
    page.locator("input[name=even_broken]").wait_for()
    findings += look(page, "a link replaced by a broken one", rules)
    page.goto(f"{desk}topics/healthtopic/")
    page.locator("input.action-select").nth(1).check()
    page.locator("select[name=action]").select_option("publish")
    page.locator("#changelist-form button[name=index]").click()
    page.locator("form.work").wait_for()
    findings += look(page, "work on many topics", rules)
    for letter, path in REFUSED.items():
        session = site.client(letter).session.session_key
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": desk}])
        page.goto(desk + path)
        page.locator("form[action$='logout/'] input[name=next]").wait_for(state="attached")
        findings += look(page, f"refused to {letter}", rules)
    assert not findings, "\n".join(findings)
    assert all(url.startswith((live_server.url, "data:")) for url in asked), asked
    said = [text for kind, text in noise if kind in ("error", "warning")]
    assert not [text for text in said if not text.startswith(EXPECTED)]
