"""What stands on the desk in the pictures: people in roles, and some of everything they work on.

Runs inside the throwaway installation of serving.py, after the demonstration was loaded.
"""

import os
from datetime import timedelta
from pathlib import Path

import django

django.setup()

# ruff: noqa: E402 - the models exist only now
from django.contrib.auth.models import Group, User
from django.test import RequestFactory
from django.utils import timezone, translation

from editorial import parts
from editorial.audit import note_act
from editorial.models import ProblemReport
from editorial.pages.starting import start_language
from editorial.preview.sharing import make_link
from editorial.saving import note_changes, one_save
from medline.errors import server_error, unavailable
from resources.linkcheck.ledger import survey
from resources.models import LinkCheck, Outcome
from topics.document import Section
from topics.editions.reviewing import record_review
from topics.editions.scheduling import schedule
from topics.models import HealthTopic, TopicLanguage
from topics.publishing import publish, withdraw

PASSWORD = "pictures only"
PEOPLE = {
    "ana": ("Ana", "Rivera", "Administrator"),
    "ben": ("Ben", "Carter", "Editor"),
    "lucia": ("Lucía", "Vega", "Translator into Spanish"),
    "omar": ("Omar", "Haddad", "Reviewer"),
}
TREATED = (
    "<p>A blood test can show anemia. Treatment depends on the cause. You may need iron, vitamins, "
    "other medicines, or a blood transfusion. <strong>Do not start iron pills on your own.</strong> "
    "Ask your health care provider how long to take them and when to come back for a test.</p>"
)
SE_TRATA = (
    "<p>Un análisis de sangre puede mostrar la anemia. El tratamiento depende de la causa. Es posible "
    "que necesite hierro, vitaminas, otros medicamentos o una transfusión. <strong>No tome hierro por "
    "su cuenta.</strong> Pregunte a su profesional de la salud durante cuánto tiempo tomarlo.</p>"
)
NOW = timezone.now()


def people() -> dict[str, User]:
    """One colleague in each role that the pictures show."""
    made = {}
    for name, (first, last, role) in PEOPLE.items():
        made[name] = User.objects.create_user(
            name, f"{name}@example.org", PASSWORD, first_name=first, last_name=last, is_staff=True
        )
        made[name].groups.add(Group.objects.get(name=role))
    return made


def version(slug: str, language: str) -> TopicLanguage:
    """A topic in one language, fresh from the database."""
    return TopicLanguage.objects.select_related("topic").get(slug=slug, language=language)


def write(row: TopicLanguage, by: User, heading: str, body: str) -> None:
    """Save another text under one heading, as the page of the text does."""
    rows = parts.in_order(parts.sections_of(row.topic_id), row.language)
    texts = [(part.pk, parts.section_of(part, row.language)) for part in rows]
    changed = [
        (key, Section(text.level, text.heading, body) if (text.heading or "") == heading else text)
        for key, text in texts
    ]
    with one_save(row, version=row.version, by=by):
        parts.store_sections(row, changed)
        note_changes([row])
        note_act("text", row, by=by)


def texts(team: dict[str, User]) -> None:
    """Anemia: an English edition newer than its translation, and a change nobody published."""
    for language in ("en", "es"):
        TopicLanguage.objects.filter(slug="anemia", language=language).update(
            review_owner=team["ana"], next_review=NOW.date() - timedelta(days=12)
        )
    english = version("anemia", "en")
    write(english, team["ben"], "How is anemia treated?", TREATED)
    publish(english.pk, by=team["ana"], note="Say how long to take iron")
    english = version("anemia", "en")
    write(
        english,
        team["ana"],
        "What is anemia?",
        "<p>If you have <strong>anemia</strong>, your blood carries too little oxygen. Red blood "
        "cells carry it with hemoglobin, a protein that contains iron.</p>",
    )
    write(version("anemia", "es"), team["lucia"], "¿Cómo se trata la anemia?", SE_TRATA)
    for row in (english, version("anemia", "es")):
        make_link(row, by=team["ana"], whom="Dr. Vega", days=7)
    fever = version("fever", "en")
    edition = fever.live_edition.number
    record_review(
        fever.pk,
        by=team["omar"],
        edition=edition,
        day=NOW.date(),
        role="Pediatrician",
        checked=["facts", "numbers", "plain"],
        result="keep",
        next_review=NOW.date() + timedelta(days=365),
    )
    write(
        version("fatigue", "en"),
        team["ana"],
        "",
        "<p>Fatigue is being so tired that rest does not help.</p>",
    )
    schedule(version("fatigue", "en").pk, due_at=NOW + timedelta(days=3), by=team["ana"])
    for language, reason in {"en": "It was out of date.", "es": "No estaba al día."}.items():
        withdraw(version("bruises", language).pk, by=team["ana"], reason=reason)


def topic_in_one_language(by: User) -> None:
    """A topic that has no Spanish version yet."""
    topic = HealthTopic.objects.create(source_language="en", title_en="Dizziness")
    start_language(topic, "en", "dizziness", by=by)
    row = version("dizziness", "en")
    with one_save(row, version=row.version, by=by):
        body = "<p>Dizziness is feeling faint, or as if the room were spinning.</p>"
        parts.store_sections(row, [(None, Section(3, "What is dizziness?", body))])
        note_changes([row])
    publish(row.pk, by=by)


def links() -> None:
    """Of the addresses in use most answer; some moved, some broke."""
    survey()
    LinkCheck.objects.update(state="ok", outcome=Outcome.OK, status=200, looked_at=NOW)
    for number, row in enumerate(LinkCheck.objects.order_by("address")):
        found = LinkCheck.objects.filter(pk=row.pk)
        if number % 29 == 3:
            since = NOW - timedelta(days=9)
            failed = {"failures": 4, "failing_since": since}
            found.update(state="broken", outcome=Outcome.GONE, status=404, **failed)
        elif number % 37 == 5:
            new = f"{row.address}/new"
            found.update(state="moved", outcome=Outcome.MOVED, status=301, final_address=new)
        elif number % 41 == 8:
            found.update(state="walled", outcome=Outcome.REFUSED, status=403)


def reports() -> None:
    """What two readers wrote."""
    for number, (language, kind, words) in enumerate(
        (
            ("en", "link", "The link about iron in food leads nowhere."),
            ("es", "unclear", "No entiendo qué es la hemoglobina."),
        )
    ):
        row = version("anemia", language)
        ProblemReport.objects.create(
            language=language,
            path={"en": "/anemia.html", "es": "/spanish/anemia.html"}[language],
            topic_language=row,
            kind=kind,
            words=words,
            sent_at=NOW - timedelta(hours=3 + number),
            form=str(number),
        )


def trouble() -> None:
    """The pages that are shown when nothing else can be, as files."""
    for name, page in {"server-error": server_error, "unavailable": unavailable}.items():
        for language, path in {"en": "/", "es": "/spanish/"}.items():
            with translation.override(language):
                answer = page(RequestFactory().get(path))
            file = Path(os.environ["VAR_DIR"]) / f"{name}.{language}.html"
            file.write_bytes(answer.content)


team = people()
texts(team)
topic_in_one_language(team["ana"])
links()
reports()
trouble()
