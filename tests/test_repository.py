"""What lies in the repository: nothing of one machine, nothing of one package registry."""

import re
import subprocess
from pathlib import Path

from . import source

# Split, so that this file does not find itself.
REGISTRIES = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry.npm" + "js",
    "deb.deb" + "ian.org",
)
MACHINE_PATH = re.compile(rb"(?<![\w./-])/(?:ro" + rb"ot|ho" + rb"me|wo" + rb"rk)/[\w.]")


def files_in_repository() -> list[Path]:
    """Tracked files and those about to be; none when this is not a git checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=source.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [source.ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_no_file_names_a_package_registry():
    found = [
        f"{path.relative_to(source.ROOT)} names {host}"
        for path in files_in_repository()
        for host in REGISTRIES
        if host.encode() in path.read_bytes()
    ]
    assert not found, "\n".join(found)


def test_no_file_names_a_folder_of_one_machine():
    found = [
        f"{path.relative_to(source.ROOT)}: {match.group().decode()}"
        for path in files_in_repository()
        for match in MACHINE_PATH.finditer(path.read_bytes())
    ]
    assert not found, "\n".join(found)


def test_every_requirement_is_pinned_with_a_hash():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (source.ROOT / name).read_text().replace("\\\n", " ")
        pins = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
        assert pins
        assert all("==" in line and "--hash=sha256:" in line for line in pins), name


def test_every_direct_requirement_says_what_it_is_for():
    for name in ("requirements.in", "requirements-dev.in"):
        lines = (source.ROOT / name).read_text().splitlines()
        bare = [
            line for line in lines if line and not line.startswith(("#", "-r")) and "#" not in line
        ]
        assert not bare, f"{name}: {bare}"
