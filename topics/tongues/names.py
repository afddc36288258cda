"""Languages as the topic format names them, and what HTML says of them."""

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import get_language, gettext

from resources.models import Language

# Codes of languages as the topic format names them, where Django's names differ or are missing.
LANGUAGE_CODES = {info["name"]: code for code, info in LANG_INFO.items() if "name" in info} | {
    "Amharic": "am",
    "Burmese (myanma bhasa)": "my",
    "Chinese, Simplified (Mandarin dialect)": "zh-hans",
    "Chinese, Traditional (Cantonese dialect)": "zh-hant",
    "Dari": "prs",
    "Farsi": "fa",
    "Haitian Creole": "ht",
    "Haitian Creole (Kreyol)": "ht",
    "Hmong": "hmn",
    "Karen": "kar",
    "Kinyarwanda": "rw",
    "Lao": "lo",
    "Nepali": "ne",
    "Oromo": "om",
    "Pashto": "ps",
    "Punjabi": "pa",
    "Somali": "so",
    "Tagalog": "tl",
    "Tigrinya": "ti",
    "Yoruba": "yo",
}
RIGHT_TO_LEFT = {code for code, info in LANG_INFO.items() if info.get("bidi")} | {"prs", "ps"}


def marks_of(name: str, *, link: bool = True) -> str:
    """The attributes of words in a language, and of a link to material in it; nothing if unknown."""
    code = LANGUAGE_CODES.get(name)
    if not code:
        return ""
    leads = f' hreflang="{code}"' if link else ""
    direction = ' dir="rtl"' if code in RIGHT_TO_LEFT else ""
    return f' lang="{code}"{leads}{direction}'


def is_ours(name: str) -> bool:
    """Whether the site itself speaks the language, so that its pages need no list of their own."""
    return LANGUAGE_CODES.get(name) in settings.PUBLIC_LANGUAGE_PREFIXES


def translated(name: str) -> tuple[str, str]:
    """The name of a language in the active one, as far as Django knows it, and the language it is in."""
    info = LANG_INFO.get(LANGUAGE_CODES.get(name, ""), {})
    if info.get("name") == name:
        return gettext(name), get_language()
    return name, Language.ENGLISH
