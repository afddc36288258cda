"""What Lighthouse says of the public pages, in its profile of a phone on a slow network.

Lighthouse comes from npm, pinned in package-lock.json, and uses the Chromium of this machine.
"""

import json
import os
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

from bench.pages import PORT, manage, serving

HERE = Path(__file__).parent
SITE = f"http://127.0.0.1:{PORT}"
SERVER = ["-m", "gunicorn", "medline.wsgi", "--bind", f"127.0.0.1:{PORT}", "--log-level", "error"]
PAGES = ("", "cancers.html", "acutelymphocyticleukemia.html")
# What Lighthouse says of speed differs from run to run with what else the machine does.
RUNS = 3
# Now and then Lighthouse cannot follow the browser and asks to be run again (its NO_NAVSTART).
TRIES = 3
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
GOALS = (99, 100, 100, 100)
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""


def report(path: str) -> dict:
    """The report of Lighthouse on one page, as data. SystemExit where it gives none."""
    command = [
        *(HERE / "node_modules/.bin/lighthouse", f"{SITE}{path}"),
        *("--quiet", "--output=json", "--output-path=stdout"),
        *(f"--only-categories={','.join(CATEGORIES)}",),
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]
    for _try in range(TRIES):
        done = subprocess.run(
            command,
            env={**os.environ, "CHROME_PATH": CHROMIUM},
            capture_output=True,
            text=True,
            timeout=180,
        )
        if done.returncode == 0:
            return json.loads(done.stdout)
        print(done.stderr.strip(), flush=True)
    raise SystemExit(f"Lighthouse failed {TRIES} times on {SITE}{path}.")


def line(path: str, reports: list[dict]) -> str:
    """A row of the table, each score the median of the reports; below it what cost points apart from time."""
    scores = [
        round(100 * statistics.median(found["categories"][name]["score"] for found in reports))
        for name in CATEGORIES
    ]
    failed = {
        audit["id"]: None
        for found in reports
        for name in CATEGORIES[1:]
        for audit in found["categories"][name]["auditRefs"]
        if audit["weight"] and found["audits"][audit["id"]]["score"] not in (1, None)
    }
    row = f"{path:45}" + "".join(f"{score:>16}" for score in scores)
    return "\n".join([row, *(f"    {name}" for name in failed)])


def main() -> None:
    """Print the table for each page in both languages, next to the goals."""
    if not (CHROMIUM and shutil.which("npm")):
        print("NOT MEASURED: Lighthouse needs Chromium and npm")
        return
    if not (HERE / "node_modules").exists():
        fetch = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(fetch, cwd=HERE, check=True)
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "VAR_DIR": folder,
            "SITE_URL": SITE,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
        }
        for command in (["migrate"], ["collectstatic", "--noinput"], ["load_demo"]):
            manage(environment, *command)
        with serving(environment, SERVER):
            print(f"{'page':45}" + "".join(f"{name:>16}" for name in CATEGORIES))
            print(f"{'goal':45}" + "".join(f"{goal:>16}" for goal in GOALS))
            for path in (f"/{prefix}{name}" for name in PAGES for prefix in ("", "spanish/")):
                print(line(path, [report(path) for _run in range(RUNS)]), flush=True)


if __name__ == "__main__":
    main()
