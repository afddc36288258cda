#!/usr/bin/env python
"""Take a picture of every type of public page for docs/pictures: English on a desk, Spanish on a phone.

`make pictures`. The pages show the demonstration, from a database that is thrown away afterwards.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
PORT = 8766
SITE = f"http://127.0.0.1:{PORT}"
PREFIXES = {"en": "/", "es": "/spanish/"}
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 360, "height": 860}
GAP, SCALE, COLORS = 40, 0.6, 96
WITHDRAW_ONE = """
from topics.models import TopicLanguage
from topics.publishing import withdraw
for one in TopicLanguage.objects.filter(address__slug="bruises"):
    withdraw(one.pk, by=None, reason={"en": "It was out of date.", "es": "No estaba al día."}[one.language])
"""
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
    "about": ("about/", None),
    "about-page": ("about/accessibility.html", None),
    "search": ("search/?q=leukemia", None),
    "not-found": ("leukemai.html", None),
    "gone": ("bruises.html", None),
}


@contextmanager
def demonstration() -> Iterator[None]:
    """The demonstration on a server of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/pictures.sqlite3",
            "VAR_DIR": folder,
            "SITE_URL": SITE,
        }
        manage = [sys.executable, "manage.py"]
        for command in (
            ["migrate", "--verbosity", "0"],
            ["collectstatic", "--noinput", "--verbosity", "0"],
            ["load_demo"],
            ["shell", "--no-imports", "--command", WITHDRAW_ONE],
        ):
            subprocess.run([*manage, *command], cwd=ROOT, env=environment, check=True)
        bind = ["--bind", SITE.removeprefix("http://"), "--log-level", "error"]
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "medline.wsgi", *bind], cwd=ROOT, env=environment
        )
        try:
            wait()
            yield
        finally:
            server.terminate()
            server.wait(timeout=20)


def wait() -> None:
    """Until the server answers, at most half a minute."""
    for _attempt in range(100):
        try:
            socket.create_connection(("127.0.0.1", PORT), timeout=5).close()
            return
        except OSError:
            time.sleep(0.3)
    sys.exit("The server does not answer.")


def picture(
    browser: Browser, language: str, name: str, size: dict[str, int], scheme: str
) -> Image.Image:
    """What the window of a browser in the same language shows of a page."""
    path, top = PAGES[name]
    with browser.new_context(viewport=size, locale=language, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(f"{SITE}{PREFIXES[language]}{path}")
        if top:
            page.evaluate("top => document.querySelector(top).scrollIntoView()", top)
        return Image.open(BytesIO(page.screenshot()))


def both(browser: Browser, name: str, scheme: str = "light") -> Image.Image:
    """The desk and the phone side by side, small and in few colors."""
    desk = picture(browser, "en", name, DESK, scheme)
    phone = picture(browser, "es", name, PHONE, scheme)
    sheet = Image.new("RGB", (desk.width + GAP + phone.width, desk.height), "#8a979c")
    sheet.paste(desk, (0, 0))
    sheet.paste(phone, (desk.width + GAP, 0))
    width, height = (round(side * SCALE) for side in sheet.size)
    return sheet.resize((width, height), Image.Resampling.LANCZOS).quantize(COLORS)


def main() -> None:
    """Write all pictures anew."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with demonstration(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in PAGES:
            both(browser, name).save(PICTURES / f"{name}.png", optimize=True)
        both(browser, "topic", "dark").save(PICTURES / "topic-dark.png", optimize=True)
        browser.close()
    total = sum(path.stat().st_size for path in PICTURES.glob("*.png"))
    print(
        f"{len(PAGES) + 1} pictures in {PICTURES.relative_to(ROOT)}, {total / 1000:.0f} kB in all"
    )


if __name__ == "__main__":
    main()
