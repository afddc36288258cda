"""Everything that is measured: `make bench`, or one part with `make bench ARGS=pages`."""

import subprocess
import sys

PARTS = ("import", "pages", "links", "lighthouse")


def main() -> None:
    """Run the parts named, or all of them, each in a process of its own."""
    for part in sys.argv[1:] or PARTS:
        if part not in PARTS:
            sys.exit(f"“{part}” is no part of the benchmark; the parts are {', '.join(PARTS)}.")
        print(f"== {part}", flush=True)
        module = {"import": "import_bench", "lighthouse": "lighthouse.measure"}.get(part, part)
        subprocess.run([sys.executable, "-m", f"bench.{module}"], check=True)


if __name__ == "__main__":
    main()
