"""Production refuses to start with an unsafe setting and says which; everything else just starts."""

import os
import re
import stat
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from medline.safety import Environment, local_secret_key, refuse_unknown_database, refuse_unsafe

from . import source

SAFE = {
    "PRODUCTION": "1",
    "SECRET_KEY": "k3y-" * 4 + "which nobody could guess in a hundred years",
    "SITE_URL": "https://health.example.org",
}


def start(variables: dict[str, str], folder) -> subprocess.CompletedProcess:
    """Start Django as an installation would, with these environment variables and no others."""
    shell = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={**shell, "VAR_DIR": str(folder), **variables},
        cwd=source.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_production_starts_when_every_setting_is_safe(tmp_path):
    result = start(SAFE, tmp_path)
    assert result.returncode == 0, result.stderr


def test_a_variable_that_is_there_and_empty_means_its_default(tmp_path):
    result = start({**SAFE, "DATABASE_URL": "", "CACHE_URL": ""}, tmp_path)
    assert result.returncode == 0, result.stderr
    empty = dict.fromkeys(("SITE_URL", "FOUR_EYES", "AUDIT_DAYS"), "")
    local = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **empty},
        cwd=source.ROOT,
        capture_output=True,
        check=False,
    )
    assert local.returncode == 0, local.stderr


@pytest.mark.parametrize("address", ["mysql://root:secret@db/health", "nonsense", "sqlite:file"])
def test_a_database_that_is_none_of_ours_is_refused_without_its_password(address):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL names no database") as refused:
        refuse_unknown_database(address)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too weak"),
        ({"SECRET_KEY": "a" * 80}, "SECRET_KEY is too weak"),
        ({"DEBUG": "1"}, "DEBUG is on"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is empty"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS lets any host in"),
        ({"ALLOWED_HOSTS": "health.example.org, *"}, "ALLOWED_HOSTS lets any host in"),
        ({"SITE_URL": "http://health.example.org"}, "SITE_URL is 'http://health.example.org'"),
    ],
)
def test_production_refuses_an_unsafe_setting_and_names_it(change, sentence, tmp_path):
    result = start({**SAFE, **change}, tmp_path)
    assert result.returncode != 0
    assert sentence in result.stderr


def test_links_that_would_be_due_at_once_again_are_refused(tmp_path):
    result = start({**SAFE, "LINK_CHECK_DAYS": "0"}, tmp_path)
    assert result.returncode != 0
    assert "LINK_CHECK_DAYS is 0; it has to be at least 1" in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("FOUR_EYES", "ja", "FOUR_EYES is “ja”; write 1 for yes or 0 for no."),
        ("AUDIT_DAYS", "-5", "AUDIT_DAYS is “-5”; write a whole number, 0 or more."),
        ("PAGE_CACHE_BYTES", "1e6", "PAGE_CACHE_BYTES is “1e6”; write a whole number"),
        ("SITE_URL", "example.org", "SITE_URL is “example.org”; it has to begin with https://"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_and_named(name, value, sentence, tmp_path):
    result = start({name: value}, tmp_path)
    assert result.returncode != 0
    assert sentence in result.stderr


@pytest.mark.parametrize(
    ("value", "switched"),
    [("1", True), ("Yes", True), ("on", True), ("0", False), ("OFF", False), ("", None)],
)
def test_a_switch_is_known_by_the_usual_words_and_empty_means_its_default(
    value, switched, monkeypatch
):
    monkeypatch.setenv("FOUR_EYES", value)
    for default in (True, False):
        assert Environment().bool("FOUR_EYES", default=default) is (
            default if switched is None else switched
        )


def test_all_unsafe_settings_are_named_at_once():
    with pytest.raises(ImproperlyConfigured) as refusal:
        refuse_unsafe(secret_key="", debug=True, allowed_hosts=[], site_url="http://x")
    assert all(
        word in str(refusal.value) for word in ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "SITE_URL")
    )


def test_a_local_installation_starts_without_any_variable(tmp_path):
    shell = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env=shell,
        cwd=source.ROOT,
        capture_output=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr


def test_the_local_key_is_made_once_and_readable_by_its_owner_only(tmp_path):
    path = tmp_path / "secret_key"
    key = local_secret_key(path)
    assert len(key) >= 50
    assert local_secret_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_variable_that_the_settings_read_is_documented():
    read = set(
        re.findall(r'env\.\w+\(\s*"(\w+)"', (source.ROOT / "medline/settings.py").read_text())
    )
    described = set(
        re.findall(r"^\| `(\w+)`", (source.ROOT / "docs/settings.md").read_text(), re.M)
    )
    assert read == described
