"""A server with the demonstration and people at work on it, thrown away afterwards."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / "docs" / "pictures"
PORT = 8766
SITE = f"http://127.0.0.1:{PORT}"


@contextmanager
def demonstration() -> Iterator[Path]:
    """The demonstration on a server of its own, with what scene.py adds to it; its folder."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/pictures.sqlite3",
            "VAR_DIR": folder,
            "SITE_URL": SITE,
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "medline.settings",
        }
        for command in (
            ["manage.py", "migrate", "--verbosity", "0"],
            ["manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
            ["manage.py", "load_demo"],
            ["manage.py", "create_roles", "--verbosity", "0"],
            ["scripts/pictures/scene.py"],
        ):
            subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True)
        bind = ["--bind", SITE.removeprefix("http://"), "--log-level", "error", "--threads", "4"]
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "medline.wsgi", *bind], cwd=ROOT, env=environment
        )
        try:
            _wait()
            yield Path(folder)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait() -> None:
    """Until the server answers, at most half a minute."""
    for _attempt in range(100):
        try:
            socket.create_connection(("127.0.0.1", PORT), timeout=5).close()
            return
        except OSError:
            time.sleep(0.3)
    sys.exit("The server does not answer.")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that looks at the pages."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
