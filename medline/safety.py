"""What settings.py asks before it lets the site start."""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

SHORTEST_KEY = 50


def refuse_unsafe(
    *, secret_key: str, debug: bool, allowed_hosts: Sequence[str], site_url: str
) -> None:
    """Stop a production start with the list of settings that would make it unsafe."""
    reasons = []
    if not secret_key:
        reasons.append("SECRET_KEY is missing; set it to at least 50 random characters.")
    elif len(secret_key) < SHORTEST_KEY or len(set(secret_key)) < 5:
        reasons.append(
            f"SECRET_KEY is too weak; it needs at least {SHORTEST_KEY} random characters."
        )
    if debug:
        reasons.append("DEBUG is on; it shows settings and code to every visitor.")
    if not allowed_hosts:
        reasons.append("ALLOWED_HOSTS is empty; name the hosts this site answers for.")
    if any(host.strip() in {"*", "."} for host in allowed_hosts):
        reasons.append("ALLOWED_HOSTS lets any host in; name the hosts this site answers for.")
    if not site_url.startswith("https://"):
        reasons.append(f"SITE_URL is {site_url!r}; it must begin with https://.")
    if reasons:
        raise ImproperlyConfigured("Refusing to start in production. " + " ".join(reasons))


class Environment(environ.Env):
    """Environment variables; one with a value that makes no sense stops the start with a sentence.

    django-environ takes every word that it does not know for “off”, so a misspelt `FOUR_EYES` would
    switch that off in silence. A variable that is there and empty means its default.
    """

    OFF = ("false", "off", "no", "n", "0")

    def bool(self, name: str, default: bool) -> bool:
        value = os.environ.get(name, "").strip().lower()
        if value and value not in (*self.BOOLEAN_TRUE_STRINGS, *self.OFF):
            raise ImproperlyConfigured(f"{name} is “{value}”; write 1 for yes or 0 for no.")
        return value in self.BOOLEAN_TRUE_STRINGS if value else default

    def int(self, name: str, default: int) -> int:
        value = os.environ.get(name, "").strip()
        if value and not (value.isascii() and value.isdigit()):
            raise ImproperlyConfigured(f"{name} is “{value}”; write a whole number, 0 or more.")
        return int(value) if value else default


def refuse_no_address(site_url: str) -> None:
    """Stop the start when the address that pages give as their own is none."""
    if not site_url.startswith(("http://", "https://")):
        raise ImproperlyConfigured(
            f"SITE_URL is “{site_url}”; it has to begin with https:// (or http:// for a trial)."
        )


DATABASES = ("sqlite:///", "postgres://", "postgresql://")


def refuse_unknown_database(address: str) -> None:
    """Stop the start when DATABASE_URL names no database of ours; it is not shown, for its password."""
    if not address.startswith(DATABASES):
        raise ImproperlyConfigured(
            f"DATABASE_URL names no database that this site can use; it begins with one of "
            f"{', '.join(DATABASES)}."
        )


def refuse_no_days(days: int) -> None:
    """Stop the start when links would be due again as soon as they were visited."""
    if days < 1:
        raise ImproperlyConfigured(
            f"LINK_CHECK_DAYS is {days}; it has to be at least 1, the days until a link that "
            "answered is looked at again."
        )


def local_secret_key(path: Path) -> str:
    """The key of a local installation, made at the first start and readable by its owner only."""
    try:
        # O_EXCL: of two processes that start together, one writes and the other reads.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()
