"""The names by which a network can drop a page."""

from topics.sharing import LONGEST_HEADER, topic_keys


def test_the_own_keys_come_first_and_the_header_stays_short():
    own = {"en": "a" * 200, "es": "b" * 200}
    others = [("en", f"{number:03}-{'c' * 190}") for number in range(100)]
    keys = topic_keys(own, others)
    assert keys[:2] == [f"topic-en-{'a' * 200}", f"topic-es-{'b' * 200}"]
    assert len(" ".join(keys)) <= LONGEST_HEADER
    assert len(keys) > 10
    assert topic_keys({"en": "flu"}, [("en", "flu"), ("es", "gripe")]) == [
        "topic-en-flu",
        "topic-es-gripe",
    ]
