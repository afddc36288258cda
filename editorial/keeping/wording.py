"""A text as people compare it: plain, but with the addresses that stand in it."""

import html
import re


def readable(source: str) -> str:
    """HTML as plain text: one block a line, a link followed by its address in brackets."""
    text = re.sub(r'(?s)<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', r"\2 [\1]", source)
    text = re.sub(r"\s*<li\b[^>]*>", "\n• ", text)
    text = re.sub(r"\s*</?(?:p|[uo]l|table|caption|tr|br)\b[^>]*>\s*", "\n", text)
    text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return re.sub(r"\n[ \n]+", "\n", text).strip()
