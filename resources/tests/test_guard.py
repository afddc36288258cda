"""Which places are public, how addresses are read, and what robots.txt allows."""

import time

import pytest

from resources.linkcheck.addresses import Malformed, host_of, is_visited, request_url
from resources.linkcheck.guard import is_public, is_public_place
from resources.linkcheck.robots import LONGEST_DELAY, read_rules


@pytest.mark.parametrize(
    "address",
    [
        *("0.1.2.3", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254"),
        *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.168.0.1"),
        *("192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1"),
        *("240.0.0.1", "255.255.255.255", "168.63.129.16"),
        *("::", "::1", "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "fe80::1"),
        *("fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "ff0e::1"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "2001::1", "2001:db8::1"),
        *("2002:7f00:1::", "3fff::1", "5f00::1", "100::1", "2606:4700::1%1"),
        *("", "localhost", "example.org", "1", "127.1"),
    ],
)
def test_what_is_not_the_public_internet_is_known(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_the_public_internet_is_open(address):
    assert is_public(address)


@pytest.mark.parametrize(
    ("port", "open_"),
    [(80, True), (443, True), (8443, True), (22, False), (25, False), (6379, False)],
)
def test_only_doors_of_web_pages_are_open(port, open_):
    assert is_public_place("8.8.8.8", port) == open_


@pytest.mark.parametrize(
    "address",
    [
        *("http://", "http:///x", "http://[x/", "http://a:99999/", "http://a:0/", "http://a:b/"),
        *("http://user@a.example/", "http://user:word@a.example/", "http://@127.0.0.1@a.example/"),
        *("http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/"),
        *("http://1.2.3.4.5/", "http://256.1.1.1/", "http://a..b/", "http://.a/", "http://-a-/"),
        *(
            "http://a%00b/",
            "http://a b/",
            "http://a%2eb/",
            "http://a\x00b/",
            "http://[fe80::1%25e]/",
        ),
        *("http://" + "a" * 64 + ".example/", "http://" + "a." * 130 + "example/"),
        *(
            "ftp://a.example/",
            "javascript:x()",
            "//a.example/",
            "",
            "http://a_b!c/",
            "http://\udcff/",
        ),
    ],
)
def test_what_cannot_be_visited_is_refused_before_anybody_is_asked(address):
    with pytest.raises(Malformed):
        request_url(address)
    assert host_of(address) == ""


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("http://example.org:8080/a#b", "http://example.org:8080/a"),
        (" http://example.org/a b?c d ", "http://example.org/a%20b?c%20d"),
        ("http://m\u00fcnchen.example/\u00e1", "http://xn--mnchen-3ya.example/%C3%A1"),
        ("http://a.example/%7Ea%2Fb?q=%26+%zz", "http://a.example/%7Ea%2Fb?q=%26+%zz"),
        ("http://a.example/x\\y", "http://a.example/x/y"),
        ("http://a.example./", "http://a.example/"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("http://[2606:4700::1]/", "http://[2606:4700::1]/"),
    ],
)
def test_an_address_is_sent_as_a_browser_sends_it(address, sent):
    assert str(request_url(address)) == sent


@pytest.mark.parametrize(
    "address", ["ftp://a.example/x", "mailto:a@b.example", "tel:123", "/healthtopics.html", ""]
)
def test_what_is_not_of_the_web_is_not_checked(address):
    assert not is_visited(address)


# --- robots.txt -------------------------------------------------------------------------------------

FILE = """\
\ufeff# for everybody
User-Agent: *
Disallow: /private
Allow: /private/open
Disallow: /*.pdf$
Disallow: /search?q=
Disallow: /caf\u00e9
Disallow:
Crawl-delay: 3

User-agent: OtherBot
User-agent: NiceBot/2.1
Disallow: /
Sitemap: https://a.example/sitemap.xml
User-agent: nicebot
Allow: /nice
"""


@pytest.mark.parametrize(
    ("target", "allowed"),
    [
        ("/", True),
        ("/private", False),
        ("/private/x", False),
        ("/%70rivate/x", False),
        ("/private/open", True),
        ("/Private", True),
        ("/a.pdf", False),
        ("/a.pdf?x", True),
        ("/a.pdfs", True),
        ("/search?q=1", False),
        ("/search", True),
        ("/caf%C3%A9", False),
        ("/caf%c3%a9/x", False),
        ("/robots.txt", True),
    ],
)
def test_the_longest_line_that_fits_decides(target, allowed):
    assert read_rules(FILE.encode(), "SomeBot").allow(target) == allowed


def test_a_program_follows_its_own_groups_alone():
    rules = read_rules(FILE.encode(), "NiceBot")
    assert rules.allow("/nice/a")
    assert not rules.allow("/other")
    assert rules.delay == 0
    assert read_rules(FILE.encode(), "SomeBot").delay == 3


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"Disallow: /", b"<html>", b":\n::\n" * 9])
def test_a_file_that_says_nothing_forbids_nothing(content):
    assert read_rules(content, "SomeBot").allow("/x")


@pytest.mark.parametrize("value", ["nan", "inf", "1e999", "-1", "x", "86400"])
def test_no_site_makes_us_wait_longer_than_we_want(value):
    rules = read_rules(f"User-agent: *\nCrawl-delay: {value}".encode(), "SomeBot")
    assert 0 <= rules.delay <= LONGEST_DELAY


def test_a_pattern_made_to_be_slow_is_quick():
    rules = read_rules(b"User-agent: *\nDisallow: /" + b"*a" * 5000 + b"$", "SomeBot")
    assert rules.allow("/" + "a" * 4000 + "b")


def test_a_robots_file_of_countless_names_and_rules_is_read_at_once():
    content = b"User-agent: x\n" * 18_000 + b"User-agent: *\n" * 9_000 + b"Allow: /\n" * 12_000
    began = time.perf_counter()
    assert len(read_rules(content, "SomeBot").lines) == 12_000
    assert time.perf_counter() - began < 5
