"""What the running code is called, so that a new release never serves the pages of an old one."""

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from django.conf import settings

# What of the project's folders no page is made with.
_LEFT_OUT = {"__pycache__", "tests"}
# What of its settings can change a page, apart from what is in the files.
_SETTINGS = (
    "SITE_URL",
    "TIME_ZONE",
    "STATIC_URL",
    "MEDIA_URL",
    "CONTENT_SECURITY_POLICY",
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
    "CDN_MAX_AGE",
    "CDN_PURGE_URL",
)
# Two installations that share one Redis have different databases.
_DATABASE = ("ENGINE", "HOST", "PORT", "NAME")


def release() -> str:
    """The setting RELEASE, or else a digest of everything that a page is made with.

    The style sheets and scripts are in it by the names that the manifest of static files gives them.
    """
    digest = blake2b(settings.RELEASE.encode(), digest_size=16)
    if not settings.RELEASE:
        for name, file in _files():
            content = file.read_bytes()
            digest.update(repr((name, len(content))).encode() + content)
    values = [getattr(settings, name, None) for name in _SETTINGS]
    values += [str(settings.DATABASES["default"].get(name, "")) for name in _DATABASE]
    digest.update(repr(values).encode())
    return digest.hexdigest()


def _files() -> Iterator[tuple[str, Path]]:
    """Name and place of every file: code, templates, translations, versions, names of static files."""
    root = settings.BASE_DIR
    for folder in sorted(_folders(root)):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not _LEFT_OUT & set(path.parts):
                yield str(path.relative_to(root)), path
    for path in (root / "requirements.txt", Path(settings.STATIC_ROOT) / "staticfiles.json"):
        if path.is_file():
            yield path.name, path


def _folders(root: Path) -> set[str]:
    """The folders of this project that are installed as apps, and those that belong to all."""
    names = {"medline", "templates", "locale"}
    names |= {app.partition(".")[0] for app in settings.INSTALLED_APPS}
    return {name for name in names if (root / name).is_dir()}
