#!/usr/bin/env python
"""Compile and check the catalogues of interface words in locale/, without the gettext tools.

translations.py compile   write the .mo files that are missing or older than their .po
translations.py check     every word translated, none in doubt, none missing from the catalogue
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "es"


def catalogues() -> list[Path]:
    return sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))


def compile_stale() -> None:
    for path in catalogues():
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            polib.pofile(str(path)).save_as_mofile(str(compiled))


def unfinished(path: Path) -> list[str]:
    """The entries of one catalogue that nobody has translated, or that are still in doubt."""
    catalogue = polib.pofile(str(path))
    entries = [("not translated", entry) for entry in catalogue.untranslated_entries()]
    entries += [("fuzzy", entry) for entry in catalogue.fuzzy_entries()]
    return [
        f"{path.relative_to(ROOT)}:{entry.linenum}: {why}: {entry.msgid}" for why, entry in entries
    ]


def missing(path: Path) -> list[str]:
    """The words marked in code and templates that the catalogue does not know yet."""
    known = {
        (entry.msgctxt, entry.msgid) for entry in polib.pofile(str(path)) if not entry.obsolete
    }
    with tempfile.TemporaryDirectory() as folder:
        fresh = polib.pofile(str(_extract(Path(folder), path)))
    return [
        f"{path.relative_to(ROOT)}: missing, run make messages: {entry.msgid}"
        for entry in fresh
        if not entry.obsolete and (entry.msgctxt, entry.msgid) not in known
    ]


def _extract(folder: Path, path: Path) -> Path:
    """Run makemessages on a copy of the source, so that a check changes nothing."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        source, copy = ROOT / name, folder / name
        if source.suffix in {".py", ".html", ".txt", ".po"} and source.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale", LANGUAGE, "--verbosity", "0"],
        cwd=folder,
        env={**os.environ, "VAR_DIR": str(folder / "var")},
        check=True,
    )
    return folder / path.relative_to(ROOT)


def check() -> list[str]:
    if not catalogues():
        return [f"locale/{LANGUAGE} has no catalogue: make messages, then translate it"]
    findings = [finding for path in catalogues() for finding in unfinished(path)]
    if shutil.which("xgettext"):
        findings += [finding for path in catalogues() for finding in missing(path)]
    elif os.environ.get("REQUIRE_ALL") == "1":
        findings.append(
            "xgettext is missing, so nobody looked for words missing from the catalogues"
        )
    else:
        print(
            "Not tested: words missing from the catalogues (needs xgettext, Debian package gettext)"
        )
    return findings


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("verb", choices=["compile", "check"])
    if parser.parse_args().verb == "compile":
        compile_stale()
        return 0
    findings = check()
    print("\n".join(findings) or f"{len(catalogues())} catalogues complete")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
