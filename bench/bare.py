"""A WSGI application that does nothing but return a page from a file: the ceiling of a server.

BENCH_PAGE names the file, JSON of `headers` and the text `body` (Latin-1, one character a byte).
"""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

_page = json.loads(Path(os.environ["BENCH_PAGE"]).read_text())
HEADERS = [tuple(pair) for pair in _page["headers"]]
BODY = _page["body"].encode("latin-1")


def application(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
    """The page, whatever is asked for."""
    start_response("200 OK", list(HEADERS))
    return [BODY]
