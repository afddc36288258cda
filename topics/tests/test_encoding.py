"""Which encoding a reader gets."""

import pytest

from topics.encoding import best_encoding


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP;Q=1.0", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0", "identity"),
        ("*", "br"),
        ("*;q=0.5, gzip", "gzip"),
        ("br, *;q=0", "br"),
        ("identity", "identity"),
        ("identity;q=1, br;q=0.5", "identity"),
        ("identity;q=0.2, gzip;q=0.3", "gzip"),
        ("identity;q=0, *;q=0", "identity"),
        ("deflate, zstd", "identity"),
        ("br;level=1", "identity"),
        ("br;q=", "identity"),
        ("br;q=nan, gzip;q=1e9", "identity"),
        ("br;q=-1", "identity"),
        ("br;q=9", "br"),
        (" , ;;, =", "identity"),
        ("x" * 10_000 + ", br", "identity"),
        ("²;q=², br", "br"),
    ],
)
def test_the_best_encoding_that_a_reader_takes(accepted, sent):
    assert best_encoding(accepted) == sent
