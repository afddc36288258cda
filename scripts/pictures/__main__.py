"""Take the pictures in docs/pictures anew: every type of public page, and the editors' desk.

`make pictures`; `make pictures ONLY=desk` or `ONLY=public` takes one half. The pages show the
demonstration, from an installation that is thrown away afterwards.
"""

import sys

import desk
import public
from serving import PICTURES, ROOT, chromium, demonstration


def main(only: str) -> None:
    """Write the pictures."""
    (PICTURES / "desk").mkdir(exist_ok=True)
    with demonstration() as folder, chromium() as browser:
        if only != "desk":
            public.take(browser, folder)
        if only != "public":
            desk.take(browser)
    files = list(PICTURES.rglob("*.png"))
    total = sum(path.stat().st_size for path in files)
    print(f"{len(files)} pictures in {PICTURES.relative_to(ROOT)}, {total / 1000:.0f} kB in all")


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else "")
