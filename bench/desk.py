"""What editors wait for: `python -m bench.desk [FILE]`, on SQLite in a temporary folder.

Opening, saving and publishing a topic of 60 links on a site of 1,000 topics, asked of Django in this
process. With FILE, a real topic file, each of its topics is then opened and saved in the editor, in
Chromium, and what that changed is counted: it has to be nothing.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lxml import html

from .generate import generate
from .pages import PORT, manage, serving

TOPICS, LINKS, ROUNDS = 1_000, 60, 15
OPEN_ALLOWED, PUBLISH_ALLOWED = 300, 100  # milliseconds
ADMIN = ("bench", "a password for the bench alone")
SERVER = ["-m", "gunicorn", "medline.wsgi", "--bind", f"127.0.0.1:{PORT}", "--workers", "2"]
# Prints the key of every language of a topic, so that this process needs no database for it.
KEYS = """
from topics.models import TopicLanguage
print(*TopicLanguage.objects.order_by("pk").values_list("pk", flat=True))
"""
ADD_ADMIN = f"""
from django.contrib.auth.models import User
User.objects.create_superuser({ADMIN[0]!r}, password={ADMIN[1]!r})
"""


@contextmanager
def installation(file: Path) -> Iterator[dict[str, str]]:
    """The environment of a site with the topics of a file, live, and an administrator."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "VAR_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "SITE_URL": f"http://127.0.0.1:{PORT}",
        }
        for command in (["migrate"], ["collectstatic", "--noinput"]):
            manage(environment, *command)
        done = subprocess.run(
            [sys.executable, "manage.py", "import_topics", str(file)],
            env=environment,
            capture_output=True,
            text=True,
        )
        if done.returncode not in (0, 3):
            sys.exit(f"The file was not imported:\n{done.stdout}{done.stderr}")
        shell(environment, ADD_ADMIN)
        yield environment


def shell(environment: dict[str, str], code: str) -> str:
    """What some lines of Python print in the installation."""
    return subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "--command", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def milliseconds(work: Callable[[int], None]) -> str:
    """The median over some rounds, after one that does not count; and what of it was computing."""
    work(0)
    waited, computed = [], []
    for number in range(1, ROUNDS + 1):
        began, used = time.perf_counter(), time.process_time()
        work(number)
        waited.append((time.perf_counter() - began) * 1000)
        computed.append((time.process_time() - used) * 1000)
    return f"{statistics.median(waited):.0f} ms ({statistics.median(computed):.0f} of processor)"


def measure_waiting() -> None:
    """Print how long the pages of a large topic take. Runs in an installation, as `--waiting`."""
    import django  # noqa: PLC0415  (only here is there an installation)

    django.setup()
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from editorial.tests.desk import fields, url_of  # noqa: PLC0415
    from topics.models import TopicLanguage  # noqa: PLC0415

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username=ADMIN[0]))
    versions = TopicLanguage.objects.filter(language="en").order_by("pk")[: ROUNDS + 1]
    forms = {}

    def opened(number: int, end: str = "change") -> None:
        forms[number, end] = client.get(url_of(versions[number], end))

    def saved(number: int) -> None:
        posted = fields(forms[number, "change"]) | {"title": f"Another title {number}"}
        post(url_of(versions[number]), posted)

    def post(address: str, posted: dict) -> None:
        if client.post(address, posted).status_code != 302:
            sys.exit(f"{address} did not take what was posted.")

    def published(number: int) -> None:
        page = html.fromstring(forms[number, "publish"].content)
        posted = {
            name: page.xpath(f"string(//input[@name='{name}']/@value)")
            for name in ("version", "digest")
        }
        post(url_of(versions[number], "publish"), posted)

    for what, work, allowed in (
        (f"opening a topic of {LINKS} links", opened, OPEN_ALLOWED),
        ("opening its page of links", lambda n: opened(n, "links"), OPEN_ALLOWED),
        ("saving it", saved, None),
        ("opening its page for publishing", lambda n: opened(n, "publish"), None),
        ("publishing it", published, PUBLISH_ALLOWED),
    ):
        goal = f", goal {allowed} ms" if allowed else ""
        print(f"{what}: {milliseconds(work)}{goal}", flush=True)


def count_changes(environment: dict[str, str]) -> None:
    """Open and save every topic in Chromium; print how many were changed by it, and which."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    site = environment["SITE_URL"]
    keys = shell(environment, KEYS).split()
    changed, source, texts = [], 0, 0
    with serving(environment, SERVER), sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.goto(f"{site}/admin/")
        page.get_by_label("Username").fill(ADMIN[0])
        page.get_by_label("Password").fill(ADMIN[1])
        page.get_by_role("button", name="Log in").click()
        for number, key in enumerate(keys, start=1):
            page.goto(f"{site}/admin/topics/topiclanguage/{key}/change/")
            page.locator("html[data-rich-ready]").wait_for(state="attached")
            bodies = page.locator("textarea[name^=sections-][name$=-body]:not([name*=__prefix__])")
            texts += bodies.count()
            source += bodies.locator("visible=true").count()
            page.get_by_role("button", name="Save", exact=True).click()
            page.wait_for_load_state()
            if not page.get_by_text("There was nothing to save.").is_visible():
                changed.append(page.title())
                print(f"  CHANGED: {page.title()}", flush=True)
            if number % 100 == 0:
                print(f"  {number} of {len(keys)}", flush=True)
        browser.close()
    print(f"opened and saved in the editor: {len(keys)} topics; changed by it: {len(changed)}")
    print(f"texts: {texts}, of these opened as source: {source}")


def main(arguments: list[str]) -> None:
    """Measure on a generated site, and count on a real file where one is named."""
    if arguments == ["--waiting"]:
        measure_waiting()
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "topics.xml"
        with file.open("wb") as out:
            generate(out, TOPICS * 2, links=LINKS)
        with installation(file) as environment:
            command = [sys.executable, "-m", "bench.desk", "--waiting"]
            subprocess.run(command, env=environment, check=True)
    if arguments:
        with installation(Path(arguments[0])) as environment:
            count_changes(environment)


if __name__ == "__main__":
    main(sys.argv[1:])
