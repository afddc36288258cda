"""Everything that is measured: `make bench`, or one part with `make bench ARGS=pages`."""

import subprocess
import sys

MODULES = {
    "import": "bench.import_bench",
    "pages": "bench.pages",
    "cache": "bench.kept_pages",
    "reading": "bench.reading_during_import",
    "links": "bench.links",
    "desk": "bench.desk",
    "lighthouse": "bench.lighthouse.measure",
}
PARTS = tuple(MODULES)


def main() -> None:
    """Run the parts named, or all of them, each in a process of its own."""
    for part in sys.argv[1:] or PARTS:
        if part not in PARTS:
            sys.exit(f"“{part}” is no part of the benchmark; the parts are {', '.join(PARTS)}.")
        print(f"== {part}", flush=True)
        subprocess.run([sys.executable, "-m", MODULES[part]], check=True)


if __name__ == "__main__":
    main()
