#!/usr/bin/env python
"""Run every test that this machine can run, and say at the end what could not be tested.

SQLite and the browser first, then everything that uses the database again on PostgreSQL and Redis,
wherever they answer. REQUIRE_ALL=1 turns whatever is missing into a failure. Arguments go to pytest.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import redis
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
VALIDITY = ROOT / "tests" / "validity"
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432")
# Each takes the tests of whole modules, and with them what a module starts once, until it runs out.
IN_TWO_PROCESSES = ("-n", "2", "--dist", "worksteal")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379")


def has_browser() -> bool:
    wanted = ["libatomic1", "libatomic.so.1"]  # Playwright's driver does not start without
    if not os.environ.get("CHROMIUM"):
        wanted += ["chromium", "chromium"]
    return subprocess.run([ROOT / "scripts/install.sh", *wanted], check=False).returncode == 0


def has_html_checker() -> bool:
    """The Nu checker, fetched once. It is a Java program that npm delivers."""
    if not (shutil.which("java") and shutil.which("npm")):
        return False
    if (VALIDITY / "node_modules").exists():
        return True
    fetch = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    return subprocess.run(fetch, cwd=VALIDITY, check=False).returncode == 0


def has_postgres() -> bool:
    try:
        psycopg.connect(f"{POSTGRES}/postgres", connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def drop_leftovers(prefix: str) -> None:
    """A run that is cut short leaves its databases behind."""
    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as server:
        found = server.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]
        )
        for (name,) in found.fetchall():
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def has_redis() -> bool:
    try:
        with redis.from_url(REDIS, socket_connect_timeout=3) as server:
            return bool(server.ping())
    except redis.RedisError:
        return False


def run_pytest(*arguments: str, **variables: str) -> bool:
    command = [sys.executable, "-m", "pytest", *IN_TWO_PROCESSES, *arguments, *sys.argv[1:]]
    result = subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, check=False)
    # 5: no test was selected, which is no failure of any.
    return result.returncode in (0, 5)


def main() -> int:
    not_tested = []
    if not has_browser():
        not_tested.append("pages in a real browser: no Chromium or no libatomic")

    if not has_html_checker():
        not_tested.append(
            "whether pages are valid HTML: no Java, no npm, or no Nu checker to be had"
        )

    print("== SQLite, memory cache, browser", flush=True)
    good = run_pytest()

    services = {}
    if has_postgres():
        # A name of its own, so that two runs on one machine do not take each other's database away.
        services["DATABASE_URL"] = f"{POSTGRES}/medline_{os.getpid()}_run"
    else:
        not_tested.append(f"PostgreSQL: nothing answers at {POSTGRES}")
    if has_redis():
        services["CACHE_URL"] = REDIS
    else:
        not_tested.append(f"Redis: nothing answers at {REDIS}")
    if services:
        print(f"== Database and cache again: {', '.join(services.values())}", flush=True)
        good &= run_pytest("--database-only", **services)
    if "DATABASE_URL" in services:
        drop_leftovers(f"test_medline_{os.getpid()}_run")

    for line in not_tested:
        print(f"NOT TESTED: {line}")
    if not_tested and os.environ.get("REQUIRE_ALL") == "1":
        print("REQUIRE_ALL=1 makes that a failure.")
        good = False
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
