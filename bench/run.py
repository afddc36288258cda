"""Everything that is measured: `make bench`, or one part with `make bench ARGS=pages`.

BENCH_TOPICS names a real topic file. Each of its summaries is then compared after the round trip, and
each of its topics is opened and saved in the editor, which takes a second or two a topic.
"""

import os
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
WITH_REAL_TOPICS = ("import", "desk")


def main() -> None:
    """Run the parts named, or all of them, each in a process of its own."""
    topics = os.environ.get("BENCH_TOPICS")
    for part in sys.argv[1:] or PARTS:
        if part not in PARTS:
            sys.exit(f"“{part}” is no part of the benchmark; the parts are {', '.join(PARTS)}.")
        print(f"== {part}", flush=True)
        files = []
        if part in WITH_REAL_TOPICS and topics:
            files = [topics]
        elif part in WITH_REAL_TOPICS:
            print("NOT MEASURED: real topics, BENCH_TOPICS names no file", flush=True)
        subprocess.run([sys.executable, "-m", MODULES[part], *files], check=True)


if __name__ == "__main__":
    main()
