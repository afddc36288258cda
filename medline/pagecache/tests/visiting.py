"""A visitor who speaks WSGI: what a server would hand over, byte for byte."""

import io
import sys
from typing import NamedTuple
from wsgiref.validate import validator


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def visit(application, path: str, method: str = "GET", query: str = "", **environ: str) -> Reply:
    """One request; `environ` adds to what a server gives, as HTTP_ACCEPT_ENCODING="br"."""
    given = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "REMOTE_ADDR": "192.0.2.7",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **environ,
    }
    started: list = []
    answer = validator(application)(given, lambda *arguments: started.extend(arguments))
    try:
        body = b"".join(answer)
    finally:
        answer.close()
    status, headers = started[:2]
    names = [name for name, _value in headers]
    assert len(names) == len(set(names)), f"a header twice: {names}"
    return Reply(int(status[:3]), dict(headers), body)


class Counted:
    """A WSGI application that counts how often it is asked."""

    def __init__(self, django):
        self.django = django
        self.asked: list[str] = []
        self.meanwhile = lambda: None

    def __call__(self, environ, start_response):
        self.asked.append(environ["PATH_INFO"])
        answer = self.django(environ, start_response)
        self.meanwhile()
        return answer

    def get_response(self, request):
        return self.django.get_response(request)
